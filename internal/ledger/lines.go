package ledger

import (
	"bytes"
	"cmp"
	"context"
	"image"
	_ "image/jpeg" // sizes of thumbnails
	_ "image/png"  // "
	"io"
	"iter"
	"slices"
	"strings"

	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/org"
)

// How many lines are read at a time, and how much room pictures have in a file: the
// newest lines get them, as long as there are bytes left.
const (
	batch       = 500
	Illustrated = 200
	maxThumb    = 256 << 10
	maxPictures = 14 << 20
)

// LineSource reads what stands in the lines of the ledger of hazards.
type LineSource interface {
	HazardsByID(ctx context.Context, ids ...int64) ([]hazard.Hazard, error)
	PicturesOf(ctx context.Context, hazards ...int64) (map[int64][]media.File, error)
	ActorsByPerson(ctx context.Context, ids ...string) (map[string]org.Actor, error)
}

// Thumbs opens small copies of stored pictures. An errs.NotFound or errs.Invalid is
// final: there is none.
type Thumbs interface {
	Thumb(ctx context.Context, unit, sha string) (io.ReadCloser, error)
}

// HazardLine is one line of the ledger of hazards: the hazard and what stands beside it.
type HazardLine struct {
	hazard.Hazard
	Source   string // where the report came from, never who made it
	Duty     string // the posts that answer for it
	Reviewer string
	Before   Photos
	After    Photos
}

// Photos are the pictures of one stage of a hazard.
type Photos struct {
	Count int
	Thumb []byte // one of them; nil if none is shown
	Lost  bool   // it should be shown and is not there
}

// Lines reads the hazards of a book, some hundred at a time.
type Lines struct {
	Read   func(ctx context.Context, fn func(LineSource) error) error
	Thumbs Thumbs // nil: no pictures
	Asker
}

// Of yields the lines in the order of the book. After an error nothing follows.
func (l Lines) Of(ctx context.Context, b Book) iter.Seq2[HazardLine, error] {
	return func(yield func(HazardLine, error) bool) {
		room := maxPictures
		plain := max(0, len(b.HazardIDs)-Illustrated)
		for from := 0; from < len(b.HazardIDs); from += batch {
			lines, files, err := l.read(ctx, b.HazardIDs[from:min(from+batch, len(b.HazardIDs))])
			if err != nil {
				yield(HazardLine{}, err)
				return
			}
			for _, line := range lines {
				shown := l.Thumbs != nil && line.ID >= b.HazardIDs[plain]
				if err := l.illustrate(ctx, &line, files[line.ID], shown, &room); err != nil {
					yield(line, err)
					return
				}
				if !yield(line, nil) {
					return
				}
			}
		}
	}
}

// read returns the lines of one batch, and their pictures.
func (l Lines) read(ctx context.Context, ids []int64) (lines []HazardLine, files map[int64][]media.File, err error) {
	err = l.Read(ctx, func(src LineSource) error {
		list, err := src.HazardsByID(ctx, ids...)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(h hazard.Hazard) bool { return !l.may(h) })
		slices.SortFunc(list, func(x, y hazard.Hazard) int { return int(x.ID - y.ID) })
		if files, err = src.PicturesOf(ctx, ids...); err != nil {
			return err
		}
		people, err := src.ActorsByPerson(ctx, named(list)...)
		lines = make([]HazardLine, 0, len(list))
		for _, h := range list {
			lines = append(lines, l.line(h, people))
		}
		return err
	})
	return lines, files, errs.At("read ledger lines", err)
}

// may repeats for each hazard what the reach decided for all.
func (a Asker) may(h hazard.Hazard) bool {
	return h.Category != hazard.Untold && org.Can(a.Actor, org.ExportData, org.Subject{Unit: h.UnitID, Sections: a.safety()}) == nil
}

// named are the people whose names or units the lines need.
func named(list []hazard.Hazard) []string {
	var ids []string
	for _, h := range list {
		ids = append(ids, h.ReviewedBy, h.AssignedTo)
		if !h.Anonymous {
			ids = append(ids, h.Reporter)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (l Lines) line(h hazard.Hazard, people map[string]org.Actor) HazardLine {
	line := HazardLine{Hazard: h, Reviewer: people[h.ReviewedBy].Name, Duty: l.duty(h, people)}
	switch unit := people[h.Reporter].UnitID; {
	case h.Origin == hazard.FromCode, h.Reporter == "": // by whoever passed by
		line.Source = "扫码上报"
	case h.Anonymous:
		line.Source = "匿名上报"
	case h.Origin == hazard.FromCheck && unit == h.UnitID:
		line.Source = "本单位检查发现"
	case h.Origin == hazard.FromCheck && unit != "":
		line.Source = l.Dir.Label(unit) + "检查发现"
	case unit == h.UnitID:
		line.Source = "本单位上报"
	case unit != "":
		line.Source = l.Dir.Label(unit) + "上报"
	}
	return line
}

// duty names the posts that answer for a hazard: those of whom it was assigned to,
// else the safety officers of its unit.
func (l Lines) duty(h hazard.Hazard, people map[string]org.Actor) string {
	var titles []string
	for _, p := range people[h.AssignedTo].Posts {
		if p.UnitID == h.UnitID {
			titles = append(titles, p.Title)
		}
	}
	if name := people[h.AssignedTo].Name; len(titles) == 0 && name != "" {
		return name
	}
	if len(titles) == 0 {
		for _, p := range l.Dir.Safety(h.UnitID) {
			titles = append(titles, p.Post.Title)
		}
	}
	for i := range titles { // the unit has a column of its own
		titles[i] = cmp.Or(strings.TrimPrefix(titles[i], l.Dir.Label(h.UnitID)), titles[i])
	}
	slices.Sort(titles)
	return strings.Join(slices.Compact(titles), "、")
}

// illustrate counts the pictures of a line and puts one of each stage in, as long as
// there is room: the first as it was, the last as it is now.
func (l Lines) illustrate(ctx context.Context, line *HazardLine, files []media.File, shown bool, room *int) (err error) {
	var before, after []media.File
	for _, f := range files {
		switch f.Stage {
		case media.Before, "":
			before = append(before, f)
		case media.After:
			after = append([]media.File{f}, after...)
		}
	}
	for _, stage := range []struct {
		to   *Photos
		list []media.File
	}{{&line.Before, before}, {&line.After, after}} {
		to, list := stage.to, stage.list
		to.Count = len(list)
		if !shown || len(list) == 0 || list[0].State == media.Pending {
			continue
		}
		if to.Thumb, err = l.thumb(ctx, list[0], room); err != nil {
			return err
		}
		to.Lost = to.Thumb == nil && *room > 0
	}
	return nil
}

// thumb reads a small copy; nil if there is none, or no room for it.
func (l Lines) thumb(ctx context.Context, f media.File, room *int) ([]byte, error) {
	if *room <= 0 || f.State != media.Stored {
		return nil, nil
	}
	r, err := l.Thumbs.Thumb(ctx, f.Home, f.SHA256)
	if code := errs.CodeOf(err); code == errs.NotFound || code == errs.Invalid {
		return nil, nil
	}
	if err != nil {
		return nil, errs.At("open thumbnail", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxThumb+1))
	if err != nil {
		return nil, errs.At("read thumbnail", err)
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil || len(data) > maxThumb {
		return nil, nil
	}
	*room -= len(data)
	return data, nil
}
