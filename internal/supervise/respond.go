package supervise

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/response"
)

// Responses stores the rounds of incidents and who takes part in them.
type Responses interface {
	AddResponse(ctx context.Context, r response.Response) error
	SaveResponse(ctx context.Context, r response.Response) error
	LockResponses(ctx context.Context, rounds ...notice.Round) ([]response.Response, error)
	ResponsesByID(ctx context.Context, incidents ...int64) ([]response.Response, error)
}

// Members stores who was called and who reported.
type Members interface {
	AddMembers(ctx context.Context, list []response.Member) error
	MembersOf(ctx context.Context, incident int64) ([]response.Member, error)
	FailMember(ctx context.Context, incident int64, person string, at time.Time) (news bool, err error)
}

// RespondTx is what calling people to an incident needs of a transaction.
type RespondTx interface {
	Responses
	Members
	notice.Writer
	journal.Writer
}

// The order of what is told about incidents within a merged message. They are never
// merged; it only keeps the order.
const (
	weightEmergency = 200
	weightHandOver  = 150
)

// Raise starts the round of an incident with its first step and returns who is
// called by it. The notices are for the caller to word and to write: see Calls.
func (d *Desk) Raise(ctx context.Context, tx RespondTx, dir *org.Directory, r response.Response, by response.Member) ([]org.Holder, error) {
	p, err := d.Book.Version(ctx, 0)
	if err != nil {
		return nil, err
	}
	now := d.Clock.Now()
	r.State, r.Policy, r.Started, r.Heard, r.Step = response.Calling, p.Version, now, now, 1
	called := d.firstOf(dir, p.Response, &r, by.PersonID)
	if err := tx.AddResponse(ctx, r); err != nil {
		return nil, err
	}
	by.Incident, by.Part, by.At = r.Incident, response.Reporter, now
	list := []response.Member{by}
	for _, h := range called {
		list = append(list, response.Member{Incident: r.Incident, Part: response.Told, PersonID: h.PersonID, At: now})
	}
	return called, errs.At("raise incident", tx.AddMembers(ctx, list))
}

// firstOf is who the first step calls: of a hand-over the first officer, of an
// emergency everybody at once. A level that nobody holds passes to the next.
func (d *Desk) firstOf(dir *org.Directory, p remind.Response, r *response.Response, by string) []org.Holder {
	now := d.Clock.Now()
	if r.Kind == response.Sensitive {
		r.Level, r.Next = 1, now.Add(p.HandOver)
		officers := slices.DeleteFunc(dir.Officers(), func(h org.Holder) bool { return h.PersonID == by })
		return d.withStandIns(dir, first(officers, 1))
	}
	r.Next = p.At(1, now, now)
	for r.Level = 1; ; r.Level++ {
		called := slices.DeleteFunc(d.called(dir, p, *r), func(h org.Holder) bool { return h.PersonID == by })
		if len(called) > 0 || r.Level == len(p.Calls) {
			return called
		}
	}
}

// called is everybody whom the levels reached so far stand for, each once, with who
// stands in for them: in an emergency the one who is away is called all the same.
func (d *Desk) called(dir *org.Directory, p remind.Response, r response.Response) []org.Holder {
	var out []org.Holder
	for _, step := range p.Calls[:min(r.Level, len(p.Calls))] {
		for _, to := range step.To {
			out = append(out, d.callees(dir, p, to, r.UnitID)...)
		}
	}
	return d.withStandIns(dir, out)
}

func (d *Desk) withStandIns(dir *org.Directory, people []org.Holder) []org.Holder {
	var out []org.Holder
	add := func(h org.Holder) {
		if !slices.ContainsFunc(out, func(o org.Holder) bool { return o.PersonID == h.PersonID }) {
			out = append(out, h)
		}
	}
	today := calendar.In(d.Clock.Now(), d.Cal.Loc)
	for _, h := range people {
		add(h)
		if to, away := dir.StandIn(h.PersonID, today); away {
			add(org.Holder{PersonID: to, Post: h.Post})
		}
	}
	return out
}

// callees are the people of one level. An unknown unit has none of its own.
func (d *Desk) callees(dir *org.Directory, p remind.Response, to remind.Callee, unit string) []org.Holder {
	onDuty := dir.OnDuty(d.dutyDay(p))
	switch to {
	case remind.CallUnit:
		if unit == "" {
			return nil
		}
		return append(dir.HoldersOf(unit), dir.Safety(unit)...)
	case remind.CallDuty:
		return append(first(onDuty, 1), dir.OnCall()...)
	case remind.CallBackup:
		return onDuty[min(1, len(onDuty)):]
	case remind.CallSection:
		return dir.SafetySection()
	case remind.CallDeputy:
		return deputiesOfSafety(dir)
	case remind.CallDirector:
		return dir.Director()
	case remind.CallOffice:
		return dir.Office()
	}
	return nil
}

