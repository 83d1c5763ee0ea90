package understand

import (
	"sort"
	"strings"
)

// minScore is the share of the wanted words that an item must hold.
const minScore = 0.34

// Resolve returns the items that ref can mean, best first: the one with the
// code; all items of a point; or those whose title shares enough words with the
// keyword, the clearly better ones only. It returns nil when nothing fits.
// A stable order of equal items is that of the view.
func Resolve(view View, ref TaskRef) []Item {
	switch {
	case ref.Code != "":
		return pick(view.Items, func(it Item) bool { return it.Code == ref.Code })
	case ref.Point != 0:
		return pick(view.Items, func(it Item) bool { return it.Point == ref.Point })
	case ref.Keyword != "":
		return byWords(view.Items, ref.Keyword)
	}
	return nil
}

func pick(items []Item, ok func(Item) bool) []Item {
	var out []Item
	for _, it := range items {
		if ok(it) {
			out = append(out, it)
		}
	}
	return out
}

// byWords ranks items by the share of the keyword's character pairs found in
// the title. An item far behind the best is not offered.
func byWords(items []Item, keyword string) []Item {
	type scored struct {
		item  Item
		score float64
	}
	want := bigrams(fold(keyword))
	var found []scored
	for _, it := range items {
		title := fold(it.Title)
		if s := similarity(want, title); s >= minScore || strings.Contains(title, fold(keyword)) {
			found = append(found, scored{it, s})
		}
	}
	for _, f := range found {
		if plainTitle(f.item.Title) == plainTitle(keyword) {
			return []Item{f.item}
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].score > found[j].score })
	var out []Item
	for _, f := range found {
		if f.score >= found[0].score*0.7 {
			out = append(out, f.item)
		}
	}
	return out
}

// plainTitle is a title without what people leave out.
func plainTitle(s string) string {
	return strings.NewReplacer(" ", "", "的", "", "工作", "", "、", "", ",", "").Replace(fold(s))
}

// bigrams returns the pairs of neighbouring characters, without blanks and the
// particle 的.
func bigrams(s string) []string {
	rs := []rune(strings.NewReplacer(" ", "", "的", "", ",", "", "、", "").Replace(s))
	if len(rs) == 1 {
		return []string{string(rs)}
	}
	var out []string
	for i := 0; i+1 < len(rs); i++ {
		out = append(out, string(rs[i:i+2]))
	}
	return out
}

func similarity(want []string, title string) float64 {
	if len(want) == 0 {
		return 0
	}
	n := 0
	for _, w := range want {
		if strings.Contains(title, w) {
			n++
		}
	}
	return float64(n) / float64(len(want))
}
