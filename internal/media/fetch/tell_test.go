package fetch

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/store"
	"duban/internal/testkit"
)

// hours puts everything off for an hour.
type hours struct{}

func (hours) Quiet(_ context.Context, t time.Time) (time.Time, error)   { return t.Add(time.Hour), nil }
func (hours) Morning(_ context.Context, t time.Time) (time.Time, error) { return t.Add(time.Hour), nil }

// waiting is what people are to be told by then.
func waiting(t *testing.T, s *store.Store, at time.Time) (list []notice.Notice) {
	t.Helper()
	err := s.Within(t.Context(), func(tx *store.Tx) (err error) {
		list, err = tx.LockPending(t.Context(), at, "p")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestOneSentenceForPhotosThatFailAlike(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		w, _, _ := newWorker(t, s, &platform{body: []byte("PK\x03\x04" + strings.Repeat("\x00", 60))})
		woken := 0
		w.Wake = func(...string) { woken++ }
		for range 3 {
			if err := w.Do(t.Context(), add(t, s, "wecom")); err != nil {
				t.Fatal(err)
			}
		}
		list := waiting(t, s, noon)
		if len(list) != 1 || list[0].Urgency != notice.Immediate || list[0].Step != "via/wecom" || !strings.Contains(list[0].Text, "不是照片") || woken != 3 {
			t.Errorf("told %+v, woken %d times", list, woken)
		}
	})
}

// Who waits for hours is not woken at night by the news that it was in vain.
func TestLateNewsWaitForTheMorning(t *testing.T) {
	s := testkit.SQLite(t)
	w, c, _ := newWorker(t, s, &platform{err: errors.New("connection lost")})
	id := add(t, s, "wecom")
	for range maxTries {
		if err := w.Do(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		c.Set(c.Now().Add(longest))
	}
	now := c.Now().Add(-longest)
	if list := waiting(t, s, now); len(list) != 0 {
		t.Errorf("told at once: %+v", list)
	}
	if list := waiting(t, s, now.Add(time.Hour)); len(list) != 1 || list[0].Urgency != notice.Prompt || !strings.Contains(list[0].Text, "没有取到") {
		t.Errorf("told later: %+v", list)
	}
}