// dutyDay is the day of the roster: before the hour at which the shift changes it is
// still the day before.
func (d *Desk) dutyDay(p remind.Response) calendar.Date {
	return calendar.In(d.Clock.Now().Add(-time.Duration(p.Shift)*time.Minute), d.Cal.Loc)
}

// DutyDay is the day of the duty roster at this moment.
func (d *Desk) DutyDay(ctx context.Context) (calendar.Date, error) {
	p, err := d.Book.Version(ctx, 0)
	return d.dutyDay(p.Response), err
}

// JoinWithin is how long another report belongs to an emergency that is known.
func (d *Desk) JoinWithin(ctx context.Context) (time.Duration, error) {
	p, err := d.Book.Version(ctx, 0)
	return p.Response.Join, err
}

// Respond takes the due steps of rounds. A generation that has passed, a round that
// was answered and one that another node holds are left alone without error. It
// returns who is to be told now.
func (d *Desk) Respond(ctx context.Context, tx RespondTx, dir *org.Directory, rounds ...notice.Round) (people []string, err error) {
	held, err := tx.LockResponses(ctx, rounds...)
	if err != nil {
		return nil, errs.At("respond", err)
	}
	now := d.Clock.Now()
	for _, r := range held {
		if r.Next.IsZero() || r.Next.After(now) {
			continue
		}
		p, err := d.Book.Version(ctx, r.Policy)
		if err != nil {
			return nil, err
		}
		members, err := tx.MembersOf(ctx, r.Incident)
		if err != nil {
			return nil, err
		}
		turn := turn{Desk: d, dir: dir, policy: p.Response, members: members, now: now, r: r}
		if r.Kind == response.Sensitive {
			turn.handOver()
		} else {
			turn.emergency()
		}
		if err := turn.write(ctx, tx); err != nil {
			return nil, errs.At("respond", err)
		}
		for _, n := range turn.notices {
			people = append(people, n.PersonID)
		}
	}
	return people, nil
}

// turn is one step of a round being taken.
type turn struct {
	*Desk
	dir     *org.Directory
	policy  remind.Response
	members []response.Member
	now     time.Time
	r       response.Response

	fresh   []response.Member
	notices []notice.Notice
	line    journal.Entry
}

// emergency calls everybody who was called before, and the next level.
func (t *turn) emergency() {
	c, next, ok := t.policy.Due(t.r.Step, t.r.Started, t.now)
	if !ok {
		t.giveUp()
		return
	}
	n := t.r.Step
	t.r.Level = max(t.r.Level, min(next, len(t.policy.Calls)))
	t.r.Step, t.r.Next = next, t.policy.At(next, t.r.Started, t.now)
	people := append(response.Who(t.members, response.Told), t.news(t.called(t.dir, t.policy, t.r))...)
	for _, p := range people {
		t.tell(notice.Emergency, notice.CallStep(n, string(c.Ring)), p)
	}
	t.note("call", n, len(people))
}

// news makes members of those who were not called before and did not report it.
func (t *turn) news(called []org.Holder) (people []string) {
	for _, h := range called {
		if slices.ContainsFunc(t.members, func(m response.Member) bool { return m.PersonID == h.PersonID }) {
			continue
		}
		m := response.Member{Incident: t.r.Incident, Part: response.Told, PersonID: h.PersonID, Step: t.r.Level - 1, At: t.now}
		t.fresh, t.members, people = append(t.fresh, m), append(t.members, m), append(people, h.PersonID)
	}
	return people
}

// handOver reminds the officer, then the other officers, then also the office, which
// learns that something waits and not what or for whom.
func (t *turn) handOver() {
	n := t.r.Step
	if n > t.policy.HandOverTimes {
		t.giveUp()
		return
	}
	t.r.Step, t.r.Next = n+1, t.now.Add(t.policy.HandOver)
	people := response.Who(t.members, response.Told)
	if n >= 2 {
		t.r.Level = 2
		people = append(people, t.news(t.withStandIns(t.dir, t.dir.Officers()))...)
	}
	for _, p := range people {
		t.tell(notice.SensitiveTip, notice.CallStep(n, ""), p)
	}
	if n >= 3 {
		for _, h := range t.dir.Office() {
			if !slices.ContainsFunc(t.members, func(m response.Member) bool { return m.PersonID == h.PersonID }) {
				t.tell(notice.Alarm, notice.CallStep(n, ""), h.PersonID)
			}
		}
	}
	t.note("call", n, len(people))
}

// giveUp ends the calls: whoever reported is told, and the office.
func (t *turn) giveUp() {
	t.r.State, t.r.Next = response.Unanswered, time.Time{}
	kind := notice.Emergency
	if t.r.Kind == response.Sensitive {
		kind = notice.Answer
	}
	for _, p := range response.Who(t.members, response.Reporter) {
		t.tell(kind, notice.Unanswered, p)
	}
	for _, h := range t.dir.Office() {
		t.tell(notice.Alarm, notice.Unanswered, h.PersonID)
	}
	t.note("unanswered", t.r.Step, len(response.Who(t.members, response.Told)))
}

