package remind

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
)

// universe is a world with calendars and policies of its own.
type universe struct {
	world
	cal Calendars
	pol Policies
}

// universes runs fn on random subjects in random universes around two turns of
// the year and a leap day. The seed is fixed: a failure comes again.
func universes(t *testing.T, n int, fn func(t *testing.T, u universe, p Profile, f Facts)) {
	t.Helper()
	for i := range n {
		u := universe{world: world{rand.New(rand.NewPCG(2028, uint64(i)))}}
		u.cal = Calendars{Days: u.days(t), Terms: u.terms(t), Loc: shanghai}
		u.pol = u.policies(t)
		for _, key := range u.pol.Keys() {
			p, _ := u.pol.Profile(key)
			for range 4 {
				f := u.facts(u.cal, at("2026-12-01 00:00"), p.HasCollect() && u.chance(60))
				fn(t, u, p, f)
				if t.Failed() {
					t.Fatalf("universe %d, profile %s, facts %+v\n%s", i, key, f, sayAll(Schedule(p, f, u.cal)))
				}
			}
		}
	}
}

// days has holidays of up to nine days and make-up days, of 2026 to 2030.
func (u universe) days(t *testing.T) *calendar.Workdays {
	t.Helper()
	var b strings.Builder
	for year := 2026; year <= 2030; year++ {
		differs := map[calendar.Date]bool{}
		for range 4 + u.IntN(6) {
			for day, left := calendar.Of(year, 1, 1+u.IntN(355)), 1+u.IntN(9); left > 0; day, left = day.Add(1), left-1 {
				differs[day] = false
			}
		}
		for range u.IntN(12) {
			day := calendar.Of(year, 1, 1+u.IntN(365))
			if _, off := differs[day]; !off && (day.Weekday() == time.Saturday || day.Weekday() == time.Sunday) {
				differs[day] = true
			}
		}
		var off, work []string
		for day, works := range differs {
			text := fmt.Sprintf("%q", day.String()[5:])
			if works {
				work = append(work, text)
			} else if day.Year() == year {
				off = append(off, text)
			}
		}
		slices.Sort(off)
		fmt.Fprintf(&b, "---\nyear: %d\nsource: random\noff: [%s]\nwork: [%s]\n", year, strings.Join(off, ", "), strings.Join(work, ", "))
	}
	w, err := calendar.LoadWorkdays(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err, b.String())
	}
	return w
}

// terms has two terms a year for two kinds of school; a third kind has none.
func (u universe) terms(t *testing.T) *calendar.Terms {
	t.Helper()
	var b strings.Builder
	b.WriteString("covers: {from: 2026-06-01, to: 2030-06-30}\nterms:\n")
	for _, kind := range []string{"primary_middle", "kindergarten"} {
		for year := 2026; year < 2030; year++ {
			autumn, spring := calendar.Of(year, 8, 25+u.IntN(14)), calendar.Of(year+1, 2, 5+u.IntN(25))
			fmt.Fprintf(&b, "  - {key: %d-1, kinds: [%s], from: %s, to: %s}\n", year, kind, autumn, calendar.Of(year+1, 1, 5+u.IntN(25)))
			fmt.Fprintf(&b, "  - {key: %d-2, kinds: [%s], from: %s, to: %s}\n", year, kind, spring, calendar.Of(year+1, 6, 15+u.IntN(15)))
		}
	}
	terms, err := calendar.LoadTerms(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err, b.String())
	}
	return terms
}

