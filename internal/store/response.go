package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/response"
)

type responseRow struct {
	IncidentID    int64 `gorm:"primaryKey;autoIncrement:false"`
	Kind          string
	Type          string
	UnitID        string
	State         string
	Step          int
	Level         int
	Generation    int
	PolicyVersion int
	StartedAt     int64
	HeardAt       int64
	NextAt        int64
	Alert         string
	EndedAt       int64
	EndedBy       string
	Result        string
}

func (responseRow) TableName() string { return "responses" }

type responseMemberRow struct {
	IncidentID int64  `gorm:"primaryKey;autoIncrement:false"`
	Part       string `gorm:"primaryKey"`
	PersonID   string `gorm:"primaryKey"`
	Step       int
	At         int64
	AnsweredAt int64
	FailedAt   int64
}

func (responseMemberRow) TableName() string { return "response_members" }

func (r responseRow) response() response.Response {
	return response.Response{Incident: r.IncidentID, Kind: response.Kind(r.Kind), Type: r.Type, UnitID: r.UnitID, State: response.State(r.State), Step: r.Step,
		Level: r.Level, Generation: r.Generation, Policy: r.PolicyVersion, Started: instant(r.StartedAt), Heard: instant(r.HeardAt), Next: instant(r.NextAt), Alert: r.Alert,
		Ended: instant(r.EndedAt), EndedBy: r.EndedBy, Result: r.Result}
}

func responses(rows []responseRow) []response.Response {
	out := make([]response.Response, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.response())
	}
	return out
}

// SerialIncidents lets one transaction at a time open incidents, so that twenty people
// who report one fire at once make one incident of it.
func (t *Tx) SerialIncidents(context.Context) error {
	if t.dialect == SQLite { // writers wait for each other anyway
		return nil
	}
	once := clause.OnConflict{DoUpdates: clause.Assignments(map[string]any{"value": gorm.Expr("`value` + 1")})}
	return errs.At("queue up for an incident", t.db.Clauses(once).Create(&counterRow{Name: "incidents", Value: 1}).Error)
}

// AddResponse starts the round of an incident.
func (t *Tx) AddResponse(_ context.Context, r response.Response) error {
	row := responseRow{IncidentID: r.Incident, Kind: string(r.Kind), Type: r.Type, UnitID: r.UnitID, State: string(r.State), Step: r.Step, Level: r.Level, Generation: 1,
		PolicyVersion: r.Policy, StartedAt: millis(r.Started), HeardAt: millis(r.Heard), NextAt: millis(r.Next), Alert: r.Alert}
	return errs.At("start response", t.db.Create(&row).Error)
}

// SaveResponse writes a round back with the next generation; who was slower begins anew.
func (t *Tx) SaveResponse(_ context.Context, r response.Response) error {
	res := t.db.Model(&responseRow{}).Where("incident_id = ? AND generation = ?", r.Incident, r.Generation).Updates(map[string]any{
		"state": string(r.State), "step": r.Step, "level": r.Level, "generation": r.Generation + 1, "heard_at": millis(r.Heard), "next_at": millis(r.Next), "alert": r.Alert,
		"ended_at": millis(r.Ended), "ended_by": r.EndedBy, "result": r.Result,
	})
	if res.Error == nil && res.RowsAffected == 0 {
		return errStale
	}
	return errs.At("save response", res.Error)
}

// ResponsesByID returns rounds by their incidents.
func (t *Tx) ResponsesByID(_ context.Context, incidents ...int64) ([]response.Response, error) {
	if len(incidents) == 0 {
		return nil, nil
	}
	var rows []responseRow
	err := t.db.Where("incident_id IN ?", incidents).Order("incident_id").Find(&rows).Error
	return responses(rows), errs.At("load responses", err)
}

// DueResponses returns the rounds whose next step is due.
func (t *Tx) DueResponses(_ context.Context, now time.Time, limit int) ([]response.Response, error) {
	var rows []responseRow
	err := t.db.Where("state = ? AND next_at BETWEEN 1 AND ?", string(response.Calling), millis(now)).Order("next_at").Limit(limit).Find(&rows).Error
	return responses(rows), errs.At("due responses", err)
}

// NextResponseAt returns when the earliest round goes on.
func (t *Tx) NextResponseAt(context.Context) (time.Time, error) {
	var rows []responseRow
	err := t.db.Where("state = ? AND next_at > 0", string(response.Calling)).Order("next_at").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, errs.At("next response", err)
	}
	return instant(rows[0].NextAt), nil
}

// LockResponses locks rounds for this transaction, in the order of their incidents.
// Those that have moved on, or are held by another node, are not among them.
func (t *Tx) LockResponses(_ context.Context, rounds ...notice.Round) ([]response.Response, error) {
	ids, wanted := make([]int64, 0, len(rounds)), make(map[notice.Round]bool, len(rounds))
	for _, r := range rounds {
		ids, wanted[r] = append(ids, r.ID), true
	}
	q := t.db.Where("incident_id IN ? AND state = ?", ids, string(response.Calling))
	if t.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: "UPDATE", Options: "SKIP LOCKED"})
	}
	var rows []responseRow
	if err := q.Order("incident_id").Find(&rows).Error; err != nil {
		return nil, errs.At("lock responses", err)
	}
	rows = slices.DeleteFunc(rows, func(r responseRow) bool { return !wanted[notice.Round{ID: r.IncidentID, Generation: r.Generation}] })
	return responses(rows), nil
}

// OpenResponses returns the rounds of a kind in which there is something to do, the
// newest first.
func (t *Tx) OpenResponses(_ context.Context, kind response.Kind, limit int) ([]response.Response, error) {
	var rows []responseRow
	err := t.db.Where("state IN ? AND kind = ?", response.Open(), string(kind)).Order("incident_id DESC").Limit(limit).Find(&rows).Error
	return responses(rows), errs.At("open responses", err)
}

