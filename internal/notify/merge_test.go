package notify

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/slip"
)

// heap is a store in memory for one person, in the order the real one keeps.
type heap struct {
	Tx       // what is not told here is not asked for
	notices  []notice.Notice
	messages []notice.Message
	runs     map[string]bool
	works    map[int64]duty.Work
	wish     time.Time
	busy     bool
	dir      *org.Directory
	order    map[int64][]int64 // of what a message tells
}

func (h *heap) AddNotices(_ context.Context, ns []notice.Notice) (int, error) {
	fresh := 0
	for _, n := range ns {
		if slices.ContainsFunc(h.notices, func(o notice.Notice) bool { return o.Key == n.Key }) {
			continue
		}
		n.ID, n.State = int64(len(h.notices)+1), notice.Pending
		h.notices, fresh = append(h.notices, n), fresh+1
	}
	return fresh, nil
}

func (h *heap) LockPending(_ context.Context, now time.Time, _ ...string) (out []notice.Notice, _ error) {
	for _, n := range h.notices {
		if n.State == notice.Pending && !n.NotBefore.After(now) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b notice.Notice) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Subject.Kind, b.Subject.Kind), cmp.Compare(a.Subject.ID, b.Subject.ID), cmp.Compare(a.Key, b.Key))
	})
	return out, nil
}

func (h *heap) each(ids []int64, change func(*notice.Notice)) error {
	for _, id := range ids {
		change(&h.notices[id-1])
	}
	return nil
}

func (h *heap) SettleNotices(_ context.Context, ids []int64, state notice.State, reason string, message int64) error {
	if message != 0 {
		h.order[message] = ids
	}
	return h.each(ids, func(n *notice.Notice) { n.State, n.Reason, n.MessageID = state, reason, message })
}

func (h *heap) DelayNotices(_ context.Context, ids []int64, until time.Time, reason string) error {
	return h.each(ids, func(n *notice.Notice) { n.NotBefore, n.Reason = until, reason })
}

func (h *heap) WorkByID(_ context.Context, ids ...int64) (out []duty.Work, _ error) {
	for _, id := range ids {
		if w, ok := h.works[id]; ok {
			out = append(out, w)
		}
	}
	return out, nil
}

func (h *heap) HazardsByID(context.Context, ...int64) ([]hazard.Hazard, error) { return nil, nil }

func (h *heap) SlipsByID(context.Context, ...int64) ([]slip.Slip, error) { return nil, nil }

func (h *heap) Directory(context.Context) (*org.Directory, error) { return h.dir, nil }

func (h *heap) ActorByPerson(_ context.Context, person string) (org.Actor, bool, error) {
	return org.Actor{PersonID: person, UnitID: "s", Posts: []org.Post{{ID: "p", UnitID: "s", Role: org.UnitHead}}}, true, nil
}

func (h *heap) QuietUntil(context.Context, string) (time.Time, error) { return h.wish, nil }

func (h *heap) AccountsOf(_ context.Context, people ...string) (map[string][]org.Account, error) {
	return map[string][]org.Account{people[0]: {{Platform: "wecom", UserID: "u", PersonID: people[0]}, {Platform: "dingtalk", UserID: "v", PersonID: people[0]}}}, nil
}

func (h *heap) AnyChaseDue(context.Context, time.Time) (bool, error) { return h.busy, nil }

func (h *heap) Ran(_ context.Context, name string) (bool, error) { return h.runs[name], nil }

func (h *heap) Once(_ context.Context, name, _ string, _ time.Time) (bool, error) {
	fresh := !h.runs[name]
	h.runs[name] = true
	return fresh, nil
}

func (h *heap) AddMessage(_ context.Context, m notice.Message) (int64, error) {
	if slices.ContainsFunc(h.messages, func(o notice.Message) bool { return o.Key == m.Key }) {
		return 0, nil
	}
	m.ID = int64(len(h.messages) + 1)
	h.messages = append(h.messages, m)
	return m.ID, nil
}