func (t *turn) tell(kind notice.Kind, step, person string) {
	t.notices = append(t.notices, Call(t.r, kind, step, person, t.now))
}

// Call is a notice about an incident to one person. Its words are found when it is
// told, unless the caller has some.
func Call(r response.Response, kind notice.Kind, step, person string, now time.Time) notice.Notice {
	weight := weightEmergency
	if r.Kind == response.Sensitive {
		weight = weightHandOver
	}
	return notice.Notice{Kind: kind, Urgency: notice.Immediate, PersonID: person, NotBefore: now, CreatedAt: now, Weight: weight, Step: step,
		Subject: notice.Subject{Kind: notice.IncidentSubj, ID: r.Incident}, Key: fmt.Sprintf("%s:%d:%s:%s", r.Kind, r.Incident, step, person)}
}

func (t *turn) note(action string, step, told int) {
	t.line = journal.Entry{At: t.now, Actor: "system", Channel: "system", Subject: notice.Subject{Kind: notice.IncidentSubj, ID: t.r.Incident}, Action: action,
		Before: fmt.Sprintf("step=%d", step), After: string(t.r.State), Note: fmt.Sprintf("told=%d new=%d", told, len(t.fresh))}
}

func (t *turn) write(ctx context.Context, tx RespondTx) error {
	if err := tx.SaveResponse(ctx, t.r); err != nil {
		return err
	}
	if err := tx.AddMembers(ctx, t.fresh); err != nil {
		return err
	}
	if _, err := tx.AddNotices(ctx, t.notices); err != nil {
		return err
	}
	return tx.Append(ctx, t.line)
}

// Unreached passes over somebody who was called and cannot be reached: the next level
// is called at once. It returns the round and who is to be told now; ok is false when
// that was known before or nobody waits for an answer any more.
func (d *Desk) Unreached(ctx context.Context, tx RespondTx, dir *org.Directory, incident int64, person string) (r response.Response, people []string, ok bool, err error) {
	now := d.Clock.Now()
	if ok, err = tx.FailMember(ctx, incident, person, now); err != nil || !ok {
		return r, nil, false, err
	}
	list, err := tx.ResponsesByID(ctx, incident)
	if err != nil || len(list) == 0 || list[0].State != response.Calling {
		return r, nil, false, err
	}
	r = list[0]
	p, err := d.Book.Version(ctx, r.Policy)
	if err != nil {
		return r, nil, false, err
	}
	members, err := tx.MembersOf(ctx, incident)
	if err != nil {
		return r, nil, false, err
	}
	t := turn{Desk: d, dir: dir, policy: p.Response, members: members, now: now, r: r}
	if people = t.passOver(person); t.r.Level == r.Level {
		return r, nil, true, nil
	}
	return t.r, people, true, errs.At("pass over", t.write(ctx, tx))
}

// passOver calls the next level, if the person was of the last one or nobody of that
// can be reached by now. A level of which nobody can be reached is passed over in turn.
func (t *turn) passOver(person string) (people []string) {
	kind, levels := notice.Emergency, len(t.policy.Calls)
	if t.r.Kind == response.Sensitive {
		kind, levels = notice.SensitiveTip, 2
	}
	i := slices.IndexFunc(t.members, func(m response.Member) bool { return m.PersonID == person && m.Part == response.Told })
	if i < 0 || t.members[i].Step < t.r.Level-1 && !t.lost() {
		return nil
	}
	for t.r.Level < levels {
		t.r.Level++
		if t.r.Kind == response.Sensitive {
			people = append(people, t.news(t.withStandIns(t.dir, t.dir.Officers()))...)
		} else {
			people = append(people, t.news(t.called(t.dir, t.policy, t.r))...)
		}
		if !t.lost() {
			break
		}
	}
	for _, p := range people {
		t.tell(kind, notice.CallStep(0, ""), p)
	}
	t.note("pass_over", t.r.Step, len(people))
	return people
}

// lost reports whether nobody of the last level can be reached, as far as is known.
func (t *turn) lost() bool {
	var last []org.Holder
	switch {
	case t.r.Kind == response.Sensitive:
		last = t.dir.Officers()
	case t.r.Level <= len(t.policy.Calls):
		for _, to := range t.policy.Calls[t.r.Level-1].To {
			last = append(last, t.callees(t.dir, t.policy, to, t.r.UnitID)...)
		}
	}
	return !slices.ContainsFunc(last, func(h org.Holder) bool {
		i := slices.IndexFunc(t.members, func(m response.Member) bool { return m.PersonID == h.PersonID && m.Part == response.Told })
		return i >= 0 && t.members[i].Failed.IsZero()
	})
}
