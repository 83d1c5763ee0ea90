package command

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/slip"
)

// Deliveries tells what became of notices.
type Deliveries interface {
	Deliveries(ctx context.Context, q notice.DeliveryQuery) ([]notice.Delivery, error)
}

const (
	maxDeliveries    = 3000 // looked at for one question
	maxUndelivered   = 10   // named in one answer
	deliveryLookback = 7    // days, of an item or a unit when no time is named
)

// toldAbout are the kinds of notice whose fate others may ask about. What is
// private or may be sensitive, and who filed a hazard, is not among them.
func toldAbout() []notice.Kind {
	return []notice.Kind{notice.Reminder, notice.Escalation, notice.NewHazard, notice.WorkUpdate, notice.Slip, notice.SlipLate}
}

// delivered answers whether what was sent arrived: to the asker, or to those whose
// work the asker supervises. It never shows the words that were sent.
func (s *session) delivered() (bot.Reply, error) {
	ask, _ := s.readDelivery(s.m.Text)
	others := org.ScopeOf(s.actor, org.ViewDelivery) > org.Nothing && !ask.Mine
	if !others && (ask.Missing || ask.Unit.ID != "") {
		return bot.Reply{}, org.Can(org.Actor{}, org.ViewDelivery, org.Subject{Unit: "?"})
	}
	ask.From = s.since(ask)
	found, err := s.deliveries(ask, others)
	if err != nil {
		return bot.Reply{}, err
	}
	sent, err := s.visibleDeliveries(found, ask, others)
	if err != nil {
		return bot.Reply{}, err
	}
	if others && len(sent) == 0 && len(found) > 0 && (ask.Code != "" || ask.Point > 0 || ask.Unit.ID != "") {
		return bot.Reply{}, org.Can(org.Actor{}, org.ViewDelivery, org.Subject{Unit: "?"})
	}
	return s.deliveryReport(ask, sent, others, len(found) == maxDeliveries)
}

// since is the day from which on to look.
func (s *session) since(ask deliveryAsk) calendar.Date {
	switch {
	case !ask.From.IsZero():
		return ask.From
	case ask.Code != "" || ask.Point > 0 || ask.Unit.ID != "":
		return s.today.Add(1 - deliveryLookback)
	}
	return s.today.Add(-1)
}

func (s *session) deliveries(ask deliveryAsk, others bool) ([]notice.Delivery, error) {
	q := notice.DeliveryQuery{Since: ask.From.At(0, 0, s.Loc), Kinds: toldAbout(), Limit: maxDeliveries}
	if !ask.To.IsZero() {
		q.Before = ask.To.Add(1).At(0, 0, s.Loc)
	}
	switch {
	case !others:
		q.Persons = []string{s.actor.PersonID}
	case ask.Unit.ID != "":
		if q.Persons = personsOf(s.dir.HoldersOf(ask.Unit.ID)); len(q.Persons) == 0 {
			return nil, nil
		}
	case ask.Code != "" || ask.Point > 0:
		f := duty.Filter{Codes: []string{ask.Code}, Today: s.today, Limit: 1000}
		if ask.Code == "" {
			f.Codes, f.Point = nil, ask.Point
		}
		works, err := s.tx.Work(s.ctx, f)
		if err != nil || len(works) == 0 {
			return nil, err
		}
		for _, w := range works {
			q.Subjects = append(q.Subjects, w.ID)
		}
	}
	return s.tx.Deliveries(s.ctx, q)
}

// sending is a delivery with what it is about.
type sending struct {
	notice.Delivery
	about string // item code or number of a hazard
}

