package scenario

import (
	"fmt"
	"testing"
	"time"
)

// TestEscalationsOfAMorningInDoubtAreToldAgain leaves a morning message claimed,
// as a killed process would. It is not repeated, but the escalations it told come
// with the next morning, and only those. Found by make soak.
func TestEscalationsOfAMorningInDoubtAreToldAgain(t *testing.T) {
	each(t, setup{now: "2025-09-15T18:00:00+08:00"}, func(w *world) {
		w.until("2025-09-16 08:30")
		w.take()
		const telling = "SELECT MIN(n.message_id) FROM notices n JOIN messages m ON m.id = n.message_id WHERE n.kind = 'escalation' AND m.kind = 'morning'"
		id := w.query(telling)
		escalations := w.query("SELECT COUNT(*) FROM notices WHERE kind = 'escalation' AND message_id = " + id)
		reminders := w.query("SELECT COUNT(*) FROM notices WHERE kind <> 'escalation' AND message_id = " + id)
		claimed := w.clock.Now().Add(2 * time.Minute).UnixMilli()
		_, err := w.db().ExecContext(w.ctx, fmt.Sprintf("UPDATE messages SET state = 'sending', next_at = %d WHERE id = %s", claimed, id))
		w.ok(err)

		w.until("2025-09-16 08:40")
		w.expect()
		w.same("message", w.query("SELECT reason FROM messages WHERE state = 'unknown' AND id = "+id), "crash")
		w.same("escalations waiting", w.query("SELECT COUNT(*) FROM notices WHERE kind = 'escalation' AND state = 'pending' AND reason = 'in_doubt'"), escalations)
		w.same("the rest", w.query("SELECT COUNT(*) FROM notices WHERE kind <> 'escalation' AND message_id = "+id), reminders)

		w.until("2025-09-17 08:30")
		w.take()
		w.same("escalations waiting", w.query("SELECT COUNT(*) FROM notices WHERE state = 'pending' AND reason = 'in_doubt'"), "0")
	})
}
