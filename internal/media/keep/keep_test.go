package keep

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/obs"
	"duban/internal/store"
	"duban/internal/testkit"
)

var noon = time.UnixMilli(1757476800000).UTC()

type work struct{ *store.Store }

func (w work) Within(ctx context.Context, fn func(Tx) error) error {
	return w.Store.Within(ctx, func(tx *store.Tx) error { return fn(tx) })
}

// house is a database with files and a folder with their bytes.
type house struct {
	*Keeper
	t     *testing.T
	rows  *store.Store
	kept  *media.Store
	dir   string
	clock *clock.Movable
	made  int
}

func newHouse(t *testing.T, s *store.Store) *house {
	t.Helper()
	dir := t.TempDir()
	folder, err := media.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	kept, c := media.NewStore(folder, 0), clock.NewFrozen(noon)
	return &house{&Keeper{Work: work{s}, Store: kept, Clock: c, Days: 1095, Log: obs.NewLogCapture().Logger()}, t, s, kept, dir, c, 0}
}

func (h *house) within(fn func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.rows.Within(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) hazard(closed time.Time) notice.Subject {
	h.t.Helper()
	state := hazard.Closed
	if closed.IsZero() {
		state = hazard.Reported
	}
	var id int64
	h.within(func(tx *store.Tx) error {
		added, err := tx.AddHazard(h.t.Context(), hazard.Hazard{Year: 2025, UnitID: "school", State: state, Life: hazard.Life{ClosedAt: closed}})
		id = added.ID
		return err
	})
	return notice.Subject{Kind: notice.HazardSubj, ID: id}
}

// photo stores a photo of a hazard; equal shades are the same photo.
func (h *house) photo(of notice.Subject, shade int, created time.Time) media.File {
	h.t.Helper()
	m := image.NewGray(image.Rect(0, 0, 20, 20))
	for i := range m.Pix {
		m.Pix[i] = uint8(shade)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		h.t.Fatal(err)
	}
	blob, err := h.kept.Put(h.t.Context(), "school", &b)
	if err != nil {
		h.t.Fatal(err)
	}
	var list []media.File
	h.within(func(tx *store.Tx) error {
		list, err = tx.AddFiles(h.t.Context(), []media.File{{Subject: of, UnitID: "school", Home: "school", Kind: "image", State: media.Stored, SHA256: blob.SHA256, Size: blob.Size,
			MIME: blob.MIME, Created: created}})
		return err
	})
	return list[0]
}

func (h *house) run() Report {
	h.t.Helper()
	r, err := h.Run(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

func (h *house) state(f media.File) media.State {
	h.t.Helper()
	now, _, err := h.rows.Read(h.t.Context()).FileByID(h.t.Context(), f.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	return now.State
}

func (h *house) bytes() int {
	h.t.Helper()
	n := 0
	err := filepath.Walk(h.dir, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}

func days(n int) time.Time { return noon.Add(-time.Duration(n) * day) }

func TestPhotosGoWhenTheirTimeIsOver(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		old, shared, recent, open := h.hazard(days(1096)), h.hazard(days(1096)), h.hazard(days(1094)), h.hazard(time.Time{})
		gone, both := h.photo(old, 1, days(1200)), h.photo(shared, 2, days(1200))
		stays, still, loose, fresh := h.photo(recent, 2, days(1200)), h.photo(open, 3, days(1200)), h.photo(notice.Subject{}, 4, days(31)), h.photo(notice.Subject{}, 5, days(29))
		if r := h.run(); r.Deleted != 3 || r.Checked != 3 || r.Lost != 0 || r.Trouble != nil {
			t.Errorf("%+v", r)
		}
		for f, want := range map[media.File]media.State{gone: media.Deleted, both: media.Deleted, loose: media.Deleted, stays: media.Stored, still: media.Stored, fresh: media.Stored} {
			if got := h.state(f); got != want {
				t.Errorf("file %d is %s, want %s", f.ID, got, want)
			}
		}
		if n := h.bytes(); n != 6 { // three photos with their thumbnails; one of them was that of another hazard as well
			t.Errorf("%d files are left", n)
		}
		lines, err := s.Read(t.Context()).History(t.Context(), old, 10)
		if err != nil || len(lines) != 1 || lines[0].Action != "drop_photos" || lines[0].After != "1" || lines[0].Actor != "system" {
			t.Errorf("history %+v, %v", lines, err)
		}
		if r := h.run(); r.Deleted != 0 || r.Checked != 3 {
			t.Errorf("the next day: %+v", r)
		}
	})
}

// What a crash left marked is deleted by the next run.
func TestAnInterruptedDeletionIsFinished(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	f := h.photo(h.hazard(days(1096)), 1, days(1200))
	h.within(func(tx *store.Tx) error {
		_, err := tx.ExpireFiles(t.Context(), days(1095), days(30), 10)
		return err
	})
	if r := h.run(); r.Deleted != 1 || h.state(f) != media.Deleted || h.bytes() != 0 {
		t.Errorf("%+v, %s, %d files", r, h.state(f), h.bytes())
	}
}

func TestMissingFilesAreNoticedAndFoundAgain(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		h := newHouse(t, s)
		of := h.hazard(time.Time{})
		lost, cut, there := h.photo(of, 1, noon), h.photo(of, 2, noon), h.photo(of, 3, noon)
		path := func(f media.File) string { return filepath.Join(h.dir, "school", f.SHA256[:2], f.SHA256) }
		whole, err := os.ReadFile(path(lost))
		if err != nil || os.Remove(path(lost)) != nil || os.WriteFile(path(cut), whole[:10], 0o600) != nil {
			t.Fatal(err)
		}
		if r := h.run(); r.Checked != 3 || r.Lost != 2 || r.Missing != 2 || r.Trouble != nil {
			t.Errorf("%+v", r)
		}
		if h.state(lost) != media.Missing || h.state(cut) != media.Missing || h.state(there) != media.Stored {
			t.Errorf("%s, %s, %s", h.state(lost), h.state(cut), h.state(there))
		}
		if err := os.WriteFile(path(lost), whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if r := h.run(); r.Checked != 1 || r.Lost != 0 || r.Missing != 1 || h.state(lost) != media.Stored {
			t.Errorf("after it was brought back: %+v, %s", r, h.state(lost))
		}
	})
}

// A store that has none of what was stored is another place: nothing is declared lost.
func TestAnotherPlaceIsNotTakenForLostFiles(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	of := h.hazard(time.Time{})
	var list []media.File
	for i := range 6 {
		list = append(list, h.photo(of, i, noon))
	}
	if err := os.RemoveAll(filepath.Join(h.dir, "school")); err != nil {
		t.Fatal(err)
	}
	r := h.run()
	var trouble *media.Trouble
	if !errors.As(r.Trouble, &trouble) || trouble.Reason != media.StoreStrange || r.Missing != 0 || h.state(list[0]) != media.Stored {
		t.Errorf("%+v, %s", r, h.state(list[0]))
	}
}

// broken is a store that is away.
type broken struct{ *media.Store }

var away = media.NewTrouble(media.StoreAway, io.ErrUnexpectedEOF)

func (broken) Probe(context.Context) error                  { return away }
func (broken) Delete(context.Context, string, string) error { return away }

func TestAStoreThatIsAwayIsReported(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	f := h.photo(h.hazard(days(1096)), 1, days(1200))
	h.Keeper.Store = broken{h.kept}
	if r := h.run(); errs.CodeOf(r.Trouble) != errs.Unavailable || r.Deleted != 0 || h.state(f) != media.Expired {
		t.Errorf("%+v, %s", r, h.state(f))
	}
	h.Keeper.Store = h.kept
	if r := h.run(); r.Deleted != 1 || h.bytes() != 0 {
		t.Errorf("the next day: %+v, %d files", r, h.bytes())
	}
}

func TestARunThatIsCutShortIsTriedAgain(t *testing.T) {
	h := newHouse(t, testkit.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := h.Run(ctx); err == nil {
		t.Errorf("%+v", r)
	}
}
