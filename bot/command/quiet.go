package command

import (
	"fmt"
	"regexp"
	"time"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/notice"
)

// maxQuiet bounds a wish for silence.
const maxQuiet = 30 * 24 * time.Hour

var endsQuiet = regexp.MustCompile(`取消|关闭|关掉|结束|解除|恢复|停|不用|不要|可以打扰`)

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
	before, err := s.setQuiet("quiet", until)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "免打扰", Mine: &mine{Quiet: &before}}
	when := s.moment(until)
	return bot.Reply{Title: "免打扰", Text: fmt.Sprintf("好的，%s 前不打扰您，攒下的到时合成一条发。\n紧急情况和重大隐患仍会马上告诉您。提前结束请发“取消免打扰”。", when)}, nil
}

// moment says an instant so that nobody takes midnight for the day after.
func (s *session) moment(t time.Time) string {
	if local := t.In(s.Loc); local.Hour() == 0 && local.Minute() == 0 {
		return calendar.In(t.Add(-time.Minute), s.Loc).Say(s.today) + " 24:00"
	}
	return calendar.In(t, s.Loc).Say(s.today) + t.In(s.Loc).Format(" 15:04")
}

// setQuiet stores the wish with its line of history and tells what was wished before.
func (s *session) setQuiet(action string, until time.Time) (time.Time, error) {
	before, err := s.tx.QuietUntil(s.ctx, s.actor.PersonID)
	if err != nil {
		return before, err
	}
	if err := s.tx.SetQuiet(s.ctx, s.actor.PersonID, until); err != nil {
		return before, err
	}
	return before, s.note(notice.Subject{Kind: notice.PersonSubj}, action, s.quietWord(before), s.quietWord(until), "")
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
	if !endsQuiet.MatchString(s.m.Text) { // "免打扰" alone asks for silence; ending it by mistake would disturb
		s.command, s.intent.Command = understand.Quiet, understand.Quiet
		return s.quiet()
	}
	before, err := s.tx.QuietUntil(s.ctx, s.actor.PersonID)
	if err != nil {
		return bot.Reply{}, err
	}
	if !before.After(s.now) {
		return text("您现在没有设免打扰。平时每个工作日早上合成一条，晚上 21:00 到早上 7:00 不打扰。")
	}
	s.act = &act{Label: "取消免打扰", Mine: &mine{Quiet: &before}}
	if _, err := s.setQuiet("quiet_off", time.Time{}); err != nil {
		return bot.Reply{}, err
	}
	return text("已恢复提醒。平时每个工作日早上合成一条，晚上 21:00 到早上 7:00 不打扰。")
}
