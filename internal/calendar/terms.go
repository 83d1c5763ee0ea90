package calendar

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Term is one school term of one kind of school, both days included.
type Term struct {
	Key      string // "2025-2026-1"
	Name     string // as people say it
	From, To Date
	Assumed  bool // a default nobody has confirmed yet
}

// Contains reports whether d lies in the term.
func (t Term) Contains(d Date) bool { return t.From <= d && d <= t.To }

// Terms knows the terms of each kind of school (kindergarten, primary_middle,
// senior, ...). Where it knows nothing, school is in: for a kind that is not
// configured and for a day outside the days the data covers, InTerm is true,
// because a message too many is better than a school that is never told. Known
// tells the two cases apart, so that the gap can be shown to the administrator.
// A Terms never changes once built and is safe to share.
type Terms struct {
	layers []termLayer // the latest amendment first
}

// termLayer is what one file says: all terms of its kinds in the days it covers.
type termLayer struct {
	from, to Date
	kinds    map[string][]Term
}

func (l termLayer) knows(kind string, d Date) bool {
	return len(l.kinds[kind]) > 0 && l.from <= d && d <= l.to
}

// Known reports whether there is data about kind on d.
func (t *Terms) Known(kind string, d Date) bool {
	return slices.ContainsFunc(t.layers, func(l termLayer) bool { return l.knows(kind, d) })
}

// Kinds returns the configured kinds of school in alphabetical order.
func (t *Terms) Kinds() []string {
	var kinds []string
	for _, l := range t.layers {
		for k := range l.kinds {
			kinds = append(kinds, k)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// TermOf returns the term of kind that contains d. The latest file that speaks
// about the kind and the day decides alone.
func (t *Terms) TermOf(kind string, d Date) (Term, bool) {
	for _, l := range t.layers {
		if !l.knows(kind, d) {
			continue
		}
		for _, term := range l.kinds[kind] {
			if term.Contains(d) {
				return term, true
			}
		}
		return Term{}, false
	}
	return Term{}, false
}

// InTerm reports whether schools of kind may be chased on d: always true where
// nothing is known (see Terms).
func (t *Terms) InTerm(kind string, d Date) bool {
	if !t.Known(kind, d) {
		return true
	}
	_, in := t.TermOf(kind, d)
	return in
}

// with returns t amended by a layer that wins over what t says.
func (t *Terms) with(l termLayer) *Terms {
	return &Terms{layers: append([]termLayer{l}, t.layers...)}
}

type termsFile struct {
	Covers coversField `yaml:"covers"`
	Terms  []termField `yaml:"terms"`
}

type coversField struct {
	From dayField `yaml:"from"`
	To   dayField `yaml:"to"`
}

// dayField is a Date whose errors name the line.
type dayField struct{ Date }

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (f *dayField) UnmarshalYAML(n ast.Node) (err error) {
	text := strings.Trim(n.String(), `"'`)
	if f.Date, err = Parse(text); err != nil {
		return at(lineOf(n), "%s 不是日期，应为 2026-09-01 的样子", text)
	}
	return nil
}

// termField is one entry with the line it stands on.
type termField struct {
	termEntry
	line int
}

type termEntry struct {
	Key     string   `yaml:"key"`
	Name    string   `yaml:"name"`
	Kinds   []string `yaml:"kinds"`
	From    dayField `yaml:"from"`
	To      dayField `yaml:"to"`
	Assumed bool     `yaml:"assumed"`
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (f *termField) UnmarshalYAML(n ast.Node) error {
	f.line = lineOf(n)
	if err := yaml.NodeToValue(n, &f.termEntry, yaml.Strict()); err != nil {
		return placed(err, f.line)
	}
	return nil
}

// DefaultTerms returns the assumed terms built into the program. It panics if
// the embedded data is broken, which a test rules out.
func DefaultTerms() *Terms {
	f, err := embedded.Open("data/terms.yaml")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	t, err := LoadTerms(f)
	if err != nil {
		panic(err)
	}
	return t
}

// LoadTerms reads terms from YAML {covers: {from, to}, terms: [{key, name,
// kinds, from, to, assumed}]}. Terms of one kind must follow one another
// without overlap and lie in the covered days. Errors name the line.
func LoadTerms(r io.Reader) (*Terms, error) {
	var f termsFile
	if err := decode(yaml.NewDecoder(r, yaml.Strict()), &f); err != nil {
		return nil, fmt.Errorf("校历：%w", err)
	}
	l, err := f.layer()
	if err != nil {
		return nil, fmt.Errorf("校历：%w", err)
	}
	return (&Terms{}).with(l), nil
}

func (f termsFile) layer() (termLayer, error) {
	l := termLayer{from: f.Covers.From.Date, to: f.Covers.To.Date, kinds: map[string][]Term{}}
	if l.from.IsZero() || l.to < l.from {
		return l, fmt.Errorf("covers 的 from（%s）和 to（%s）不是一段日期", l.from, l.to)
	}
	for _, e := range f.Terms {
		if len(e.Kinds) == 0 {
			return l, at(e.line, "学期 %s 没有写 kinds（学校类别）", e.Key)
		}
		for _, kind := range e.Kinds {
			if err := l.add(kind, Term{e.Key, e.Name, e.From.Date, e.To.Date, e.Assumed}, e.line); err != nil {
				return l, err
			}
		}
	}
	return l, nil
}

func (l termLayer) add(kind string, term Term, line int) error {
	switch terms := l.kinds[kind]; {
	case kind == "":
		return at(line, "kinds 里有空的类别")
	case term.Key == "":
		return at(line, "学期没有写 key")
	case term.From.IsZero() || term.To < term.From:
		return at(line, "学期 %s 的 from（%s）和 to（%s）不是一段日期", term.Key, term.From, term.To)
	case term.From < l.from || term.To > l.to:
		return at(line, "学期 %s（%s 至 %s）超出了 covers（%s 至 %s）", term.Key, term.From, term.To, l.from, l.to)
	case len(terms) > 0 && term.From <= terms[len(terms)-1].To:
		return at(line, "%s 的学期 %s 在上一个学期结束之前就开始了", kind, term.Key)
	}
	l.kinds[kind] = append(l.kinds[kind], term)
	return nil
}
