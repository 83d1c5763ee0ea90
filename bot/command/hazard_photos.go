package command

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/link"
	"duban/internal/media"
	"duban/internal/notice"
)

var (
	photosOf = regexp.MustCompile(`^(?:请|帮我)?(?:看看|看一下|看|查看|要看|发我|发)(?:隐患)?(?:的)?照片[\s:,]*((?:隐患|YH)?[-\s]?(?:\d{4}-)?\d{0,5})[\s?。!]*$`)
	photosAt = regexp.MustCompile(`^(?:请|帮我)?(?:看看|看一下|看|查看|要看|发我|发)?\s*((?:隐患|YH)[-\s]?(?:\d{4}-)?\d{1,5})\s*的?(?:照片|图片)[\s?。!]*$`)
	lastPart = regexp.MustCompile(`\d+$`)
)

// readPhotos reads "看照片 YH0056". 0 stands for the one that was just looked at.
func readPhotos(text string) (seq int, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(plainSigns.Replace(text)))
	for _, re := range []*regexp.Regexp{photosOf, photosAt} {
		if g := re.FindStringSubmatch(text); g != nil {
			return whole(lastPart.FindString(g[1])), true
		}
	}
	return 0, false
}

// hazardPhotos sends a hazard's photos into the chat as a file, and where there are pages
// a link to look at them.
func (s *session) hazardPhotos() (bot.Reply, error) {
	if s.inGroup() {
		return text("看照片请在这里发“看照片 编号”。")
	}
	seq, _ := readPhotos(s.m.Text)
	if seq > 0 {
		s.intent.Slots.Hazard = &understand.HazardRef{ID: seq}
	}
	h, reply, err := s.oneHazard("要看哪一条隐患的照片？", nil)
	if h == nil || err != nil {
		return reply, err
	}
	files, err := s.filesOf(*h)
	if err != nil {
		return bot.Reply{}, err
	}
	n := evidenceOf(files).photos
	if n == 0 && slices.ContainsFunc(files, overdue) {
		return text("%s 的照片已过保存期限，按规定删除了。", h.Number())
	}
	if n == 0 {
		return text("%s 没有照片。补照片请直接发给我，再发“隐患%d 补充照片”。", h.Number(), h.Seq)
	}
	if err := s.orderDocument(link.PackPhotos(h.ID), "photos"); err != nil {
		return bot.Reply{}, err
	}
	if s.Public == "" {
		return text("%s 的照片 %d 张，马上以文件发给您。", h.Number(), n)
	}
	if err := s.orderLink(h.ID); err != nil {
		return bot.Reply{}, err
	}
	return text("%s 的照片 %d 张，马上以文件发给您，另发一个可以点开看的链接。", h.Number(), n)
}

// orderLink leaves the wish for a link to a worker. This answer is kept, so the link
// cannot stand in it.
func (s *session) orderLink(hazard int64) error {
	return s.notify(notice.Notice{Kind: notice.Document, Urgency: notice.Immediate, PersonID: s.actor.PersonID, NotBefore: s.now, CreatedAt: s.now,
		Subject: personSubject, Text: link.PackPage(hazard), Step: notice.Via + string(s.m.Platform),
		Key: fmt.Sprintf("link:%s:%s:%s", s.m.Platform, s.m.Robot, short(s.m.ID)), Weight: -2})
}

// overdue reports whether a photo was kept long enough.
func overdue(f media.File) bool {
	return f.Picture() && (f.State == media.Expired || f.State == media.Deleted)
}
