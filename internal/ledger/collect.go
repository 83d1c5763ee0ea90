package ledger

import (
	"cmp"
	"context"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/org"
	"duban/internal/remind"
)

// MaxLines bounds the sheet of work; a district's year has about as many. The sheet
// of hazards is read and written in batches and holds more.
const (
	MaxLines   = 5000
	MaxHazards = 50_000
)

// Source reads the ledgers.
type Source interface {
	Ledger(ctx context.Context, f duty.LedgerFilter) ([]duty.Work, error)
	HazardIDs(ctx context.Context, f hazard.Filter) ([]int64, error)
}

// Lamps knows the colour of a piece of work.
type Lamps interface {
	Lamp(ctx context.Context, w duty.Work, dir *org.Directory) remind.Lamp
}

// Line is one line of the ledger of work.
type Line struct {
	duty.Work
	Lamp  remind.Lamp
	Quiet bool // its words stay within the unit
}

// Book is what goes into a file. Its hazards are read when they are written; see Lines.
type Book struct {
	Query
	Made        time.Time
	Whose       org.Reach // of the work
	WhoseHazard org.Reach
	Work        []Line
	HazardIDs   []int64 // as they were filed
	MoreWork    bool    // there were more than MaxLines
	MoreHazards bool    // … MaxHazards
}

// Empty reports whether there is nothing to hand out.
func (b Book) Empty() bool { return len(b.Work)+len(b.HazardIDs) == 0 }

// Asker is who wants the ledger, and when.
type Asker struct {
	Actor org.Actor
	Dir   *org.Directory
	Now   time.Time
	Loc   *time.Location
}

func (a Asker) today() calendar.Date { return calendar.In(a.Now, a.Loc) }

// Collect reads what the asker may have of what was asked for. An errs.Forbidden
// says whom to ask instead.
func Collect(ctx context.Context, src Source, lamps Lamps, a Asker, q Query) (Book, error) {
	book := Book{Query: q, Made: a.Now}
	whose, err := a.narrowed(q)
	if err != nil {
		return book, err
	}
	book.Whose, book.WhoseHazard = whose, a.handling(whose)
	if q.HasWork() {
		if book.Work, book.MoreWork, err = a.work(ctx, src, lamps, whose, q); err != nil {
			return book, err
		}
	}
	if q.HasHazards() {
		book.HazardIDs, book.MoreHazards, err = a.hazards(ctx, src, book.WhoseHazard, q)
	}
	return book, err
}

// narrowed is how far the asker may reach, within what was named.
func (a Asker) narrowed(q Query) (org.Reach, error) {
	reach, err := org.ReachOf(a.Actor, org.ExportData)
	switch {
	case err != nil:
		return reach, err
	case q.Own:
		return a.of(a.Actor.Units()...), nil
	case q.Unit == "":
		return reach, nil
	}
	u, ok := a.Dir.Unit(q.Unit)
	if !ok {
		return reach, errs.New(errs.NotFound, "要导出的单位已经不在名册里了，请核对后重新发一次。")
	}
	// A section may see what it leads at any school, but not what others lead.
	if !reach.All && !slices.Contains(reach.Units, u.ID) && (!u.IsSchool() || len(reach.Sections) == 0) {
		return reach, errs.New(errs.Forbidden, "只能导出本单位或本股室牵头、协办的。要更大范围请联系局办公室。")
	}
	return a.of(u.ID), nil
}

// of is what the units do, and what those of them lead that are sections.
func (a Asker) of(units ...string) org.Reach {
	r := org.Reach{Units: units}
	for _, id := range units {
		if u, ok := a.Dir.Unit(id); ok && !u.IsSchool() {
			r.Sections = append(r.Sections, id)
		}
	}
	return r
}

