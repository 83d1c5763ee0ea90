package seeds

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"

	"github.com/goccy/go-yaml"
)

// place names file and line of a decoding error. The decoder's own excerpt is
// left out: one line an error reads better in a list.
func place(name string, data []byte, err error) error {
	var date badDate
	if errors.As(err, &date) {
		return fmt.Errorf("%s 第%d行：%w", name, lineOfDate(data, date.text), date)
	}
	var syntax yaml.Error
	if errors.As(err, &syntax) && syntax.GetToken() != nil {
		return fmt.Errorf("%s 第%d行：%s", name, syntax.GetToken().Position.Line, syntax.GetMessage())
	}
	return fmt.Errorf("%s：%w", name, err)
}

// add notes a problem with an entry of a file. The entry is known by the value
// of its first key; of two with the same value the later one is meant.
func (l *loader) add(name, entry, format string, args ...any) {
	where := name
	if line := lineOf(l.raw[name], entry); line > 0 {
		where = fmt.Sprintf("%s 第%d行", name, line)
	}
	l.problems = append(l.problems, fmt.Errorf("%s（%s）：%s", where, entry, fmt.Sprintf(format, args...)))
}

func lineOf(data []byte, entry string) int {
	first := regexp.MustCompile(`(?m)^\s*-\s+\{?\s*\w+:\s*["']?` + regexp.QuoteMeta(entry) + `["']?\s*([,}#]|$)`)
	found := first.FindAllIndex(data, -1)
	if len(found) == 0 {
		found = regexp.MustCompile(`(?m)^`+regexp.QuoteMeta(entry)+`:`).FindAllIndex(data, -1)
	}
	if len(found) == 0 {
		return 0
	}
	at := found[len(found)-1][0]
	at += len(data[at:]) - len(bytes.TrimLeft(data[at:], " \t\r\n"))
	return lineAt(data, at)
}

// lineOfDate finds a date by the keys that hold one, since the decoder does not
// say where it met a value it could not convert.
func lineOfDate(data []byte, text string) int {
	t := regexp.QuoteMeta(text)
	held := regexp.MustCompile(`\b(date|issued|on|due|from|to):\s*["']?` + t)
	if at := held.FindIndex(data); at != nil {
		return lineAt(data, at[0])
	}
	return 0
}

func lineAt(data []byte, offset int) int {
	return bytes.Count(data[:offset], []byte("\n")) + 1
}
