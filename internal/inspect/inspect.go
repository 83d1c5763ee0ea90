// Package inspect is the routine inspection (检查): a list of things to look at
// and an answer that names exceptions only. Rules only; storage and wording live
// elsewhere.
package inspect

// Checklist is a numbered list (检查清单) that units go through, once in each period
// of its rhythm.
type Checklist struct {
	Key        string
	Name       string
	Aliases    []string
	Place      string // where it is gone through; empty: all over the place
	Rhythm     Rhythm
	Entries    []Entry  // people say their numbers, from 1
	Units      []string // who goes through it
	ZeroReport bool     // whether a clean answer is the zero report of its period, too
}

// Names returns every name people may use for the list.
func (c Checklist) Names() []string { return append([]string{c.Name}, c.Aliases...) }

// Entry is one thing to look at. Category is the category of hazard that an
// exception becomes.
type Entry struct {
	Text     string `json:"text"`
	Category string `json:"category"`
	Place    string `json:"place,omitempty"` // if it is not the list's
}

// Entry returns the entry of a number.
func (c Checklist) Entry(n int) (Entry, bool) {
	if n < 1 || n > len(c.Entries) {
		return Entry{}, false
	}
	return c.Entries[n-1], true
}

// PlaceOf returns where an entry is looked at.
func (c Checklist) PlaceOf(e Entry) string {
	if e.Place != "" {
		return e.Place
	}
	return c.Place
}

// Exception (例外) is what was found at one entry. Words may be empty when
// somebody gave the number alone.
type Exception struct {
	Entry int // from 1
	Words string
}

// Answer is what somebody said about a list.
type Answer struct {
	Exceptions []Exception // in the order they were said
	// Loose is what belongs to no entry, a number outside the list included: it
	// is asked about, never dropped.
	Loose []string
	Fine  bool // somebody said that all, or all else, is in order
}

// Clean reports whether the answer says that nothing was found.
func (a Answer) Clean() bool { return a.Fine && len(a.Exceptions) == 0 && len(a.Loose) == 0 }
