package understand

import (
	"cmp"
	"slices"
	"strings"
)

// Roster knows the names of units and people as they are written: in full, short,
// colloquially, or with a character of the same sound. It is built once by
// Parser.Roster and never changes.
type Roster struct {
	sections, schools, people *lexicon
	sounds                    sounds
}

// Roster builds a roster. Sections are found under their official names, the usual other
// names of sections are added; schools under the name that was used.
func (p *Parser) Roster(units []Unit, people []Person) *Roster {
	r := &Roster{sections: newLexicon(), schools: newLexicon(), people: newLexicon(), sounds: p.sounds}
	for _, u := range units {
		to := r.sections
		if u.School {
			to = r.schools
		}
		for _, n := range append([]string{u.Name}, u.Aliases...) {
			name := u.Name
			if u.School { // as it was written: people know their schools by many names
				name = n
			}
			to.add(name, digits(fold(n)), !institutional(n))
		}
		for _, s := range sections {
			if s.name == u.Name {
				to.addSection(s)
			}
		}
	}
	for _, q := range people {
		r.people.add(q.Name, fold(q.Name), false)
		r.people.add(q.Name, fold(q.Post), false)
	}
	for _, l := range []*lexicon{r.sections, r.schools, r.people} {
		l.finish(p.sounds)
	}
	return r
}

// usual is the roster of a parser that was told of no units.
func (p *Parser) usual() *Roster {
	r := &Roster{sections: newLexicon(), schools: newLexicon(), people: newLexicon(), sounds: p.sounds}
	for _, s := range sections {
		r.sections.addSection(s)
	}
	r.sections.finish(p.sounds)
	return r
}

// institutional reports whether a name says what it is the name of. Others
// (后勤, 文昌) are everyday words too and count only where a party is expected.
func institutional(name string) bool {
	return hasAnySuffix(name, "股", "办", "室", "中心", "科", "组", "馆", "站", "局", "公司", "会", "院", "学校", "中学", "小学", "幼儿园", "园", "校", "中", "职中", "中专", "初中部", "高中部")
}

// entry is one way to write the name of something.
type entry struct {
	official string
	written  string
	runes    []rune
	sound    []sound
	loose    bool
}

// lexicon finds names in a text.
type lexicon struct {
	entries []entry
	known   map[string]bool
	first   map[rune][]int  // by the first character, longest first
	heard   map[sound][]int // by the first syllable
}

func newLexicon() *lexicon { return &lexicon{known: map[string]bool{}} }

func (l *lexicon) add(official, written string, loose bool) {
	if rs := []rune(written); len(rs) > 1 && !l.known[written] {
		l.known[written] = true
		l.entries = append(l.entries, entry{official: official, written: written, runes: rs, loose: loose})
	}
}

func (l *lexicon) addSection(s section) {
	for _, n := range append([]string{s.name}, s.names...) {
		l.add(s.name, n, false)
	}
	for _, n := range s.loose {
		l.add(s.name, n, true)
	}
}

func (l *lexicon) finish(s sounds) {
	slices.SortStableFunc(l.entries, func(a, b entry) int { return cmp.Compare(len(b.runes), len(a.runes)) })
	l.first, l.heard = map[rune][]int{}, map[sound][]int{}
	for i := range l.entries {
		e := &l.entries[i]
		e.sound = s.of(e.runes)
		l.first[e.runes[0]] = append(l.first[e.runes[0]], i)
		l.heard[e.sound[0]] = append(l.heard[e.sound[0]], i)
	}
}

// find returns the first name in s, the longest one where several begin.
func (l *lexicon) find(s string, loose bool) (official string, start, end int) {
	for i, r := range s {
		for _, k := range l.first[r] {
			e := &l.entries[k]
			if (loose || !e.loose) && strings.HasPrefix(s[i:], e.written) {
				return e.official, i, i + len(e.written)
			}
		}
	}
	return "", 0, 0
}

// hear is find for names of at least min characters that sound alike but are
// written otherwise, as an input method offers them; in longer names one character
// may be another one altogether.
func (l *lexicon) hear(s string, known sounds, min int) (official string, start, end int) {
	if len(l.entries) == 0 || len(s) > maxHeard {
		return "", 0, 0
	}
	rs := []rune(s)
	spoken := known.of(rs)
	at := 0
	for i, r := range rs {
		for _, k := range l.heard[spoken[i]] {
			e := &l.entries[k]
			if n := len(e.runes); n >= min && !e.loose && i+n <= len(rs) && alike(e, rs[i:i+n], spoken[i:i+n]) {
				return e.official, at, at + len(string(rs[i:i+n]))
			}
		}
		at += len(string(r))
	}
	return "", 0, 0
}

// maxHeard bounds the bytes that are listened to.
const maxHeard = 600

// alike reports whether rs sounds like the entry. A name of five characters or more
// forgives one, unless it is what tells two names apart.
func alike(e *entry, rs []rune, spoken []sound) bool {
	wrong := 0
	for i := range rs {
		if spoken[i] == silent || spoken[i] != e.sound[i] {
			if strings.ContainsRune(telling, rs[i]) || strings.ContainsRune(telling, e.runes[i]) {
				return false
			}
			wrong++
		}
	}
	return wrong == 0 || wrong == 1 && len(rs) >= 5
}

// telling are the characters by which names differ that are alike otherwise.
const telling = "一二三四五六七八九十百0123456789东南西北中大小上下新老初高幼前后"