// visibleDeliveries keeps what the asker may know of, with a query for each sort.
func (s *session) visibleDeliveries(found []notice.Delivery, ask deliveryAsk, others bool) ([]sending, error) {
	works, hazards, slips, err := s.subjectsTold(found)
	if err != nil {
		return nil, err
	}
	var out []sending
	for _, d := range found {
		about, of := "", org.Subject{}
		w, isWork := works[d.Subject.ID]
		h, isHazard := hazards[d.Subject.ID]
		switch {
		case d.Subject.Kind == notice.Assignment && isWork:
			about, of = w.Item.Code, subjectOf(w)
			if ask.Code != "" && w.Item.Code != ask.Code || ask.Point > 0 && w.Item.Point != ask.Point {
				continue
			}
		case d.Subject.Kind == notice.HazardSubj && isHazard && h.Category != hazard.Untold && ask.Code == "" && ask.Point == 0:
			about, of = h.Number(), s.hazardSubject(h)
		case d.Subject.Kind == notice.SlipSubj && ask.Code == "" && ask.Point == 0:
			sl := slips[d.Subject.ID]
			about, of = sl.Number(), org.Subject{Unit: sl.UnitID, Sections: []string{sl.Section}}
		default:
			continue
		}
		of.Reporter = "" // who filed a hazard may see it, not who was told
		if !others && d.PersonID == s.actor.PersonID || others && org.Can(s.actor, org.ViewDelivery, of) == nil {
			out = append(out, sending{d, about})
		}
	}
	return out, nil
}

func (s *session) subjectsTold(found []notice.Delivery) (works map[int64]duty.Work, hazards map[int64]hazard.Hazard, slips map[int64]slip.Slip, err error) {
	ids := map[notice.SubjectKind][]int64{}
	for _, d := range found {
		ids[d.Subject.Kind] = append(ids[d.Subject.Kind], d.Subject.ID)
	}
	if works, hazards, err = s.worksAndHazards(ids); err != nil {
		return nil, nil, nil, err
	}
	list, err := s.tx.SlipsByID(s.ctx, distinct(ids[notice.SlipSubj])...)
	slips = map[int64]slip.Slip{}
	for _, sl := range list {
		slips[sl.ID] = sl
	}
	return works, hazards, slips, err
}

// worksAndHazards reads what is named by id, with a query for each sort.
func (s *session) worksAndHazards(ids map[notice.SubjectKind][]int64) (map[int64]duty.Work, map[int64]hazard.Hazard, error) {
	works, hazards := map[int64]duty.Work{}, map[int64]hazard.Hazard{}
	list, err := s.tx.WorkByID(s.ctx, distinct(ids[notice.Assignment])...)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range list {
		works[w.ID] = w
	}
	more, err := s.tx.HazardsByID(s.ctx, distinct(ids[notice.HazardSubj])...)
	for _, h := range more {
		hazards[h.ID] = h
	}
	return works, hazards, err
}

func distinct(ids []int64) []int64 {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// undelivered are the notices of one person that share a fate and a reason.
type undelivered struct {
	person string
	fate   notice.Fate
	reason string
	at     time.Time
	about  []string
}

// sortOut counts the fates and gathers what did not arrive, the worst first.
func sortOut(list []sending) (counts map[notice.Fate]int, people int, rest []undelivered) {
	counts = map[notice.Fate]int{}
	readers := map[string]bool{}
	at := map[string]int{}
	for _, d := range list {
		fate, reason, when := d.Outcome()
		counts[fate]++
		readers[d.PersonID] = true
		if fate == notice.Arrived || fate == notice.Needless {
			continue
		}
		key := fmt.Sprint(d.PersonID, fate, reason, when)
		if _, ok := at[key]; !ok {
			at[key] = len(rest)
			rest = append(rest, undelivered{person: d.PersonID, fate: fate, reason: reason, at: when})
		}
		u := &rest[at[key]]
		if !slices.Contains(u.about, d.about) {
			u.about = append(u.about, d.about)
		}
	}
	order := []notice.Fate{notice.Failed, notice.InDoubt, notice.ToCome}
	slices.SortStableFunc(rest, func(a, b undelivered) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.fate), slices.Index(order, b.fate)), cmp.Compare(a.person, b.person))
	})
	return counts, len(readers), rest
}

