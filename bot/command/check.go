package command

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/inspect"
	"duban/internal/org"
)

// inspect shows a checklist, or takes down what somebody says about one. Everything
// unclear is asked about before anything is stored, and nothing is taken for clean that
// nobody called so.
func (s *session) inspect() (bot.Reply, error) {
	lists, err := s.tx.Checklists(s.ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	q := s.checkAsked()
	switch {
	case q == nil || s.resumed:
	case s.m.Text == "" && len(s.m.Attachments) > 0:
		return s.photoFirst(q)
	case len(q.Choices) > 0 && s.named != (Listed{}):
		return s.chosenCheck(lists, q)
	case len(q.Choices) > 0:
	case !s.namesList(lists):
		return s.saidOnCheck(lists, q)
	}
	if s.resumed && q != nil {
		return s.carryCheck(lists, q.known())
	}
	said, unit, ok := s.aboutList(lists)
	if !ok {
		return s.unserved()
	}
	c := checkup{Unit: unit, Back: said.Back, Words: said.Rest}
	if said.All {
		return s.overview(lists, c)
	}
	for _, l := range said.Lists {
		c.Only = append(c.Only, l.Key)
	}
	return s.carryCheck(lists, c)
}

// namesList reports whether the message begins anew instead of answering.
func (s *session) namesList(lists []inspect.Checklist) bool {
	_, _, ok := s.aboutList(lists)
	return ok
}

// chosenCheck goes on with what was chosen by number.
func (s *session) chosenCheck(lists []inspect.Checklist, q *question) (bot.Reply, error) {
	c := q.known()
	switch {
	case q.wants(whichList):
		c.List = s.named.Code
	case q.wants(whichUnit):
		c.Unit = s.named.Code
	case q.wants(photoOf):
		return s.photosTo(s.named.ID)
	case q.wants(sameFound):
		if c.Same == nil {
			c.Same = map[int]int64{}
		}
		c.Same[nextSame(c)] = s.named.ID
	}
	return s.carryCheck(lists, c)
}

// nextSame is the place of the exception that is being asked about.
func nextSame(c checkup) int {
	for i := range c.Answer.Exceptions {
		if _, asked := c.Same[i]; !asked {
			return i
		}
	}
	return len(c.Answer.Exceptions)
}

// saidOnCheck goes on with what was said in words.
func (s *session) saidOnCheck(lists []inspect.Checklist, q *question) (bot.Reply, error) {
	c, words := q.known(), strings.TrimSpace(s.m.Text)
	switch {
	case q.wants(photoOf) || q.wants(restFine) && (s.dropped() || noEntry.MatchString(words)):
		if err := s.settled(); err != nil {
			return bot.Reply{}, err
		}
		return text("好的，检查已经记下了，其余的不再问。")
	case q.wants(whichEntry):
		if n, ok := entryOf(words); ok && s.placeLoose(lists, &c, n) {
			break
		}
		return s.askEntry(lists, c)
	default:
		c.Words, c.Same, c.Answer = words, nil, inspect.Answer{}
		if yesWords.MatchString(words) || courtesy.MatchString(words) {
			c.Words = ""
		}
	}
	return s.carryCheck(lists, c)
}

// dropped reports whether the person wants to say no more.
func (s *session) dropped() bool {
	m := s.m
	it := s.parse(m, nil)
	return it.Command == understand.Cancel || it.Command == understand.Deny
}

// entryOf reads which entry words belong to; 0 is none of the list.
func entryOf(words string) (int, bool) {
	if g := entryNo.FindStringSubmatch(words); g != nil {
		n, err := strconv.Atoi(g[1])
		return n, err == nil
	}
	return 0, noEntry.MatchString(words)
}

// placeLoose gives the first loose words their entry.
func (s *session) placeLoose(lists []inspect.Checklist, c *checkup, n int) bool {
	l, ok := listOf(lists, c.List)
	if !ok || n > len(l.Entries) || len(c.Answer.Loose) == 0 {
		return false
	}
	c.Answer.Exceptions = append(c.Answer.Exceptions, inspect.Exception{Entry: n, Words: though.ReplaceAllString(c.Answer.Loose[0], "")})
	c.Answer.Loose = c.Answer.Loose[1:]
	return true
}

// though joins what was found to what was not.
var though = regexp.MustCompile(`^(?:就是|只是|不过|但是?|另外|还有|除了|只有)`)

func listOf(lists []inspect.Checklist, key string) (inspect.Checklist, bool) {
	if i := slices.IndexFunc(lists, func(l inspect.Checklist) bool { return l.Key == key }); i >= 0 {
		return lists[i], true
	}
	return inspect.Checklist{}, false
}

// carryCheck takes an answer as far as it goes: it asks for the next thing that is
// unclear, or stores the inspection.
func (s *session) carryCheck(lists []inspect.Checklist, c checkup) (bot.Reply, error) {
	l, reply, asked, err := s.checkedList(lists, &c)
	if asked || err != nil {
		return reply, err
	}
	if c.Words != "" {
		c.Answer, c.Words = inspect.Read(len(l.Entries), c.Words), ""
	}
	p := s.checkPeriod(l, c)
	before, err := s.recordOf(l, c.Unit, p)
	if err != nil {
		return bot.Reply{}, err
	}
	a := c.Answer
	switch {
	case !a.Fine && len(a.Exceptions)+len(a.Loose) == 0:
		return s.showList(l, c, p, before)
	case len(a.Loose) > 0:
		return s.askEntry(lists, c)
	}
	drafts, err := s.draftsOf(l, c.Unit, before.News(a))
	if err != nil {
		return bot.Reply{}, err
	}
	c.Answer.Exceptions = before.News(a)
	if reply, asked, err := s.askLikeness(&c, drafts); asked || err != nil {
		return reply, err
	}
	return s.storeCheck(l, c, p, before, drafts)
}

// checkedList finds out which list of which unit is meant.
func (s *session) checkedList(lists []inspect.Checklist, c *checkup) (l inspect.Checklist, reply bot.Reply, asked bool, err error) {
	meant := slices.DeleteFunc(slices.Clone(lists), func(l inspect.Checklist) bool {
		return c.List != "" && l.Key != c.List || c.List == "" && len(c.Only) > 0 && !slices.Contains(c.Only, l.Key)
	})
	own := s.ownLists(meant, c.Unit)
	switch {
	case len(meant) == 0:
		return l, reply, false, errNotFound("这张清单已经停用，没有记下。发“检查表”看有哪些。")
	case len(own) == 0:
		return l, reply, false, s.noSuchList(lists, meant[0], c.Unit)
	case len(own) > 1:
		reply, err = s.askList(own, *c)
		return l, reply, true, err
	}
	l, c.List = own[0], own[0].Key
	units := s.unitsWith(l, c.Unit)
	if len(units) > 1 {
		reply, err = s.askUnit(l, units, *c)
		return l, reply, true, err
	}
	c.Unit = units[0]
	return l, reply, false, org.Can(s.actor, org.ReportCheck, org.Subject{Unit: c.Unit})
}

// ownLists are the lists that the asker's units go through; unit narrows.
func (s *session) ownLists(lists []inspect.Checklist, unit string) []inspect.Checklist {
	return slices.DeleteFunc(slices.Clone(lists), func(l inspect.Checklist) bool { return len(s.unitsWith(l, unit)) == 0 })
}

func (s *session) unitsWith(l inspect.Checklist, unit string) []string {
	return slices.DeleteFunc(s.actor.Units(), func(u string) bool { return unit != "" && u != unit || !slices.Contains(l.Units, u) })
}

// noSuchList says why there is no such list for the asker, and names those there are.
func (s *session) noSuchList(lists []inspect.Checklist, l inspect.Checklist, unit string) error {
	if unit != "" && !slices.Contains(s.actor.Units(), unit) {
		return org.Can(s.actor, org.ReportCheck, org.Subject{Unit: unit})
	}
	var names []string
	for _, own := range s.ownLists(lists, unit) {
		names = append(names, own.Name)
	}
	if len(names) == 0 {
		return errs.New(errs.NotFound, "您单位没有要用的检查清单。看各单位的检查情况请发“检查情况”。")
	}
	return errs.Newf(errs.NotFound, "“%s”不是您单位用的清单。您单位的清单：%s。发“检查表”看看。", l.Name, strings.Join(names, "、"))
}

// checkPeriod is the period that an answer is about.
func (s *session) checkPeriod(l inspect.Checklist, c checkup) inspect.Period {
	at := s.now.In(s.Loc)
	if c.Back {
		at = l.Rhythm.Before(at)
	}
	unit, _ := s.dir.Unit(c.Unit)
	return s.periods().PeriodAt(l.Rhythm, at, unit.TermKind, s.today)
}

func (s *session) periods() inspect.Calendars {
	return inspect.Calendars{Days: s.Days, TermOf: s.Supervise.TermOf, Loc: s.Loc}
}

// recordOf returns what a unit said about a list in a period; a record without id when it
// has not yet.
func (s *session) recordOf(l inspect.Checklist, unit string, p inspect.Period) (inspect.Record, error) {
	list, err := s.tx.Inspections(s.ctx, inspect.Filter{Lists: []string{l.Key}, Periods: []string{p.Key}, Units: []string{unit}})
	if err != nil || len(list) == 0 {
		return inspect.Record{}, err
	}
	return list[0], nil
}

// draftsOf are the hazards that exceptions become. What is on no list is judged like any
// report.
func (s *session) draftsOf(l inspect.Checklist, unit string, list []inspect.Exception) ([]hazard.Hazard, error) {
	var out []hazard.Hazard
	for _, e := range list {
		m := s.m
		m.Text = "上报隐患 " + e.Words
		read := s.parse(m, nil).Slots
		entry, _ := l.Entry(e.Entry)
		d := hazard.Draft{UnitID: unit, Category: entry.Category, Location: placeOf(l, entry, read.Location), Desc: render.Finding(entry.Text, e.Words),
			Level: hazard.Level(read.Level), Urgent: read.Urgent}
		if e.Entry == 0 {
			d.Category, d.Location = read.Category, cmp.Or(read.Location, l.Place)
		}
		h, err := hazard.File(d, s.actor.PersonID, s.now, s.today)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// placeOf is where an exception is. A list of the whole school leaves it to the words
// before what its entry says.
func placeOf(l inspect.Checklist, e inspect.Entry, said string) string {
	if l.Place == "" && said != "" {
		return said
	}
	return render.FoundAt(l.PlaceOf(e), said)
}

// askLikeness offers to add an exception to an open hazard that it sounds like, one after
// the other.
func (s *session) askLikeness(c *checkup, drafts []hazard.Hazard) (bot.Reply, bool, error) {
	for i := nextSame(*c); i < len(drafts); i = nextSame(*c) {
		open, found, err := s.likeness(drafts[i])
		if err != nil {
			return bot.Reply{}, false, err
		}
		if found {
			reply, err := s.askSameFound(*c, i, open)
			return reply, true, err
		}
		if c.Same == nil {
			c.Same = map[int]int64{}
		}
		c.Same[i] = 0
	}
	return bot.Reply{}, false, nil
}

func (s *session) askSameFound(c checkup, i int, h hazard.Hazard) (bot.Reply, error) {
	choices := []Listed{{Code: "same", ID: h.ID, Name: "补充到这一条"}, {Code: another, Name: "是另一处，另外登记"}}
	if err := s.askCheck(c, sameFound, choices); err != nil {
		return bot.Reply{}, err
	}
	e := c.Answer.Exceptions[i]
	return choosing("相近的隐患", fmt.Sprintf("%s：%s已经有一条相近的：%s %s（%s）。您说的是：", render.Numbered(e.Entry, e.Words), s.dir.Label(h.UnitID),
		h.Number(), render.Placed(h, 40), h.State.Say()), choices, "请回复数字，回复以后才算记下。"), nil
}

// choosing is a question whose choices are answered by number.
func choosing(title, head string, choices []Listed, end string) bot.Reply {
	reply := bot.Reply{Title: title, Text: head}
	for i, c := range choices {
		reply.Text += fmt.Sprintf("\n%d. %s", i+1, c.Name)
		reply.Buttons = append(reply.Buttons, bot.Button{Label: render.Cut(c.Name, 12), Send: fmt.Sprint(i + 1)})
	}
	reply.Text += "\n" + end
	return reply
}
