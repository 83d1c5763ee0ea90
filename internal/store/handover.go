package store

import (
	"context"

	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

// PostByID returns a post, also one that nobody holds.
func (t *Tx) PostByID(_ context.Context, id string) (org.Post, bool, error) {
	var rows []postRow
	if err := t.db.Where("id = ?", id).Find(&rows).Error; err != nil || len(rows) == 0 {
		return org.Post{}, false, errs.At("load post", err)
	}
	return rows[0].post(), true, nil
}

// Misaddressed returns what waits for a post that its reader does not hold, being
// the former holder or a stand-in, and what waits for people who are away. It looks
// at all that waits, so it is for the few times a day when readers may change.
func (t *Tx) Misaddressed(_ context.Context, away ...string) ([]notice.Notice, error) {
	away = append(away, "") // a list must not be empty

	var rows []noticeRow
	err := t.db.Table("notices").Select("notices.*").
		Joins("LEFT JOIN holdings ON holdings.post_id = notices.post_id AND holdings.person_id = notices.person_id AND holdings.until = 0").
		Joins("LEFT JOIN persons ON persons.id = notices.person_id AND persons.active = 1").
		Where("notices.state = ? AND notices.post_id <> '' AND (holdings.id IS NULL OR persons.id IS NULL OR notices.person_id IN ?)", string(notice.Pending), away).
		Order("notices.id").Scan(&rows).Error
	if err != nil {
		return nil, errs.At("find notices of former holders", err)
	}
	out := make([]notice.Notice, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.notice())
	}
	return out, nil
}

// EndLostDelegations ends the delegations to people who have left and returns them:
// what is handed to them would reach nobody.
func (t *Tx) EndLostDelegations(context.Context) ([]org.Delegation, error) {
	var rows []delegationRow
	err := t.db.Where("state = 'active' AND to_id IN (SELECT id FROM persons WHERE active = 0)").Order("id").Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, errs.At("find delegations to who left", err)
	}
	ids := make([]int64, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	t.directories.forget()
	return delegations(rows), errs.At("end delegations", t.db.Model(&delegationRow{}).Where("id IN ?", ids).Update("state", "ended").Error)
}
