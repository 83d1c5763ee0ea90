package command

import (
	"fmt"
	"time"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/notice"
)

// maxQuiet bounds a wish for silence.
const maxQuiet = 30 * 24 * time.Hour

// quiet lets the asker be left alone until a time. What concerns life and safety
// still comes.
func (s *session) quiet() (bot.Reply, error) {
	until := s.intent.Slots.Until
	if until.IsZero() {
		return s.missing("until", "免打扰到什么时候？例如“明天早上8点”或“9月12日”。")
	}
	if !until.After(s.now) {
		return text("这个时间已经过了，请写一个以后的时间，例如“免打扰到明天8点”。")
	}
	if until.Sub(s.now) > maxQuiet {
		return text("免打扰一次最长 30 天。时间更长请用“委托”，把事情交给同事，例如“委托王强到10月8日”。")
	}
	if err := s.setQuiet("quiet", until); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	when := calendar.In(until, s.Loc).Say(s.today) + until.In(s.Loc).Format(" 15:04")
	return bot.Reply{Title: "免打扰", Text: fmt.Sprintf("好的，%s 前不打扰您，攒下的到时合成一条发。\n紧急情况和重大隐患仍会马上告诉您。提前结束请发“取消免打扰”。", when)}, nil
}

// setQuiet stores the wish with its line of history.
func (s *session) setQuiet(action string, until time.Time) error {
	before, err := s.tx.QuietUntil(s.ctx, s.actor.PersonID)
	if err != nil {
		return err
	}
	if err := s.tx.SetQuiet(s.ctx, s.actor.PersonID, until); err != nil {
		return err
	}
	return s.note(notice.Subject{Kind: notice.PersonSubj}, action, s.quietWord(before), s.quietWord(until), "")
}

// quietWord is a time as the history keeps it; none is "off".
func (s *session) quietWord(t time.Time) string {
	if t.IsZero() {
		return "off"
	}
	return t.In(s.Loc).Format("2006-01-02T15:04")
}

// quietOff ends it.
func (s *session) quietOff() (bot.Reply, error) {
	if err := s.setQuiet("quiet_off", time.Time{}); err != nil {
		return bot.Reply{}, err
	}
	return text("已恢复提醒。平时每个工作日早上合成一条，晚上 21:00 到早上 7:00 不打扰。")
}