func (a Asker) work(ctx context.Context, src Source, lamps Lamps, whose org.Reach, q Query) ([]Line, bool, error) {
	today := a.today()
	f := duty.LedgerFilter{Sections: whose.Sections, Units: whose.Units, DueFrom: q.From, DueTo: q.To, Opened: max(today, q.To),
		OpenOnly: len(q.Filter) > 0 && !q.wants("all", "review"), Limit: MaxLines + 1}
	switch {
	case q.wants("overdue"):
		f.DueTo = earlier(f.DueTo, today.Add(-1))
	case q.wants("due") && q.To.IsZero():
		f.DueTo = today.Add(7)
	}
	list, err := src.Ledger(ctx, f)
	if err != nil {
		return nil, false, err
	}
	more := len(list) > MaxLines
	lines := make([]Line, 0, len(list))
	own := a.Actor.Units()
	for _, w := range list[:min(len(list), MaxLines)] {
		sections := append([]string{w.Item.Lead}, w.Item.Assist...)
		if org.Can(a.Actor, org.ExportData, org.Subject{Unit: w.UnitID, Sections: sections}) != nil {
			continue
		}
		line := Line{Work: w, Lamp: lamps.Lamp(ctx, w, a.Dir), Quiet: w.Item.Privacy != "" && !slices.Contains(own, w.UnitID)}
		if q.keeps(line, a.Now) {
			lines = append(lines, line)
		}
	}
	slices.SortStableFunc(lines, a.byItem())
	return lines, more, nil
}

func earlier(d, e calendar.Date) calendar.Date {
	if d.IsZero() {
		return e
	}
	return min(d, e)
}

// keeps applies what the database cannot know.
func (q Query) keeps(l Line, now time.Time) bool {
	if q.Point > 0 && l.Item.Point != q.Point || q.Code != "" && l.Item.Code != q.Code {
		return false
	}
	lamps := map[string]remind.Lamp{"red": remind.RedLamp, "yellow": remind.YellowLamp, "blue": remind.BlueLamp, "green": remind.GreenLamp}
	asked, lit := false, false
	for _, f := range q.Filter {
		lamp, ok := lamps[f]
		asked, lit = asked || ok, lit || ok && lamp == l.Lamp
	}
	switch {
	case l.Part == duty.Assist && q.wants("overdue", "stale", "unsigned"): // nobody waits for those who assist
		return false
	case asked:
		return lit
	case q.wants("stale"):
		last := l.ReportedAt
		if last.IsZero() {
			last = l.AssignedAt
		}
		return !last.After(now.AddDate(0, 0, -max(q.Stale, 1)))
	case q.wants("unsigned"):
		return l.SignedAt.IsZero()
	case q.wants("review"):
		return l.State == duty.Submitted
	}
	return true
}

// byItem is the order of the document, then that of the directory.
func (a Asker) byItem() func(x, y Line) int {
	place := map[string]int{}
	for i, u := range a.Dir.Units() {
		place[u.ID] = i
	}
	return func(x, y Line) int {
		return cmp.Or(cmp.Compare(x.Item.Year, y.Item.Year), cmp.Compare(x.Item.Point, y.Item.Point), cmp.Compare(x.ItemID, y.ItemID),
			cmp.Compare(place[x.UnitID], place[y.UnitID]), cmp.Compare(x.Due, y.Due), cmp.Compare(x.ID, y.ID))
	}
}

// handling is the reach as far as hazards go. They are the business of the school,
// of the sections that handle hazards for the whole bureau, and of who is in
// charge of either.
func (a Asker) handling(whose org.Reach) org.Reach {
	if slices.ContainsFunc(whose.Sections, func(s string) bool { return slices.Contains(a.safety(), s) }) {
		return org.Reach{All: true}
	}
	return org.Reach{All: whose.All, Units: whose.Units}
}

func (a Asker) safety() []string {
	var sections []string
	for _, p := range a.Dir.SafetySection() {
		sections = append(sections, p.Post.UnitID)
	}
	return sections
}

func (a Asker) hazards(ctx context.Context, src Source, whose org.Reach, q Query) ([]int64, bool, error) {
	f := hazard.Filter{Units: whose.Units, Category: q.Category, Level: hazard.Level(q.Level), Today: a.today(), Overdue: q.wants("overdue", "red"),
		OpenOnly: len(q.Filter) > 0 && !q.wants("all", "review"), Unsigned: q.wants("unsigned"), Told: true, Limit: MaxHazards + 1}
	if q.wants("review") {
		f.States = []hazard.State{hazard.Fixed}
	}
	if !q.From.IsZero() {
		f.Since, f.Before = q.From.At(0, 0, a.Loc), q.To.Add(1).At(0, 0, a.Loc)
	}
	ids, err := src.HazardIDs(ctx, f)
	if err != nil {
		return nil, false, err
	}
	return ids[max(0, len(ids)-MaxHazards):], len(ids) > MaxHazards, nil
}
