package command

import (
	"testing"
	"time"

	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/store"
	"duban/internal/testkit"
	"duban/internal/testkit/script"
)

// TestPhotosSayWhatTheyShow follows photos through a hazard's life, with the words
// and right after them.
func TestPhotosSayWhatTheyShow(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		h := newHarness(t, s)
		for _, said := range []script.Said{
			{Person: "wenchang-jia", Text: "上报隐患 食堂后厨燃气软管老化", Photos: 1},
			{Person: "wenchang-jia", Photos: 1},
			{Person: "wenchang-aq", Text: "YH-2025-0001 已临时管控，已停用", Photos: 1},
			{Person: "wenchang-aq", Photos: 1},
			{Person: "wenchang-aq", Text: "YH-2025-0001 已整改", Photos: 1},
			{Person: "wenchang-aq", Photos: 1},
			{Person: "wenchang-xz", Text: "YH-2025-0001 复查不通过，接口还松", Photos: 1},
			{Person: "wenchang-xz", Photos: 1},
			{Person: "wenchang-xz", Text: "YH-2025-0001 正在整改", Photos: 1},
		} {
			h.send(said)
			h.clock.Set(h.clock.Now().Add(time.Minute))
		}
		files, err := s.Read(t.Context()).FilesOf(t.Context(), notice.Subject{Kind: notice.HazardSubj, ID: 1})
		if err != nil {
			t.Fatal(err)
		}
		want := []media.Stage{media.Before, media.Before, media.Control, media.Control, media.After, media.After, media.Check, media.Check, ""}
		if len(files) != len(want) {
			t.Fatalf("%d files, want %d", len(files), len(want))
		}
		for i, f := range files {
			if f.Stage != want[i] {
				t.Errorf("photo %d shows %q, want %q", i+1, f.Stage, want[i])
			}
		}
	})
}
