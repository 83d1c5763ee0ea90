package store

import (
	"context"
	"time"

	"duban/internal/errs"
	"duban/internal/response"
)

// ToAnswer returns the rounds that a person was called to since an instant and has not
// answered; others may have. Emergencies come first, of each kind the newest.
func (t *Tx) ToAnswer(_ context.Context, person string, since time.Time) ([]response.Response, error) {
	var rows []responseRow
	mine := t.db.Model(&responseMemberRow{}).Select("incident_id").
		Where("person_id = ? AND part = ? AND at >= ? AND answered_at = 0", person, string(response.Told), millis(since))
	err := t.db.Where("incident_id IN (?) AND state IN ?", mine, response.Open()).Order("kind, incident_id DESC").Find(&rows).Error
	return responses(rows), errs.At("what to answer", err)
}
