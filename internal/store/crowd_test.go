package store_test

import (
	"errors"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/store"
)

func TestRunsOfSeveral(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		do(t, s, func(tx *store.Tx) error { return tx.OnceEach(ctx, map[string]string{"a": "1", "b": "2"}, noon) })
		do(t, s, func(tx *store.Tx) error { return tx.OnceEach(ctx, nil, noon) })
		err := s.Within(ctx, func(tx *store.Tx) error { return tx.OnceEach(ctx, map[string]string{"c": "3", "b": "4"}, noon) })
		if !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("recorded twice: %v", err)
		}
		ran, err := s.Read(ctx).RanOf(ctx, "a", "b", "c")
		ok(t, err)
		same(t, "ran", ran, map[string]bool{"a": true, "b": true})
	})
}

func TestAddMessages(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		message := func(key string) store.Message {
			return store.Message{Key: key, PersonID: "p-" + key, Platform: "wecom", Text: "早上好，" + key, State: store.MsgQueued, NextAt: noon, Created: noon, Batch: "b"}
		}
		var old int64
		do(t, s, func(tx *store.Tx) (err error) { old, err = tx.AddMessage(ctx, message("old")); return err })
		var ids []int64
		do(t, s, func(tx *store.Tx) (err error) {
			ids, err = tx.AddMessages(ctx, []store.Message{message("x"), message("old"), message("y"), message("x")})
			return err
		})
		if len(ids) != 4 || ids[1] != 0 || ids[3] != 0 || ids[0] == ids[2] {
			t.Fatalf("ids %v", ids)
		}
		for i, key := range map[int]string{0: "x", 2: "y"} {
			got, known, err := s.Read(ctx).MessageByID(ctx, ids[i])
			ok(t, err)
			want := message(key)
			want.ID = ids[i]
			same(t, key, got, want)
			same(t, "stored", known, true)
		}
		do(t, s, func(tx *store.Tx) (err error) {
			ids, err = tx.AddMessages(ctx, []store.Message{message("old")})
			return err
		})
		same(t, "only known ones", ids, []int64{0})
		do(t, s, func(tx *store.Tx) (err error) { ids, err = tx.AddMessages(ctx, nil); return err })
		same(t, "none", ids, []int64{})
		same(t, "old one", old > 0, true)
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM messages"), 3)
	})
}

func TestTakeNotices(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		addNotices(t, s, notice.Notice{Key: "a", PersonID: "p", NotBefore: noon}, notice.Notice{Key: "b", PersonID: "p", NotBefore: noon},
			notice.Notice{Key: "c", PersonID: "p", NotBefore: noon})
		var list []notice.Notice
		do(t, s, func(tx *store.Tx) (err error) { list, err = tx.LockPending(ctx, noon, "p", "q"); return err })
		same(t, "waiting", len(list), 3)
		do(t, s, func(tx *store.Tx) error { return tx.TakeNotices(ctx, map[int64]int64{list[0].ID: 11, list[2].ID: 12}) })
		do(t, s, func(tx *store.Tx) error { return tx.TakeNotices(ctx, nil) })
		for message, want := range map[int64]int64{11: list[0].ID, 12: list[2].ID} {
			got, err := s.Read(ctx).NoticesOf(ctx, message)
			ok(t, err)
			if list := got[message]; len(list) != 1 || list[0].ID != want || list[0].State != notice.Taken {
				t.Errorf("in message %d: %+v", message, got)
			}
		}
		do(t, s, func(tx *store.Tx) (err error) { list, err = tx.LockPending(ctx, noon, "p"); return err })
		same(t, "left", len(list), 1)
	})
}

// Adding several notices tells the new ones from those that exist, also twice in
// one list.
func TestAddSeveralNotices(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		addNotices(t, s, notice.Notice{Key: "old", PersonID: "p"})
		n := 0
		do(t, s, func(tx *store.Tx) (err error) {
			n, err = tx.AddNotices(ctx, []notice.Notice{{Key: "old", PersonID: "q"}, {Key: "x", PersonID: "p", Text: "一"}, {Key: "x", PersonID: "p"}, {Key: "y", PersonID: "p"}})
			return err
		})
		same(t, "new", n, 2)
		same(t, "rows", count(t, s, "SELECT COUNT(*) FROM notices"), 3)
		same(t, "the first of equals", count(t, s, "SELECT COUNT(*) FROM notices WHERE dedupe_key = 'x' AND text = '一'"), 1)
	})
}

func TestPeopleTogether(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		do(t, s, func(tx *store.Tx) error {
			for _, id := range []string{"p1", "p2", "p3"} {
				if err := tx.AddPerson(ctx, id, "某"+id, "u", noon); err != nil {
					return err
				}
			}
			return tx.SetQuiet(ctx, "p2", noon.Add(time.Hour))
		})
		exec(t, s, "UPDATE persons SET active = 0 WHERE id = 'p3'")
		people, err := s.Read(ctx).ActorsByPerson(ctx, "p1", "p2", "p3", "nobody")
		ok(t, err)
		same(t, "people", people, map[string]org.Actor{"p1": {PersonID: "p1", Name: "某p1", UnitID: "u"}, "p2": {PersonID: "p2", Name: "某p2", UnitID: "u"}})
		quiet, err := s.Read(ctx).QuietOf(ctx, "p1", "p2")
		ok(t, err)
		same(t, "quiet", quiet, map[string]time.Time{"p2": noon.Add(time.Hour)})
	})
}
