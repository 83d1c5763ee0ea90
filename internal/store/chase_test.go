package store_test

import (
	"testing"
	"time"

	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/store"
)

func addChase(t *testing.T, s *store.Store, c store.Chase) store.Chase {
	t.Helper()
	do(t, s, func(tx *store.Tx) (err error) { c.ID, err = tx.AddChase(ctx, c, noon); return err })
	c.Generation = 1
	return c
}

func chaseOf(t *testing.T, s *store.Store, subject notice.Subject) store.Chase {
	t.Helper()
	c, known, err := s.Read(ctx).ChaseOf(ctx, subject)
	ok(t, err)
	same(t, "known", known, true)
	return c
}

func TestChase(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want := fill[store.Chase](t)
		want.Reason = "" // a new round has none
		want = addChase(t, s, want)
		if want.ID == 0 {
			t.Error("no id")
		}
		same(t, "added", chaseOf(t, s, want.Subject), want)
		addChase(t, s, store.Chase{Subject: want.Subject, Profile: "x"})
		same(t, "added twice", chaseOf(t, s, want.Subject), want)
		_, known, err := s.Read(ctx).ChaseOf(ctx, notice.Subject{Kind: want.Subject.Kind, ID: 99})
		ok(t, err)
		same(t, "unknown", known, false)

		saved := want
		saved.Profile, saved.Position, saved.NextAt, saved.State, saved.Reason = "graded", "{}", time.Time{}, store.ChaseDone, "closed"
		do(t, s, func(tx *store.Tx) error { return tx.SaveChase(ctx, saved, noon.Add(time.Hour)) })
		saved.Generation = 2
		same(t, "saved", chaseOf(t, s, want.Subject), saved)
		same(t, "updated", count(t, s, "SELECT updated_at FROM chases"), int(noon.Add(time.Hour).UnixMilli()))
		if err := s.Within(ctx, func(tx *store.Tx) error { return tx.SaveChase(ctx, want, noon) }); !errs.Is(err, errs.Conflict) {
			t.Errorf("an earlier generation: %v, want a conflict", err)
		}
	})
}

func TestDueChases(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		add := func(id int64, state string, at time.Time) int64 {
			return addChase(t, s, store.Chase{Subject: notice.Subject{Kind: "a", ID: id}, State: state, NextAt: at}).ID
		}
		due := func(at time.Time, limit int) []int64 {
			list, err := s.Read(ctx).DueChases(ctx, at, limit)
			ok(t, err)
			ids := []int64{}
			for _, c := range list {
				ids = append(ids, c.ID)
			}
			return ids
		}
		next := func() time.Time {
			at, err := s.Read(ctx).NextChaseAt(ctx)
			ok(t, err)
			return at
		}
		same(t, "next of none", next(), time.Time{})
		third, first := add(1, store.ChaseActive, noon), add(2, store.ChaseActive, noon.Add(-time.Hour))
		second := add(3, store.ChaseActive, noon.Add(-time.Minute))
		add(4, store.ChaseStopped, noon.Add(-time.Hour))
		add(5, store.ChaseActive, noon.Add(time.Hour))
		add(6, store.ChaseActive, time.Time{})
		same(t, "due, the longest first", due(noon, 10), []int64{first, second, third})
		same(t, "limit", due(noon, 1), []int64{first})
		same(t, "before all", due(noon.Add(-2*time.Hour), 9), []int64{})
		same(t, "next", next(), noon.Add(-time.Hour))
		for at, want := range map[time.Time]bool{noon.Add(-2 * time.Hour): false, noon: true} {
			got, err := s.Read(ctx).AnyChaseDue(ctx, at)
			ok(t, err)
			same(t, "any due at "+at.String(), got, want)
		}
	})
}

func TestLockChase(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		c := addChase(t, s, store.Chase{Subject: notice.Subject{Kind: "a", ID: 1}, State: store.ChaseActive, NextAt: noon})
		stopped := addChase(t, s, store.Chase{Subject: notice.Subject{Kind: "a", ID: 2}, State: store.ChaseStopped})
		lock := func(id int64, generation int) (got store.Chase, won bool) {
			do(t, s, func(tx *store.Tx) error {
				list, err := tx.LockChases(ctx, notice.Round{ID: id, Generation: generation}, notice.Round{ID: 4712, Generation: 1})
				if won = len(list) == 1; won {
					got = list[0]
				}
				return err
			})
			return got, won
		}
		for name, id := range map[string]struct {
			id         int64
			generation int
		}{"earlier generation": {c.ID, 0}, "later generation": {c.ID, 2}, "stopped": {stopped.ID, 1}, "unknown": {4711, 1}} {
			if _, won := lock(id.id, id.generation); won {
				t.Errorf("%s: locked", name)
			}
		}
		got, won := lock(c.ID, 1)
		same(t, "won", won, true)
		same(t, "locked", got, c)
	})
}

