package command

import (
	"context"
	"fmt"
	"strings"

	"duban/bot"
	"duban/internal/media"
)

// Evidence looks at the attachments that belong to something.
type Evidence interface {
	FilesByID(ctx context.Context, ids ...int64) ([]media.File, error)
}

// evidence is what shows how things are. A recording is none, its words are in the
// message; neither is a file that could not be kept, or was kept long enough.
type evidence struct{ photos, others int }

func evidenceOf(files []media.File) (e evidence) {
	for _, f := range files {
		switch {
		case f.State == media.Failed || f.State == media.Expired || f.State == media.Deleted || f.Kind == string(bot.Voice):
		case f.Picture():
			e.photos++
		default:
			e.others++
		}
	}
	return e
}

func (e evidence) none() bool { return e.photos+e.others == 0 }

// say is "照片 2 张、附件 1 个".
func (e evidence) say() string {
	var parts []string
	if e.photos > 0 {
		parts = append(parts, fmt.Sprintf("照片 %d 张", e.photos))
	}
	if e.others > 0 {
		parts = append(parts, fmt.Sprintf("附件 %d 个", e.others))
	}
	return strings.Join(parts, "、")
}

// line is the same as a line of its own, with what separates it from the text above;
// "" if there is nothing.
func (e evidence) line() string {
	if e.none() {
		return ""
	}
	return "\n" + strings.Replace(strings.Replace(e.say(), "照片 ", "照片：", 1), "附件 ", "附件：", 1)
}

// extra is line for what the text above does not count yet: all but photos.
func (e evidence) extra() string { return evidence{others: e.others}.line() }

// look counts files that were just given to something.
func (s *session) look(ids []int64) (evidence, error) {
	if len(ids) == 0 {
		return evidence{}, nil
	}
	files, err := s.tx.FilesByID(s.ctx, ids...)
	return evidenceOf(files), err
}
