package store

import (
	"context"
	"fmt"
	"time"

	"duban/internal/errs"
)

// recentIncidents bounds how many of the newest incidents a look goes through.
const recentIncidents = 20

func (r incidentRow) incident() Incident {
	return Incident{ID: r.ID, Kind: r.Kind, Type: r.Type, UnitID: r.UnitID, PersonID: r.PersonID, Location: r.Location, At: instant(r.At), Told: r.Told,
		AckedAt: instant(r.AckedAt), AckedBy: r.AckedBy}
}

// ToldIncident returns the newest emergency since an instant that a person was told
// of, answered or not. Sensitive ones are never found.
func (t *Tx) ToldIncident(_ context.Context, personID string, since time.Time) (Incident, bool, error) {
	var rows []incidentRow
	if err := t.db.Order("id DESC").Limit(recentIncidents).Find(&rows).Error; err != nil {
		return Incident{}, false, errs.At("recent incidents", err)
	}
	keys, byKey := []string{}, map[string]incidentRow{}
	for _, r := range rows {
		if r.Kind == "emergency" && r.At >= millis(since) {
			key := fmt.Sprintf("emergency:%d:%s", r.ID, personID)
			keys, byKey[key] = append(keys, key), r
		}
	}
	if len(keys) == 0 {
		return Incident{}, false, nil
	}
	var told []string
	if err := t.db.Model(&noticeRow{}).Where("dedupe_key IN ?", keys).Pluck("dedupe_key", &told).Error; err != nil {
		return Incident{}, false, errs.At("who was told", err)
	}
	var newest incidentRow
	for _, key := range told {
		if r := byKey[key]; r.ID > newest.ID {
			newest = r
		}
	}
	return newest.incident(), newest.ID > 0, nil
}

// PeopleTold lists who was told of an incident.
func (t *Tx) PeopleTold(_ context.Context, incident int64) ([]string, error) {
	var people []string
	err := t.db.Model(&noticeRow{}).Where("subject_kind = ? AND subject_id = ? AND kind = ?", "incident", incident, "emergency").
		Order("id").Distinct("person_id", "id").Pluck("person_id", &people).Error
	return people, errs.At("who was told", err)
}

// AckIncident records who answered first; false if somebody had before.
func (t *Tx) AckIncident(_ context.Context, id int64, by string, at time.Time) (bool, error) {
	res := t.db.Model(&incidentRow{}).Where("id = ? AND acked_at = 0", id).Updates(map[string]any{"acked_at": millis(at), "acked_by": by})
	return res.RowsAffected == 1, errs.At("acknowledge incident", res.Error)
}
