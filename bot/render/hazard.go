package render

import (
	"fmt"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/hazard"
)

// HazardFiled answers who filed a hazard: the number, what was understood, who
// deals with it and by when.
func (c Context) HazardFiled(h hazard.Hazard, handlers []string, photos int) string {
	lines := []string{"已登记 " + h.Number(), c.hazardLine(h)}
	if photos > 0 {
		lines = append(lines, fmt.Sprintf("照片：%d 张", photos))
	}
	if h.Control != "" {
		lines = append(lines, "临时管控："+Cut(h.Control, 60))
	}
	who := strings.Join(handlers, "、")
	if who == "" {
		who = c.Dir.Label(h.UnitID)
	}
	lines = append(lines, "处理："+who+c.limits(h))
	if h.LevelHint == hazard.Major {
		lines = append(lines, "您说的是重大隐患，已马上告诉安全法规股，由他们定级。")
	}
	if h.Anonymous {
		lines = append(lines, "已按匿名登记，处理的人看不到您的姓名。")
	}
	return strings.Join(lines, "\n")
}

func (c Context) limits(h hazard.Hazard) string {
	if h.SignDue.IsZero() || h.FixDue.IsZero() {
		return ""
	}
	return fmt.Sprintf("，%s前签收，%s前整改（默认时限）", h.SignDue.Say(c.Today), h.FixDue.Say(c.Today))
}

func (c Context) hazardLine(h hazard.Hazard) string {
	place := h.Location
	if place == "" {
		place = "地点未填"
	}
	return fmt.Sprintf("%s · %s · %s\n%s", c.Dir.Label(h.UnitID), place, h.Category, Cut(h.Desc, 100))
}

// HazardDetail tells what may be known about a hazard. The reporter of an
// anonymous one is never named here.
func (c Context) HazardDetail(h hazard.Hazard, photos int, formers ...hazard.Former) string {
	level := "未定级"
	if h.Level != hazard.Ungraded {
		level = string(h.Level)
	}
	filed := calendar.In(h.CreatedAt, c.Loc)
	lines := []string{
		h.Number() + " " + h.State.Say() + " · " + level,
		c.hazardLine(h),
		"上报：" + filed.Say(c.Today) + origins[h.Origin],
	}
	if h.State.Open() && !h.FixDue.IsZero() {
		lines = append(lines, "整改期限："+c.DueText(h.FixDue))
	}
	lines = append(lines, c.life(h)...)
	if photos > 0 {
		lines = append(lines, fmt.Sprintf("照片：%d 张", photos))
	}
	return strings.Join(append(lines, c.formers(formers)...), "\n")
}

// origins say how a hazard came to be known, after the day.
var origins = map[hazard.Origin]string{hazard.FromCheck: "，检查发现", hazard.FromCode: "，扫码上报"}

// life tells what has happened to a hazard so far, without naming anybody.
func (c Context) life(h hazard.Hazard) []string {
	var lines []string
	add := func(when time.Time, format string, args ...any) {
		if !when.IsZero() {
			lines = append(lines, calendar.In(when, c.Loc).Say(c.Today)+" "+fmt.Sprintf(format, args...))
		}
	}
	switch {
	case h.Listed():
		lines = append(lines, "挂牌督办中")
	case h.State == hazard.Closed:
		add(h.ListedAt, "挂牌督办，销号时摘牌")
	}
	add(h.ControlledAt, "临时管控：%s", Cut(h.Control, 60))
	if five := FiveLines(h.Five); len(five) > 0 {
		lines = append(lines, "五落实：\n  "+strings.Join(five, "\n  "))
	}
	add(h.HeldTo, "局里协调结果：%s", Cut(h.Coordination, 60))
	add(h.HelpedAt, "提请局里协调：%s", Cut(h.Blocked, 60))
	add(h.FixedAt, "报整改完成：%s", Cut(h.FixNote, 60))
	if h.State == hazard.Verified || h.State == hazard.Closed {
		add(h.ReviewedAt, "复查通过")
	} else {
		add(h.ReviewedAt, "复查未通过：%s", Cut(h.ReviewNote, 60))
	}
	if h.State == hazard.Closed {
		add(h.ClosedAt, "销号")
	}
	if h.State.Open() && h.FixedAt.IsZero() && !h.ETA.IsZero() {
		lines = append(lines, "预计 "+h.ETA.Say(c.Today)+" 修好")
	}
	if h.Reopened > 0 {
		lines = append(lines, fmt.Sprintf("重开过 %d 次", h.Reopened))
	}
	return lines
}

// HazardList numbers hazards from first on, newest first.
func (c Context) HazardList(list []hazard.Hazard, first int) string {
	var b strings.Builder
	for i, h := range list {
		fmt.Fprintf(&b, "%d. %s %s\n   %s · %s\n", first+i, h.Number(), standing(h), c.Dir.Label(h.UnitID), Placed(h, 36))
	}
	return strings.TrimRight(b.String(), "\n")
}

// standing is the state of a hazard in a list, with what makes it more than ordinary.
func standing(h hazard.Hazard) string {
	words := h.State.Say()
	if h.Level == hazard.Major {
		words += " · 重大"
	}
	if h.Listed() {
		words += " · 挂牌督办"
	}
	return words
}

// Placed is what is wrong where, in one line. People often begin what is wrong
// with the place; it is not said twice then.
func Placed(h hazard.Hazard, max int) string {
	if h.Location == "" || strings.HasPrefix(h.Desc, h.Location) {
		return Cut(h.Desc, max)
	}
	return Cut(h.Location+" "+h.Desc, max)
}
