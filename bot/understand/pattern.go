package understand

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// pattern is a regular expression that looks first whether a text has any of the
// characters of which every match needs one. Most of the many patterns here do not
// match most texts, and this tells so in a fraction of the time.
type pattern struct {
	re    *regexp.Regexp
	need  runeSet
	free  bool              // a match needs no character in particular
	words map[rune][]string // of a pattern that is nothing but words
}

// compile is regexp.MustCompile for a pattern.
func compile(expr string) *pattern {
	p := &pattern{re: regexp.MustCompile(expr), words: wordsOf(expr)}
	for r := range p.words {
		p.need.add(r)
	}
	if p.words != nil {
		return p
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err) // it was compiled above
	}
	needed, ok := needs(tree)
	p.free = !ok
	for _, r := range needed {
		p.need.add(r)
	}
	return p
}

// maxClass bounds the characters of a class that are looked for one by one.
const maxClass = 80

// needs returns characters of which every match of t has at least one; ok is false when
// there are none such.
func needs(t *syntax.Regexp) (found []rune, ok bool) {
	switch t.Op {
	case syntax.OpLiteral:
		if t.Flags&syntax.FoldCase != 0 {
			return nil, false
		}
		return t.Rune[:1], true
	case syntax.OpCharClass:
		for i := 0; i+1 < len(t.Rune); i += 2 {
			if len(found)+int(t.Rune[i+1]-t.Rune[i]) > maxClass {
				return nil, false
			}
			for r := t.Rune[i]; r <= t.Rune[i+1]; r++ {
				found = append(found, r)
			}
		}
		return found, true
	case syntax.OpCapture, syntax.OpPlus:
		return needs(t.Sub[0])
	case syntax.OpRepeat:
		if t.Min > 0 {
			return needs(t.Sub[0])
		}
	case syntax.OpAlternate:
		for _, sub := range t.Sub {
			more, ok := needs(sub)
			if !ok {
				return nil, false
			}
			found = append(found, more...)
		}
		return found, true
	case syntax.OpConcat:
		for _, sub := range t.Sub {
			if one, has := needs(sub); has && (!ok || len(one) < len(found)) {
				found, ok = one, true
			}
		}
		return found, ok
	}
	return nil, false
}

// runeSet holds characters loosely: it may take one for another, never miss one.
type runeSet [16]uint64

func (s *runeSet) add(r rune) {
	h := uint32(r) * 2654435761 >> 22 // 10 bits
	s[h>>6] |= 1 << (h & 63)
}

func (p *pattern) may(s string) bool {
	if p.free {
		return true
	}
	for _, r := range s {
		h := uint32(r) * 2654435761 >> 22
		if p.need[h>>6]&(1<<(h&63)) != 0 {
			return true
		}
	}
	return false
}

// The methods are those of regexp.Regexp.

func (p *pattern) MatchString(s string) bool {
	if p.words != nil {
		return p.has(s)
	}
	return p.may(s) && p.re.MatchString(s)
}

// has looks for the words of a pattern that is nothing but words.
func (p *pattern) has(s string) bool {
	for i, r := range s {
		h := uint32(r) * 2654435761 >> 22
		if p.need[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, w := range p.words[r] {
			if strings.HasPrefix(s[i:], w) {
				return true
			}
		}
	}
	return false
}

// wordsOf lists the words of an expression that is nothing but words, by their first
// character; nil for any other.
func wordsOf(expr string) map[rune][]string {
	if regexp.QuoteMeta(expr) != strings.ReplaceAll(expr, "|", `\|`) {
		return nil
	}
	words := map[rune][]string{}
	for _, w := range strings.Split(expr, "|") {
		if w == "" {
			return nil
		}
		r, _ := utf8.DecodeRuneInString(w)
		words[r] = append(words[r], w)
	}
	return words
}

func (p *pattern) FindString(s string) string {
	if !p.may(s) {
		return ""
	}
	return p.re.FindString(s)
}

func (p *pattern) FindStringIndex(s string) []int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringIndex(s)
}

func (p *pattern) FindStringSubmatch(s string) []string {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringSubmatch(s)
}

func (p *pattern) FindStringSubmatchIndex(s string) []int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindStringSubmatchIndex(s)
}

func (p *pattern) FindAllString(s string, n int) []string {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllString(s, n)
}

func (p *pattern) FindAllStringIndex(s string, n int) [][]int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllStringIndex(s, n)
}

func (p *pattern) FindAllStringSubmatch(s string, n int) [][]string {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllStringSubmatch(s, n)
}

func (p *pattern) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.may(s) {
		return nil
	}
	return p.re.FindAllStringSubmatchIndex(s, n)
}

func (p *pattern) ReplaceAllString(s, with string) string {
	if !p.may(s) {
		return s
	}
	return p.re.ReplaceAllString(s, with)
}
