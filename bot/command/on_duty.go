package command

import (
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/understand"
)

// dutyRoster says who is on duty (值班表).
const dutyRoster understand.Command = "duty_roster"

var (
	whoIsOnDuty = regexp.MustCompile(`^(?:查一?下|看看|问下)?(?:今天|今晚|今日|现在|当前)?(?:是|轮到)?谁(?:在|来)?值班[?？。!！]*$|^(?:今天|今晚|今日|现在)(?:的)?值班(?:人员|人|员)?(?:是谁)?[?？。!！]*$`)
	rosterAsked = regexp.MustCompile(`^(?:查一?下|看看|发一?下)?(?:本周|这周|这几天|最近)?(?:的)?值班(?:表|安排|名单)[?？。!！]*$`)
)

// rosterDays is how many days the roster shows.
const rosterDays = 7

func readRoster(text string) bool {
	text = strings.TrimSpace(text)
	return whoIsOnDuty.MatchString(text) || rosterAsked.MatchString(text)
}

// onDuty shows who is on duty now, or in the coming days.
func (s *session) onDuty() (bot.Reply, error) {
	day, err := s.Supervise.DutyDay(s.ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	days := 1
	if rosterAsked.MatchString(strings.TrimSpace(s.m.Text)) {
		days = rosterDays
	}
	return text("%s", s.view().Roster(day, days))
}
