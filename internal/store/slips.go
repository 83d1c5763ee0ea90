package store

import (
	"context"
	"slices"

	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/slip"
)

type slipRow struct {
	ID          int64 `gorm:"primaryKey"`
	Year        int
	Seq         int
	SubjectKind string
	SubjectID   int64
	UnitID      string
	SectionID   string
	Colour      string
	Level       string
	IssuedBy    string
	IssuedAt    int64
	ReceiptDue  string
	OnceKey     string
	State       string
	AnsweredAt  int64
	AnsweredBy  string
	Reason      string
	ETA         string `gorm:"column:eta"`
	Version     int
}

func (slipRow) TableName() string { return "slips" }

func (r slipRow) slip() slip.Slip {
	return slip.Slip{ID: r.ID, Year: r.Year, Seq: r.Seq, Subject: notice.Subject{Kind: notice.SubjectKind(r.SubjectKind), ID: r.SubjectID},
		UnitID: r.UnitID, Section: r.SectionID, Colour: slip.Colour(r.Colour), Level: r.Level, IssuedBy: r.IssuedBy, IssuedAt: instant(r.IssuedAt), ReceiptDue: day(r.ReceiptDue),
		Once: r.OnceKey, State: slip.State(r.State), AnsweredAt: instant(r.AnsweredAt), AnsweredBy: r.AnsweredBy, Reason: r.Reason, ETA: day(r.ETA), Version: r.Version}
}

func slipOf(s slip.Slip) slipRow {
	return slipRow{ID: s.ID, Year: s.Year, Seq: s.Seq, SubjectKind: string(s.Subject.Kind), SubjectID: s.Subject.ID,
		UnitID: s.UnitID, SectionID: s.Section, Colour: string(s.Colour), Level: s.Level, IssuedBy: s.IssuedBy, IssuedAt: millis(s.IssuedAt), ReceiptDue: s.ReceiptDue.String(),
		OnceKey: s.Once, State: string(s.State), AnsweredAt: millis(s.AnsweredAt), AnsweredBy: s.AnsweredBy, Reason: s.Reason, ETA: s.ETA.String(), Version: s.Version}
}

// AddSlip stores a slip under the next number of its year, without gaps. fresh is
// false when the same step has issued it before; that one is returned.
func (t *Tx) AddSlip(ctx context.Context, s slip.Slip) (_ slip.Slip, fresh bool, err error) {
	var known []slipRow
	if err := t.db.Where("once_key = ?", s.Once).Find(&known).Error; err != nil || len(known) > 0 {
		if err != nil {
			return s, false, errs.At("find slip", err)
		}
		return known[0].slip(), false, nil
	}
	seq, err := t.nextNumber(ctx, "slip-"+yearName(s.Year))
	if err != nil {
		return s, false, err
	}
	row := slipOf(s)
	row.Seq = int(seq)
	if err := t.db.Create(&row).Error; err != nil {
		return s, false, errs.At("add slip", err)
	}
	return row.slip(), true, nil
}

// SaveSlip writes a changed slip; a row that changed since it was read makes the
// transaction run again.
func (t *Tx) SaveSlip(_ context.Context, s slip.Slip) error {
	row := slipOf(s)
	row.Version++
	res := t.db.Model(&slipRow{}).Where("id = ? AND version = ?", s.ID, s.Version).Select("*").Omit("id").Updates(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return errStale
	}
	return errs.At("save slip", res.Error)
}

// SlipsByID returns slips by id, in no particular order.
func (t *Tx) SlipsByID(_ context.Context, ids ...int64) ([]slip.Slip, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []slipRow
	err := t.db.Where("id IN ?", ids).Find(&rows).Error
	return slips(rows), errs.At("load slips", err)
}

// Slips returns the slips of the units or of the sections, or all of the year and
// the one before, the newest first.
func (t *Tx) Slips(_ context.Context, f slip.Filter) ([]slip.Slip, error) {
	var all []slipRow
	ask := func(where string, args ...any) error {
		var rows []slipRow
		err := t.db.Where(where, args...).Order("year DESC, seq DESC").Limit(f.Limit).Find(&rows).Error
		all = append(all, rows...)
		return err
	}
	var err error
	if len(f.Units) == 0 && len(f.Sections) == 0 {
		if err = ask("year = ?", f.Year); err == nil { // each walks the index of numbers from its end
			err = ask("year = ?", f.Year-1)
		}
	}
	if len(f.Units) > 0 {
		err = ask("unit_id IN ?", f.Units)
	}
	if err == nil && len(f.Sections) > 0 { // two queries, each with its index
		err = ask("section_id IN ?", f.Sections)
	}
	slices.SortFunc(all, func(a, b slipRow) int { return int(b.ID - a.ID) })
	all = slices.CompactFunc(all, func(a, b slipRow) bool { return a.ID == b.ID })
	return slips(all[:min(len(all), f.Limit)]), errs.At("list slips", err)
}

func slips(rows []slipRow) []slip.Slip {
	out := make([]slip.Slip, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.slip())
	}
	return out
}
