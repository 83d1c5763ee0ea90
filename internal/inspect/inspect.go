// Package inspect is the routine inspection (检查): a list of things to look at
// and an answer that names exceptions only. Rules only; storage and wording live
// elsewhere.
package inspect

// Checklist is a numbered list (检查清单) that a unit goes through.
type Checklist struct {
	Key     string
	Name    string
	Entries []Entry // people say their numbers, from 1
}

// Entry is one thing to look at. Category is the category of hazard that an
// exception becomes.
type Entry struct {
	Text     string
	Category string
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
