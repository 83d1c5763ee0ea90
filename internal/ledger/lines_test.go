package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/org"
)

// shop has any hazard that is asked for, and counts how often it is.
type shop struct {
	batches []int
	change  func(*hazard.Hazard)
	files   map[int64][]media.File
}

func (s *shop) HazardsByID(_ context.Context, ids ...int64) ([]hazard.Hazard, error) {
	s.batches = append(s.batches, len(ids))
	var out []hazard.Hazard
	for _, id := range ids {
		h := hazard.Hazard{ID: id, UnitID: "school", Reporter: "teacher", State: hazard.Reported}
		if s.change != nil {
			s.change(&h)
		}
		out = append([]hazard.Hazard{h}, out...) // in no particular order
	}
	return out, nil
}

func (s *shop) PicturesOf(context.Context, ...int64) (map[int64][]media.File, error) {
	return s.files, nil
}

func (s *shop) ActorsByPerson(_ context.Context, ids ...string) (map[string]org.Actor, error) {
	known := map[string]org.Actor{"teacher": {Name: "教师", UnitID: "school"}, "chief": {Name: "科长", UnitID: "safety"},
		"head": {Name: "校长", UnitID: "school", Posts: []org.Post{{UnitID: "school", Title: "校长"}, {UnitID: "other", Title: "代理校长"}}}}
	out := map[string]org.Actor{}
	for _, id := range ids {
		if a, ok := known[id]; ok {
			out[id] = a
		}
	}
	return out, nil
}

// drawer has a picture of a size for each content, none for "gone".
type drawer map[string][]byte

var errAway = errors.New("store away")

func (d drawer) Thumb(_ context.Context, _, sha string) (io.ReadCloser, error) {
	data, ok := d[sha]
	switch {
	case sha == "away":
		return nil, errAway
	case !ok:
		return nil, errs.New(errs.NotFound, "照片找不到了。")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// dot is a picture of about a size in bytes.
func dot(t *testing.T, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return append(out.Bytes(), make([]byte, max(0, size-out.Len()))...)
}

func linesOf(s *shop, d Thumbs, unit string) Lines {
	post := org.Post{UnitID: unit, Role: org.UnitHead, Title: "安全专干", Safety: true}
	return Lines{Read: func(_ context.Context, fn func(LineSource) error) error { return fn(s) }, Thumbs: d,
		Asker: Asker{Actor: holding(unit, post), Now: now, Loc: loc,
			Dir: org.NewDirectory([]org.Unit{{ID: "safety", Name: "安全股"}, {ID: "school", Name: "学校"}}, []org.Holder{{PersonID: "me", Post: post}})}}
}

func numbers(n int) (ids []int64) {
	for i := range n {
		ids = append(ids, int64(i+1))
	}
	return ids
}

// Lines come in the order of the book, some hundred at a time, and no further than
// they are wanted.
func TestLinesComeInBatches(t *testing.T) {
	s := &shop{}
	var got []int64
	for l, err := range linesOf(s, nil, "school").Of(t.Context(), Book{HazardIDs: numbers(1201)}) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, l.ID); len(got) == 600 {
			break
		}
	}
	if diff := cmp.Diff(numbers(600), got) + cmp.Diff([]int{500, 500}, s.batches); diff != "" {
		t.Error(diff)
	}
}

