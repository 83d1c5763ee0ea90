package app

import (
	"fmt"
	"strconv"
	"strings"

	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/remind"
)

// Entry is one thing a planned message tells, and why today.
type Entry struct {
	Item   string `json:"item"` // 22-14 or YH-2025-0056; "" when it is about neither
	Unit   string `json:"unit"`
	Period string `json:"period"` // of a recurring duty, else ""
	Kind   string `json:"kind"`   // reminder, escalation, …
	Stage  string `json:"stage"`  // sign, collect, due, review, …; "" for what no policy asked for
	Due    string `json:"due"`    // the date the rung counts from
	Offset string `json:"offset"` // -3: working days, 2h: hours
	Level  string `json:"level"`  // whom the policy names; a vacant post passes on
	Slip   string `json:"slip"`   // yellow, red or ""
	Moved  string `json:"moved"`  // day_off, eta, holiday, restart or ""
	Why    string `json:"why"`    // the same in words
}

// explain tells what is behind one entry.
func (b behind) explain(n notice.Notice) Entry {
	e, about := rungOf(n), b.matters.About(n)
	if w, ok := b.matters.Work(about); ok {
		e.Item, e.Unit, e.Period = w.Item.Code, w.UnitID, w.Period
	}
	if h, ok := b.matters.Hazard(about); ok {
		e.Item, e.Unit = h.Number(), h.UnitID
	}
	return e
}

// rungOf reads the policy's rung out of a notice: its key names the step.
func rungOf(n notice.Notice) Entry {
	e := Entry{Kind: string(n.Kind)}
	from := fmt.Sprintf("chase:%s:%d:", n.Subject.Kind, n.Subject.ID)
	if n.Kind == notice.Slip || n.Kind == notice.SlipLate {
		from = fmt.Sprintf("%s:%d:", n.Kind, n.Subject.ID)
	}
	step, isStep := strings.CutPrefix(n.Key, from)
	parts := strings.Split(step, "/")
	if !isStep || len(parts) < 4 {
		e.Why = otherwise(n)
		return e
	}
	level, _, _ := strings.Cut(parts[3], ":")
	e.Stage, e.Due, e.Offset, e.Level = parts[0], parts[1], parts[2], level
	var moved string
	_, e.Slip, moved = n.Rung()
	e.Moved, moved, _ = strings.Cut(moved, ":")
	e.Why = inWords(e, moved)
	return e
}

func otherwise(n notice.Notice) string {
	words := map[notice.Kind]string{
		notice.NewHazard: "有新上报的隐患", notice.HazardUpdate: "上报的隐患有了进展", notice.WorkUpdate: "有人催办、交办或作了决定",
		notice.Emergency: "突发事件，立即告知", notice.SensitiveTip: "有敏感事项等待当面移交", notice.Answer: "答复提问", notice.Document: "本人要的文件",
		notice.Receipt: "承办单位给了督办单的回执", notice.Slip: "有人发了督办单，请回执", notice.SlipLate: "督办单到时没有回执", notice.BindRequest: "有人申请绑定岗位", notice.Waiting: "有事等着决定", notice.Alarm: "系统需要处理",
	}
	if w, ok := words[n.Kind]; ok {
		return w
	}
	return string(n.Kind)
}

// inWords says a rung as the office would: what is due when, how far from it,
// who is told, and what moved it.
func inWords(e Entry, from string) string {
	stages := map[string]string{"report": "即时告知", "control": "临时管控", "five": "五落实", "sign": "签收", "collect": "收报", "due": "办结期限",
		"word": "每周一句话", "review": "审核"}
	levels := map[string]string{"holder": "责任人", "section_chief": "股室负责人", "deputy": "分管副局长", "leader_office": "局长和局办公室"}
	act := "提醒"
	if e.Kind != string(notice.Reminder) {
		act = "上报"
	}
	day, _ := calendar.Parse(e.Due)
	s := fmt.Sprintf("%s %s，%s%s%s", stages[e.Stage], day.Say(0), distance(e.Offset), act, levels[e.Level])
	s += map[string]string{"yellow": "，发黄单", "red": "，发红单"}[e.Slip]
	s += map[string]string{string(notice.Slip): "，告知承办单位，请回执", string(notice.SlipLate): "，到时没有回执"}[e.Kind]
	return s + movedWords(e.Moved, from)
}

func distance(offset string) string {
	if hours, ok := strings.CutSuffix(offset, "h"); ok {
		n, _ := strconv.Atoi(hours)
		return around(n, "%d小时前", "到点", "过后%d小时")
	}
	n, _ := strconv.Atoi(offset)
	return around(n, "提前%d个工作日", "当天", "过后第%d个工作日")
}

func around(n int, before, on, after string) string {
	switch {
	case n < 0:
		return fmt.Sprintf(before, -n)
	case n > 0:
		return fmt.Sprintf(after, n)
	}
	return on
}

func movedWords(by, from string) string {
	why := map[remind.MoveReason]string{remind.MovedDayOff: "期限遇休息日，提前", remind.MovedETA: "按本人说的完成日挪动", remind.MovedHoliday: "避开学校假期",
		remind.MovedRestart: "重新启动后顺延"}[remind.MoveReason(by)]
	if why == "" {
		return ""
	}
	if len(from) == 8 {
		day, _ := calendar.Parse(from[:4] + "-" + from[4:6] + "-" + from[6:])
		return fmt.Sprintf("；%s，原为 %s", why, day.Say(0))
	}
	return "；" + why
}
