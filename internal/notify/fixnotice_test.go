package notify

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"testing"

	"duban/internal/errs"
	"duban/internal/media"
)

// rack has a picture for "a", something else for "text", and lost the rest.
type rack []byte

func (r rack) Picture(_ context.Context, _, sha string) (io.ReadCloser, error) {
	switch sha {
	case "a":
		return io.NopCloser(bytes.NewReader(r)), nil
	case "text":
		return io.NopCloser(bytes.NewReader([]byte("no picture"))), nil
	}
	return nil, errs.New(errs.NotFound, "照片找不到了。")
}

// A notice shows the state before, on one page; what is lost, not there yet or too much
// is counted.
func TestWhichPhotosANoticeHas(t *testing.T) {
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	file := func(stage media.Stage, state media.State, sha string) media.File {
		return media.File{Kind: "image", Stage: stage, State: state, SHA256: sha, Size: 9 << 20}
	}
	before, after := file(media.Before, media.Stored, "a"), file(media.After, media.Stored, "a")
	voice := media.File{Kind: "voice", State: media.Stored, SHA256: "a"}
	large := before
	large.Size = maxBytes + 1
	for name, c := range map[string]struct {
		files       []media.File
		shown, more int
	}{
		"none":                     {nil, 0, 0},
		"before, not after":        {[]media.File{after, before, file("", media.Stored, "a"), voice}, 2, 0},
		"two at most":              {[]media.File{before, before, before}, 2, 1},
		"lost, text, pending, big": {[]media.File{file("", media.Stored, "gone"), file("", media.Stored, "text"), file("", media.Pending, ""), large, before}, 1, 4},
	} {
		photos, more, err := FixNotices{Pictures: rack(dot.Bytes())}.photos(t.Context(), c.files)
		if err != nil || len(photos) != c.shown || more != c.more {
			t.Errorf("%s: %d photos and %d more, %v", name, len(photos), more, err)
		}
	}
}
