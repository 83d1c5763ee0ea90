package store_test

import (
	"fmt"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/store"
)

func TestMessagesBy(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		for _, m := range []notice.Message{
			{Key: "a@wecom", PersonID: "p", State: notice.MsgFailed, Created: noon.Add(-time.Hour)},
			{Key: "a@dingtalk", PersonID: "p", State: notice.MsgSent, Created: noon},
			{Key: "b@wecom", PersonID: "q", State: notice.MsgFailed, Created: noon},
			{Key: "c@wecom", PersonID: "q", State: notice.MsgQueued, Created: noon},
		} {
			do(t, s, func(tx *store.Tx) error { _, err := tx.AddMessage(ctx, m); return err })
		}
		keys := func(list []notice.Message, err error) string {
			ok(t, err)
			var out []string
			for _, m := range list {
				out = append(out, m.Key)
			}
			return fmt.Sprint(out)
		}
		tx := s.Read(ctx)
		same(t, "all", keys(tx.MessagesBy(ctx, notice.MessageQuery{Limit: 9})), "[c@wecom b@wecom a@dingtalk a@wecom]")
		same(t, "the newest", keys(tx.MessagesBy(ctx, notice.MessageQuery{Limit: 1})), "[c@wecom]")
		same(t, "failed", keys(tx.MessagesBy(ctx, notice.MessageQuery{State: notice.MsgFailed, Limit: 9})), "[b@wecom a@wecom]")
		same(t, "failed since", keys(tx.MessagesBy(ctx, notice.MessageQuery{State: notice.MsgFailed, Since: noon, Limit: 9})), "[b@wecom]")
		same(t, "of a person", keys(tx.MessagesBy(ctx, notice.MessageQuery{PersonID: "p", Limit: 9})), "[a@dingtalk a@wecom]")
		same(t, "by key", keys(tx.MessagesByKey(ctx, "a@wecom", "a@dingtalk", "nothing")), "[a@wecom a@dingtalk]")
		open, err := tx.OpenStates(ctx)
		ok(t, err)
		same(t, "open", open, map[string]int{notice.MsgFailed: 2, notice.MsgQueued: 1})
	})
}

func TestRequeueMessage(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		requeue := func(m notice.Message) (done bool) {
			do(t, s, func(tx *store.Tx) (err error) { done, err = tx.RequeueMessage(ctx, m, noon); return err })
			return done
		}
		var id int64
		do(t, s, func(tx *store.Tx) (err error) {
			id, err = tx.AddMessage(ctx, notice.Message{Key: "k", State: notice.MsgFailed, Reason: "qps"})
			return err
		})
		m, _, err := s.Read(ctx).MessageByID(ctx, id)
		ok(t, err)
		same(t, "requeued", requeue(m), true)
		same(t, "requeued twice", requeue(m), false)
		m, _, err = s.Read(ctx).MessageByID(ctx, id)
		ok(t, err)
		same(t, "state", m.State+" "+m.Reason, "queued replay")
		due, err := s.Read(ctx).DueMessages(ctx, noon, 5)
		ok(t, err)
		same(t, "due", len(due), 1)
		same(t, "one that waits", requeue(m), false)
	})
}
