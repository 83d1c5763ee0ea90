// Package fixnotice makes the notice that is printed, signed and handed to a unit that
// has a hazard to mend (整改通知书).
package fixnotice

import (
	"fmt"
	"strings"

	"duban/internal/calendar"
	"duban/internal/docx"
	"duban/internal/hazard"
)

// Paper is what a notice says.
type Paper struct {
	Hazard hazard.Hazard
	Unit   string // to whom
	From   string // the section or unit that issues it
	Found  calendar.Date
	Today  calendar.Date
	Note   string // small print: what the limits rest on
	Photos [][]byte
	More   int // photos that are not in it
}

// photoSize is the longer edge of a photo on paper, in millimetres: two side by side.
const photoSize = 68

// Name is the name of the file.
func Name(h hazard.Hazard) string { return "整改通知书_" + h.Number() + ".docx" }

// Make returns the notice as a document.
func (p Paper) Make() ([]byte, error) {
	var doc docx.Document
	doc.Line(docx.Text{Words: "隐患整改通知书", Size: 20, Bold: true, Centre: true})
	doc.Line(docx.Text{Words: "编号：" + p.Hazard.Number(), Size: 11, Centre: true})
	doc.Line(docx.Text{Words: p.Unit + "：", Size: 12, Bold: true})
	doc.Line(docx.Text{Words: "　　你单位存在下列安全隐患，请按要求整改，并在期限内报回整改情况。", Size: 12})
	if err := doc.Form(p.fields(), photoSize); err != nil {
		return nil, err
	}
	for _, line := range []string{
		"签发单位（盖章）：" + p.From + "　　签发人：" + blank(8),
		"签发日期：" + date(p.Today),
		"签收人（单位负责人）：" + blank(8) + "　签收日期：" + blank(3) + "年" + blank(2) + "月" + blank(2) + "日",
		"复查意见：" + blank(12) + "　复查人：" + blank(6) + "　日期：" + blank(3) + "年" + blank(2) + "月" + blank(2) + "日",
	} {
		doc.Line(docx.Text{Words: line, Size: 12})
	}
	if p.Note != "" {
		doc.Line(docx.Text{Words: "说明：" + p.Note, Size: 9})
	}
	return doc.Bytes()
}

func (p Paper) fields() []docx.Field {
	h := p.Hazard
	level := string(h.Level)
	if h.Level == hazard.Ungraded {
		level = "未定级"
	}
	if !h.ListedAt.IsZero() {
		level += "（挂牌督办）"
	}
	fields := []docx.Field{
		field("地点", orNone(h.Location)),
		field("类别", h.Category),
		field("级别", level),
		field("隐患内容", strings.Split(h.Desc, "\n")...),
		field("发现时间", date(p.Found)),
		field("整改要求", p.demands()...),
		field("整改期限", p.limit()),
	}
	if len(p.Photos)+p.More > 0 {
		photos := docx.Field{Name: "隐患照片", Pictures: p.Photos}
		if p.More > 0 {
			photos.Lines = []docx.Text{{Words: fmt.Sprintf("另有 %d 张没有放进来，请在督办助手里发“看照片 %s”。", p.More, h.Number()), Size: 9}}
		}
		fields = append(fields, photos)
	}
	return fields
}

// demands are what the unit has to do; what it has told of its own measures stands
// among them.
func (p Paper) demands() []string {
	h := p.Hazard
	list := []string{"立即落实临时管控措施，整改完成前确保安全。"}
	if h.Level == hazard.Major {
		list = append(list, "落实整改责任、措施、资金、时限和应急预案（五落实）后方可整改。")
	}
	if h.Five.Measures != "" {
		list = append(list, "整改措施："+h.Five.Measures)
	}
	list = append(list, "在期限内整改完成；确有困难的，在期限前说明原因，可提请局里协调。",
		"完成后报整改情况，并附整改后的照片；由未参加整改的人复查，通过后销号。")
	for i := range list {
		list[i] = fmt.Sprintf("%d．%s", i+1, list[i])
	}
	return list
}

// limit is the date with its weekday, and whether somebody chose it.
func (p Paper) limit() string {
	h := p.Hazard
	switch {
	case !h.HelpedAt.IsZero():
		return "已提请局里协调，期限待答复后确定"
	case h.FixDue.IsZero():
		return "待定级后确定"
	case h.FixDays == 0:
		return date(h.FixDue) + "前（默认时限）"
	}
	return date(h.FixDue) + "前"
}

func field(name string, lines ...string) docx.Field {
	f := docx.Field{Name: name}
	for _, l := range lines {
		f.Lines = append(f.Lines, docx.Text{Words: l})
	}
	return f
}

func orNone(words string) string {
	if words == "" {
		return "未写明"
	}
	return words
}

// date is a day in full, with its year: paper outlives it.
func date(d calendar.Date) string { return d.Say(0) }

// blank is a line to write on, as long as n Chinese characters.
func blank(n int) string { return strings.Repeat("＿", n) }
