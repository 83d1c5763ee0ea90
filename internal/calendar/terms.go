package calendar

import (
	"fmt"
	"io"
	"slices"

	"github.com/goccy/go-yaml"
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
type Terms struct {
	from, to Date // days the data covers
	kinds    map[string][]Term
}

// Known reports whether there is data about kind on d.
func (t *Terms) Known(kind string, d Date) bool {
	return len(t.kinds[kind]) > 0 && t.from <= d && d <= t.to
}

// Kinds returns the configured kinds of school in alphabetical order.
func (t *Terms) Kinds() []string {
	kinds := make([]string, 0, len(t.kinds))
	for k := range t.kinds {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Covers returns the first and last day the data speaks about.
func (t *Terms) Covers() (from, to Date) { return t.from, t.to }

// TermOf returns the term of kind that contains d.
func (t *Terms) TermOf(kind string, d Date) (Term, bool) {
	for _, term := range t.kinds[kind] {
		if term.Contains(d) {
			return term, true
		}
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

type termsFile struct {
	Covers struct {
		From Date `yaml:"from"`
		To   Date `yaml:"to"`
	} `yaml:"covers"`
	Terms []struct {
		Key     string   `yaml:"key"`
		Name    string   `yaml:"name"`
		Kinds   []string `yaml:"kinds"`
		From    Date     `yaml:"from"`
		To      Date     `yaml:"to"`
		Assumed bool     `yaml:"assumed"`
	} `yaml:"terms"`
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
// without overlap and lie in the covered days.
func LoadTerms(r io.Reader) (*Terms, error) {
	var f termsFile
	if err := decode(yaml.NewDecoder(r, yaml.Strict()), &f); err != nil {
		return nil, fmt.Errorf("school terms: %w", err)
	}
	t := &Terms{from: f.Covers.From, to: f.Covers.To, kinds: map[string][]Term{}}
	if t.from.IsZero() || t.to < t.from {
		return nil, fmt.Errorf("school terms: covers %q to %q is not a span of days", t.from, t.to)
	}
	for i, e := range f.Terms {
		if len(e.Kinds) == 0 {
			return nil, fmt.Errorf("school terms, entry %d (%s): kinds is empty", i+1, e.Key)
		}
		for _, kind := range e.Kinds {
			if err := t.add(kind, Term{e.Key, e.Name, e.From, e.To, e.Assumed}); err != nil {
				return nil, fmt.Errorf("school terms, entry %d (%s, %s): %w", i+1, e.Key, kind, err)
			}
		}
	}
	return t, nil
}

func (t *Terms) add(kind string, term Term) error {
	switch terms := t.kinds[kind]; {
	case term.Key == "":
		return fmt.Errorf("key is missing")
	case term.From.IsZero() || term.To < term.From:
		return fmt.Errorf("%q to %q is not a span of days", term.From, term.To)
	case term.From < t.from || term.To > t.to:
		return fmt.Errorf("%s to %s is outside the covered days", term.From, term.To)
	case len(terms) > 0 && term.From <= terms[len(terms)-1].To:
		return fmt.Errorf("begins before the term above it ends")
	}
	t.kinds[kind] = append(t.kinds[kind], term)
	return nil
}
