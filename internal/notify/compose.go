package notify

import (
	"encoding/json"
	"fmt"
	"strings"

	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/inbox"
	"duban/internal/notice"
	"duban/internal/org"
)

// morning makes one message of everything due.
func (s *telling) morning(ns []notice.Notice) error {
	if len(ns) == 0 {
		return nil
	}
	ns, err := s.distinct(ns)
	if err != nil {
		return err
	}
	entries, err := s.load(ns)
	if err != nil || len(entries) == 0 {
		return err
	}
	if entries, err = s.stillWaiting(entries); err != nil || len(entries) == 0 {
		return err
	}
	p, err := s.page(entries)
	if err != nil {
		return err
	}
	fresh, err := s.tx.Once(s.ctx, s.marker(), fmt.Sprintf("entries=%d%s", len(entries), p.kept), s.now)
	if err != nil {
		return err
	}
	if !fresh { // another node was faster
		return s.delay(ns, s.midnight(), heldTold)
	}
	m := s.message(notice.Morning, s.marker())
	m.Title, m.Text, m.List = p.title, p.text, inbox.PackList(p.listed, s.now)
	return s.queue(m, s.accounts[0], entries)
}

// distinct drops what would be read twice: a post that was handed over may bring
// what its new reader has as well.
func (s *telling) distinct(ns []notice.Notice) (once []notice.Notice, err error) {
	type saying struct {
		kind       notice.Kind
		subject    notice.Subject
		step, text string
	}
	seen := map[saying]bool{}
	var again []notice.Notice
	for _, n := range ns {
		said := saying{n.Kind, n.Subject, n.Step, n.Text}
		if seen[said] {
			again = append(again, n)
			continue
		}
		seen[said] = true
		once = append(once, n)
	}
	if len(again) == 0 {
		return once, nil
	}
	return once, s.drop(again, "same")
}

// page is the day's message in words.
type page struct {
	title, text string
	listed      []inbox.Listed
	kept        string // what the next one is compared with
}

// page words the entries: for leaders and the office how things stand and what
// they have to decide, for everybody else all that is theirs to do.
func (s *telling) page(entries []render.Told) (page, error) {
	if s.actor.Has(org.Leader) || s.actor.Has(org.Office) {
		return s.screen(entries)
	}
	title, text, shown := s.wording().Morning(entries)
	return page{title: title, text: text, listed: listed(entries[:shown])}, nil
}

// one makes a message of a single notice.
func (s *telling) one(n notice.Notice) error {
	entries, err := s.load([]notice.Notice{n})
	if err != nil || len(entries) == 0 {
		return err
	}
	m := s.message(n.Kind, fmt.Sprintf("notice:%d", n.ID))
	m.Title, m.Text = render.KindTitle(n.Kind), n.Text
	if n.Text == "" {
		m.Title, m.Text = s.wording().Single(entries[0])
	}
	if list := listed(entries); list[0] != (inbox.Listed{}) { // else it names nothing, and the numbers shown before stay good
		m.List = inbox.PackList(list, s.now)
	}
	if n.Kind == notice.Emergency {
		return s.everywhere(m, entries)
	}
	return s.queue(m, s.account(n), entries)
}

// everywhere sends to all accounts at once: the fastest road is not known
// beforehand.
func (s *telling) everywhere(m notice.Message, entries []render.Told) error {
	for _, a := range s.accounts { // first, so that the rows belong to the ordinary message
		if err := s.ring(m, a, entries); err != nil {
			return err
		}
	}
	for _, a := range s.accounts {
		if err := s.queue(m, a, entries); err != nil {
			return err
		}
	}
	return nil
}

// account is where a single notice goes: an answer to the platform that was
// asked on, everything else to the one last written from.
func (s *telling) account(n notice.Notice) org.Account {
	if platform, ok := strings.CutPrefix(n.Step, notice.Via); ok {
		for _, a := range s.accounts {
			if a.Platform == platform {
				return a
			}
		}
	}
	return s.accounts[0]
}

func (s *telling) wording() render.Context {
	return render.Context{Dir: s.dir, Today: calendar.In(s.now, s.Loc), Days: s.Days, Loc: s.Loc}
}

func (s *telling) message(kind notice.Kind, key string) notice.Message {
	return notice.Message{Kind: kind, Key: key, PersonID: s.person, State: notice.MsgQueued, NextAt: s.now, Created: s.now}
}

// queue stores the message for one account and settles what it tells.
func (s *telling) queue(m notice.Message, a org.Account, entries []render.Told) error {
	m.Key, m.Platform, m.Address = onPlatform(m.Key, a.Platform), a.Platform, a.UserID
	m.Batch = batchOf(m)
	id, err := s.tx.AddMessage(s.ctx, m)
	if err != nil || id == 0 {
		return err
	}
	s.messages = append(s.messages, id)
	told := make([]int64, 0, len(entries))
	for _, e := range entries {
		told = append(told, e.Notice.ID)
	}
	return s.tx.SettleNotices(s.ctx, told, notice.Taken, "", id)
}

// onPlatform makes a message's key one for a platform, so that a fallback to
// another platform has a key of its own.
func onPlatform(key, platform string) string {
	base, _, _ := strings.Cut(key, "@")
	return base + "@" + platform
}

// listed names the entries shown, so that they can be answered by number.
func listed(entries []render.Told) []inbox.Listed {
	list := make([]inbox.Listed, 0, len(entries))
	for _, e := range entries {
		list = append(list, e.Listed())
	}
	return list
}

// Entries names what a stored message is about, as people would type it.
func Entries(packed string) []string {
	var l struct {
		Items []inbox.Listed `json:"items"`
	}
	if json.Unmarshal([]byte(packed), &l) != nil {
		return nil
	}
	var out []string
	for _, i := range l.Items {
		if name := i.String(); name != "" {
			out = append(out, name)
		}
	}
	return out
}
