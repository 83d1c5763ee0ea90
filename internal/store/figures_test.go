package store_test

import (
	"testing"
	"time"

	"duban/internal/duty"
	"duban/internal/store"
)

func TestFirstValue(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		first := fill[duty.ReportLine](t)
		later, silent := first, first
		v := 90.3
		later.Value, later.At, silent.Value, silent.At = &v, first.At.Add(time.Hour), nil, first.At.Add(-time.Hour)
		do(t, s, func(tx *store.Tx) error {
			for _, r := range []duty.ReportLine{later, silent, first, {AssignmentID: 99, At: noon}} {
				if _, err := tx.AddReport(ctx, r); err != nil {
					return err
				}
			}
			return nil
		})
		got, known, err := s.Read(ctx).FirstValue(ctx, first.AssignmentID)
		ok(t, err)
		same(t, "known", known, true)
		same(t, "first", got, first)
		_, known, err = s.Read(ctx).FirstValue(ctx, 99)
		ok(t, err)
		same(t, "without figures", known, false)
	})
}
