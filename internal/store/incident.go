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

// ToldIncident returns the newest emergency since an instant that a person was told of
// and has not answered; others may have. Sensitive ones are never found.
func (t *Tx) ToldIncident(ctx context.Context, personID string, since time.Time) (Incident, bool, error) {
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
	if newest.ID == 0 {
		return Incident{}, false, nil
	}
	answered, err := t.Ran(ctx, answerOf(newest.ID, personID))
	return newest.incident(), !answered, err
}

// answerOf names a person's answer among what happened once.
func answerOf(incident int64, personID string) string {
	return fmt.Sprintf("emergency-ack:%d:%s", incident, personID)
}

// PeopleTold lists who was told of an emergency, without those who were told of the
// answers to it.
func (t *Tx) PeopleTold(_ context.Context, incident int64) ([]string, error) {
	var people []string
	err := t.db.Model(&noticeRow{}).Where("subject_kind = ? AND subject_id = ? AND dedupe_key LIKE ?", "incident", incident, fmt.Sprintf("emergency:%d:%%", incident)).
		Order("id").Pluck("person_id", &people).Error
	return people, errs.At("who was told", err)
}

// AckIncident records that a person answered, and whether that is the first answer.
func (t *Tx) AckIncident(ctx context.Context, id int64, by string, at time.Time) (first bool, err error) {
	if _, err := t.Once(ctx, answerOf(id, by), "", at); err != nil {
		return false, err
	}
	res := t.db.Model(&incidentRow{}).Where("id = ? AND acked_at = 0", id).Updates(map[string]any{"acked_at": millis(at), "acked_by": by})
	return res.RowsAffected == 1, errs.At("acknowledge incident", res.Error)
}
