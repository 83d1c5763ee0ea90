package store_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"duban/internal/notice"
	"duban/internal/store"
)

// What is of equal weight comes in the same order whoever stored it first, so that
// two nodes word the same message.
func TestPendingNoticesDoNotDependOnTheOrderOfStoring(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		now, r := time.UnixMilli(1_800_000_000_000).UTC(), rand.New(rand.NewPCG(1, 2))
		for _, person := range []string{"a", "b", "c"} {
			var list []notice.Notice
			for i, key := range []string{"q", "w", "e", "r", "t", "y", "u", "i", "o", "p"} {
				list = append(list, notice.Notice{Key: key + person, PersonID: person, NotBefore: now, Weight: 10 * (i % 2),
					Subject: notice.Subject{Kind: notice.PersonSubj, ID: int64(i % 3)}})
			}
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			addNotices(t, s, list...)
			same(t, "order", strings.ReplaceAll(keys(lockPending(t, s, person, now)), person, ""), "priwyquteo")
		}
	})
}
