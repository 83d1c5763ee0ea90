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
