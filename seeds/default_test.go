package seeds

import (
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"duban/internal/calendar"
)

func production(t *testing.T) *Set {
	t.Helper()
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func demonstration(t *testing.T) *Set {
	t.Helper()
	s, err := Demo()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func year2025(t *testing.T) Year {
	t.Helper()
	y, ok := production(t).Year(2025)
	if !ok {
		t.Fatal("no document of 2025")
	}
	return y
}

// codes returns the codes of the items that meet is.
func codes(y Year, is func(Item) bool) []string {
	var got []string
	for _, it := range y.Items {
		if is(it) {
			got = append(got, it.Code)
		}
	}
	return got
}

func TestDocumentOf2025(t *testing.T) {
	y := year2025(t)
	d := y.Document
	if d.DocNo != "益资教工委发〔2025〕1号" || d.Issued != calendar.MustParse("2025-03-31") {
		t.Errorf("document is %q of %v", d.DocNo, d.Issued)
	}
	if len(d.Notes) != 4 || len(d.Addressees) != 5 {
		t.Errorf("%d notes, %d addressees; want 4 and 5", len(d.Notes), len(d.Addressees))
	}
	if len(y.Sections) != 6 || len(y.Points) != 26 || len(y.Items) != 204 {
		t.Errorf("%d sections, %d points, %d items; want 6, 26, 204", len(y.Sections), len(y.Points), len(y.Items))
	}
}

func TestItemsOf2025(t *testing.T) {
	y := year2025(t)
	tests := []struct {
		what string
		is   func(Item) bool
		want int
	}{
		{"numeric targets", func(i Item) bool { return i.Metric != nil && i.Metric.Value != nil && !i.Metric.Assumed }, 18},
		{"recurring in the document's words", func(i Item) bool { return i.Period != nil && i.Period.Stated != "" }, 22},
		{"registers", func(i Item) bool { return i.Kind == "register" }, 8},
		{"targets", func(i Item) bool { return i.Kind == "target" }, 22},
		{"recurring by kind", func(i Item) bool { return i.Kind == "recurring" }, 29},
		{"mechanisms", func(i Item) bool { return i.Kind == "mechanism" }, 69},
		{"projects", func(i Item) bool { return i.Kind == "project" }, 18},
		{"events", func(i Item) bool { return i.Kind == "event" }, 19},
		{"programs", func(i Item) bool { return i.Kind == "program" }, 39},
		{"private", func(i Item) bool { return i.Privacy == "high" }, 6},
	}
	for _, tt := range tests {
		if got := codes(y, tt.is); len(got) != tt.want {
			t.Errorf("%s: %d %v, want %d", tt.what, len(got), got, tt.want)
		}
	}
}

func TestOnlyFiveDeadlinesAreStated(t *testing.T) {
	y := year2025(t)
	type stated struct{ Code, Date, Text string }
	var got []stated
	for _, it := range y.Items {
		if it.Due.Source == Stated {
			got = append(got, stated{it.Code, it.Due.Date.String(), it.Due.Text})
		}
	}
	want := []stated{
		{"9-1", "2025-12-31", "2025年底"},
		{"12-8", "2025-09-30", "9月份"},
		{"17-3", "2025-09-10", "第41个教师节"},
		{"17-4", "2025-09-30", "九月"},
		{"25-6", "2025-12-31", "到年底"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestItemInFull(t *testing.T) {
	y := year2025(t)
	value := 91.0
	want := Item{
		Code: "9-1", Kind: "target", Desc: "全区普惠园覆盖率", Fig: []string{"2025年底", "91%以上"},
		Metric: &Metric{Op: ">=", Value: &value, Unit: "%"},
		Due:    Due{Date: calendar.MustParse("2025-12-31"), Source: Stated, Text: "2025年底"},
		Remind: "deadline",
	}
	got, _ := y.Item("9-1")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	drill, _ := y.Item("21-4")
	wantPeriod := &Period{Stated: "定期", Every: "month", ByKind: map[string]string{"kindergarten": "quarter"}}
	if diff := cmp.Diff(wantPeriod, drill.Period); diff != "" {
		t.Error(diff)
	}
	swim, _ := y.Item("22-14")
	if diff := cmp.Diff(&Period{Every: "week", FromMonth: 5, ToMonth: 9}, swim.Period); diff != "" {
		t.Error(diff)
	}
}

func TestCodesRunWithoutGaps(t *testing.T) {
	y := year2025(t)
	next := map[int]int{}
	for _, it := range y.Items {
		p := it.PointNo()
		next[p]++
		if want := strconv.Itoa(p) + "-" + strconv.Itoa(next[p]); it.Code != want {
			t.Errorf("item %s, want %s", it.Code, want)
		}
	}
	if len(next) != 26 {
		t.Errorf("items of %d points, want 26", len(next))
	}
}

func TestEveryItemHasALeadAndSomebodyToAsk(t *testing.T) {
	s, y := production(t), year2025(t)
	for _, it := range y.Items {
		p, _ := y.Point(it.PointNo())
		lead, ok := s.Unit(p.Lead)
		if !ok || (lead.Kind != "section" && lead.Kind != "development_center") {
			t.Errorf("%s is led by %q, want a section", it.Code, p.Lead)
		}
		if _, ok := s.HeadOf(p.Lead); !ok {
			t.Errorf("%s: nobody answers for %s", it.Code, p.Lead)
		}
		if !p.Assumed {
			t.Errorf("point %d: the document names no section, so it must be assumed", p.No)
		}
		if _, err := s.Reporters(2025, it.Code); err != nil {
			t.Errorf("%s: %v", it.Code, err)
		}
	}
}

func TestEverySectionReportsToOneDeputy(t *testing.T) {
	s := production(t)
	deputies := map[string]int{}
	for _, p := range s.Posts {
		for _, id := range p.Charge {
			deputies[id]++
		}
	}
	for _, u := range s.Units {
		want := 0 // schools; the office answers to the director
		if u.Kind != "company" && u.Term == "" && u.ID != "d-bangongshi" {
			want = 1
		}
		if deputies[u.ID] != want {
			t.Errorf("%s is in the charge of %d leaders, want %d", u.ID, deputies[u.ID], want)
		}
	}
}

func TestEverySchoolHasAHeadAndASafetyOfficer(t *testing.T) {
	s := demonstration(t)
	for _, u := range s.Units {
		if u.Term == "" {
			continue
		}
		safety := slices.ContainsFunc(s.Posts, func(p Post) bool { return p.Unit == u.ID && p.Safety })
		head, ok := s.HeadOf(u.ID)
		if !safety || !ok || head.Safety {
			t.Errorf("%s: head %q, safety officer %v", u.ID, head.ID, safety)
		}
	}
}

func TestProfilesAreThoseOfThePolicies(t *testing.T) {
	data, err := fs.ReadFile(Files(), "policies.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Profiles map[string]any `yaml:"profiles"`
	}
	if err := yaml.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	for _, name := range Profiles() {
		if _, ok := f.Profiles[name]; !ok {
			t.Errorf("policies.yaml has no profile %s", name)
		}
	}
}

func TestTwentyTermsAndNoMeaningInvented(t *testing.T) {
	s := production(t)
	if len(s.Terms) != 20 {
		t.Errorf("%d groups of terms, want 20", len(s.Terms))
	}
	for _, term := range s.Terms {
		if term.Meaning != "" || term.Source != "" {
			t.Errorf("%s: meaning %q; only the bureau may write one", term.Name, term.Meaning)
		}
		if len(term.At[2025]) == 0 {
			t.Errorf("%s: no item uses it", term.Name)
		}
	}
}

func TestProductionHoldsNothingOfTheDemonstration(t *testing.T) {
	s := production(t)
	if s.Demo || len(s.Persons)+len(s.Holdings)+len(s.Accounts)+len(s.Groups)+len(s.Confirmations) > 0 {
		t.Error("people, groups or confirmations of the demonstration got into production")
	}
	for _, u := range s.Units {
		if u.Demo {
			t.Errorf("unit %s is for the demonstration", u.ID)
		}
	}
	for _, p := range s.Posts {
		if p.Demo {
			t.Errorf("post %s is for the demonstration", p.ID)
		}
	}
}

func TestDemonstration(t *testing.T) {
	s := demonstration(t)
	if len(s.Persons) != 22 || len(s.Groups) != 2 || len(s.Confirmations) != 26 {
		t.Errorf("%d persons, %d groups, %d confirmations", len(s.Persons), len(s.Groups), len(s.Confirmations))
	}
	platforms := map[string][]string{}
	for _, a := range s.Accounts {
		platforms[a.Person] = append(platforms[a.Person], a.Platform)
	}
	for _, p := range s.Persons {
		if len(platforms[p.ID]) == 0 {
			t.Errorf("%s has no account", p.ID)
		}
	}
	if diff := cmp.Diff([]string{"wecom", "dingtalk"}, platforms["anquan-guzhang"]); diff != "" {
		t.Error(diff)
	}
}

func TestDemonstrationConfirmsTheStatedItemsAndOneOverdue(t *testing.T) {
	s := demonstration(t)
	confirmed := map[string]Confirmation{}
	var overdue []string
	for _, c := range s.Confirmations {
		confirmed[c.Item] = c
		if c.Due < calendar.MustParse("2025-09-10") {
			overdue = append(overdue, c.Item)
		}
	}
	for _, code := range []string{"9-1", "12-8", "17-3", "17-4", "25-6"} {
		if confirmed[code].Year != 2025 {
			t.Errorf("%s is not confirmed", code)
		}
	}
	if diff := cmp.Diff([]string{"23-1"}, overdue); diff != "" {
		t.Error(diff)
	}
	if n := len(confirmed["21-4"].Units); n < 3 {
		t.Errorf("21-4 is reported by %d units, want several", n)
	}
}

// The received text mixes in traditional characters; what people read does not.
func TestWordingIsSimplified(t *testing.T) {
	y := year2025(t)
	for _, it := range y.Items {
		if strings.ContainsAny(it.Desc+it.Note, "學導體製機") {
			t.Errorf("%s has traditional characters: %s", it.Code, it.Desc)
		}
	}
	p, _ := y.Point(15)
	if p.Title != "深化教育督导体制机制改革" || p.Received != "深化教育督導體制機制改革" {
		t.Errorf("point 15 is titled %q, received as %q", p.Title, p.Received)
	}
}

// A coded term stands in the wording as the document has it, never spelled out.
func TestItemsQuoteTheirTerms(t *testing.T) {
	s, y := production(t), year2025(t)
	for _, term := range s.Terms {
		for _, code := range term.At[2025] {
			it, _ := y.Item(code)
			plain := strings.NewReplacer("“", "", "”", "").Replace(it.Desc + strings.Join(it.Fig, "") + it.Note)
			said := slices.ContainsFunc(term.Words, func(w string) bool { return strings.Contains(plain, w) })
			point, _ := y.Point(it.PointNo())
			if !said && !strings.Contains(point.Title, term.Name) {
				t.Errorf("%s does not quote %s", code, term.Name)
			}
		}
	}
}