func (h *heap) Within(_ context.Context, fn func(Tx) error) error { return fn(h) }

// hours are the times of a calendar, as supervise.Desk has them.
type hours struct {
	remind.Hours
	cal remind.Calendars
}

func (h hours) Quiet(_ context.Context, t time.Time) (time.Time, error) {
	return remind.QuietUntil(t, h.Hours, h.cal), nil
}

func (h hours) Morning(_ context.Context, t time.Time) (time.Time, error) {
	return remind.NextMorning(t, h.Hours, h.cal), nil
}

func (h hours) Lamp(context.Context, duty.Work, *org.Directory) remind.Lamp { return remind.GreenLamp }

// life plays two months of one person, who is told things at random while the
// server is down for days and its clock jumps. Everything random that decides what
// happens comes from seed; shuffle only changes in which order things are stored.
type life struct {
	t       *testing.T
	r       *rand.Rand
	shuffle *rand.Rand
	heap    *heap
	times   hours
	clock   *clock.Movable
	teller  *Teller
	n       int
	trace   []string
}

func newLife(t *testing.T, seed, shuffle uint64) *life {
	loc := time.FixedZone("CST", 8*3600)
	r := rand.New(rand.NewPCG(seed, 1))
	dir := org.NewDirectory([]org.Unit{{ID: "s", Name: "学校", Kind: "middle"}}, nil)
	l := &life{t: t, r: r, shuffle: rand.New(rand.NewPCG(seed, shuffle)),
		heap: &heap{runs: map[string]bool{}, works: map[int64]duty.Work{}, order: map[int64][]int64{}, dir: dir}}
	l.times = hours{remind.Hours{QuietFrom: 21 * 60, QuietTo: 7 * 60, Prepare: 7*60 + 5, Morning: 8*60 + 30, Digest: 16*60 + 30, Weekly: time.Friday},
		remind.Calendars{Days: randomDays(t, r), Terms: calendar.DefaultTerms(), Loc: loc}}
	l.clock = clock.NewFrozen(calendar.MustParse([]string{"2027-12-10", "2028-02-10"}[r.IntN(2)]).At(6, 0, loc))
	l.teller = &Teller{Work: l.heap, Times: l.times, Clock: l.clock, Loc: loc, Days: l.times.cal.Days, Platforms: []string{"wecom", "dingtalk"}, Log: slog.New(slog.DiscardHandler)}
	for id := int64(1); id <= 12; id++ {
		l.heap.works[id] = duty.Work{Assignment: duty.Assignment{ID: id, UnitID: "s", State: duty.Assigned}, Item: duty.Item{Code: fmt.Sprint("1-", id), Desc: "事项"}}
	}
	return l
}

