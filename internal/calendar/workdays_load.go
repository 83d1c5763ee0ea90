package calendar

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

//go:embed data/*.yaml
var embedded embed.FS

// yearFile is one year of a working-day file: days off on a weekday (weekend
// days may be named too) and make-up days, as "MM-DD" or "MM-DD..MM-DD".
type yearFile struct {
	Year   int    `yaml:"year"`
	Source string `yaml:"source"`
	Off    []span `yaml:"off"`
	Work   []span `yaml:"work"`
}

// yearField is a yearFile in a list, with the line it begins on.
type yearField struct {
	yearFile
	line int
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (f *yearField) UnmarshalYAML(n ast.Node) error {
	f.line = lineOf(n)
	if err := yaml.NodeToValue(n, &f.yearFile, yaml.Strict()); err != nil {
		return placed(err, f.line)
	}
	return nil
}

// DefaultWorkdays returns the calendar built into the program (2025 and 2026).
// It panics if the embedded data is broken, which a test rules out.
func DefaultWorkdays() *Workdays {
	w := &Workdays{}
	files, err := fs.Glob(embedded, "data/workdays-*.yaml")
	for _, name := range files {
		if err != nil {
			break
		}
		w, err = loadFile(w, name)
	}
	if err != nil {
		panic(err)
	}
	return w
}

func loadFile(w *Workdays, name string) (*Workdays, error) {
	f, err := embedded.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return w.With(f)
}

// LoadWorkdays reads a calendar from YAML documents of the form
// {year, source, off: [...], work: [...]}. Errors name the line.
func LoadWorkdays(r io.Reader) (*Workdays, error) { return (&Workdays{}).With(r) }

// With returns w amended by the YAML in r, which has the form LoadWorkdays
// reads. Days that r names win over w's, other days of the same year stay; that
// is how an override file corrects one day or adds a whole year.
func (w *Workdays) With(r io.Reader) (*Workdays, error) {
	out := w.clone()
	dec := yaml.NewDecoder(r, yaml.Strict())
	for n := 1; ; n++ {
		var f yearFile
		err := decode(dec, &f)
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err == nil {
			err = out.amend(f)
		}
		if err != nil {
			return nil, fmt.Errorf("工作日，第%d段：%w", n, err)
		}
	}
}

func (w *Workdays) clone() *Workdays {
	out := &Workdays{known: map[int]string{}, differ: map[Date]bool{}}
	maps.Copy(out.known, w.known)
	maps.Copy(out.differ, w.differ)
	return out
}

func (w *Workdays) amend(f yearFile) error {
	if f.Year < 2000 || f.Year > 2199 {
		return fmt.Errorf("year 应为 2000 至 2199，现为 %d", f.Year)
	}
	if f.Source == "" {
		return fmt.Errorf("%d 年没有写 source，请写明依据的通知", f.Year)
	}
	seen := map[Date]bool{}
	if err := w.mark(f.Year, f.Off, false, seen); err != nil {
		return err
	}
	if err := w.mark(f.Year, f.Work, true, seen); err != nil {
		return err
	}
	w.known[f.Year] = f.Source
	return nil
}

func (w *Workdays) mark(year int, spans []span, works bool, seen map[Date]bool) error {
	for _, s := range spans {
		from, to, err := s.in(year)
		if err != nil {
			return err
		}
		for d := from; d <= to; d = d.Add(1) {
			if seen[d] {
				return at(s.line, "%s 写了两次", d)
			}
			seen[d] = true
			w.differ[d] = works
		}
	}
	return nil
}

// span is "MM-DD" or "MM-DD..MM-DD" with the line it stands on.
type span struct {
	from, to string
	line     int
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (s *span) UnmarshalYAML(n ast.Node) error {
	s.line = lineOf(n)
	var text string
	if err := yaml.NodeToValue(n, &text); err != nil {
		return at(s.line, "应为 \"01-01\" 或 \"01-28..02-04\" 的样子")
	}
	var ranged bool
	s.from, s.to, ranged = strings.Cut(text, "..")
	if !ranged {
		s.to = s.from
	}
	return nil
}

func (s span) in(year int) (from, to Date, err error) {
	if from, err = monthDay(year, s.from); err == nil {
		to, err = monthDay(year, s.to)
	}
	if err != nil {
		return 0, 0, at(s.line, "%w", err)
	}
	if to < from {
		return 0, 0, at(s.line, "%s..%s 前后颠倒了", s.from, s.to)
	}
	return from, to, nil
}

func monthDay(year int, s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, fmt.Sprintf("%04d-%s", year, s))
	if err != nil {
		return 0, fmt.Errorf("%q 不是 %d 年里有的日子，应为 \"05-01\" 的样子", s, year)
	}
	return Of(t.Date()), nil
}

// decode is dec.Decode with the panics of the YAML library on malformed input
// (found by fuzzing: a tag without a value) turned into errors.
func decode(dec *yaml.Decoder, v any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("YAML 格式有误：%v", p)
		}
	}()
	return dec.Decode(v)
}
