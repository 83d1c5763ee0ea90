package remind

import (
	"math/rand/v2"
	"testing"
	"time"
)

// world draws random facts.
type world struct{ *rand.Rand }

func (w world) chance(percent int) bool { return w.IntN(100) < percent }

func (w world) after(t time.Time, days int) time.Time {
	return t.Add(time.Duration(w.IntN(days*24*60)) * time.Minute)
}

// facts are of a subject assigned within 500 days after from.
func (w world) facts(c Calendars, from time.Time, recurring bool) Facts {
	kinds := []string{"primary_middle", "kindergarten", "senior", "unheard_of"}
	f := Facts{Confirmed: true, Recurring: recurring, School: w.chance(60), TermKind: kinds[w.IntN(len(kinds))], Assisting: w.chance(15)}
	f.Assigned = w.after(from, 500)
	start := c.date(f.Assigned)
	f.Opens, f.Due = start, start.Add(w.IntN(90))
	maybe := func(t *time.Time, percent int) {
		if w.chance(percent) {
			*t = w.after(f.Assigned, 120)
		}
	}
	maybe(&f.SignedAt, 60)
	maybe(&f.LastReportAt, 50)
	maybe(&f.SubmittedAt, 10)
	maybe(&f.ControlAt, 30)
	maybe(&f.FiveAt, 30)
	maybe(&f.StoppedAt, 10)
	maybe(&f.RestartedAt, 20)
	if !f.LastReportAt.IsZero() && w.chance(50) {
		f.ETA = c.date(f.LastReportAt).Add(1 + w.IntN(30))
	}
	if w.chance(20) {
		f.DueTime = f.Due.At(w.IntN(24), 0, shanghai)
	}
	return f
}

// each runs fn on many random subjects of every profile.
func each(t *testing.T, fn func(t *testing.T, w world, p Profile, f Facts)) {
	pol := policies(t)
	for i, key := range pol.Keys() {
		p, _ := pol.Profile(key)
		w := world{rand.New(rand.NewPCG(7, uint64(i)))}
		for range 400 {
			f := w.facts(cals(), at("2025-01-02 00:00"), p.HasCollect() && w.chance(80))
			fn(t, w, p, f)
			if t.Failed() {
				t.Fatalf("profile %s, facts %+v\n%s", key, f, sayAll(Schedule(p, f, cals())))
			}
		}
	}
}

func TestEveryScheduleIsSound(t *testing.T) {
	c := cals()
	each(t, func(t *testing.T, _ world, p Profile, f Facts) { sound(t, c, p, f) })
}

// sound holds what is true of every schedule.
func sound(t *testing.T, c Calendars, p Profile, f Facts) {
	t.Helper()
	steps := Schedule(p, f, c)
	levels, keys := map[string]bool{}, map[string]bool{}
	for i, s := range steps {
		day := c.date(s.At)
		if keys[s.Key()] {
			t.Errorf("two steps with the key of %s", say(s))
		}
		keys[s.Key()] = true
		if s.Index != i {
			t.Errorf("step %d has index %d", i, s.Index)
		}
		if !s.Urgent && (!c.Days.IsWorkday(day) || !s.At.Equal(p.Hours.Prepare.On(day, c.Loc))) {
			t.Errorf("not at the prepare time of a working day: %s", say(s))
		}
		if i > 0 {
			prev := steps[i-1]
			if s.At.Before(prev.At) || s.At.Equal(prev.At) && s.To.rank() <= prev.To.rank() {
				t.Errorf("out of order: %s after %s", say(s), say(prev))
			}
		}
		if s.At.Before(f.Assigned) {
			t.Errorf("before the assignment: %s", say(s))
		}
		level := string(s.Stage) + s.Due.String() + string(s.To) + string(s.Slip)
		if s.Kind == Escalation && levels[level] {
			t.Errorf("level told twice: %s", say(s))
		}
		levels[level] = levels[level] || s.Kind == Escalation
		if s.Kind == Escalation && f.Assisting {
			t.Errorf("assisting unit escalated: %s", say(s))
		}
		if f.School && s.To == Holder && !p.InHolidays && !s.Urgent && !c.Terms.InTerm(f.TermKind, day) {
			t.Errorf("school chased in its holidays: %s", say(s))
		}
		if s.MovedBy != NotMoved && s.MovedFrom == day && s.MovedBy != MovedRestart {
			t.Errorf("moved to where it was: %s", say(s))
		}
	}
}

func TestClosedMeansSilence(t *testing.T) {
	each(t, func(t *testing.T, _ world, p Profile, f Facts) {
		f.Closed = true
		if len(Schedule(p, f, cals())) != 0 {
			t.Error("a closed subject has steps")
		}
		if _, ok := Next(p, f, cals(), Position{}); ok {
			t.Error("a closed subject has a next step")
		}
	})
}

// However the clock jumps and whatever is reported on the way, no step comes
// from before the position and nothing is told twice.
func TestMovingNowNeverResurrects(t *testing.T) {
	c := cals()
	each(t, func(t *testing.T, w world, p Profile, f Facts) {
		var pos Position
		told := map[string]bool{}
		now := f.Assigned
		for range 12 {
			now = w.after(now.Add(-48*time.Hour), 25) // back at times
			before := pos
			var batch []Step
			batch, pos = Due(p, f, c, pos, now)
			levels := map[Role]bool{}
			for _, s := range batch {
				if !s.At.After(before.At) || s.At.After(now) {
					t.Errorf("between %s and %s told %s", before.At, now, say(s))
				}
				if told[s.Key()] {
					t.Errorf("told twice: %s", say(s))
				}
				if levels[s.To] {
					t.Errorf("one level, two messages at one instant: %s", say(s))
				}
				told[s.Key()], levels[s.To] = true, true
			}
			if pos.At.Before(before.At) {
				t.Error("the position went back")
			}
			if s, ok := Next(p, f, c, pos); ok && !s.At.After(pos.At) {
				t.Errorf("next is in the past: %s", say(s))
			}
			if w.chance(20) {
				f.LastReportAt, f.ETA = pos.At, c.date(pos.At).Add(w.IntN(20))
			}
		}
	})
}
