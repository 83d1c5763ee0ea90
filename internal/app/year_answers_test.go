package app

import (
	"math/rand/v2"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/duty"
	"duban/internal/notice"
	"duban/internal/seeding"
	"duban/internal/store"
	"duban/internal/supervise"
)

// answered is what became of one unit's part of an item, by day.
type answered struct{ reported, submitted, closed, opens, due string }

type part struct{ item, unit, period string }

// The year played week by week while units report, finish and are passed at
// random: whoever has answered hears no more of it.
func TestYearWithAnswers(t *testing.T) {
	set := district(t)
	few := set.Confirmations[:0]
	for i, c := range set.Confirmations { // every fortieth item, and a project
		if i%40 == 0 || c.Item == "5-6" {
			few = append(few, c)
		}
	}
	set.Confirmations = few
	cfg, s := seeded(t, set)
	r := rand.New(rand.NewPCG(2025, 1))
	state := map[part]*answered{}
	heard, entries, answers := map[string]bool{}, 0, 0
	for from := calendar.MustParse("2025-04-01"); from <= calendar.MustParse("2025-12-31"); from = from.Add(7) {
		all, _ := played(t, cfg, s, from.String(), min(from.Add(6), calendar.MustParse("2025-12-31")).String())
		for _, p := range all {
			calm(t, p, heard)
			day := p.At.Format(time.DateOnly)
			for _, e := range p.Entries {
				entries++
				if a := state[part{e.Item, e.Unit, e.Period}]; a != nil && pointless(*a, e, day) {
					t.Errorf("%s, after %+v: %+v", day, *a, e)
				}
			}
		}
		answers += answer(t, cfg, s, r, from.Add(6), state)
		if t.Failed() {
			t.FailNow()
		}
	}
	if answers < 500 || entries < 500 {
		t.Errorf("%d answers and %d entries prove little", answers, entries)
	}
	t.Logf("%d entries told, %d answers", entries, answers)
}

// pointless reports whether an entry came although it had been answered.
func pointless(a answered, e Entry, day string) bool {
	switch {
	case a.closed != "":
		return true
	case a.submitted != "":
		return e.Stage != "review"
	case a.reported == "":
		return e.Stage == "review"
	case e.Stage == "sign":
		return true
	case e.Period != "": // a report within the period answers for it
		return a.reported >= a.opens
	}
	return e.Stage == "due" && e.Kind == "escalation" && a.reported > a.due
}

// answer has a part of the open work reported in the evening of a day.
func answer(t *testing.T, cfg *config.Config, s *store.Store, r *rand.Rand, on calendar.Date, state map[part]*answered) (n int) {
	t.Helper()
	now := on.At(20, 0, cfg.Location())
	shelf := seeding.NewShelf(s.Read)
	must(t, shelf.Refresh(t.Context())) // within the transaction it has no connection of its own
	desk := supervise.Desk{Book: supervise.NewBook(shelf.Source), Cal: calendars(cfg), Clock: clock.NewFrozen(now)}
	must(t, s.Within(t.Context(), func(tx *store.Tx) error {
		list, err := tx.Work(t.Context(), store.WorkFilter{Limit: 100_000})
		if err != nil {
			return err
		}
		for _, w := range list {
			if w.Opens > on || w.Due.Add(-10) > on || r.IntN(6) != 0 {
				continue
			}
			if n++; !change(&w, r, now) {
				continue
			}
			if err := tx.SaveAssignment(t.Context(), w.Assignment); err != nil {
				return err
			}
			if err := desk.Replan(t.Context(), tx, notice.Subject{Kind: notice.Assignment, ID: w.ID}); err != nil {
				return err
			}
			k := part{w.Item.Code, w.UnitID, w.Period}
			a := answered{reported: on.String(), opens: w.Opens.String(), due: w.Due.String()}
			if w.State == duty.Submitted {
				a.submitted = on.String()
			} else if w.State == duty.Closed {
				a.closed = on.String()
			}
			state[k] = &a
		}
		return nil
	}))
	return n
}

// change reports progress, or all as done, or has it passed at once.
func change(w *duty.Work, r *rand.Rand, now time.Time) bool {
	done := r.IntN(3)
	p := duty.Progress{Percent: new(float64), Note: "进展"}
	if *p.Percent = float64(r.IntN(90)); done > 0 {
		p.Status = duty.Done
	}
	a, err := w.Assignment.Report(p, now)
	if err != nil {
		return false
	}
	if done == 2 {
		if a, err = a.Review(true, now); err != nil {
			return false
		}
	}
	w.Assignment = a
	return true
}
