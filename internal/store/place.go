package store

import (
	"context"
	"errors"
	"time"

	"duban/internal/errs"
	"duban/internal/place"
)

type placeRow struct {
	ID        int64 `gorm:"primaryKey"`
	UnitID    string
	Name      string
	Code      string
	Token     string
	CreatedBy string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	StoppedAt int64
}

func (placeRow) TableName() string { return "places" }

type scanRow struct {
	ID        int64 `gorm:"primaryKey"`
	OnceKey   string
	PlaceID   int64
	HazardID  int64
	Outcome   string
	Name      string
	Phone     string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

func (scanRow) TableName() string { return "scans" }

type appKeyRow struct {
	Name      string `gorm:"primaryKey"`
	Value     string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

func (appKeyRow) TableName() string { return "app_keys" }

func (r placeRow) place() place.Place {
	return place.Place{ID: r.ID, UnitID: r.UnitID, Name: r.Name, Code: r.Code, Token: r.Token, CreatedBy: r.CreatedBy,
		CreatedAt: instant(r.CreatedAt), StoppedAt: instant(r.StoppedAt)}
}

func placeOf(p place.Place) placeRow {
	return placeRow{ID: p.ID, UnitID: p.UnitID, Name: p.Name, Code: p.Code, Token: p.Token, CreatedBy: p.CreatedBy,
		CreatedAt: millis(p.CreatedAt), StoppedAt: millis(p.StoppedAt)}
}

func places(rows []placeRow) []place.Place {
	out := make([]place.Place, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.place())
	}
	return out
}

// AddPlace stores a place. fresh is false when its code or token is taken; then
// nothing was stored.
func (t *Tx) AddPlace(_ context.Context, p place.Place) (_ place.Place, fresh bool, err error) {
	row := placeOf(p)
	if fresh, err = t.insertNew(&row); !fresh {
		return p, false, errs.At("add place", err)
	}
	return row.place(), true, nil
}

// SavePlace writes a changed place. Unit, code and token of a place never change.
func (t *Tx) SavePlace(_ context.Context, p place.Place) error {
	return errs.At("save place", t.db.Model(&placeRow{}).Where("id = ?", p.ID).
		Updates(map[string]any{"name": p.Name, "stopped_at": millis(p.StoppedAt)}).Error)
}

// Places returns the places of units, those in use and those that were stopped, in
// the order of their making.
func (t *Tx) Places(_ context.Context, units ...string) ([]place.Place, error) {
	if len(units) == 0 {
		return nil, nil
	}
	var rows []placeRow
	err := t.db.Where("unit_id IN ?", units).Order("id").Limit(2000).Find(&rows).Error
	return places(rows), errs.At("list places", err)
}

// PlaceByCode finds a place by what people type.
func (t *Tx) PlaceByCode(_ context.Context, code string) (place.Place, bool, error) {
	return t.onePlace("code = ?", code)
}

// PlaceByToken finds a place by what its code on the wall holds.
func (t *Tx) PlaceByToken(_ context.Context, token string) (place.Place, bool, error) {
	return t.onePlace("token = ?", token)
}

// PlacesByID returns places in the order of their ids; those that are not there are
// missing.
func (t *Tx) PlacesByID(_ context.Context, ids ...int64) ([]place.Place, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []placeRow
	err := t.db.Where("id IN ?", ids).Order("id").Find(&rows).Error
	return places(rows), errs.At("find places", err)
}

func (t *Tx) onePlace(where string, arg any) (place.Place, bool, error) {
	var rows []placeRow
	if err := t.db.Where(where, arg).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return place.Place{}, false, errs.At("find place", err)
	}
	return rows[0].place(), true, nil
}

func (r scanRow) scan() place.Scan {
	return place.Scan{ID: r.ID, Once: r.OnceKey, PlaceID: r.PlaceID, HazardID: r.HazardID, Outcome: r.Outcome, Name: r.Name, Phone: r.Phone, CreatedAt: instant(r.CreatedAt)}
}

// AddScan stores that a form was sent. The same form sent again makes the whole
// transaction run again, which then finds the first one.
func (t *Tx) AddScan(_ context.Context, s place.Scan) error {
	err := t.db.Create(&scanRow{OnceKey: s.Once, PlaceID: s.PlaceID, HazardID: s.HazardID, Outcome: s.Outcome, Name: s.Name, Phone: s.Phone,
		CreatedAt: millis(s.CreatedAt)}).Error
	if isDuplicate(err) {
		err = errors.Join(errStale, err)
	}
	return errs.At("add scan", err)
}

// ScanOnce finds the scan of a form.
func (t *Tx) ScanOnce(_ context.Context, once string) (place.Scan, bool, error) {
	return t.oneScan("once_key = ?", once)
}

// ScanOf finds the scan that filed a hazard.
func (t *Tx) ScanOf(_ context.Context, hazard int64) (place.Scan, bool, error) {
	return t.oneScan("hazard_id = ?", hazard)
}

func (t *Tx) oneScan(where string, arg any) (place.Scan, bool, error) {
	var rows []scanRow
	if err := t.db.Where(where, arg).Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return place.Scan{}, false, errs.At("find scan", err)
	}
	return rows[0].scan(), true, nil
}

// AppKey returns the named key. The first one to ask decides its value, for all
// nodes and for good.
func (t *Tx) AppKey(_ context.Context, name, fresh string, now time.Time) (string, error) {
	if _, err := t.insertNew(&appKeyRow{Name: name, Value: fresh, CreatedAt: millis(now)}); err != nil {
		return "", errs.At("keep key", err)
	}
	var row appKeyRow
	err := t.db.Where("name = ?", name).Take(&row).Error
	return row.Value, errs.At("load key", err)
}
