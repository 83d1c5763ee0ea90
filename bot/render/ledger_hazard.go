package render

import (
	"fmt"
	"iter"
	"strings"

	"duban/internal/calendar"
	"duban/internal/hazard"
	"duban/internal/ledger"
)

func (c Context) hazardTable(b ledger.Book, lines iter.Seq2[ledger.HazardLine, error]) ledger.Table {
	return ledger.Table{Name: hazardLedger, Title: hazardLedger + "（" + c.hazardSpan(b) + "）", Note: c.hazardNote(b), Tail: tail(b.MoreHazards, ledger.MaxHazards),
		Columns: []ledger.Column{{Name: "序号", Width: 5}, {Name: "编号", Width: 14}, {Name: "单位", Width: 13}, {Name: "地点", Width: 13}, {Name: "类别", Width: 9},
			{Name: "级别", Width: 7}, {Name: "来源", Width: 10}, {Name: "内容", Width: 30}, {Name: "发现时间", Width: 11}, {Name: "责任岗位", Width: 12},
			{Name: "整改期限", Width: 11}, {Name: "措施", Width: 27}, {Name: "状态", Width: 8}, {Name: "复查人", Width: 15}, {Name: "销号时间", Width: 11},
			{Name: "挂牌", Width: 11}, {Name: "整改前照片", Width: 20}, {Name: "整改后照片", Width: 20}},
		Rows: c.hazardRows(b, lines)}
}

// hazardNote says which lines have pictures, where not all may have.
func (c Context) hazardNote(b ledger.Book) string {
	note := c.note(b, len(b.HazardIDs))
	if b.Format == ledger.XLSX && len(b.HazardIDs) > ledger.Illustrated {
		note += fmt.Sprintf("；照片只放最近 %d 条的，其余请发“看照片 编号”", ledger.Illustrated)
	}
	return note
}

func (c Context) hazardRows(b ledger.Book, lines iter.Seq2[ledger.HazardLine, error]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		n := 0
		for l, err := range lines {
			if err != nil {
				yield(nil, err)
				return
			}
			if n++; !yield(c.hazardRow(n, l, b.Format != ledger.CSV), nil) {
				return
			}
		}
	}
}

// hazardRow tells of a hazard all but who reported it.
func (c Context) hazardRow(n int, l ledger.HazardLine, pictures bool) []any {
	level := string(l.Level)
	if l.Level == hazard.Ungraded {
		level = "未定级"
	}
	closed := ""
	if l.State == hazard.Closed {
		closed = c.instant(l.ClosedAt)
	}
	return []any{n, l.Number(), c.Dir.Label(l.UnitID), l.Location, l.Category, level, l.Source, l.Desc, c.instant(l.CreatedAt), l.Duty,
		day(l.FixDue), measures(l.Hazard), l.State.Say(), c.review(l), closed, c.listed(l.Hazard),
		photoCell(l, l.Before, pictures), photoCell(l, l.After, pictures)}
}

// measures is what was done, the temporary control before the fix.
func measures(h hazard.Hazard) string {
	var parts []string
	if h.Control != "" {
		parts = append(parts, "临时管控："+h.Control)
	}
	if h.Five.Measures != "" {
		parts = append(parts, "整改措施："+h.Five.Measures)
	}
	if !h.FixDay.IsZero() {
		parts = append(parts, strings.TrimSuffix(day(h.FixDay)+" 整改完成："+h.FixNote, "："))
	}
	return strings.Join(parts, "\n")
}

// review gives the reviewer's words only where they say what is still wrong.
func (c Context) review(l ledger.HazardLine) string {
	if l.ReviewedAt.IsZero() {
		return ""
	}
	result := "通过"
	switch {
	case l.State != hazard.Verified && l.State != hazard.Closed:
		result = strings.TrimSuffix("未通过："+l.ReviewNote, "：")
	case l.SelfReviewed:
		result = "通过（本单位复查）"
	}
	return strings.TrimPrefix(l.Reviewer+"\n"+day(calendar.In(l.ReviewedAt, c.Loc))+" "+result, "\n")
}

func (c Context) listed(h hazard.Hazard) string {
	if h.ListedAt.IsZero() {
		return ""
	}
	words := day(calendar.In(h.ListedAt, c.Loc)) + " 挂牌"
	if h.State == hazard.Closed {
		words += "\n" + day(calendar.In(h.ClosedAt, c.Loc)) + " 摘牌"
	}
	return words
}

// photoCell shows one picture, and says how many there are where it does not show all.
func photoCell(l ledger.HazardLine, p ledger.Photos, pictures bool) any {
	look := "发“看照片 " + l.Number() + "”"
	switch {
	case p.Count == 0:
		return ""
	case !pictures:
		return fmt.Sprintf("%d 张", p.Count)
	case p.Lost:
		return ledger.Picture{Words: fmt.Sprintf("照片 %d 张，文件缺失或打不开", p.Count)}
	case p.Thumb == nil:
		return ledger.Picture{Words: fmt.Sprintf("照片 %d 张，%s", p.Count, look)}
	case p.Count > 1:
		return ledger.Picture{Data: p.Thumb, Words: fmt.Sprintf("共 %d 张，%s", p.Count, look)}
	}
	return ledger.Picture{Data: p.Thumb}
}