// One step is taken once, however many nodes try at the same time.
func TestStepOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		c := addChase(t, s, store.Chase{Subject: notice.Subject{Kind: "a", ID: 1}, State: store.ChaseActive, NextAt: noon})
		won := claims(t, s, func(tx *store.Tx) (bool, error) {
			got, err := tx.LockChases(ctx, notice.Round{ID: c.ID, Generation: 1})
			if err != nil || len(got) == 0 {
				return false, err
			}
			return true, tx.SaveChases(ctx, got, noon)
		})
		same(t, "steps", won, 1)
		same(t, "generation", chaseOf(t, s, c.Subject).Generation, 2)
	})
}

// Rounds written back together keep what is each one's own.
func TestSaveChases(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		list := []store.Chase{addChase(t, s, store.Chase{Subject: notice.Subject{Kind: "a", ID: 1}, Profile: "p", Policy: 1, State: store.ChaseActive, NextAt: noon}),
			addChase(t, s, store.Chase{Subject: notice.Subject{Kind: "a", ID: 2}, Profile: "q", Policy: 2, State: store.ChaseActive, NextAt: noon})}
		list[0].Position, list[0].NextAt = "first", noon.Add(time.Hour)
		list[1].State, list[1].Reason, list[1].NextAt = store.ChaseDone, "closed", time.Time{}
		do(t, s, func(tx *store.Tx) error { return tx.SaveChases(ctx, list, noon) })
		do(t, s, func(tx *store.Tx) error { return tx.SaveChases(ctx, nil, noon) })
		for _, c := range list {
			c.Generation = 2
			same(t, "saved", chaseOf(t, s, c.Subject), c)
		}
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM chases"), 2)
	})
}

// A second node passes over the step that the first has locked instead of waiting.
// SQLite has one writer at a time, so there the second waits; see TestStepOnce. A
// person's notices are waited for; see TestPendingOfNeighbours.
func TestSkipLocked(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if s.Dialect() != store.MySQL {
			return
		}
		c := addChase(t, s, store.Chase{Subject: notice.Subject{Kind: "a", ID: 1}, State: store.ChaseActive, NextAt: noon})
		do(t, s, func(first *store.Tx) error {
			won, err := first.LockChases(ctx, notice.Round{ID: c.ID, Generation: 1})
			ok(t, err)
			same(t, "first", len(won), 1)
			do(t, s, func(second *store.Tx) error {
				won, err := second.LockChases(ctx, notice.Round{ID: c.ID, Generation: 1})
				ok(t, err)
				same(t, "second", len(won), 0)
				return nil
			})
			return nil
		})
	})
}

func TestDropNotices(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		subject := notice.Subject{Kind: notice.Assignment, ID: 1}
		addNotices(t, s,
			notice.Notice{Key: "a", Subject: subject, Kind: notice.Reminder}, notice.Notice{Key: "b", Subject: subject, Kind: notice.Escalation},
			notice.Notice{Key: "c", Subject: subject, Kind: notice.Answer}, notice.Notice{Key: "d", Subject: notice.Subject{Kind: notice.HazardSubj, ID: 1}, Kind: notice.Reminder},
			notice.Notice{Key: "e", Subject: subject, Kind: notice.Reminder})
		exec(t, s, "UPDATE notices SET state = 'taken' WHERE dedupe_key = 'e'")
		drop := func(kinds ...notice.Kind) {
			do(t, s, func(tx *store.Tx) error { return tx.DropNotices(ctx, subject, kinds, "reported") })
		}
		drop()
		same(t, "no kinds", count(t, s, "SELECT COUNT(*) FROM notices WHERE state = 'pending'"), 4)
		drop(notice.Reminder, notice.Escalation)
		same(t, "dropped", count(t, s, "SELECT COUNT(*) FROM notices WHERE state = 'dropped' AND reason = 'reported' AND dedupe_key IN ('a','b')"), 2)
		same(t, "left", count(t, s, "SELECT COUNT(*) FROM notices WHERE state <> 'dropped'"), 3)
	})
}