// policies writes a random file and has it admitted, so that what is admitted is
// what is tested.
func (u universe) policies(t *testing.T) Policies {
	t.Helper()
	prepare := 7*60 + 1 + u.IntN(60)
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\nclock: {quiet_from: \"21:00\", quiet_to: \"07:00\", prepare: \"%02d:%02d\", morning: \"08:30\", digest: \"16:30\", weekly: %s}\n",
		prepare/60, prepare%60, []string{"thursday", "friday", "sunday"}[u.IntN(3)])
	b.WriteString("lamp: {blue: 7, blue_recurring: 1, behind: 20}\nhazard: {fix_choices: [15, 30], fix_default: 15, major_fix_days: 30}\nprofiles:\n")
	options := func() string {
		return fmt.Sprintf("    rest: %d\n    late: %d\n    persistent: %v\n", u.IntN(5), u.IntN(3), u.chance(30))
	}
	fmt.Fprintf(&b, "  once:\n%s%s%s%s", options(), u.ladder("sign", "limit: 2", 0, 1), u.ladder("due", "", -15, 6), u.ladder("review", "limit: 3", -1, 3))
	fmt.Fprintf(&b, "  round:\n%s    every: {unit: %s}\n%s", options(), u.unit(), u.ladder("collect", "", -4, 0))
	fmt.Fprintf(&b, "  works:\n%s    every: {unit: month}\n%s%s", options(), u.ladder("collect", "", -3, 0), u.ladder("due", "", -15, 3))
	fmt.Fprintf(&b, "  hazard_ordinary:\n%s%s%s", options(), u.ladder("sign", "limit: 1", 0, 0), u.ladder("due", "", -7, 3))
	fmt.Fprintf(&b, "  hazard_major:\n    in_holidays: true\n    weekly_word: true\n    control: {limit: 24h, remind: [-12h, 0h], escalate: [{at: %dh, to: section_chief}]}\n%s", 1+u.IntN(9), u.ladder("due", "", -20, 0))
	p, err := AdmitPolicies(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err, b.String())
	}
	return p
}

func (u universe) unit() string {
	return []string{"week, weekday: friday", "week, weekday: monday", "month", "month, day: 28", "quarter, day: 25", "half_year", "year", "term, dates: [\"01-05\", \"06-20\"]"}[u.IntN(8)]
}

// ladder has reminders between first and last and escalations that climb.
func (u universe) ladder(stage, limit string, first, last int) string {
	var remind, escalate []string
	for n := first; n <= last; n++ {
		if u.chance(30) {
			remind = append(remind, fmt.Sprint(n))
		}
	}
	at := u.IntN(3)
	if stage == "collect" {
		at = 1
	}
	for _, to := range []string{"section_chief", "deputy", "leader_office"} {
		if u.chance(60) {
			slip := []string{"", ", slip: yellow", ", slip: red"}[u.IntN(3)]
			escalate = append(escalate, fmt.Sprintf("{at: %d, to: %s%s}", at, to, slip))
			at += u.IntN(4)
		}
	}
	if limit != "" {
		limit += ", "
	}
	return fmt.Sprintf("    %s: {%sremind: [%s], escalate: [%s]}\n", stage, limit, strings.Join(remind, ", "), strings.Join(escalate, ", "))
}

func TestEveryScheduleIsSoundInAnyCalendar(t *testing.T) {
	universes(t, 60, func(t *testing.T, u universe, p Profile, f Facts) {
		sound(t, u.cal, p, f)
		if a, b := sayAll(Schedule(p, f, u.cal)), sayAll(Schedule(p, f, u.cal)); a != b {
			t.Errorf("the same twice differs:\n%s\n%s", a, b)
		}
	})
}

// telling follows a subject through looks at it, as a server does.
type telling struct {
	t     *testing.T
	p     Profile
	f     Facts
	cal   Calendars
	pos   Position
	told  map[string]bool
	count int // steps told or stood for
}

// look has the planner say what is due, twice: the second time nothing is.
func (s *telling) look(now time.Time) {
	s.t.Helper()
	before := s.pos
	batch, pos := Due(s.p, s.f, s.cal, s.pos, now)
	levels := map[Role]bool{}
	for _, step := range batch {
		if levels[step.To] {
			s.t.Errorf("two messages to one level at %s: %s", now, say(step))
		}
		if s.told[step.Key()] {
			s.t.Errorf("told twice: %s", say(step))
		}
		if step.At.After(now) {
			s.t.Errorf("told at %s, too early: %s", now, say(step))
		}
		levels[step.To] = true
		s.count += 1 + step.Missed
	}
	if pos.At.Before(before.At) {
		s.t.Error("the position went back")
	}
	s.pos = pos
	for _, key := range pos.Told {
		s.told[key] = true
	}
	if again, _ := Due(s.p, s.f, s.cal, s.pos, now); len(again) > 0 {
		s.t.Errorf("asked again at %s: %s", now, sayAll(again))
	}
}