// randomDays has holidays and make-up days around the leap day and the turn of the year.
func randomDays(t *testing.T, r *rand.Rand) *calendar.Workdays {
	t.Helper()
	var text strings.Builder
	for year := 2027; year <= 2028; year++ {
		off, work, seen := []string{}, []string{}, map[calendar.Date]bool{}
		for range 60 {
			d := calendar.Of(year, 1, 1+r.IntN(365))
			weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
			switch day := fmt.Sprintf("%q", d.String()[5:]); {
			case seen[d]:
			case weekend:
				work = append(work, day)
			default:
				off = append(off, day)
			}
			seen[d] = true
		}
		fmt.Fprintf(&text, "---\nyear: %d\nsource: random\noff: [%s]\nwork: [%s]\n", year, strings.Join(off, ", "), strings.Join(work, ", "))
	}
	w, err := calendar.LoadWorkdays(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// intents draws what the domain wants told now, some of it for the second time.
func (l *life) intents() []notice.Notice {
	now := l.clock.Now()
	var ns []notice.Notice
	for range l.r.IntN(4) {
		l.n++
		n := notice.Notice{PersonID: "p", NotBefore: now, CreatedAt: now, Weight: 10 * l.r.IntN(10), Key: fmt.Sprint("k", l.n-l.r.IntN(2)),
			Subject: notice.Subject{Kind: notice.PersonSubj}, Text: fmt.Sprint("文字", l.n)}
		switch l.r.IntN(8) {
		case 0:
			n.Kind, n.Urgency = notice.Emergency, notice.Immediate
		case 1, 2:
			n.Kind, n.Urgency = notice.WorkUpdate, notice.Prompt
		case 3:
			n.Kind, n.Urgency = notice.Alarm, notice.Merged
		default:
			n.Kind, n.Urgency, n.Text = notice.Reminder, notice.Merged, ""
			n.Subject = notice.Subject{Kind: notice.Assignment, ID: int64(1 + l.r.IntN(13))} // one does not exist
			n.NotBefore = remind.NextMorning(now, l.times.Hours, l.times.cal)
			if l.r.IntN(2) == 0 {
				n.Kind = notice.Escalation
			}
		}
		ns = append(ns, n)
	}
	return ns
}

// tick lets something happen, tells, and moves the clock.
func (l *life) tick() {
	ns := l.intents()
	keys := map[string]bool{}
	ns = slices.DeleteFunc(ns, func(n notice.Notice) bool { twice := keys[n.Key]; keys[n.Key] = true; return twice })
	l.shuffle.Shuffle(len(ns), func(i, j int) { ns[i], ns[j] = ns[j], ns[i] })
	_, _ = l.heap.AddNotices(l.t.Context(), ns)
	w := l.heap.works[int64(1+l.r.IntN(12))]
	w.State = []duty.State{duty.Assigned, duty.Assigned, duty.InProgress, duty.Closed, duty.Paused}[l.r.IntN(5)]
	l.heap.works[w.ID] = w
	l.heap.busy = l.r.IntN(10) == 0
	if l.r.IntN(40) == 0 {
		l.heap.wish = l.clock.Now().Add(time.Duration(l.r.IntN(72)) * time.Hour)
	}
	for range 1 + l.r.IntN(2) {
		l.tell()
	}
	step := time.Duration(5+l.r.IntN(240)) * time.Minute
	switch l.r.IntN(40) {
	case 0: // the server is down
		step = time.Duration(1+l.r.IntN(20)) * 24 * time.Hour
	case 1: // an NTP step
		step = -2 * time.Hour
	case 2: // somebody corrects the date
		step = -24 * time.Hour
	case 3: // and gets it wrong
		step = 60 * time.Hour
	}
	l.clock.Set(l.clock.Now().Add(step))
}

func (l *life) tell() {
	l.t.Helper()
	from := len(l.heap.messages)
	if _, err := l.teller.Tell(l.t.Context(), "p"); err != nil {
		l.t.Fatal(err)
	}
	for _, m := range l.heap.messages[from:] {
		l.check(m)
		l.trace = append(l.trace, fmt.Sprint(m.Created, m.Kind, m.Platform, m.Text))
	}
}

// check looks at a message the moment it is made.
func (l *life) check(m notice.Message) {
	l.t.Helper()
	now := l.clock.Now()
	today, quiet := calendar.In(now, l.times.cal.Loc), remind.QuietUntil(now, l.times.Hours, l.times.cal).After(now)
	var told []notice.Notice
	for _, id := range l.heap.order[m.ID] {
		told = append(told, l.heap.notices[id-1])
	}
	if !slices.IsSortedFunc(told, func(a, b notice.Notice) int { return b.Weight - a.Weight }) {
		l.t.Errorf("%s: not by weight: %s", now, m.Text)
	}
	if m.Kind != notice.Morning {
		for _, n := range told {
			if n.Urgency == notice.Merged || n.Urgency == notice.Prompt && (quiet || l.heap.wish.After(now)) {
				l.t.Errorf("%s: %s %s by itself", now, n.Urgency, n.Kind)
			}
		}
		return
	}
	if quiet || l.heap.wish.After(now) || now.Before(l.times.Hours.Morning.On(today, l.times.cal.Loc)) {
		l.t.Errorf("a morning message at %s", now)
	}
	for _, o := range l.heap.messages {
		if o.ID < m.ID && o.Kind == notice.Morning && calendar.In(o.Created, l.times.cal.Loc) == today {
			l.t.Errorf("two morning messages on %s", today)
		}
	}
	if len(told) == 0 {
		l.t.Errorf("%s: a message that tells nothing", now)
	}
	for _, n := range told {
		if n.Urgency == notice.Immediate {
			l.t.Errorf("%s waited for the morning of %s", n.Kind, now)
		}
	}
}

// finish lets quiet working days pass until nothing waits any more.
func (l *life) finish() {
	l.heap.busy, l.heap.wish = false, time.Time{}
	open := func() bool {
		return slices.ContainsFunc(l.heap.notices, func(n notice.Notice) bool { return n.State == notice.Pending })
	}
	// A clock that had been wrong for days may have used up the mornings until then.
	for range 200 {
		if !open() {
			return
		}
		l.clock.Set(remind.NextMorning(l.clock.Now().Add(time.Second), l.times.Hours, l.times.cal))
		l.tell()
	}
}

func TestWhateverHappensEachThingIsToldOnceOrDroppedWithAReason(t *testing.T) {
	for seed := range uint64(150) {
		l := newLife(t, seed, 0)
		for range 250 {
			l.tick()
		}
		l.finish()
		perMessage := map[int64]bool{}
		for _, n := range l.heap.notices {
			switch {
			case n.State == notice.Taken && n.MessageID != 0:
				perMessage[n.MessageID] = true
			case n.State == notice.Dropped && n.Reason != "":
			default:
				t.Errorf("neither told nor dropped: %+v", n)
			}
		}
		before := len(l.heap.messages)
		for range 3 { // again, and later: nothing more
			l.tell()
			l.clock.Set(l.clock.Now().AddDate(0, 0, 3))
		}
		if len(l.heap.messages) != before {
			t.Errorf("told again: %s", l.heap.messages[before].Text)
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// The order in which things are stored changes no message.
func TestMessagesDoNotDependOnTheOrderOfStoring(t *testing.T) {
	for seed := range uint64(40) {
		a, b := newLife(t, seed, 1), newLife(t, seed, 2)
		for range 150 {
			a.tick()
			b.tick()
		}
		if !slices.Equal(a.trace, b.trace) {
			for i := range min(len(a.trace), len(b.trace)) {
				if a.trace[i] != b.trace[i] {
					t.Fatalf("seed %d, message %d:\n%s\n%s", seed, i, a.trace[i], b.trace[i])
				}
			}
			t.Fatalf("seed %d: %d and %d messages", seed, len(a.trace), len(b.trace))
		}
	}
}

// Days without a server are caught up in one message, ordered by weight.
func TestDaysWithoutAServerAreOneMessage(t *testing.T) {
	for seed := range uint64(60) {
		l := newLife(t, seed, 0)
		start := l.times.cal.Days.NextOnOrAfter(calendar.In(l.clock.Now(), l.times.cal.Loc))
		down := 1 + l.r.IntN(20)
		for day := range down {
			l.clock.Set(start.Add(day).At(7, 5, l.times.cal.Loc))
			ns := slices.DeleteFunc(l.intents(), func(n notice.Notice) bool { return n.Urgency != notice.Merged })
			_, _ = l.heap.AddNotices(t.Context(), ns)
		}
		l.clock.Set(remind.NextMorning(start.Add(down).At(10, 0, l.times.cal.Loc), l.times.Hours, l.times.cal).Add(3 * time.Hour))
		l.tell()
		if n := len(l.heap.notices); n > 0 && len(l.heap.messages) > 1 {
			t.Fatalf("seed %d: %d messages for %d days", seed, len(l.heap.messages), down)
		}
	}
}
