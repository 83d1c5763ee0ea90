package render

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/ledger"
	"duban/internal/org"
	"duban/internal/remind"
)

func book(change ...func(*ledger.Book)) ledger.Book {
	b := ledger.Book{Query: ledger.Query{What: ledger.Both, Format: ledger.XLSX}, Made: now, Whose: org.Reach{Sections: []string{"safety"}, Units: []string{"safety"}},
		WhoseHazard: org.Reach{All: true}}
	for _, f := range change {
		f(&b)
	}
	return b
}

func TestWorkTable(t *testing.T) {
	stuck := work("22-3", "食堂互联网+明厨亮灶", "2025-09-19", state(duty.InProgress), func(w *duty.Work) {
		w.Percent, w.Status, w.Part, w.Note, w.ReportedAt, w.Period = 60, duty.Blocked, duty.Lead, "经费没批", now.Add(-24*time.Hour), "2025-09"
	})
	measured := work("9-1", "普惠率", "", state(duty.Closed), metric(92.5), func(w *duty.Work) { w.Part = duty.Assist })
	ahead := work("22-14", "防溺水", "2025-09-26", state(duty.Assigned), func(w *duty.Work) { w.Opens, w.Part = today.Add(5), duty.Report })
	b := book(func(b *ledger.Book) {
		b.Work = []ledger.Line{{Work: stuck, Lamp: remind.RedLamp}, {Work: measured}, {Work: ahead, Lamp: remind.GreenLamp}, {Work: stuck, Quiet: true}}
		b.MoreWork, b.Filter, b.From, b.To = true, []string{"open"}, calendar.MustParse("2025-09-01"), calendar.MustParse("2026-01-10")
	})
	got := wording().Tables(b)[0]
	want := [][]any{
		{1, "22-3", "第22条 夯实校园安全基础", "食堂互联网+明厨亮灶（9月）", "文昌中学", "主办", "安全股", "2025-09-19 周五", "办理中", "60%，遇到困难", "红", "2025-09-09 周二 09:30", "经费没批"},
		{2, "9-1", "第22条 夯实校园安全基础", "普惠率", "文昌中学", "协办", "安全股", "", "已办结", "92.5%（目标≥91%）", "", "", ""},
		{3, "22-14", "第22条 夯实校园安全基础", "防溺水", "文昌中学", "报送", "安全股", "2025-09-26 周五", "未到时间", "", "", "", ""},
		{4, "22-3", "第22条 夯实校园安全基础", "食堂互联网+明厨亮灶（9月）", "文昌中学", "主办", "安全股", "2025-09-19 周五", "办理中", "60%，遇到困难", "", "2025-09-09 周二 09:30", "（内容只在本单位查看）"},
	}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Error(diff)
	}
	if want := "督办台账（安全股牵头、协办，期限 9月1日 周一 到 2026年1月10日 周六，未办结）"; got.Title != want || got.Note != "共 4 条，生成于 2025-09-10 周三 09:30" ||
		!strings.HasPrefix(got.Tail, "只列出最近的 5000 条") {
		t.Errorf("%q %q %q", got.Title, got.Note, got.Tail)
	}
	if name := wording().LedgerFile(b); name != "督办台账和隐患台账_2025-09-01至2026-01-10.xlsx" {
		t.Error(name)
	}
}

func TestHazardTable(t *testing.T) {
	anonymous := fire(func(h *hazard.Hazard) { h.Anonymous, h.Reporter = true, "reporter-who-hides" })
	failed := fire(func(h *hazard.Hazard) {
		h.State, h.ReviewedAt, h.ReviewNote, h.Control, h.Level = hazard.Fixing, now, "还在漏水", "已停用", hazard.Major
	})
	closed := fire(func(h *hazard.Hazard) {
		h.State, h.ReviewedAt, h.SelfReviewed, h.ReviewNote, h.ClosedAt, h.FixDay = hazard.Closed, now, true, "看过了", now, today
	})
	void := fire(func(h *hazard.Hazard) { h.State, h.ClosedAt = hazard.Void, now })
	got := wording().Tables(book(func(b *ledger.Book) {
		b.What, b.Hazards = ledger.Hazard, []hazard.Hazard{anonymous, failed, closed, void}
	}))
	if len(got) != 1 || got[0].Title != "隐患台账（全区）" || got[0].Tail != "" || len(got[0].Columns) != 15 {
		t.Fatalf("%+v", got)
	}
	var ends [][]any // level, and state to the end
	for _, r := range got[0].Rows {
		if len(r) != 15 {
			t.Fatalf("%d cells: %v", len(r), r)
		}
		ends = append(ends, append([]any{r[5]}, r[10:]...))
		for _, c := range r {
			if c == "reporter-who-hides" {
				t.Error("the ledger names the reporter")
			}
		}
	}
	want := [][]any{{"未定级", "已上报", "", "", "", ""}, {"重大", "整改中", "已停用", "", "2025-09-10 周三 未通过：还在漏水", ""},
		{"未定级", "已销号", "", "2025-09-10 周三", "2025-09-10 周三 通过（本单位复查）", "2025-09-10 周三 09:30"}, {"未定级", "已作废", "", "", "", ""}}
	if diff := cmp.Diff(want, ends); diff != "" {
		t.Error(diff)
	}
}
