package store

import (
	"context"

	"duban/internal/duty"
	"duban/internal/errs"
)

// FirstValue returns the first report of a piece of work that gave a figure: where
// its numeric target began.
func (t *Tx) FirstValue(_ context.Context, assignmentID int64) (duty.ReportLine, bool, error) {
	var rows []reportRow
	err := t.db.Where("assignment_id = ? AND value IS NOT NULL", assignmentID).Order("at, id").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return duty.ReportLine{}, false, errs.At("find first figure", err)
	}
	r := rows[0]
	return duty.ReportLine{AssignmentID: r.AssignmentID, PersonID: r.PersonID, Platform: r.Platform, At: instant(r.At),
		Progress: duty.Progress{Status: duty.Status(r.Status), Percent: r.Percent, Value: r.Value, Note: r.Note, ETA: day(r.ETA), Files: r.Files}}, true, nil
}
