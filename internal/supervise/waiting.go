package supervise

import (
	"context"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/org"
)

// Waits reads what waits for a decision above the sections.
type Waits interface {
	OpenExtensions(ctx context.Context, assignments ...int64) ([]duty.Extension, error)
	WorkByID(ctx context.Context, ids ...int64) ([]duty.Work, error)
	HandedUp(ctx context.Context) ([]hazard.Hazard, error)
}

// Wish is a wish for a later deadline with the work it is about.
type Wish struct {
	Work      duty.Work
	Extension duty.Extension
}

// Reader is the leader who looks.
type Reader struct {
	Actor org.Actor
	Dir   *org.Directory
	Now   time.Time
	Days  *calendar.Workdays
	Loc   *time.Location
}

// WaitsLong is after how many working days a wish for a later deadline is a
// leader's business.
const WaitsLong = 2

// Wishes are the wishes for a later deadline that nobody has decided for days and
// that this reader decides above the section, the oldest first.
func (r Reader) Wishes(ctx context.Context, src Waits) ([]Wish, error) {
	open, err := src.OpenExtensions(ctx)
	if err != nil {
		return nil, errs.At("wishes that wait", err)
	}
	long := map[int64]duty.Extension{}
	var ids []int64
	for _, e := range open {
		if r.Days.Between(calendar.In(e.AskedAt, r.Loc), calendar.In(r.Now, r.Loc)) >= WaitsLong {
			long[e.AssignmentID], ids = e, append(ids, e.AssignmentID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	works, err := src.WorkByID(ctx, ids...)
	slices.SortFunc(works, func(a, b duty.Work) int { return long[a.ID].AskedAt.Compare(long[b.ID].AskedAt) })
	var out []Wish
	for _, w := range works {
		may := org.Can(r.Actor, org.ReviewItem, org.Subject{Unit: w.UnitID, Sections: []string{w.Item.Lead}}) == nil
		if may && w.State.Open() && r.decides(w.Item.Lead) {
			out = append(out, Wish{w, long[w.ID]})
		}
	}
	return out, errs.At("wishes that wait", err)
}

// HandUps are the hazards that schools handed up to the bureau (提请局里协调) and that
// this reader decides about.
func (r Reader) HandUps(ctx context.Context, src Waits) ([]hazard.Hazard, error) {
	if !r.decides(SafetySections(r.Dir)...) {
		return nil, nil
	}
	list, err := src.HandedUp(ctx)
	return list, errs.At("hazards handed up", err)
}

// decides reports whether the reader is one of those who decide, or stands in today
// for one of them.
func (r Reader) decides(sections ...string) bool {
	today := calendar.In(r.Now, r.Loc)
	return slices.ContainsFunc(Deciders(r.Dir, sections...), func(h org.Holder) bool {
		return h.PersonID == r.Actor.PersonID || r.Dir.Reader(h.PersonID, today) == r.Actor.PersonID
	})
}

// Deciders are who decides above sections: the deputies in charge, else the
// director, else the office.
func Deciders(dir *org.Directory, sections ...string) []org.Holder {
	var people []org.Holder
	for _, id := range sections {
		for _, h := range dir.Deputies(id) {
			if !slices.ContainsFunc(people, func(o org.Holder) bool { return o.PersonID == h.PersonID }) {
				people = append(people, h)
			}
		}
	}
	if len(people) == 0 {
		people = dir.Director()
	}
	if len(people) == 0 {
		people = dir.Office()
	}
	return people
}

// SafetySections are the sections that handle hazards.
func SafetySections(dir *org.Directory) []string {
	var ids []string
	for _, h := range dir.SafetySection() {
		ids = append(ids, h.Post.UnitID)
	}
	return ids
}
