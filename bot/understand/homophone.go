package understand

import "slices"

// A term whose misspelling must not hide a command. not lists real words that
// sound the same.
type term struct {
	word string
	not  []string
}

var repaired = []term{
	{"隐患", nil},
	{"汇报", []string{"回报", "会报"}},
	{"整改", nil},
	{"复查", nil},
	{"催办", nil},
	{"督办", []string{"都办", "独办"}},
	{"台账", nil},
	{"转派", nil},
	{"护栏", nil},
	{"逾期", []string{"预期", "语气", "与其", "予期", "于其"}},
	{"签收", nil},
	{"进度", []string{"近度"}},
	{"销号", []string{"小号", "消耗", "校号"}},
	{"消防", []string{"校方", "小方"}},
	{"作废", []string{"做废"}},
}

// homophones finds two-character terms by their sound.
type homophones struct {
	first map[rune][]int       // rune -> terms whose first syllable it can be
	last  []map[rune]struct{}  // per term, the runes of the second syllable
	words [][2]rune            // per term, the right writing
	keep  map[[2]rune]struct{} // writings that are words of their own
}

func newHomophones(terms []term, table map[rune]string) *homophones {
	bySound, wanted := map[string][]rune{}, map[string]bool{}
	for _, t := range terms {
		for _, r := range t.word {
			wanted[table[r]] = true
		}
	}
	for r, p := range table {
		if wanted[p] {
			bySound[p] = append(bySound[p], r)
		}
	}
	h := &homophones{first: map[rune][]int{}, keep: map[[2]rune]struct{}{}}
	for i, t := range terms {
		rs := []rune(t.word)
		for _, r := range bySound[table[rs[0]]] {
			h.first[r] = append(h.first[r], i)
		}
		last := map[rune]struct{}{}
		for _, r := range bySound[table[rs[1]]] {
			last[r] = struct{}{}
		}
		h.last = append(h.last, last)
		h.words = append(h.words, [2]rune{rs[0], rs[1]})
		for _, n := range t.not {
			nr := []rune(n)
			h.keep[[2]rune{nr[0], nr[1]}] = struct{}{}
		}
	}
	return h
}

// repair writes every misspelt term right and leaves the rest alone.
func (h *homophones) repair(s string) string {
	rs, changed := []rune(s), false
	for i := 0; i+1 < len(rs); i++ {
		if _, ok := h.keep[[2]rune{rs[i], rs[i+1]}]; ok {
			continue
		}
		k := slices.IndexFunc(h.first[rs[i]], func(k int) bool {
			_, ok := h.last[k][rs[i+1]]
			return ok
		})
		if k < 0 {
			continue
		}
		w := h.words[h.first[rs[i]][k]]
		if w != [2]rune{rs[i], rs[i+1]} {
			rs[i], rs[i+1], changed = w[0], w[1], true
		}
		i++
	}
	if !changed {
		return s
	}
	return string(rs)
}
