package store_test

import (
	"errors"
	"testing"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/store"
)

// addItem stores an item; items come into being by seeding only.
func addItem(t *testing.T, s *store.Store, i duty.Item) duty.Item {
	t.Helper()
	exec(t, s, "INSERT INTO items (id, year, code, descr, figures, assist_ids) VALUES (?, ?, ?, '', '', '')", i.ID, i.Year, i.Code)
	do(t, s, func(tx *store.Tx) error { return tx.SaveItem(ctx, i) })
	return i
}

func addWork(t *testing.T, s *store.Store, list ...duty.Assignment) []duty.Assignment {
	t.Helper()
	var added []duty.Assignment
	do(t, s, func(tx *store.Tx) (err error) { added, err = tx.AddAssignments(ctx, list); return err })
	return added
}

func TestItems(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		full := addItem(t, s, fill[duty.Item](t))
		late := addItem(t, s, duty.Item{ID: 90, Year: full.Year, Code: "9-2", Point: 99})
		early := addItem(t, s, duty.Item{ID: 91, Year: full.Year, Code: "1-1", Point: 1})
		addItem(t, s, duty.Item{ID: 92, Year: 1999, Code: "1-1", Point: 1})
		got, err := s.Read(ctx).Items(ctx, full.Year)
		ok(t, err)
		same(t, "of a year, by point", got, []duty.Item{early, full, late})
		got, err = s.Read(ctx).Items(ctx, full.Year, "9-2", "8-8")
		ok(t, err)
		same(t, "by code", got, []duty.Item{late})
		got, err = s.Read(ctx).Items(ctx, 2001)
		ok(t, err)
		same(t, "of another year", got, []duty.Item{})

		cleared := duty.Item{ID: full.ID, Year: full.Year, Code: full.Code}
		do(t, s, func(tx *store.Tx) error { return tx.SaveItem(ctx, cleared) })
		got, err = s.Read(ctx).Items(ctx, full.Year, full.Code)
		ok(t, err)
		same(t, "emptied fields", got, []duty.Item{cleared})
	})
}

func TestAssignments(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		item := fill[duty.Item](t)
		item.State = duty.Confirmed
		addItem(t, s, item)
		a := fill[duty.Assignment](t)
		a.ID, a.ItemID, a.Version = 0, item.ID, 0
		next := a
		next.Period = "次期"
		added := addWork(t, s, a)
		if len(added) != 1 || added[0].ID == 0 {
			t.Fatalf("added %+v", added)
		}
		a.ID = added[0].ID
		same(t, "added", added[0], a)
		again := addWork(t, s, duty.Assignment{ItemID: a.ItemID, UnitID: a.UnitID, Period: a.Period}, next)
		if len(again) != 1 || again[0].Period != "次期" {
			t.Errorf("an assignment was added twice: %+v", again)
		}
		got, err := s.Read(ctx).WorkByID(ctx, a.ID, 4711)
		ok(t, err)
		same(t, "round trip", got, []duty.Work{{Assignment: a, Item: item}})

		b := duty.Assignment{ID: a.ID, ItemID: a.ItemID, UnitID: a.UnitID, Period: a.Period}
		do(t, s, func(tx *store.Tx) error { return tx.SaveAssignment(ctx, b) })
		b.Version = 1
		got, err = s.Read(ctx).WorkByID(ctx, a.ID)
		ok(t, err)
		same(t, "saved with emptied fields", got, []duty.Work{{Assignment: b, Item: item}})
		none, err := s.Read(ctx).WorkByID(ctx)
		ok(t, err)
		same(t, "no ids", none, []duty.Work{})
	})
}

func TestSaveAssignmentOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		addItem(t, s, duty.Item{ID: 1, State: duty.Confirmed})
		stale := addWork(t, s, duty.Assignment{ItemID: 1, UnitID: "u"})[0]
		do(t, s, func(tx *store.Tx) error { return tx.SaveAssignment(ctx, stale) })

		tries := 0
		err := s.Within(ctx, func(tx *store.Tx) error { tries++; return tx.SaveAssignment(ctx, stale) })
		if !errs.Is(err, errs.Conflict) || errs.Say(err) != "别人刚刚也在改这一条，您的没有保存。请再发一次。" {
			t.Errorf("always stale: %v (%s), want a conflict", err, errs.Say(err))
		}
		same(t, "tries until giving up", tries, store.MaxTries)

		tries = 0
		do(t, s, func(tx *store.Tx) error {
			fresh := stale
			if tries++; tries > 1 {
				fresh.Version = 1
			}
			return tx.SaveAssignment(ctx, fresh)
		})
		same(t, "tries with a second look", tries, 2)
	})
}