// ResponsesAt returns the rounds of a unit that were heard of since an instant, the
// newest first.
func (t *Tx) ResponsesAt(_ context.Context, unit string, since time.Time) ([]response.Response, error) {
	var rows []responseRow
	err := t.db.Where("unit_id = ? AND heard_at >= ?", unit, millis(since)).Order("heard_at DESC, incident_id DESC").Find(&rows).Error
	return responses(rows), errs.At("responses of a unit", err)
}

// ResponsesOf returns the rounds in which somebody has had a part since an instant, the
// newest first.
func (t *Tx) ResponsesOf(_ context.Context, person string, part response.Part, since time.Time) ([]response.Response, error) {
	var rows []responseRow
	mine := t.db.Model(&responseMemberRow{}).Select("incident_id").Where("person_id = ? AND part = ? AND at >= ?", person, string(part), millis(since))
	err := t.db.Where("incident_id IN (?)", mine).Order("incident_id DESC").Find(&rows).Error
	return responses(rows), errs.At("responses of a person", err)
}

// AddMembers gives people their part in one incident; who has it already keeps it as
// it is.
func (t *Tx) AddMembers(_ context.Context, list []response.Member) error {
	rows := make([]responseMemberRow, 0, len(list))
	for _, m := range list {
		rows = append(rows, responseMemberRow{IncidentID: m.Incident, Part: string(m.Part), PersonID: m.PersonID, Step: m.Step, At: millis(m.At),
			AnsweredAt: millis(m.Answered), FailedAt: millis(m.Failed)})
	}
	if len(rows) == 0 {
		return nil
	}
	if err := t.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error; err != nil {
		return errs.At("add members", err)
	}
	told := t.db.Model(&responseMemberRow{}).Select("COUNT(*)").Where("incident_id = ? AND part = ?", rows[0].IncidentID, string(response.Told))
	return errs.At("count who was told", t.db.Model(&incidentRow{}).Where("id = ?", rows[0].IncidentID).Update("told", told).Error)
}

// MembersOf lists who has a part in an incident, in the order in which they came to it.
func (t *Tx) MembersOf(_ context.Context, incident int64) ([]response.Member, error) {
	var rows []responseMemberRow
	err := t.db.Where("incident_id = ?", incident).Order("at, step, person_id").Find(&rows).Error
	out := make([]response.Member, 0, len(rows))
	for _, r := range rows {
		out = append(out, response.Member{Incident: r.IncidentID, Part: response.Part(r.Part), PersonID: r.PersonID, Step: r.Step, At: instant(r.At),
			Answered: instant(r.AnsweredAt), Failed: instant(r.FailedAt)})
	}
	return out, errs.At("load members", err)
}

// AnswerIncident records that somebody who was called has answered, the first time.
func (t *Tx) AnswerIncident(_ context.Context, incident int64, person string, at time.Time) error {
	err := t.db.Model(&responseMemberRow{}).Where("incident_id = ? AND part = ? AND person_id = ? AND answered_at = 0", incident, string(response.Told), person).
		Update("answered_at", millis(at)).Error
	if err != nil {
		return errs.At("answer incident", err)
	}
	err = t.db.Model(&incidentRow{}).Where("id = ? AND acked_at = 0", incident).Updates(map[string]any{"acked_at": millis(at), "acked_by": person}).Error
	return errs.At("answer incident", err)
}

// FailMember records that somebody who was called could not be reached, and whether
// that was not known before.
func (t *Tx) FailMember(_ context.Context, incident int64, person string, at time.Time) (news bool, err error) {
	res := t.db.Model(&responseMemberRow{}).Where("incident_id = ? AND part = ? AND person_id = ? AND failed_at = 0", incident, string(response.Told), person).
		Update("failed_at", millis(at))
	return res.RowsAffected == 1, errs.At("note who was not reached", res.Error)
}

// SilenceIncident ends what waits to be told about an incident, also messages that wait
// to be sent: everything, or only that it was called again.
func (t *Tx) SilenceIncident(ctx context.Context, incident int64, callsOnly bool, reason string) error {
	var rows []noticeRow
	q := t.db.Where("subject_kind = ? AND subject_id = ? AND state IN ?", string(notice.IncidentSubj), incident, []string{string(notice.Pending), string(notice.Taken)})
	if err := q.Find(&rows).Error; err != nil {
		return errs.At("silence incident", err)
	}
	var pending []int64
	var keys []string
	for _, r := range rows {
		if step, _, call := r.notice().Call(); callsOnly && (!call || step == 0) {
			continue
		}
		if r.State == string(notice.Pending) {
			pending = append(pending, r.ID)
			continue
		}
		for _, road := range notice.Roads() { // each account gets a message of its own
			keys = append(keys, notice.MessageKey(r.ID, road))
		}
	}
	if err := t.SettleNotices(ctx, pending, notice.Dropped, reason, 0); err != nil || len(keys) == 0 {
		return err
	}
	err := t.db.Model(&messageRow{}).Where("dedupe_key IN ? AND state = ?", keys, MsgQueued).
		Updates(map[string]any{"state": MsgDropped, "reason": reason, "next_at": 0}).Error
	return errs.At("silence incident", err)
}

// CountResponses counts the rounds of a kind in some states.
func (t *Tx) CountResponses(_ context.Context, kind response.Kind, states ...response.State) (n int64, err error) {
	err = t.db.Model(&responseRow{}).Where("state IN ? AND kind = ?", states, string(kind)).Count(&n).Error
	return n, errs.At("count responses", err)
}
