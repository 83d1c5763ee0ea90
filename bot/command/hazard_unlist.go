package command

import (
	"fmt"
	"regexp"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/hazard"
)

const hazardUnlist understand.Command = "hazard_unlist" // 摘牌

var saysUnlist = regexp.MustCompile(`^(?:请|麻烦)?(?:把|将|给)?` + which + `[\s,:、]*(?:可以|予以|同意)?(?:摘牌|摘掉挂牌|(?:取消|撤销|解除)挂牌(?:督办)?)了?[\s,:;。!]*(?:因为|原因是?|理由是?)?[\s,:]*(.*)$` +
	`|^(?:摘牌|(?:取消|撤销|解除)挂牌(?:督办)?)\s*` + which + `[\s,:;。!]*(.*)$`)

// readUnlist reads "隐患56 摘牌,已列入专项改造".
func readUnlist(text string) (hazardSaid, bool) {
	g := saysUnlist.FindStringSubmatch(text)
	if g == nil {
		return hazardSaid{}, false
	}
	return hazardSaid{Command: hazardUnlist, Hazard: lastNumber(g[1] + g[3]), Words: chineseSigns(g[2] + g[4])}, true
}

// hazardUnlist ends the public supervision of a hazard that is not closed yet (摘牌).
// Closing ends it by itself.
func (s *session) hazardUnlist() (bot.Reply, error) {
	said, _ := s.hazardSays()
	if ref := s.intent.Slots.Hazard; ref != nil { // the reason was asked for
		said = hazardSaid{Hazard: ref.ID, Words: s.intent.Slots.Reason}
	}
	h, err := s.hazardNumbered(said.Hazard)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.mayRule(*h); err != nil {
		return bot.Reply{}, err
	}
	after, err := h.Unlist()
	if err != nil {
		return bot.Reply{}, err
	}
	if said.Words == "" {
		s.intent.Slots.Hazard = refTo(*h)
		return s.missing("reason", "%s 还没有销号，为什么摘牌？请用一句话写明。", h.Number())
	}
	if err := s.change(*h, after, "unlist", said.Words, h.Number()+" 摘牌"); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tellAbout(after, "unlisted", s.supervisors(*h), "%s 已摘牌：%s\n说明：%s\n隐患还没有销号，整改期限不变：%s", h.Number(), render.Placed(*h, 40),
		render.Cut(said.Words, 80), s.view().DueText(h.FixDue)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已摘牌 " + h.Number(), Text: fmt.Sprintf("已摘牌：%s %s\n整改期限不变：%s，已告诉%s。", h.Number(), render.Placed(*h, 40), s.view().DueText(h.FixDue), s.dir.Label(h.UnitID))}, nil
}

// supervisors are who hears of a plate that is put up or taken down: all who answer for
// the unit, and the safety section.
func (s *session) supervisors(h hazard.Hazard) []string {
	people := append(personsOf(s.dir.Safety(h.UnitID)), personsOf(s.dir.HoldersOf(h.UnitID))...)
	return append(people, personsOf(s.dir.SafetySection())...)
}
