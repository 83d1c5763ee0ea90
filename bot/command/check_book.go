package command

import (
	"context"

	"duban/internal/calendar"
	"duban/internal/inspect"
)

// CheckBook keeps the checklists and what units said about them.
type CheckBook interface {
	Checklists(ctx context.Context) ([]inspect.Checklist, error)
	Inspections(ctx context.Context, f inspect.Filter) ([]inspect.Record, error)
	CheckWriter
}

// CheckWriter changes what units said.
type CheckWriter interface {
	AddInspection(ctx context.Context, r inspect.Record) (inspect.Record, error)
	SaveInspection(ctx context.Context, r inspect.Record) error
	DropInspection(ctx context.Context, id int64) error
	InspectionByID(ctx context.Context, id int64) (inspect.Record, bool, error)
}

// TermBook knows the terms of schools.
type TermBook interface {
	TermOf(kind string, day calendar.Date) (calendar.Term, bool)
}
