package render

import (
	"fmt"
	"strings"

	"duban/internal/inspect"
)

// Entries is a checklist with its numbers.
func Entries(l inspect.Checklist) string {
	var lines []string
	for i, e := range l.Entries {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, e.Text))
	}
	return strings.Join(lines, "\n")
}

// Outcome says in a few words what an inspection came to. What nobody spoke of is never
// called normal.
func Outcome(r inspect.Record) string {
	switch n := len(r.Found); {
	case n == 0 && r.Fine:
		return fmt.Sprintf("%d 项都正常", r.Entries)
	case n == 0:
		return "没有说明"
	case r.Fine && r.Rest() > 0:
		return fmt.Sprintf("%d 处异常，其余 %d 项正常", n, r.Rest())
	case r.Rest() > 0:
		return fmt.Sprintf("%d 处异常，其余 %d 项没有说明", n, r.Rest())
	default:
		return fmt.Sprintf("%d 处异常", n)
	}
}

// Numbered names an exception by its entry; 0 is on no list.
func Numbered(entry int, words string) string {
	switch {
	case entry == 0:
		return "清单外 " + Cut(words, 40)
	case words == "":
		return fmt.Sprintf("第%d项", entry)
	}
	return fmt.Sprintf("第%d项 %s", entry, Cut(words, 40))
}

// FoundWords is what was found, or what the entry is about when only its number was
// given.
func FoundWords(l inspect.Checklist, f inspect.Found) string {
	if e, ok := l.Entry(f.Entry); ok && f.Words == "" {
		return "“" + e.Text + "”有异常"
	}
	return f.Words
}

// shortFinding is how few characters say too little without what they are about.
const shortFinding = 5

// Finding describes the hazard that an exception becomes: few words need the entry they
// are about.
func Finding(entry, words string) string {
	switch {
	case entry == "":
		return words
	case words == "":
		return "“" + entry + "”有异常"
	case len([]rune(words)) < shortFinding:
		return words + "（“" + entry + "”）"
	}
	return words
}

// FoundAt is where an exception is: the list's place, made more exact by the words if
// they name it, too; a list of the whole school leaves it to the words.
func FoundAt(place, said string) string {
	if place == "" || strings.Contains(said, place) {
		return said
	}
	return place
}
