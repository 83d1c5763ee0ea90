package notify

import (
	"archive/zip"
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
	"time"

	"duban/internal/hazard"
	"duban/internal/media"
)

// album has one small picture, whatever is asked for.
type album []byte

func (a album) Picture(context.Context, string, string) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(a)), nil
}

// Photos that would not fit are left out and counted; the others arrive.
func TestADocumentHoldsThePhotosThatFit(t *testing.T) {
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	var files []media.File
	for _, f := range []media.File{{Size: 9 << 20, Stage: media.Before}, {Size: 9 << 20, Stage: media.After}, {Size: 9 << 20, Stage: media.After}, {State: media.Pending}} {
		if f.Kind = "image"; f.State == "" {
			f.State = media.Stored
		}
		files = append(files, f)
	}
	doc, err := PhotoSheets{Asker: Asker{Loc: time.UTC}, Pictures: album(dot.Bytes())}.document(t.Context(), hazard.Hazard{Year: 2025, Seq: 1}, "文昌中学", files)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(doc.Content), int64(len(doc.Content)))
	if err != nil {
		t.Fatal(err)
	}
	pictures, words := 0, ""
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			pictures++
		}
		if f.Name == "word/document.xml" {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			words = string(b)
		}
	}
	if pictures != 2 || !strings.Contains(words, "另有 2 张没有放进来") {
		t.Errorf("%d pictures; %s", pictures, words)
	}
}
