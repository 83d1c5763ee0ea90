package store_test

import (
	"fmt"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/notice"
	"duban/internal/store"
)

// TestBurden: a merged morning counts once, what failed or was asked for not at all,
// and days at both ends belong to the span.
func TestBurden(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO persons (id, name, unit_id, active) VALUES ('p', '', 's1', 1), ('q', '', 's1', 1), ('r', '', 's2', 1), ('x', '', 'section', 1)")
		end := noon.Add(24 * time.Hour)
		for i, m := range []notice.Message{
			{Kind: notice.Morning, PersonID: "p", State: notice.MsgSent, Created: noon},
			{Kind: notice.NewHazard, PersonID: "q", State: notice.MsgSent, Created: end.Add(-time.Second)},
			{Kind: notice.Morning, PersonID: "r", State: notice.MsgSent, Created: noon},
			{Kind: notice.Morning, PersonID: "x", State: notice.MsgSent, Created: noon},
			{Kind: notice.Morning, PersonID: "p", State: notice.MsgFailed, Created: noon},
			{Kind: notice.Answer, PersonID: "p", State: notice.MsgSent, Created: noon},
			{Kind: notice.Document, PersonID: "p", State: notice.MsgSent, Created: noon},
			{Kind: notice.Morning, PersonID: "p", State: notice.MsgSent, Created: end},
			{Kind: notice.Morning, PersonID: "p", State: notice.MsgSent, Created: noon.Add(-time.Second)},
		} {
			m.Key = fmt.Sprint(i)
			do(t, s, func(tx *store.Tx) error { _, err := tx.AddMessage(ctx, m); return err })
		}
		got, err := s.Read(ctx).MessagesByUnit(ctx, []string{"s1", "s2", "s3"}, noon, end)
		ok(t, err)
		same(t, "messages", got, map[string]int{"s1": 2, "s2": 1})

		for i, a := range []struct{ unit, opens, state string }{
			{"s1", "2025-09-01", "assigned"}, {"s1", "2025-09-30", string(duty.Closed)}, {"s2", "2025-09-15", "assigned"},
			{"s1", "2025-08-31", "assigned"}, {"s1", "2025-10-01", "assigned"}, {"s1", "2025-09-02", string(duty.Void)}, {"section", "2025-09-02", "assigned"},
		} {
			exec(t, s, "INSERT INTO assignments (item_id, unit_id, opens, state, note) VALUES (?, ?, ?, ?, '')", i+1, a.unit, a.opens, a.state)
		}
		got, err = s.Read(ctx).AskedByUnit(ctx, []string{"s1", "s2", "s3"}, calendar.Of(2025, 9, 1), calendar.Of(2025, 9, 30))
		ok(t, err)
		same(t, "asked", got, map[string]int{"s1": 2, "s2": 1})
	})
}
