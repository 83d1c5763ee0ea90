package store_test

import (
	"fmt"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/store"
)

// TestDeliveries holds which notices are found and what is said to have become of
// them.
func TestDeliveries(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		work := func(id int64) notice.Subject { return notice.Subject{Kind: notice.Assignment, ID: id} }
		hazard := notice.Subject{Kind: notice.HazardSubj, ID: 1}
		addNotices(t, s,
			notice.Notice{Key: "sent", Kind: notice.Reminder, Subject: work(1), PersonID: "p", NotBefore: noon, CreatedAt: noon},
			notice.Notice{Key: "elsewhere", Kind: notice.Reminder, Subject: work(1), PersonID: "q", NotBefore: noon, CreatedAt: noon},
			notice.Notice{Key: "failed", Kind: notice.Escalation, Subject: work(2), PersonID: "q", NotBefore: noon, CreatedAt: noon},
			notice.Notice{Key: "doubt", Kind: notice.Reminder, Subject: hazard, PersonID: "q", NotBefore: noon, CreatedAt: noon},
			notice.Notice{Key: "waits", Kind: notice.Reminder, Subject: work(2), PersonID: "p", NotBefore: noon.Add(time.Hour), CreatedAt: noon},
			notice.Notice{Key: "unbound", Kind: notice.Reminder, Subject: work(2), PersonID: "r", NotBefore: noon, CreatedAt: noon},
			notice.Notice{Key: "over", Kind: notice.Reminder, Subject: work(3), PersonID: "p", NotBefore: noon, CreatedAt: noon},
			notice.Notice{Key: "old", Kind: notice.Reminder, Subject: work(1), PersonID: "p", NotBefore: noon.Add(-48 * time.Hour), CreatedAt: noon.Add(-48 * time.Hour)})
		take := func(key string, messages ...notice.Message) {
			for i, m := range messages {
				m.Key, m.Created = fmt.Sprintf("%s@%s", key, m.Platform), noon
				var id int64
				do(t, s, func(tx *store.Tx) (err error) { id, err = tx.AddMessage(ctx, m); return err })
				if i == 0 {
					exec(t, s, fmt.Sprintf("UPDATE notices SET state = 'taken', message_id = %d WHERE dedupe_key = '%s'", id, key))
				}
			}
		}
		take("sent", notice.Message{Platform: "wecom", State: notice.MsgSent})
		take("elsewhere", notice.Message{Platform: "wecom", State: notice.MsgFailed, Reason: "invalid_user"}, notice.Message{Platform: "dingtalk", State: notice.MsgSent})
		take("failed", notice.Message{Platform: "wecom", State: notice.MsgFailed, Reason: "invalid_user"})
		take("doubt", notice.Message{Platform: "dingtalk", State: notice.MsgUnknown, Reason: "crash"})
		exec(t, s, "UPDATE notices SET state = 'dropped', reason = 'no_account' WHERE dedupe_key = 'unbound'")
		exec(t, s, "UPDATE notices SET state = 'dropped', reason = 'closed' WHERE dedupe_key = 'over'")

		found := func(q notice.DeliveryQuery) map[string]string {
			q.Limit = max(q.Limit, 20)
			list, err := s.Read(ctx).Deliveries(ctx, q)
			ok(t, err)
			out := map[string]string{}
			for _, d := range list {
				fate, reason, _ := d.Outcome()
				out[d.Key] = string(fate) + " " + reason
			}
			return out
		}
		all := map[string]string{"sent": "arrived ", "elsewhere": "arrived ", "failed": "failed invalid_user", "doubt": "in_doubt crash",
			"waits": "waiting ", "unbound": "failed no_account", "over": "needless closed"}
		same(t, "today", found(notice.DeliveryQuery{Since: noon}), all)
		same(t, "of a person", found(notice.DeliveryQuery{Since: noon, Persons: []string{"p"}}), pick(all, "sent", "waits", "over"))
		same(t, "about work", found(notice.DeliveryQuery{Since: noon, Subjects: []int64{1, 2}}), pick(all, "sent", "elsewhere", "failed", "waits", "unbound"))
		same(t, "of a kind", found(notice.DeliveryQuery{Since: noon, Kinds: []notice.Kind{notice.Escalation}}), pick(all, "failed"))
		same(t, "of the past", len(found(notice.DeliveryQuery{Since: noon.Add(-72 * time.Hour), Before: noon})), 1)
	})
}

func pick(from map[string]string, keys ...string) map[string]string {
	out := map[string]string{}
	for _, k := range keys {
		out[k] = from[k]
	}
	return out
}
