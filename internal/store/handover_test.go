package store_test

import (
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/store"
)

func TestPostByID(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		staff(t, s)
		got, known, err := s.Read(ctx).PostByID(ctx, "section")
		ok(t, err)
		same(t, "post", got, sectionPost)
		same(t, "known", known, true)
		vacant, known, err := s.Read(ctx).PostByID(ctx, "vacant")
		ok(t, err)
		same(t, "vacant", vacant.Title, "副校长")
		same(t, "known", known, true)
		_, known, err = s.Read(ctx).PostByID(ctx, "nowhere")
		ok(t, err)
		same(t, "unknown", known, false)
	})
}

func TestMisaddressedNotices(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		staff(t, s)
		later := noon.Add(24 * time.Hour)
		addNotices(t, s,
			notice.Notice{Key: "former ", PersonID: "old", PostID: "head", NotBefore: later},
			notice.Notice{Key: "holder", PersonID: "new", PostID: "head"},
			notice.Notice{Key: "other ", PersonID: "chief", PostID: "head"},
			notice.Notice{Key: "own", PersonID: "old"},
			notice.Notice{Key: "left ", PersonID: "gone", PostID: "vacant"},
			notice.Notice{Key: "away ", PersonID: "chief", PostID: "section"},
			notice.Notice{Key: "told", PersonID: "old", PostID: "head"})
		exec(t, s, "UPDATE notices SET state = 'taken' WHERE dedupe_key = 'told'")
		for want, away := range map[string][]string{"former other left ": nil, "former other left away ": {"chief"}} {
			list, err := s.Read(ctx).Misaddressed(ctx, away...)
			ok(t, err)
			same(t, "misaddressed", keys(list), want)
			same(t, "when", list[0].NotBefore.Equal(later), true)
		}
	})
}

func TestEndLostDelegations(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		staff(t, s)
		day := calendar.Of(2025, 9, 1)
		lost := org.Delegation{From: "chief", To: "gone", First: day, Last: day + 9, By: "chief"}
		do(t, s, func(tx *store.Tx) error {
			if err := tx.AddDelegation(ctx, lost, noon); err != nil {
				return err
			}
			return tx.AddDelegation(ctx, org.Delegation{From: "new", To: "teacher", First: day, Last: day + 9}, noon)
		})
		for i, want := range []int{1, 0} {
			do(t, s, func(tx *store.Tx) error {
				ended, err := tx.EndLostDelegations(ctx)
				same(t, "ended", len(ended), want)
				if i == 0 && len(ended) == 1 {
					lost.ID = ended[0].ID
					same(t, "delegation", ended[0], lost)
				}
				return err
			})
		}
		left, err := s.Read(ctx).Delegations(ctx, day)
		ok(t, err)
		same(t, "left", len(left), 1)
	})
}
