package notify

import (
	"fmt"
	"strings"

	"duban/internal/notice"
)

// unreachable deals with a person who has no account that can be written to.
// Nothing ends in silence: the office hears of it, at once when life and safety
// are concerned, once a week otherwise.
func (s *telling) unreachable(ns []notice.Notice) error {
	if err := s.drop(ns, "no_account"); err != nil {
		return err
	}
	year, week := s.now.In(s.Loc).ISOWeek()
	var alarms []notice.Notice
	for _, n := range ns {
		if isCall(n) {
			more, err := s.passOver(n)
			if err != nil {
				return err
			}
			alarms = append(alarms, more...)
			continue
		}
		switch n.Kind {
		case notice.SensitiveTip:
			alarms = append(alarms, s.nextOfficer(n)...)
			continue
		case notice.Emergency, notice.NewHazard:
			if n.Urgency == notice.Immediate {
				alarms = append(alarms, s.passOn(n)...)
				continue
			}
		case notice.Alarm:
			continue
		}
		text := fmt.Sprintf("%s %s 还没有绑定账号，提醒送不到，请协助绑定。", s.dir.Label(s.actor.UnitID), s.actor.Name)
		alarms = append(alarms, s.toOffice(notice.Merged, fmt.Sprintf("unreachable:%s:%d-%02d", s.person, year, week), text)...)
	}
	_, err := s.tx.AddNotices(s.ctx, alarms)
	return err
}

// nextOfficer hands a sensitive matter to the other officers, whom it may be told, and
// to nobody else. The office learns that somebody cannot be reached, and not of what.
func (s *telling) nextOfficer(n notice.Notice) []notice.Notice {
	var out []notice.Notice
	for _, p := range s.dir.Officers() {
		if p.PersonID == s.person || strings.HasPrefix(n.Key, "passed:") { // those were all asked
			continue
		}
		c := n
		c.ID, c.PersonID, c.CreatedAt, c.NotBefore = 0, p.PersonID, s.now, s.now
		c.Key = fmt.Sprintf("passed:%d:%s", n.ID, p.PersonID)
		out = append(out, c)
	}
	return append(out, s.toOffice(notice.Immediate, fmt.Sprintf("unreachable:%s:%d", s.person, n.ID),
		fmt.Sprintf("%s %s 还没有绑定账号，有一条要马上送到的消息送不到，请马上协助绑定。", s.dir.Label(s.actor.UnitID), s.actor.Name))...)
}

// passOn hands an urgent notice to the safety section and the office instead.
func (s *telling) passOn(n notice.Notice) []notice.Notice {
	var out []notice.Notice
	for _, p := range append(s.dir.SafetySection(), s.dir.Office()...) {
		if p.PersonID == s.person {
			continue
		}
		c := n
		c.ID, c.PersonID, c.CreatedAt, c.NotBefore = 0, p.PersonID, s.now, s.now
		c.Kind, c.Key = notice.Alarm, fmt.Sprintf("passed:%d:%s", n.ID, p.PersonID)
		c.Text = fmt.Sprintf("【未送达，请代为转告 %s %s】\n%s", s.dir.Label(s.actor.UnitID), s.actor.Name, n.Text)
		out = append(out, c)
	}
	return out
}

func (s *telling) toOffice(urgency notice.Urgency, key, text string) []notice.Notice {
	at := s.now
	if urgency != notice.Immediate {
		if morning, err := s.Times.Morning(s.ctx, s.now); err == nil {
			at = morning
		}
	}
	var out []notice.Notice
	for _, p := range s.dir.Office() {
		if p.PersonID == s.person {
			continue
		}
		out = append(out, notice.Notice{Kind: notice.Alarm, Urgency: urgency, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: s.now,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: key + ":" + p.PersonID, Text: text, Weight: 20})
	}
	return out
}
