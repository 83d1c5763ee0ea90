package store_test

import (
	"fmt"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/store"
)

func addNotices(t *testing.T, s *store.Store, list ...notice.Notice) int {
	t.Helper()
	fresh := 0
	do(t, s, func(tx *store.Tx) (err error) { fresh, err = tx.AddNotices(ctx, list); return err })
	return fresh
}

func lockPending(t *testing.T, s *store.Store, person string, now time.Time) []notice.Notice {
	t.Helper()
	var list []notice.Notice
	do(t, s, func(tx *store.Tx) (err error) { list, err = tx.LockPending(ctx, now, person); return err })
	return list
}

func keys(list []notice.Notice) string {
	out := ""
	for _, n := range list {
		out += n.Key
	}
	return out
}

func TestNotices(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want := fill[notice.Notice](t)
		same(t, "fresh", addNotices(t, s, want, notice.Notice{Key: want.Key}, notice.Notice{Key: "other"}), 2)
		same(t, "fresh again", addNotices(t, s, want), 0)
		got := lockPending(t, s, want.PersonID, want.NotBefore)
		if len(got) != 1 {
			t.Fatalf("notices %+v", got)
		}
		want.ID, want.State, want.Reason, want.MessageID = got[0].ID, notice.Pending, "", 0 // a new one is open
		same(t, "round trip", got[0], want)
	})
}

func TestPendingNotices(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		next := func() time.Time {
			at, err := s.Read(ctx).NextNoticeAt(ctx)
			ok(t, err)
			return at
		}
		recipients := func(limit int) []string {
			ids, err := s.Read(ctx).Recipients(ctx, noon, limit)
			ok(t, err)
			return ids
		}
		same(t, "next of none", next(), time.Time{})
		addNotices(t, s,
			notice.Notice{Key: "a", PersonID: "q", NotBefore: noon.Add(-time.Minute), Weight: 1}, notice.Notice{Key: "b", PersonID: "q", NotBefore: noon, Weight: 5},
			notice.Notice{Key: "c", PersonID: "q", NotBefore: noon.Add(-time.Hour), Weight: 1}, notice.Notice{Key: "d", PersonID: "q", NotBefore: noon.Add(time.Minute), Weight: 9},
			notice.Notice{Key: "e", PersonID: "p", NotBefore: noon}, notice.Notice{Key: "f", PersonID: "later", NotBefore: noon.Add(time.Minute)})
		same(t, "recipients", recipients(10), []string{"p", "q"})
		same(t, "limit", recipients(1), []string{"p"})
		same(t, "next", next(), noon.Add(-time.Hour))
		list := lockPending(t, s, "q", noon)
		same(t, "pending, the weightiest first", keys(list), "bac")

		do(t, s, func(tx *store.Tx) error {
			return tx.SettleNotices(ctx, []int64{list[0].ID, list[1].ID}, notice.Taken, "merged", 8)
		})
		do(t, s, func(tx *store.Tx) error {
			return tx.DelayNotices(ctx, []int64{list[2].ID}, noon.Add(time.Second), "quiet")
		})
		same(t, "settled", count(t, s, "SELECT COUNT(*) FROM notices WHERE state='taken' AND reason='merged' AND message_id=8 AND dedupe_key IN ('b','a')"), 2)
		same(t, "left now", keys(lockPending(t, s, "q", noon)), "")
		later := lockPending(t, s, "q", noon.Add(time.Second))
		same(t, "left later", keys(later), "c")
		same(t, "reason of the delay", later[0].Reason, "quiet")
		same(t, "recipients after", recipients(10), []string{"p"})

		do(t, s, func(tx *store.Tx) error { return tx.SettleNotices(ctx, nil, notice.Dropped, "x", 0) })
		do(t, s, func(tx *store.Tx) error { return tx.DelayNotices(ctx, nil, noon, "x") })
		same(t, "an empty list touches nothing", count(t, s, "SELECT COUNT(*) FROM notices WHERE reason='x'"), 0)
	})
}

// Two nodes plan the same reminder: it is told once.
func TestNoticeOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		same(t, "planned", claims(t, s, func(tx *store.Tx) (bool, error) {
			n, err := tx.AddNotices(ctx, []notice.Notice{{Key: "a"}})
			return n == 1, err
		}), 1)
	})
}

func addMessage(t *testing.T, s *store.Store, m store.Message) int64 {
	t.Helper()
	var id int64
	do(t, s, func(tx *store.Tx) (err error) { id, err = tx.AddMessage(ctx, m); return err })
	return id
}

func message(t *testing.T, s *store.Store, id int64) store.Message {
	t.Helper()
	m, known, err := s.Read(ctx).MessageByID(ctx, id)
	ok(t, err)
	same(t, "known", known, true)
	return m
}

func TestMessage(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want := fill[store.Message](t)
		want.ID = addMessage(t, s, want)
		want.PlatformID, want.Code, want.Attempts, want.Claimed, want.Sent = "", "", 0, time.Time{}, time.Time{} // facts of sending
		same(t, "round trip", message(t, s, want.ID), want)
		same(t, "same key", addMessage(t, s, store.Message{Key: want.Key}), int64(0))
		_, known, err := s.Read(ctx).MessageByID(ctx, 4711)
		ok(t, err)
		same(t, "unknown", known, false)
	})
}