func follow(t *testing.T, u universe, p Profile, f Facts) *telling {
	return &telling{t: t, p: p, f: f, cal: u.cal, pos: Position{At: f.Assigned.Add(-time.Millisecond)}, told: map[string]bool{}}
}

// Whatever happens to the server and its clock, in the end each step of the
// schedule was told once, by itself or by a weightier one to the same level.
func TestNothingIsLostAndNothingToldTwice(t *testing.T) {
	universes(t, 12, func(t *testing.T, u universe, p Profile, f Facts) {
		steps := slices.DeleteFunc(Schedule(p, f, u.cal), func(s Step) bool { return f.overtaken(s, p, u.cal) })
		if len(steps) == 0 {
			return
		}
		want, end := 0, steps[len(steps)-1].At
		for _, s := range steps {
			want += 1 + s.Missed
		}
		for name, next := range map[string]func(time.Time) time.Time{
			"an ordinary server": func(now time.Time) time.Time { return now.Add(12 * time.Hour) },
			"down for days":      func(now time.Time) time.Time { return now.AddDate(0, 0, 1+u.IntN(20)) },
			"the clock set back": func(now time.Time) time.Time {
				return now.Add([]time.Duration{-2, -24, 13, 30, 49}[u.IntN(5)] * time.Hour)
			},
			"the clock far ahead":      func(now time.Time) time.Time { return now.Add([]time.Duration{-60, 72, 11}[u.IntN(3)] * time.Hour) },
			"down from the very start": func(time.Time) time.Time { return end },
		} {
			s := follow(t, u, p, f)
			now, looks := f.Assigned, 0
			for ; !now.After(end) && looks < 2000; looks++ {
				s.look(now)
				now = next(now)
				if now.Equal(end) {
					break
				}
			}
			s.look(end)
			if len(s.told) != len(steps) || s.count != want {
				t.Errorf("%s: %d of %d steps told, standing for %d of %d", name, len(s.told), len(steps), s.count, want)
			}
			if next, ok := Next(p, f, u.cal, s.pos); ok {
				t.Errorf("%s: still to come: %s", name, say(next))
			}
		}
	})
}

// A report, a signature or a closing in the middle ends what it should, whatever
// was told before, and a look much later wakes nothing up.
func TestAnAnswerStopsTheRoundInAnyCalendar(t *testing.T) {
	universes(t, 40, func(t *testing.T, u universe, p Profile, f Facts) {
		s := follow(t, u, p, f)
		now := u.after(f.Assigned, 60)
		s.look(now)
		s.f.SignedAt, s.f.StoppedAt, s.f.RestartedAt, s.f.ETA = now, time.Time{}, time.Time{}, 0
		for _, later := range []time.Duration{0, 3, 30, 90, 300} {
			said := now.Add(later * 24 * time.Hour)
			s.f.LastReportAt = said // and again, and again
			overdue := u.cal.date(now) > s.f.dueDate(u.cal)
			for _, then := range []time.Time{said, said.AddDate(0, 0, 1)} {
				batch, pos := Due(p, s.f, u.cal, s.pos, then)
				for _, step := range batch {
					stopped := overdue && step.Stage == StageDue && step.Kind == Escalation && !p.Persistent
					if stopped || step.Stage == StageSign || step.Stage == StageReport {
						t.Errorf("answered at %s, told at %s: %s", said, then, say(step))
					}
				}
				s.pos = pos
			}
		}
		s.f.Closed = true
		if batch, _ := Due(p, s.f, u.cal, s.pos, now.AddDate(1, 0, 0)); len(batch) > 0 {
			t.Errorf("closed, and told: %s", sayAll(batch))
		}
	})
}
