// Package burden counts what duban asks of schools (负担表): how many messages
// each one got and how many times it was asked to fill something in. It is there to
// keep duban honest, and is never a ranking: schools stand in the directory's order.
package burden

import (
	"context"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/org"
)

// Line is one school's burden.
type Line struct {
	Unit     string `json:"unit"`
	Name     string `json:"name"`
	Messages int    `json:"messages"` // sent to its people; a merged morning is one, an answer they asked for none
	Asked    int    `json:"asked"`    // pieces of work that were opened for it
	Repeated int    `json:"repeated"` // of these, what repeats an earlier collection and was wanted nevertheless
}

// Table is the burden of all schools between two days.
type Table struct {
	From  calendar.Date `json:"from"`
	To    calendar.Date `json:"to"` // included
	Lines []Line        `json:"lines"`
}

// Source counts by unit, each with one query.
type Source interface {
	MessagesByUnit(ctx context.Context, units []string, from, before time.Time) (map[string]int, error)
	AskedByUnit(ctx context.Context, units []string, from, to calendar.Date) (map[string]int, error)
	RepeatedByUnit(ctx context.Context, units []string, from, to calendar.Date) (map[string]int, error)
}

// Collect counts for every school of the directory, those without any burden too.
func Collect(ctx context.Context, src Source, dir *org.Directory, from, to calendar.Date, loc *time.Location) (Table, error) {
	t := Table{From: from, To: to, Lines: []Line{}}
	var units []string
	for _, u := range dir.Units() {
		if u.IsSchool() {
			units = append(units, u.ID)
			t.Lines = append(t.Lines, Line{Unit: u.ID, Name: u.Label()})
		}
	}
	messages, err := src.MessagesByUnit(ctx, units, from.At(0, 0, loc), to.Add(1).At(0, 0, loc))
	if err != nil {
		return t, errs.At("count messages of schools", err)
	}
	asked, err := src.AskedByUnit(ctx, units, from, to)
	if err != nil {
		return t, errs.At("count work of schools", err)
	}
	repeated, err := src.RepeatedByUnit(ctx, units, from, to)
	if err != nil {
		return t, errs.At("count repeated work of schools", err)
	}
	for i, l := range t.Lines {
		t.Lines[i].Messages, t.Lines[i].Asked, t.Lines[i].Repeated = messages[l.Unit], asked[l.Unit], repeated[l.Unit]
	}
	return t, nil
}

// Total adds the lines up.
func (t Table) Total() (sum Line) {
	for _, l := range t.Lines {
		sum.Messages, sum.Asked, sum.Repeated = sum.Messages+l.Messages, sum.Asked+l.Asked, sum.Repeated+l.Repeated
	}
	return sum
}

// Parts are the weeks or months of a span, the first and the last cut to it.
func Parts(unit calendar.Unit, from, to calendar.Date) []calendar.Period {
	var out []calendar.Period
	for p := calendar.PeriodOf(unit, from); p.From <= to; p = p.Next() {
		p.From, p.To = max(p.From, from), min(p.To, to)
		out = append(out, p)
		if p.To == to {
			break
		}
	}
	return out
}
