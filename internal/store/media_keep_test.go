package store_test

import (
	"fmt"
	"testing"
	"time"

	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/store"
)

func closedHazard(t *testing.T, s *store.Store, state hazard.State, closed time.Time) notice.Subject {
	t.Helper()
	var h hazard.Hazard
	do(t, s, func(tx *store.Tx) (err error) {
		h, err = tx.AddHazard(ctx, hazard.Hazard{Year: 2025, UnitID: "school", State: state, Life: hazard.Life{ClosedAt: closed}})
		return err
	})
	return notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
}

func closedWork(t *testing.T, s *store.Store, state duty.State, closed time.Time) notice.Subject {
	t.Helper()
	var list []duty.Assignment
	do(t, s, func(tx *store.Tx) (err error) {
		list, err = tx.AddAssignments(ctx, []duty.Assignment{{ItemID: 1, UnitID: "school", State: state, ClosedAt: closed, Period: fmt.Sprint(closed.Unix(), state)}})
		return err
	})
	return notice.Subject{Kind: notice.Assignment, ID: list[0].ID}
}

func TestFilesExpire(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		early, late := noon.Add(-2000*time.Hour), noon.Add(-10*time.Hour)
		cut := noon.Add(-1000 * time.Hour)
		file := func(name string, of notice.Subject, state media.State, created time.Time) store.File {
			return store.File{Name: name, Ref: "credential", Subject: of, State: state, Created: created, Home: "school", SHA256: "sha-" + name, Hash: 7}
		}
		long, short := closedHazard(t, s, hazard.Closed, early), closedHazard(t, s, hazard.Closed, late)
		open, void := closedHazard(t, s, hazard.Fixed, time.Time{}), closedHazard(t, s, hazard.Void, early)
		done, undone := closedWork(t, s, duty.Closed, early), closedWork(t, s, duty.InProgress, time.Time{})
		list := addFiles(t, s,
			file("a", long, media.Stored, early), file("b", long, media.Missing, early), file("c", short, media.Stored, early), file("d", open, media.Stored, early),
			file("e", void, media.Stored, early), file("f", done, media.Stored, early), file("g", undone, media.Stored, early), file("h", long, media.Failed, early),
			file("i", notice.Subject{}, media.Stored, early), file("j", notice.Subject{}, media.Stored, late))
		var got []store.File
		do(t, s, func(tx *store.Tx) (err error) { got, err = tx.ExpireFiles(ctx, cut, cut, 3); return err })
		same(t, "first three", len(got), 3)
		do(t, s, func(tx *store.Tx) (err error) { got, err = tx.ExpireFiles(ctx, cut, cut, 10); return err })
		same(t, "the others", len(got), 2)
		do(t, s, func(tx *store.Tx) (err error) { got, err = tx.ExpireFiles(ctx, cut, cut, 10); return err })
		same(t, "again", len(got), 0)
		expired, err := s.Read(ctx).ExpiredFiles(ctx, 10)
		ok(t, err)
		found := map[string]bool{}
		for _, f := range expired {
			found[f.Name] = true
		}
		same(t, "expired", found, map[string]bool{"a": true, "b": true, "e": true, "f": true, "i": true})

		used, err := s.Read(ctx).ContentUsed(ctx, "school", "sha-c")
		ok(t, err)
		same(t, "content of one that is kept", used, true)
		used, err = s.Read(ctx).ContentUsed(ctx, "school", "sha-a")
		ok(t, err)
		same(t, "content of one that is not", used, false)

		do(t, s, func(tx *store.Tx) error { return tx.FilesDeleted(ctx, list[0].ID) })
		do(t, s, func(tx *store.Tx) error { return tx.FilesDeleted(ctx) })
		f, _, err := s.Read(ctx).FileByID(ctx, list[0].ID)
		ok(t, err)
		want := list[0]
		want.State, want.Reason, want.Name, want.Ref, want.Hash = media.Deleted, "expired", "", "", 0
		same(t, "deleted", f, want)
	})
}

func TestFilesAreChecked(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		at := func(hours int) time.Time { return noon.Add(time.Duration(hours) * time.Hour) }
		list := addFiles(t, s, store.File{Name: "a", State: media.Stored, Seen: at(3)}, store.File{Name: "b", State: media.Stored, Seen: at(1)},
			store.File{Name: "c", State: media.Stored, Seen: at(2)}, store.File{Name: "d", State: media.Missing, Seen: at(0)}, store.File{Name: "e", State: media.Pending})
		check := func(state media.State, limit int) string {
			got, err := s.Read(ctx).FilesToCheck(ctx, state, limit)
			ok(t, err)
			return names(got)
		}
		same(t, "oldest first", check(media.Stored, 2), "bc")
		same(t, "missing", check(media.Missing, 2), "d")
		do(t, s, func(tx *store.Tx) error { return tx.FilesSeen(ctx, at(9), list[1].ID, list[3].ID, list[4].ID) })
		do(t, s, func(tx *store.Tx) error { return tx.FilesMissing(ctx, list[2].ID, list[4].ID) })
		same(t, "after a look", check(media.Stored, 9), "abd")
		same(t, "missing after a look", check(media.Missing, 9), "c")
		same(t, "pending stays", check(media.Pending, 9), "e")
		n, err := s.Read(ctx).CountMissing(ctx)
		ok(t, err)
		same(t, "missing", n, 1)
		do(t, s, func(tx *store.Tx) error { return tx.FilesSeen(ctx, at(9)) })
		do(t, s, func(tx *store.Tx) error { return tx.FilesMissing(ctx) })
	})
}
