package command

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/notice"
)

var (
	morePhotos = regexp.MustCompile(`^(?:我|再|还|又|另外?|来|给你|给您|先)*(?:补(?:充|发|传|上)?|发|传|加|有|拍了?|这是|现场)*(?:了|一下)?(?:[一两二三四五六七八九几\d]+)?(?:张|个)?(?:现场|隐患)?(?:的)?(?:照片|图片|相片|图)?(?:在此|在这|来了|看看|看一下)?[。!！~]*$`)
	photoNoun  = regexp.MustCompile(`照片|图|相片|张|补`)
	placeLead  = regexp.MustCompile(`^(?:地点|位置|地方|具体)?(?:就)?(?:是在|在|是)?[:：\s]*`)
)

// longestPlace bounds what may be nothing but a place, in runes.
const longestPlace = 20

// afterFiling takes what is said right after filing a hazard for that hazard: a photo
// with words that say only that one comes, and the place that was not told.
func (s *session) afterFiling() (bot.Reply, bool, error) {
	words := strings.TrimSpace(s.m.Text)
	if s.memory.asked != nil || utf8.RuneCountInString(words) > longestPlace {
		return bot.Reply{}, false, nil
	}
	if onlyPhotos(words) {
		if len(s.m.Attachments) > 0 {
			reply, err := s.loosePhotos()
			return reply, true, err
		}
		return s.photoComes()
	}
	if s.sureCommand() {
		return bot.Reply{}, false, nil
	}
	return s.placeComes(strings.TrimSpace(placeLead.ReplaceAllString(words, "")))
}

// sureCommand reports whether a message is plainly something else than a bare place.
func (s *session) sureCommand() bool {
	switch s.command {
	case understand.None, understand.Clarify, understand.ReportHazard:
		return false
	}
	return len(s.intent.Guesses) == 0
}

// onlyPhotos reports whether words say no more than that a photo comes.
func onlyPhotos(words string) bool {
	return photoNoun.MatchString(words) && morePhotos.MatchString(words)
}

// justFiled is the hazard that the person filed last, while that is fresh.
func (s *session) justFiled() (hazard.Hazard, bool, error) {
	a, at, err := s.lastAct()
	if err != nil || a == nil || a.Filed == 0 || s.now.Sub(at) > undoLife {
		return hazard.Hazard{}, false, err
	}
	h, ok, err := s.tx.HazardByID(s.ctx, a.Filed)
	return h, ok && h.State.Open(), err
}

// photoComes answers who announces a photo.
func (s *session) photoComes() (bot.Reply, bool, error) {
	h, ok, err := s.justFiled()
	if err != nil || !ok || s.now.Sub(h.CreatedAt) > together { // later a photo waits for its words
		return bot.Reply{}, false, err
	}
	reply, err := text("好的，请直接发照片，会补到 %s：%s。", h.Number(), render.Placed(h, 30))
	return reply, true, err
}

// placeComes takes a bare place for that of the hazard just filed, if that has none.
func (s *session) placeComes(place string) (bot.Reply, bool, error) {
	h, ok, err := s.justFiled()
	if err != nil || !ok || h.Location != "" || !s.onlyPlace(place) {
		return bot.Reply{}, false, err
	}
	before := h
	h.Location, s.veiled = place, h.Anonymous
	if err := s.tx.SaveHazard(s.ctx, h); err != nil {
		return bot.Reply{}, true, err
	}
	if err := s.note(notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, "place_told", "", place, ""); err != nil {
		return bot.Reply{}, true, err
	}
	s.act = &act{Label: h.Number() + " 的地点", Hazard: &before, Text: s.m.Text}
	if err := s.tellAbout(h, "place", personsOf(s.dir.Safety(h.UnitID)), "%s 补充了地点：%s", h.Number(), render.Placed(h, 60)); err != nil {
		return bot.Reply{}, true, err
	}
	return bot.Reply{Title: "已补地点 " + h.Number(), Text: fmt.Sprintf("已补到 %s：地点 %s。\n%s", h.Number(), place, render.Placed(h, 60))}, true, nil
}
