package store_test

import (
	"errors"
	"testing"

	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/store"
)

func TestHistory(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want := fill[journal.Entry](t)
		later := journal.Entry{Subject: want.Subject, At: noon, Action: "later"}
		do(t, s, func(tx *store.Tx) error {
			return errors.Join(tx.Append(ctx, want), tx.Append(ctx, later),
				tx.Append(ctx, journal.Entry{Subject: notice.Subject{Kind: want.Subject.Kind, ID: 99}}),
				tx.Append(ctx, journal.Entry{Subject: notice.Subject{Kind: "other", ID: want.Subject.ID}}))
		})
		got, err := s.Read(ctx).History(ctx, want.Subject, 10)
		ok(t, err)
		if len(got) != 2 {
			t.Fatalf("lines %+v", got)
		}
		later.ID, want.ID = got[0].ID, got[1].ID
		same(t, "history, the newest first", got, []journal.Entry{later, want})
		got, err = s.Read(ctx).History(ctx, want.Subject, 1)
		ok(t, err)
		same(t, "limit", got, []journal.Entry{later})
	})
}

func TestAddIncident(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		i := fill[store.Incident](t)
		var id int64
		do(t, s, func(tx *store.Tx) (err error) { id, err = tx.AddIncident(ctx, i); return err })
		same(t, "stored", count(t, s, `SELECT COUNT(*) FROM incidents WHERE id=? AND kind=? AND type=? AND unit_id=? AND person_id=? AND location=? AND at=? AND told=?
			AND acked_at=0 AND acked_by=''`, id, i.Kind, i.Type, i.UnitID, i.PersonID, i.Location, i.At.UnixMilli(), i.Told), 1)
	})
}

// What the operator looks up: several subjects at once, and one person.
func TestHistoryForOperators(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO items (id, year, code, descr, figures, assist_ids) VALUES (3, 2025, '9-1', '', '', '[]')")
		exec(t, s, "INSERT INTO assignments (id, item_id, unit_id, note) VALUES (8, 3, 'u', '')")
		of, err := s.Read(ctx).ItemSubjects(ctx, "9-1")
		ok(t, err)
		same(t, "subjects", of, []notice.Subject{{Kind: "item", ID: 3}, {Kind: notice.Assignment, ID: 8}})
		do(t, s, func(tx *store.Tx) error {
			return errors.Join(
				tx.Append(ctx, journal.Entry{Actor: "p1", Subject: of[0], Action: "create"}),
				tx.Append(ctx, journal.Entry{Actor: "p2", Subject: of[1], Action: "sign"}),
				tx.Append(ctx, journal.Entry{Actor: "p2", Subject: notice.Subject{Kind: notice.PersonSubj}, Action: "delegate", After: "p1"}),
				tx.Append(ctx, journal.Entry{Actor: "p2", Subject: notice.Subject{Kind: notice.Assignment, ID: 9}, Action: "report", After: "p1"}))
		})
		actions := func(list []journal.Entry, err error) (out []string) {
			ok(t, err)
			for _, e := range list {
				out = append(out, e.Action)
			}
			return out
		}
		same(t, "of the item", actions(s.Read(ctx).HistoryOf(ctx, of, 10)), []string{"sign", "create"})
		same(t, "by the person", actions(s.Read(ctx).HistoryBy(ctx, "p1", 10)), []string{"delegate", "create"})
		same(t, "limit", actions(s.Read(ctx).HistoryBy(ctx, "p2", 1)), []string{"report"})
	})
}
