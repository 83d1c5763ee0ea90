package notify

import (
	"context"
	"fmt"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
)

// maxTriesRing bounds the tries of a ring.
const maxTriesRing = 3

// ring queues what rings beside the ordinary message of a call, where its step asks for
// it, the operator allows it and the platform can. WeCom has nothing of the sort.
func (s *telling) ring(m notice.Message, a org.Account, entries []render.Told) error {
	_, wanted, call := entries[0].Notice.Call()
	ring := remind.Ring(wanted).AtMost(s.Loudest)
	if !call || ring == remind.NoRing || a.Platform != string(bot.DingTalk) || entries[0].Response == nil {
		return nil
	}
	m.Key, m.Platform, m.Address = onPlatform(m.Key, notice.Ring), notice.RingRoad(string(ring)), a.UserID
	m.Title, m.Text, m.List, m.Batch = "", s.wording().RingText(*entries[0].Response), "", ""
	id, err := s.tx.AddMessage(s.ctx, m)
	if err == nil && id != 0 {
		s.messages = append(s.messages, id)
	}
	return err
}

// ringClass is what to do about a ring that was refused: what the operator has to mend
// is not waited for, and one that may have rung does not ring again.
func ringClass(c bot.SendClass) bot.SendClass {
	if c == bot.Config {
		return bot.Permanent
	}
	return c
}

// tellUnrung lets the office and the administrators know, once a day, that a ring was
// refused. The ordinary message went its way.
func (m *Mailer) tellUnrung(ctx context.Context, tx Tx, msg notice.Message) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	now := m.Clock.Now()
	var list []notice.Notice
	for _, p := range append(dir.Office(), dir.Admins()...) {
		list = append(list, notice.Notice{Kind: notice.Alarm, Urgency: notice.Immediate, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: now, CreatedAt: now, Weight: 20,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("unrung:%s:%s", now.Format("2006-01-02"), p.PersonID),
			Text: render.Unrung(msg.Reason)})
	}
	_, err = tx.AddNotices(ctx, list)
	return err
}