func TestDueMessages(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		next := func() time.Time {
			at, err := s.Read(ctx).NextMessageAt(ctx)
			ok(t, err)
			return at
		}
		backlog := func() (int64, time.Duration) {
			n, lag, err := s.Read(ctx).Backlog(ctx, noon)
			ok(t, err)
			return n, lag
		}
		texts := func(list []store.Message, err error) string {
			ok(t, err)
			out := ""
			for _, m := range list {
				out += m.Key
			}
			return out
		}
		n, lag := backlog()
		same(t, "backlog of none", []int64{n, int64(lag)}, []int64{0, 0})
		same(t, "next of none", next(), time.Time{})
		add := func(key, state string, at time.Time) {
			addMessage(t, s, store.Message{Key: key, State: state, NextAt: at})
		}
		add("f", store.MsgQueued, noon.Add(time.Minute))
		n, lag = backlog()
		same(t, "nothing overdue", []int64{n, int64(lag)}, []int64{1, 0})
		add("a", store.MsgQueued, noon)
		add("b", store.MsgSending, noon.Add(-time.Second))
		add("c", store.MsgQueued, noon.Add(-time.Minute))
		add("d", store.MsgSending, noon.Add(time.Second))
		for _, state := range []string{store.MsgSent, store.MsgFailed, store.MsgUnknown} {
			add(state, state, noon.Add(-time.Hour))
		}
		same(t, "due, the longest first", texts(s.Read(ctx).DueMessages(ctx, noon, 10)), "cba")
		same(t, "limit", texts(s.Read(ctx).DueMessages(ctx, noon, 2)), "cb")
		same(t, "newest first", texts(s.Read(ctx).Messages(ctx, 4)), "unknownfailedsentd")
		same(t, "next", next(), noon.Add(-time.Minute))
		n, lag = backlog()
		same(t, "backlog", []int64{n, int64(lag)}, []int64{5, int64(time.Minute)})
	})
}

func TestClaimMessage(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		until := noon.Add(time.Minute)
		queued := message(t, s, addMessage(t, s, store.Message{Key: "k", State: store.MsgQueued, NextAt: noon}))
		claim := func(now, until time.Time) int {
			return claims(t, s, func(tx *store.Tx) (bool, error) {
				list, err := tx.ClaimMessages(ctx, now, until, queued.ID, 4711)
				return len(list) == 1, err
			})
		}
		same(t, "not due", claim(noon.Add(-time.Millisecond), until), 0)
		same(t, "won by", claim(noon, until), 1)
		first := queued
		first.State, first.Attempts, first.NextAt, first.Claimed = store.MsgSending, 1, until, until
		same(t, "claimed", message(t, s, queued.ID), first)

		// The first worker died; another takes over when the claim has run out.
		same(t, "taken over by", claim(until, until.Add(time.Minute)), 1)
		second := first
		second.Attempts, second.NextAt, second.Claimed = 2, until.Add(time.Minute), until.Add(time.Minute)
		finish := func(m store.Message) {
			do(t, s, func(tx *store.Tx) error { return tx.MessageDone(ctx, m) })
		}
		first.State, first.Reason = store.MsgFailed, "lost"
		finish(first)
		same(t, "a lost claim changes nothing", message(t, s, queued.ID), second)

		done := second
		done.State, done.Reason, done.Code, done.PlatformID, done.NextAt, done.Sent = store.MsgSent, "r", "60020", "pid", time.Time{}, noon
		finish(done)
		same(t, "sent", message(t, s, queued.ID), done)
		done.State = store.MsgQueued
		finish(done)
		same(t, "finished twice", message(t, s, queued.ID).State, store.MsgSent)
		same(t, "claims of a sent one", claim(until.Add(24*time.Hour), until.Add(48*time.Hour)), 0)
	})
}

func TestOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ran := func() bool {
			ran, err := s.Read(ctx).Ran(ctx, "digest-2025-09-01")
			ok(t, err)
			return ran
		}
		same(t, "before", ran(), false)
		same(t, "fresh", claims(t, s, func(tx *store.Tx) (bool, error) { return tx.Once(ctx, "digest-2025-09-01", "sent", noon) }), 1)
		same(t, "after", ran(), true)
		same(t, "stored", count(t, s, "SELECT COUNT(*) FROM runs WHERE name='digest-2025-09-01' AND at=? AND result='sent'", noon.UnixMilli()), 1)
	})
}

// Everybody's waiting notices are found whole, although others look at their
// neighbours' in the index at the same moment.
func TestPendingOfNeighbours(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		const people, each = 8, 5
		var list []notice.Notice
		for p := range people {
			for n := range each {
				list = append(list, notice.Notice{Key: fmt.Sprint(p, "-", n), PersonID: fmt.Sprint("p", p), NotBefore: noon})
			}
		}
		addNotices(t, s, list...)
		found := make([]int, people)
		ok(t, race(people, func(p int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				list, err := tx.LockPending(ctx, noon, fmt.Sprint("p", p))
				if err != nil {
					return err
				}
				found[p] = len(list)
				var ids []int64
				for _, n := range list {
					ids = append(ids, n.ID)
				}
				return tx.SettleNotices(ctx, ids, notice.Taken, "", 1)
			})
		}))
		for p, n := range found {
			same(t, fmt.Sprint("found of ", p), n, each)
		}
	})
}
