package command

import (
	"cmp"
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/link"
	"duban/internal/notice"
	"duban/internal/org"
)

const hazardNotice understand.Command = "hazard_notice" // 整改通知书

const (
	oneNumber  = `((?:隐患|YH)[-\s]?(?:\d{4}-)?\d{1,5}\s*号?(?:隐患)?|\d{1,5}\s*号隐患)`
	makeNotice = `(?:出具|开具|打印|制作|生成|导出|签发|下发|出|开|做|发|下|要|打)`
)

var (
	noticeOf = regexp.MustCompile(`^(?:请|帮我|麻烦)?` + makeNotice + `?(?:一?[份张个])?(?:隐患)?(?:整改)?通知书[\s:,]*(?:` + oneNumber + `|(\d{1,5}))?[\s?。!]*$`)
	noticeAt = regexp.MustCompile(`^(?:请|帮我|麻烦)?(?:给|把|为|就|对)?\s*` + oneNumber + `\s*的?\s*` + makeNotice + `?(?:一?[份张个])?(?:隐患)?(?:整改)?通知书[\s?。!]*$`)
)

// readNotice reads "通知书 YH0056". 0 stands for the one that was just looked at.
func readNotice(text string) (seq int, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(plainSigns.Replace(text)))
	for _, re := range []*regexp.Regexp{noticeOf, noticeAt} {
		if g := re.FindStringSubmatch(text); g != nil {
			return lastNumber(strings.Join(g[1:], "")), true
		}
	}
	return 0, false
}

// hazardNotice sends the notice to be printed for a hazard into the private chat.
func (s *session) hazardNotice() (bot.Reply, error) {
	seq, _ := readNotice(s.m.Text)
	if seq > 0 {
		s.intent.Slots.Hazard = &understand.HazardRef{ID: seq}
	}
	may := func(h hazard.Hazard) error {
		return cmp.Or(org.Can(s.actor, org.IssueNotice, s.dir.HazardSubject(h.UnitID, "")), h.Printable())
	}
	h, reply, err := s.oneHazard("要出哪一条隐患的整改通知书？", func(h hazard.Hazard) bool { return may(h) == nil })
	if h == nil || err != nil {
		return reply, err
	}
	if err := may(*h); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, string(hazardNotice), "", string(h.State), ""); err != nil {
		return bot.Reply{}, err
	}
	if err := s.orderDocument(link.PackNotice(h.ID), "notice"); err != nil {
		return bot.Reply{}, err
	}
	return text("%s 的整改通知书马上以 Word 文件发给您，打印后签字盖章：\n%s · %s", h.Number(), s.dir.Label(h.UnitID), s.view().DueText(h.FixDue))
}
