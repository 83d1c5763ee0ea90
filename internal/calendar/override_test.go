package calendar

import (
	"fmt"
	"strings"
	"testing"
)

const ownFile = `# 区教育局
workdays:
  - year: 2027
    source: 国办发明电〔2026〕1号（示例）
    off: ["01-01..01-03"]
    work: ["01-09"]
  - year: 2026
    source: 区政府通知
    off: ["09-20"]
covers: {from: 2026-01-01, to: 2027-08-31}
terms:
  - {key: 2025-2026-2, name: 下学期, kinds: [senior], from: 2026-02-25, to: 2026-07-20}
  - {key: 2026-2027-1, name: 上学期, kinds: [senior], from: 2026-09-01, to: 2027-01-29}
`

func TestTheBureausOwnFileWins(t *testing.T) {
	base, baseTerms := DefaultWorkdays(), DefaultTerms()
	days, terms, err := Amend(base, baseTerms, strings.NewReader(ownFile))
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]bool{"2027-01-01": false, "2027-01-09": true, "2026-09-20": false, "2026-10-10": true, "2025-09-28": true} {
		if got := days.IsWorkday(d(day)); got != want {
			t.Errorf("IsWorkday(%s) = %v, want %v", day, got, want)
		}
	}
	if !days.Known(2027) || base.Known(2027) || days.Source(2026) != "区政府通知" {
		t.Errorf("known 2027 %v, before %v, source %q", days.Known(2027), base.Known(2027), days.Source(2026))
	}
	for _, c := range []struct {
		kind, day string
		in, known bool
	}{
		{"senior", "2025-12-31", true, true},          // built in
		{"senior", "2026-02-05", false, true},         // built in it was term; the file alone decides
		{"senior", "2026-02-26", true, true},          // built in it was a holiday
		{"senior", "2027-02-10", false, true},         // only the file knows
		{"senior", "2027-09-01", true, false},         // nobody knows
		{"primary_middle", "2026-02-20", false, true}, // not named in the file: built in
		{"primary_middle", "2027-02-10", true, false},
	} {
		if in, known := terms.InTerm(c.kind, d(c.day)), terms.Known(c.kind, d(c.day)); in != c.in || known != c.known {
			t.Errorf("%s %s: in term %v, known %v", c.kind, c.day, in, known)
		}
	}
	if term, ok := terms.TermOf("senior", d("2026-02-26")); !ok || term.From != d("2026-02-25") {
		t.Errorf("TermOf = %+v, %v", term, ok)
	}
	if !baseTerms.InTerm("senior", d("2026-02-05")) {
		t.Error("Amend changed the terms it was given")
	}
}

func TestAPartOfTheFileIsEnough(t *testing.T) {
	days, terms, err := Amend(DefaultWorkdays(), DefaultTerms(), strings.NewReader("workdays:\n  - {year: 2027, source: x, off: [\"01-01\"]}"))
	if err != nil || !days.Known(2027) || !terms.Known("senior", d("2026-06-01")) {
		t.Errorf("working days alone: %v", err)
	}
}

func TestABrokenOwnFileIsRefusedNamingTheLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "文件是空的",
		"workdays: []\nyear: 1": "第2行：没有 year 这一项，请对照说明改正",
		"workdays:\n  - year: 2027\n    source: x\n    off: [\"02-30\"]":              `第4行："02-30" 不是 2027 年里有的日子，应为 "05-01" 的样子`,
		"workdays:\n  - year: 2027\n    off: [\"01-01\"]":                             "第2行：2027 年没有写 source，请写明依据的通知",
		"workdays:\n  - {year: 27, source: x}":                                        "第2行：year 应为 2000 至 2199，现为 27",
		"workdays:\n  - {year: 2027, source: x}\n  - {year: 2027, source: y}":         "第3行：2027 年在第2行已经写过，请并成一项",
		"workdays:\n  - year: 2027\n    source: x\n    holidays: [\"01-01\"]":         "第4行：没有 holidays 这一项，请对照说明改正",
		"workdays:\n  - {year: 2027, source: x, off: [\"05-01\"], work: [\"05-01\"]}": "第2行：2027-05-01 写了两次",
		"workdays: {": "第1行：could not find flow mapping end token '}'",
		"terms:\n  - {key: a, kinds: [senior], from: 2026-09-01, to: 2027-01-20}":                                                 "covers 的 from（）和 to（）不是一段日期",
		"covers: {from: 2026-09-01, to: 2027-08-31}\nterms:\n  - {key: a, kinds: [senior], from: 2026-09-31, to: 2027-01-20}":     "第3行：2026-09-31 不是日期，应为 2026-09-01 的样子",
		"covers: {from: 2026-09-01, to: 2027-08-31}\nterms:\n  - key: a\n    kinds: [senior]\n    from: 2026-09-01\n    to: 2028": "第6行：2028 不是日期，应为 2026-09-01 的样子",
	} {
		_, _, err := Amend(DefaultWorkdays(), DefaultTerms(), strings.NewReader(in))
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%q:\n got %s\nwant %s", in, got, want)
		}
	}
}

func FuzzAmend(f *testing.F) {
	f.Add(ownFile)
	f.Add("workdays: !x\nterms: - 1")
	f.Add("covers: {from: 2026-01-01, to: 9999-12-31}\nterms: [{}]")
	f.Fuzz(func(t *testing.T, s string) {
		days, terms, err := Amend(DefaultWorkdays(), DefaultTerms(), strings.NewReader(s))
		if err != nil {
			return
		}
		days.NextOnOrAfter(d("2027-01-01")) // must end
		terms.Gaps(terms.Kinds(), d("2027-01-01"))
	})
}
