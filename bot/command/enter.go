package command

import (
	"strings"

	"duban/bot"
)

// entered greets who opens the app without being bound, at most once a day. Everybody else
// has the menu, and opening is no question: it is answered by nothing.
func (s *session) entered(known bool) (reply bot.Reply, done bool, err error) {
	if s.m.Event != "enter" {
		return bot.Reply{}, false, nil
	}
	if known || s.m.UserID == "" {
		return bot.Reply{}, true, nil
	}
	name := strings.Join([]string{"entered", string(s.m.Platform), short(s.m.UserID), s.today.String()}, ":")
	fresh, err := s.tx.Once(s.ctx, name, "welcome", s.now)
	if err != nil || !fresh {
		return bot.Reply{}, true, err
	}
	return bot.Reply{Text: welcome(false)}, true, nil
}