// Everybody reads, then adds one: nothing may get lost. As many as the tries are
// sure to succeed, since each round lets one through.
func TestReportsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		addItem(t, s, duty.Item{ID: 1, State: duty.Confirmed})
		id := addWork(t, s, duty.Assignment{ItemID: 1, UnitID: "u"})[0].ID
		ok(t, race(store.MaxTries, func(int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				w, err := tx.WorkByID(ctx, id)
				if err != nil {
					return err
				}
				w[0].Percent++
				return tx.SaveAssignment(ctx, w[0].Assignment)
			})
		}))
		got, err := s.Read(ctx).WorkByID(ctx, id)
		ok(t, err)
		same(t, "sum", got[0].Percent, float64(store.MaxTries))
		same(t, "version", got[0].Version, store.MaxTries)
	})
}

func TestWork(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for i, item := range []duty.Item{
			{Code: "1-2", Point: 1, Lead: "sec-a"}, {Code: "1-10", Point: 1, Lead: "sec-b"}, {Code: "2-1", Point: 2, Lead: "sec-b"},
		} {
			item.ID, item.Year, item.State = int64(i+1), 2025, duty.Confirmed
			addItem(t, s, item)
		}
		addItem(t, s, duty.Item{ID: 9, Year: 2025, Code: "9-9", State: duty.Draft})
		on := calendar.MustParse
		addWork(t, s,
			duty.Assignment{ItemID: 1, UnitID: "s1", State: duty.Assigned, Due: on("2025-10-01"), Opens: on("2025-09-01"), Note: "a"},
			duty.Assignment{ItemID: 2, UnitID: "s1", State: duty.Submitted, Due: on("2025-10-01"), Note: "b"},
			duty.Assignment{ItemID: 3, UnitID: "s1", State: duty.Returned, Due: on("2025-09-15"), Note: "c"},
			duty.Assignment{ItemID: 3, UnitID: "s2", State: duty.Closed, Note: "d"},
			duty.Assignment{ItemID: 1, UnitID: "sec-b", State: duty.Signed, Due: on("2025-12-01"), Opens: on("2025-11-01"), Note: "e"},
			duty.Assignment{ItemID: 9, UnitID: "s1", State: duty.Assigned, Note: "draft"},
		)
		for _, c := range []struct {
			name string
			f    duty.Filter
			want string
		}{
			{"all: the next due first, then in the order of the document, undated last", duty.Filter{}, "cabed"},
			{"units", duty.Filter{Units: []string{"s2", "sec-b"}}, "ed"},
			{"a section leads or performs", duty.Filter{Sections: []string{"sec-b"}}, "cbed"},
			{"unit and section", duty.Filter{Units: []string{"s1"}, Sections: []string{"sec-a"}}, "a"},
			{"codes", duty.Filter{Codes: []string{"2-1", "1-10"}}, "cbd"},
			{"point", duty.Filter{Point: 1}, "abe"},
			{"due from, without the undated", duty.Filter{DueFrom: on("2025-10-01")}, "abe"},
			{"due to, without the undated", duty.Filter{DueTo: on("2025-10-01")}, "cab"},
			{"one day", duty.Filter{DueFrom: on("2025-09-15"), DueTo: on("2025-09-15")}, "c"},
			{"states", duty.Filter{States: []duty.State{duty.Closed, duty.Submitted}}, "bd"},
			{"open", duty.Filter{OpenOnly: true}, "cae"},
			{"open wins over states", duty.Filter{OpenOnly: true, States: []duty.State{duty.Closed}}, "cae"},
			{"opened by today", duty.Filter{Today: on("2025-10-31")}, "cabd"},
			{"limit", duty.Filter{Limit: 2}, "ca"},
			{"nothing", duty.Filter{Units: []string{"nowhere"}}, ""},
		} {
			list, err := s.Read(ctx).Work(ctx, c.f)
			ok(t, err)
			got := ""
			for _, w := range list {
				got += w.Note
			}
			same(t, c.name, got, c.want)
		}
	})
}

func TestAddReport(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		full := fill[store.ReportLine](t)
		bare := store.ReportLine{AssignmentID: 2, At: noon}
		var ids [2]int64
		do(t, s, func(tx *store.Tx) error {
			var e1, e2 error
			ids[0], e1 = tx.AddReport(ctx, full)
			ids[1], e2 = tx.AddReport(ctx, bare)
			return errors.Join(e1, e2)
		})
		if ids[0] == 0 || ids[1] <= ids[0] {
			t.Errorf("ids %v", ids)
		}
		same(t, "full report", count(t, s, `SELECT COUNT(*) FROM reports WHERE id=? AND assignment_id=? AND person_id=? AND platform=? AND at=? AND status=?
			AND percent=? AND value=? AND note=? AND eta=? AND files=?`, ids[0], full.AssignmentID, full.PersonID, full.Platform, full.At.UnixMilli(),
			string(full.Status), *full.Percent, *full.Value, full.Note, full.ETA.String(), full.Files), 1)
		same(t, "figures not said", count(t, s, "SELECT COUNT(*) FROM reports WHERE id=? AND percent IS NULL AND value IS NULL AND eta=''", ids[1]), 1)
	})
}
