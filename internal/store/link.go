package store

import (
	"context"
	"time"

	"duban/internal/errs"
	"duban/internal/link"
)

type linkRow struct {
	ID        int64 `gorm:"primaryKey"`
	Hash      string
	Kind      string
	PersonID  string
	HazardID  int64
	Browser   string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	ExpiresAt int64
}

func (linkRow) TableName() string { return "links" }

func (r linkRow) link() link.Link {
	return link.Link{ID: r.ID, Hash: r.Hash, Kind: r.Kind, PersonID: r.PersonID, HazardID: r.HazardID, Browser: r.Browser,
		Created: instant(r.CreatedAt), Expires: instant(r.ExpiresAt)}
}

// AddLink stores a link. The person's expired ones go, so that nobody's pile up.
func (t *Tx) AddLink(_ context.Context, l link.Link) error {
	err := t.db.Where("person_id = ? AND expires_at < ?", l.PersonID, millis(l.Created)).Delete(&linkRow{}).Error
	if err == nil {
		err = t.db.Create(&linkRow{Hash: l.Hash, Kind: l.Kind, PersonID: l.PersonID, HazardID: l.HazardID, Browser: l.Browser,
			CreatedAt: millis(l.Created), ExpiresAt: millis(l.Expires)}).Error
	}
	return errs.At("add link", err)
}

// LinkByHash finds a link that has not expired.
func (t *Tx) LinkByHash(_ context.Context, hash string, now time.Time) (link.Link, bool, error) {
	var rows []linkRow
	if err := t.db.Where("hash = ? AND expires_at > ?", hash, millis(now)).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return link.Link{}, false, errs.At("find link", err)
	}
	return rows[0].link(), true, nil
}

// BindLink ties a link to the browser it is first opened in. ok is false when
// another one was faster.
func (t *Tx) BindLink(_ context.Context, id int64, browser string) (ok bool, err error) {
	res := t.db.Model(&linkRow{}).Where("id = ? AND browser = ''", id).Update("browser", browser)
	return res.RowsAffected == 1, errs.At("bind link", res.Error)
}
