package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

// presenceRow is what a platform told of one user id, and the account that rests.
type presenceRow struct {
	Platform string `gorm:"primaryKey"`
	Corp     string `gorm:"primaryKey"`
	UserID   string `gorm:"primaryKey"`
	LeftAt   int64
	HiddenAt int64
	HereAt   int64
	PersonID string // of the resting account; empty: none rests
	BoundAt  int64
	SeenAt   int64
}

func (presenceRow) TableName() string { return "presences" }

func (t *Tx) byUserID(platform, corp, userID string) *gorm.DB {
	q := t.db.Where("platform = ? AND corp = ? AND user_id = ?", platform, corp, userID)
	if t.dialect == MySQL {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	return q.Limit(1)
}

// LockPresence returns what was told of a user id and the account that rests there, with
// an empty PersonID if none does. known is false if nothing was told yet.
func (t *Tx) LockPresence(_ context.Context, a Account) (p org.Presence, resting org.BoundAccount, known bool, err error) {
	var rows []presenceRow
	if err := t.byUserID(a.Platform, a.Corp, a.UserID).Find(&rows).Error; err != nil || len(rows) == 0 {
		return p, resting, false, errs.At("load presence", err)
	}
	r := rows[0]
	p = org.Presence{Left: instant(r.LeftAt), Hidden: instant(r.HiddenAt), Here: instant(r.HereAt)}
	resting = org.BoundAccount{Account: Account{Platform: r.Platform, Corp: r.Corp, UserID: r.UserID, PersonID: r.PersonID}, Bound: instant(r.BoundAt), Seen: instant(r.SeenAt)}
	return p, resting, true, nil
}

// SavePresence replaces what was told of a user id and the account that rests there.
func (t *Tx) SavePresence(_ context.Context, a Account, p org.Presence, resting org.BoundAccount) error {
	row := presenceRow{Platform: a.Platform, Corp: a.Corp, UserID: a.UserID, LeftAt: millis(p.Left), HiddenAt: millis(p.Hidden), HereAt: millis(p.Here)}
	if resting.PersonID != "" {
		row.PersonID, row.BoundAt, row.SeenAt = resting.PersonID, millis(resting.Bound), millis(resting.Seen)
	}
	replace := clause.OnConflict{
		Columns:   []clause.Column{{Name: "platform"}, {Name: "corp"}, {Name: "user_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"left_at", "hidden_at", "here_at", "person_id", "bound_at", "seen_at"}),
	}
	return errs.At("save presence", t.db.Clauses(replace).Create(&row).Error)
}

// LockAccount returns the account of a user id.
func (t *Tx) LockAccount(_ context.Context, a Account) (org.BoundAccount, bool, error) {
	var rows []accountRow
	if err := t.byUserID(a.Platform, a.Corp, a.UserID).Find(&rows).Error; err != nil || len(rows) == 0 {
		return org.BoundAccount{}, false, errs.At("load account", err)
	}
	return org.BoundAccount{Account: rows[0].account(), Bound: instant(rows[0].BoundAt), Seen: instant(rows[0].SeenAt)}, true, nil
}

// OpenAccount ties an account with the times it has. ok is false if its person or its
// user id is bound otherwise by now.
func (t *Tx) OpenAccount(_ context.Context, a org.BoundAccount) (ok bool, err error) {
	taken := t.db.Where("person_id = ? AND platform = ? AND corp = ?", a.PersonID, a.Platform, a.Corp).
		Or("platform = ? AND corp = ? AND user_id = ?", a.Platform, a.Corp, a.UserID).Limit(1).Find(&[]accountRow{})
	if taken.Error != nil || taken.RowsAffected > 0 {
		return false, errs.At("look for account", taken.Error)
	}
	row := accountRow{Platform: a.Platform, Corp: a.Corp, UserID: a.UserID, PersonID: a.PersonID, BoundAt: millis(a.Bound), SeenAt: millis(a.Seen)}
	return true, errs.At("open account", t.db.Create(&row).Error)
}

// Renumber moves to another user id what goes with an account: the conversation with its
// numbered list, and what is about to be sent there.
func (t *Tx) Renumber(_ context.Context, a Account, userID string) error {
	err := t.db.Where("platform = ? AND corp = ? AND user_id = ?", a.Platform, a.Corp, userID).Delete(&dialogueRow{}).Error
	if err == nil {
		err = t.db.Model(&dialogueRow{}).Where("platform = ? AND corp = ? AND user_id = ?", a.Platform, a.Corp, a.UserID).Update("user_id", userID).Error
	}
	if err == nil {
		err = t.db.Model(&messageRow{}).Where("person_id = ? AND platform = ? AND address = ? AND state = ?", a.PersonID, a.Platform, a.UserID, string(notice.MsgQueued)).
			Update("address", userID).Error
	}
	return errs.At("renumber", err)
}

// EndLinks ends the links to pages that a person has.
func (t *Tx) EndLinks(_ context.Context, personID string, now time.Time) error {
	return errs.At("end links", t.db.Where("person_id = ? AND expires_at > ?", personID, millis(now)).Delete(&linkRow{}).Error)
}

// BoundAccounts lists the accounts of one platform, those at rest if resting, by user id.
func (t *Tx) BoundAccounts(_ context.Context, platform string, resting bool) ([]Account, error) {
	var out []Account
	if resting {
		var rows []presenceRow
		if err := t.db.Where("platform = ? AND person_id <> ''", platform).Order("corp, user_id").Find(&rows).Error; err != nil {
			return nil, errs.At("list resting accounts", err)
		}
		for _, r := range rows {
			out = append(out, Account{Platform: r.Platform, Corp: r.Corp, UserID: r.UserID, PersonID: r.PersonID})
		}
		return out, nil
	}
	var rows []accountRow
	if err := t.db.Where("platform = ?", platform).Order("corp, user_id").Find(&rows).Error; err != nil {
		return nil, errs.At("list accounts", err)
	}
	for _, r := range rows {
		out = append(out, r.account())
	}
	return out, nil
}
