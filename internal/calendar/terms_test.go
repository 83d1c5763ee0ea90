package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestInTerm(t *testing.T) {
	terms := DefaultTerms()
	for _, c := range []struct {
		kind, day string
		in, known bool
	}{
		{"primary_middle", "2025-03-31", true, true},
		{"primary_middle", "2025-07-04", true, true},
		{"primary_middle", "2025-07-05", false, true},
		{"primary_middle", "2025-08-31", false, true},
		{"primary_middle", "2025-09-01", true, true},
		{"senior", "2025-07-05", true, true}, // senior schools end a week later
		{"kindergarten", "2026-01-26", false, true},
		{"primary_middle", "2026-01-26", true, true},
		{"primary_middle", "2026-02-20", false, true},
		{"vocational", "2026-07-17", true, true},
		{"primary_middle", "2026-09-01", true, false}, // beyond the data
		{"primary_middle", "2024-12-01", true, false},
		{"university", "2025-08-01", true, false}, // nothing is known of it
	} {
		if got := terms.InTerm(c.kind, d(c.day)); got != c.in {
			t.Errorf("InTerm(%s, %s) = %v, want %v", c.kind, c.day, got, c.in)
		}
		if got := terms.Known(c.kind, d(c.day)); got != c.known {
			t.Errorf("Known(%s, %s) = %v, want %v", c.kind, c.day, got, c.known)
		}
	}
	if got, want := terms.Kinds(), []string{"kindergarten", "primary_middle", "senior", "special", "vocational"}; !slices.Equal(got, want) {
		t.Errorf("Kinds = %v, want %v", got, want)
	}
}

func TestDefaultTermsAreMarkedAssumedAndSpanTheDocumentYear(t *testing.T) {
	terms := DefaultTerms()
	if l := terms.layers[0]; l.from > d("2025-03-01") || l.to < d("2026-07-31") {
		t.Errorf("covers %s to %s", l.from, l.to)
	}
	for _, kind := range terms.Kinds() {
		var keys []string
		for _, term := range terms.layers[0].kinds[kind] {
			keys = append(keys, term.Key)
			if !term.Assumed {
				t.Errorf("%s %s is not marked as assumed", kind, term.Key)
			}
		}
		if want := []string{"2024-2025-2", "2025-2026-1", "2025-2026-2"}; !slices.Equal(keys, want) {
			t.Errorf("%s has %v, want %v", kind, keys, want)
		}
	}
	term, ok := terms.TermOf("primary_middle", d("2025-12-26"))
	if !ok || term.Key != "2025-2026-1" || term.From != d("2025-09-01") {
		t.Errorf("TermOf = %+v, %v", term, ok)
	}
}

func TestBrokenTermsAreRefused(t *testing.T) {
	head := "covers: {from: 2025-01-01, to: 2025-12-31}\nterms:\n"
	for in, want := range map[string]string{
		"terms: []": `校历：covers 的 from（）和 to（）不是一段日期`,
		head + "  - {key: a, kinds: [x], from: 2025-03-01, to: 2025-02-01}":                                                             `校历：第3行：学期 a 的 from（2025-03-01）和 to（2025-02-01）不是一段日期`,
		head + "  - {key: a, kinds: [x], from: 2025-03-01, to: 2026-02-01}":                                                             `校历：第3行：学期 a（2025-03-01 至 2026-02-01）超出了 covers（2025-01-01 至 2025-12-31）`,
		head + "  - {key: a, kinds: [x], from: 2025-03-01, to: 2025-07-01}\n  - {key: b, kinds: [x], from: 2025-07-01, to: 2025-08-01}": `校历：第4行：x 的学期 b 在上一个学期结束之前就开始了`,
		head + "  - {key: a, from: 2025-03-01, to: 2025-07-01}":                                                                         `校历：第3行：学期 a 没有写 kinds（学校类别）`,
		head + "  - {kinds: [x], from: 2025-03-01, to: 2025-07-01}":                                                                     `校历：第3行：学期没有写 key`,
	} {
		_, err := LoadTerms(strings.NewReader(in))
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
}
