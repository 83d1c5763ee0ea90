package notify

import (
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/media"
)

// failingAlbum fails the same way for every picture.
type failingAlbum struct{ err error }

func (s failingAlbum) Picture(context.Context, string, string) (io.ReadCloser, error) {
	return nil, s.err
}

func TestADocumentSaysWhyPhotosAreLeftOut(t *testing.T) {
	notFound := errs.New(errs.NotFound, "照片找不到了。")
	for name, c := range map[string]struct {
		state media.State
		err   error
		line  string
		say   string
	}{
		"lost since":    {media.Stored, notFound, "另有 1 张的文件找不到了，请联系平台管理员。", "照片的文件找不到了，请联系平台管理员。"},
		"lost before":   {media.Missing, nil, "另有 1 张的文件找不到了，请联系平台管理员。", "照片的文件找不到了，请联系平台管理员。"},
		"being deleted": {media.Expired, nil, "另有 1 张已过保存期限，按规定删除了。", "照片已过保存期限，按规定删除了。"},
		"deleted":       {media.Deleted, nil, "另有 1 张已过保存期限，按规定删除了。", "照片已过保存期限，按规定删除了。"},
		"refused":       {media.Failed, nil, "另有 1 张发来时就没有存下来。", "照片发来时就没有存下来，请重新拍一张发给我。"},
		"on its way":    {media.Pending, nil, "另有 1 张没有放进来。", "照片还没有取到，请过几分钟再发一次“看照片”。"},
	} {
		var out leftOut
		if out.count(media.File{State: c.state}, c.err); !slices.Equal(out.lines(), []string{c.line}) {
			t.Errorf("%s: %v", name, out.lines())
		}
		_, err := PhotoSheets{Asker: Asker{Loc: time.UTC}, Pictures: failingAlbum{c.err}}.document(t.Context(), hazard.Hazard{Year: 2025, Seq: 1}, "文昌中学",
			[]media.File{{Kind: "image", State: c.state}})
		if errs.Say(err) != c.say {
			t.Errorf("%s alone: %v", name, err)
		}
	}
}

// While the store is away the document waits instead of leaving everything out.
func TestADocumentWaitsForTheStore(t *testing.T) {
	away := media.NewTrouble(media.StoreAway, errors.New("connection refused"))
	_, err := PhotoSheets{Asker: Asker{Loc: time.UTC}, Pictures: failingAlbum{away}}.document(t.Context(), hazard.Hazard{Year: 2025, Seq: 1}, "文昌中学",
		[]media.File{{Kind: "image", State: media.Stored}})
	if errs.CodeOf(err) != errs.Unavailable {
		t.Errorf("%v", err)
	}
}
