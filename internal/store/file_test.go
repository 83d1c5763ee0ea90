package store_test

import (
	"sync/atomic"
	"testing"
	"time"

	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/store"
)

func addFiles(t *testing.T, s *store.Store, list ...store.File) []store.File {
	t.Helper()
	var added []store.File
	do(t, s, func(tx *store.Tx) (err error) { added, err = tx.AddFiles(ctx, list); return err })
	return added
}

func names(list []store.File) string {
	out := ""
	for _, f := range list {
		out += f.Name
	}
	return out
}

func TestFiles(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want := fill[store.File](t)
		want.ID = 0
		added := addFiles(t, s, want, store.File{Name: "bare"})
		want.ID = added[0].ID
		same(t, "added", added, []store.File{want, {ID: added[1].ID, Name: "bare"}})
		if added[0].ID == 0 || added[0].ID == added[1].ID {
			t.Errorf("ids %d, %d", added[0].ID, added[1].ID)
		}
		got, known, err := s.Read(ctx).FileByID(ctx, want.ID)
		ok(t, err)
		same(t, "known", known, true)
		same(t, "round trip", got, want)
		_, known, err = s.Read(ctx).FileByID(ctx, 4711)
		ok(t, err)
		same(t, "unknown", known, false)
		same(t, "no files", addFiles(t, s), []store.File(nil))
	})
}

func TestLooseFiles(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		list := addFiles(t, s,
			store.File{Name: "a", PersonID: "p", Created: noon}, store.File{Name: "b", PersonID: "p", Created: noon.Add(-time.Minute)},
			store.File{Name: "c", PersonID: "q", Created: noon}, store.File{Name: "d", PersonID: "p", Created: noon.Add(time.Minute)},
			store.File{Name: "e", PersonID: "p", Created: noon, Subject: notice.Subject{Kind: notice.HazardSubj, ID: 1}})
		loose := func() string {
			got, err := s.Read(ctx).LooseFiles(ctx, "p", noon)
			ok(t, err)
			return names(got)
		}
		same(t, "loose", loose(), "ad")
		subject := notice.Subject{Kind: notice.Assignment, ID: 7}
		do(t, s, func(tx *store.Tx) error { return tx.AttachFiles(ctx, subject, "school", list[0].ID, list[2].ID) })
		do(t, s, func(tx *store.Tx) error { return tx.AttachFiles(ctx, subject, "school") })
		same(t, "loose after attaching", loose(), "d")
		got, err := s.Read(ctx).FilesOf(ctx, subject)
		ok(t, err)
		same(t, "of the subject", names(got), "ac")
		same(t, "unit", got[0].UnitID, "school")
		do(t, s, func(tx *store.Tx) error { return tx.StageFiles(ctx, media.After, list[0].ID) })
		do(t, s, func(tx *store.Tx) error { return tx.StageFiles(ctx, media.Check) })
		got, err = s.Read(ctx).FilesOf(ctx, subject)
		ok(t, err)
		same(t, "stages", []media.Stage{got[0].Stage, got[1].Stage}, []media.Stage{media.After, ""})
		got, err = s.Read(ctx).FilesOf(ctx, notice.Subject{Kind: notice.HazardSubj, ID: 7})
		ok(t, err)
		same(t, "of another subject", names(got), "")
	})
}

func TestFetchFiles(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		list := addFiles(t, s,
			store.File{Name: "a", State: store.FilePending, NextAt: noon}, store.File{Name: "b", State: store.FilePending, NextAt: noon.Add(-time.Second)},
			store.File{Name: "c", State: store.FilePending, NextAt: noon.Add(time.Second)}, store.File{Name: "d", State: store.FileStored, NextAt: noon})
		due, err := s.Read(ctx).DueFiles(ctx, noon, 10)
		ok(t, err)
		same(t, "due", names(due), "ba")
		due, err = s.Read(ctx).DueFiles(ctx, noon, 1)
		ok(t, err)
		same(t, "limit", names(due), "b")

		f, until := list[0], noon.Add(time.Hour)
		same(t, "claims won", claims(t, s, func(tx *store.Tx) (bool, error) { return tx.ClaimFile(ctx, f, until) }), 1)
		same(t, "claims of a stored file", claims(t, s, func(tx *store.Tx) (bool, error) { return tx.ClaimFile(ctx, list[3], until) }), 0)
		f.NextAt, f.Attempts = until, 1
		got, _, err := s.Read(ctx).FileByID(ctx, f.ID)
		ok(t, err)
		same(t, "claimed", got, f)

		f.Hash, f.Width, f.Height, f.Seen = 1<<63|5, 2560, 1920, noon
		f.State, f.Reason, f.SHA256, f.MIME, f.Size, f.NextAt = store.FileFailed, "gone", "ab12", "image/png", 1<<40, time.Time{}
		do(t, s, func(tx *store.Tx) error { return tx.FileDone(ctx, f) })
		got, _, err = s.Read(ctx).FileByID(ctx, f.ID)
		ok(t, err)
		same(t, "done", got, f)
	})
}

// claims lets many workers claim at once and returns how many won.
func claims(t *testing.T, s *store.Store, claim func(*store.Tx) (bool, error)) int {
	t.Helper()
	var won atomic.Int32
	ok(t, race(12, func(int) error {
		mine := false
		err := s.Within(ctx, func(tx *store.Tx) (err error) { mine, err = claim(tx); return err })
		if mine {
			won.Add(1)
		}
		return err
	}))
	return int(won.Load())
}

func TestFilesByID(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		list := addFiles(t, s, store.File{Name: "a"}, store.File{Name: "b"}, store.File{Name: "c"})
		got, err := s.Read(ctx).FilesByID(ctx, list[2].ID, list[0].ID, 4711)
		ok(t, err)
		same(t, "by id", names(got), "ac")
		got, err = s.Read(ctx).FilesByID(ctx)
		ok(t, err)
		same(t, "none", len(got), 0)
	})
}

func TestPictureHashes(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		of := func(id int64) notice.Subject { return notice.Subject{Kind: notice.HazardSubj, ID: id} }
		addFiles(t, s, store.File{Subject: of(1), Hash: 5}, store.File{Subject: of(1), Hash: 1<<63 | 7}, store.File{Subject: of(1)}, store.File{Subject: of(2), Hash: 9},
			store.File{Subject: notice.Subject{Kind: notice.Assignment, ID: 3}, Hash: 11}, store.File{Subject: of(4), Hash: 13})
		got, err := s.Read(ctx).PictureHashes(ctx, 1, 2, 3)
		ok(t, err)
		same(t, "hashes", got, map[int64][]uint64{1: {5, 1<<63 | 7}, 2: {9}})
		got, err = s.Read(ctx).PictureHashes(ctx)
		ok(t, err)
		same(t, "none", len(got), 0)
	})
}