func (s *session) deliveryReport(ask deliveryAsk, list []sending, others, cut bool) (bot.Reply, error) {
	reply := bot.Reply{Title: "送达情况"}
	head := s.deliveryHead(ask, others)
	if len(list) == 0 {
		reply.Text = head + "：没有要送的。" + ownOnly(others)
		return reply, nil
	}
	counts, people, rest := sortOut(list)
	var parts []string
	for _, f := range []notice.Fate{notice.Arrived, notice.Failed, notice.InDoubt, notice.ToCome, notice.Needless} {
		if counts[f] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d 条", render.FateName(f), counts[f]))
		}
	}
	lines := []string{fmt.Sprintf("%s，%s共 %d 条：%s。", head, toPeople(people, others), len(list), strings.Join(parts, "，"))}
	for i, u := range rest[:min(len(rest), maxUndelivered)] {
		line, err := s.undeliveredLine(u, others)
		if err != nil {
			return reply, err
		}
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, line))
	}
	if more := len(rest) - maxUndelivered; more > 0 {
		lines = append(lines, fmt.Sprintf("还有 %d 处没有列出，写上编号或单位再问，例如“%s 谁没收到”。", more, rest[maxUndelivered].about[0]))
	}
	if cut {
		lines = append(lines, fmt.Sprintf("只看了最近的 %d 条。", maxDeliveries))
	}
	lines = append(lines, "“已送达平台”不等于本人看过。"+ownOnly(others))
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

func ownOnly(others bool) string {
	if others {
		return ""
	}
	return "这里只查发给您自己的。"
}

func toPeople(n int, others bool) string {
	if !others {
		return ""
	}
	return fmt.Sprintf("发给 %d 人，", n)
}

// deliveryHead says what was looked at.
func (s *session) deliveryHead(ask deliveryAsk, others bool) string {
	head := ask.From.Say(s.today)
	switch {
	case ask.To == ask.From:
	case ask.To.IsZero() && ask.From == s.today:
	case ask.To.IsZero():
		head += "以来"
	default:
		head += "到" + ask.To.Say(s.today)
	}
	switch {
	case ask.Code != "":
		head += " " + ask.Code + " 的通知"
	case ask.Point > 0:
		head += fmt.Sprintf("第%d条的通知", ask.Point)
	default:
		head += "的通知"
	}
	if !others {
		return "发给您的，" + head
	}
	if ask.Unit.ID != "" {
		return ask.Unit.Label() + "，" + head
	}
	return head
}

// undeliveredLine says of whom, about what, why, and what helps.
func (s *session) undeliveredLine(u undelivered, others bool) (string, error) {
	who := ""
	if others {
		name, err := s.readerName(u.person)
		if err != nil {
			return "", err
		}
		who = name + " "
	}
	about := strings.Join(u.about[:min(len(u.about), 3)], "、")
	if len(u.about) > 3 {
		about += fmt.Sprintf(" 等 %d 件", len(u.about))
	}
	words, next := render.Cause(u.fate, u.reason)
	line := fmt.Sprintf("%s%s：%s", who, about, render.FateName(u.fate))
	if u.fate == notice.ToCome {
		if u.at.After(s.now) { // what missed its moment comes with the morning message
			at, err := s.Supervise.Morning(s.ctx, u.at)
			if err != nil {
				return "", err
			}
			u.at = at
		}
		words = s.view().Until(u.reason, u.at, s.now)
	}
	if words != "" {
		line += "，" + words
	}
	if next != "" {
		line += "。" + next
	}
	return line, nil
}

// readerName names a reader by post, so that it holds after the post has changed
// hands; who holds none by name. At most as many as one answer lists are looked up.
func (s *session) readerName(person string) (string, error) {
	if h, ok := s.dir.HolderNamed(person); ok {
		return s.dir.PostLabel(h.Post), nil
	}
	a, ok, err := s.tx.ActorByPerson(s.ctx, person)
	if err != nil || !ok {
		return "已不在名册的人", err
	}
	return s.dir.Label(a.UnitID) + a.Name, nil
}