// Each line is looked at again: what changed its category, or is none of the asker's,
// stays out.
func TestLinesThatMayNotBeSeenStayOut(t *testing.T) {
	s := &shop{change: func(h *hazard.Hazard) {
		switch h.ID {
		case 2:
			h.Category = hazard.Untold
		case 3:
			h.UnitID = "other"
		}
	}}
	var got []int64
	for l, err := range linesOf(s, nil, "school").Of(t.Context(), Book{HazardIDs: numbers(4)}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, l.ID)
	}
	if diff := cmp.Diff([]int64{1, 4}, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatStandsBesideAHazard(t *testing.T) {
	s := &shop{change: func(h *hazard.Hazard) {
		switch h.ID {
		case 1:
			h.ReviewedBy = "chief"
		case 2:
			h.Reporter, h.AssignedTo = "chief", "head"
		case 3:
			h.Anonymous = true
		case 4:
			h.Reporter = "left"
		case 5:
			h.Reporter = ""
		case 6:
			h.Origin = hazard.FromCheck
		case 7:
			h.Reporter, h.Origin = "chief", hazard.FromCheck
		case 8:
			h.Anonymous, h.Origin = true, hazard.FromCheck
		}
	}}
	var got []string
	for l, err := range linesOf(s, nil, "school").Of(t.Context(), Book{HazardIDs: numbers(8)}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join([]string{l.Source, l.Duty, l.Reviewer}, " "))
	}
	want := []string{"本单位上报 安全专干 科长", "安全股上报 校长 ", "匿名上报 安全专干 ", " 安全专干 ", "扫码上报 安全专干 ",
		"本单位检查发现 安全专干 ", "安全股检查发现 安全专干 ", "匿名上报 安全专干 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhichPhotosAreShown(t *testing.T) {
	stored := func(stage media.Stage, sha string) media.File {
		return media.File{Kind: "image", State: media.Stored, Stage: stage, SHA256: sha}
	}
	s := &shop{files: map[int64][]media.File{
		1: {stored(media.Before, "a"), stored("", "b"), stored(media.After, "c"), stored(media.After, "d"), stored(media.Control, "a")},
		2: {stored("", "gone"), stored(media.After, "text")},
		3: {{Kind: "image", State: media.Pending}, {Kind: "image", State: media.Failed, Stage: media.After}},
		4: {stored("", "large")},
	}}
	d := drawer{"a": dot(t, 0), "b": dot(t, 1), "c": dot(t, 2), "d": dot(t, 900), "text": []byte("no picture"), "large": dot(t, maxThumb+1)}
	show := func(p Photos) string { return fmt.Sprint(p.Count, len(p.Thumb), p.Lost) }
	var got []string
	for l, err := range linesOf(s, d, "school").Of(t.Context(), Book{HazardIDs: numbers(4)}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, show(l.Before)+", "+show(l.After))
	}
	want := []string{fmt.Sprint("2 ", len(d["a"]), " false, 2 900 false"), "1 0 true, 1 0 true", "1 0 false, 1 0 true", "1 0 true, 0 0 false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The newest lines have pictures, as long as there is room; the rest says how many.
func TestPicturesAreBounded(t *testing.T) {
	s, n := &shop{files: map[int64][]media.File{}}, Illustrated+10
	for _, id := range numbers(n) {
		s.files[id] = []media.File{{Kind: "image", State: media.Stored, SHA256: "a"}}
	}
	for size, want := range map[int]int{0: Illustrated, maxThumb: maxPictures / maxThumb} {
		bytes, shown := 0, 0
		for l, err := range linesOf(s, drawer{"a": dot(t, size)}, "school").Of(t.Context(), Book{HazardIDs: numbers(n)}) {
			if err != nil || l.Before.Count != 1 || l.Before.Lost {
				t.Fatalf("%d: %+v %v", l.ID, l.Before, err)
			}
			if l.Before.Thumb != nil {
				bytes, shown = bytes+len(l.Before.Thumb), shown+1
				if l.ID <= 10 {
					t.Errorf("line %d has a picture", l.ID)
				}
			}
		}
		if shown != want || bytes > maxPictures+maxThumb {
			t.Errorf("%d pictures of %d bytes, want %d", shown, bytes, want)
		}
	}
}

// A store that is away is no reason to hand out a ledger without pictures.
func TestAStoreThatIsAwayEndsTheLines(t *testing.T) {
	s := &shop{files: map[int64][]media.File{1: {{Kind: "image", State: media.Stored, SHA256: "away"}}}}
	for l, err := range linesOf(s, drawer{}, "school").Of(t.Context(), Book{HazardIDs: numbers(2)}) {
		if !errors.Is(err, errAway) {
			t.Errorf("line %d, %v", l.ID, err)
		}
	}
}
