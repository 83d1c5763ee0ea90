package render

import (
	"errors"
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
	got := wording().Tables(b, nil)[0]
	want := [][]any{
		{1, "22-3", "第22条 夯实校园安全基础", "食堂互联网+明厨亮灶（9月）", "文昌中学", "主办", "安全股", "2025-09-19 周五", "办理中", "60%，遇到困难", "红", "2025-09-09 周二 09:30", "经费没批"},
		{2, "9-1", "第22条 夯实校园安全基础", "普惠率", "文昌中学", "协办", "安全股", "", "已办结", "92.5%（目标≥91%）", "", "", ""},
		{3, "22-14", "第22条 夯实校园安全基础", "防溺水", "文昌中学", "报送", "安全股", "2025-09-26 周五", "未到时间", "", "", "", ""},
		{4, "22-3", "第22条 夯实校园安全基础", "食堂互联网+明厨亮灶（9月）", "文昌中学", "主办", "安全股", "2025-09-19 周五", "办理中", "60%，遇到困难", "", "2025-09-09 周二 09:30", "（内容只在本单位查看）"},
	}
	if diff := cmp.Diff(want, rowsOf(t, got)); diff != "" {
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

// rowsOf collects the rows of a table.
func rowsOf(t *testing.T, table ledger.Table) (rows [][]any) {
	t.Helper()
	for r, err := range table.Rows {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

func TestHazardTable(t *testing.T) {
	fresh := ledger.HazardLine{Source: "匿名上报", Duty: "安全专干", Before: ledger.Photos{Count: 1, Thumb: []byte("jpeg")},
		Hazard: fire(func(h *hazard.Hazard) { h.Anonymous, h.Reporter = true, "reporter-who-hides" })}
	failed := ledger.HazardLine{Reviewer: "李科长", Before: ledger.Photos{Count: 3, Thumb: []byte("jpeg")}, After: ledger.Photos{Count: 2},
		Hazard: fire(func(h *hazard.Hazard) {
			h.State, h.ReviewedAt, h.ReviewNote, h.Control, h.Level, h.ListedAt = hazard.Fixing, now, "还在漏水", "已停用", hazard.Major, now
			h.Five.Measures = "更换软管"
		})}
	closed := ledger.HazardLine{Before: ledger.Photos{Count: 1, Lost: true},
		Hazard: fire(func(h *hazard.Hazard) {
			h.State, h.ReviewedAt, h.SelfReviewed, h.ReviewNote, h.ClosedAt, h.FixDay, h.FixNote = hazard.Closed, now, true, "看过了", now, today, "换好了"
		})}
	void := ledger.HazardLine{Hazard: fire(func(h *hazard.Hazard) { h.State, h.ClosedAt = hazard.Void, now })}
	lines := func(yield func(ledger.HazardLine, error) bool) {
		for _, l := range []ledger.HazardLine{fresh, failed, closed, void} {
			if !yield(l, nil) {
				return
			}
		}
	}
	got := wording().Tables(book(func(b *ledger.Book) { b.What, b.HazardIDs = ledger.Hazard, []int64{1, 2, 3, 4} }), lines)
	if len(got) != 1 || got[0].Title != "隐患台账（全区）" || got[0].Tail != "" || len(got[0].Columns) != 18 {
		t.Fatalf("%+v", got)
	}
	var ends [][]any // level and source; the post; measures to the end
	for _, r := range rowsOf(t, got[0]) {
		if len(r) != 18 {
			t.Fatalf("%d cells: %v", len(r), r)
		}
		ends = append(ends, append([]any{r[5], r[6], r[9]}, r[11:]...))
		for _, c := range r {
			if c == "reporter-who-hides" {
				t.Error("the ledger names the reporter")
			}
		}
	}
	want := [][]any{{"未定级", "匿名上报", "安全专干", "", "已上报", "", "", "", ledger.Picture{Data: []byte("jpeg")}, ""},
		{"重大", "", "", "临时管控：已停用\n整改措施：更换软管", "整改中", "李科长\n2025-09-10 周三 未通过：还在漏水", "", "2025-09-10 周三 挂牌",
			ledger.Picture{Data: []byte("jpeg"), Words: "共 3 张，发“看照片 YH-2025-0056”"}, ledger.Picture{Words: "照片 2 张，发“看照片 YH-2025-0056”"}},
		{"未定级", "", "", "2025-09-10 周三 整改完成：换好了", "已销号", "2025-09-10 周三 通过（本单位复查）", "2025-09-10 周三 09:30", "",
			ledger.Picture{Words: "照片 1 张，文件缺失或打不开"}, ""},
		{"未定级", "", "", "", "已作废", "", "", "", "", ""}}
	if diff := cmp.Diff(want, ends); diff != "" {
		t.Error(diff)
	}
}

// In a file without pictures, and before it is known what the lines hold, only the
// number of photos is told; what goes wrong on the way ends the rows.
func TestHazardTableWithoutPictures(t *testing.T) {
	broken := errors.New("database away")
	lines := func(yield func(ledger.HazardLine, error) bool) {
		if yield(ledger.HazardLine{Hazard: fire(), Before: ledger.Photos{Count: 2}}, nil) {
			yield(ledger.HazardLine{}, broken)
		}
	}
	table := wording().Tables(book(func(b *ledger.Book) { b.What, b.Format, b.HazardIDs = ledger.Hazard, ledger.CSV, []int64{1, 2} }), lines)[0]
	var said []any
	for r, err := range table.Rows {
		if err != nil {
			said = append(said, err.Error())
			continue
		}
		said = append(said, r[16])
	}
	if diff := cmp.Diff([]any{"2 张", "database away"}, said); diff != "" {
		t.Error(diff)
	}
	many := book(func(b *ledger.Book) { b.What, b.HazardIDs = ledger.Hazard, make([]int64, ledger.Illustrated+1) })
	if note := wording().Tables(many, lines)[0].Note; note != "共 201 条，生成于 2025-09-10 周三 09:30；照片只放最近 200 条的，其余请发“看照片 编号”" {
		t.Error(note)
	}
}
