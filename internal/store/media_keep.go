package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
)

// kept are the states of files whose bytes are, or should be, in their place.
var kept = []string{string(media.Stored), string(media.Missing)}

// ExpireFiles marks files that were kept long enough and returns them: those of
// hazards and of work that ended before ended, and those that found no words before
// loose.
func (t *Tx) ExpireFiles(_ context.Context, ended, loose time.Time, limit int) ([]File, error) {
	over := millis(ended)
	ofHazards := t.old(ended).Where("subject_kind = ?", string(notice.HazardSubj)).
		Joins("JOIN hazard_lives l ON l.hazard_id = files.subject_id AND l.closed_at > 0 AND l.closed_at < ?", over).
		Joins("JOIN hazards h ON h.id = files.subject_id AND h.state IN ?", []string{string(hazard.Closed), string(hazard.MergedInto), string(hazard.Void)})
	ofWork := t.old(ended).Where("subject_kind = ?", string(notice.Assignment)).
		Joins("JOIN assignments a ON a.id = files.subject_id AND a.closed_at > 0 AND a.closed_at < ? AND a.state IN ?", over, []string{string(duty.Closed), string(duty.Void)})
	ofNothing := t.old(loose).Where("subject_kind = ''")
	var found []fileRow
	for _, q := range []*gorm.DB{ofHazards, ofWork, ofNothing} {
		var rows []fileRow
		if err := q.Select("files.*").Limit(limit - len(found)).Find(&rows).Error; err != nil {
			return nil, errs.At("find expired files", err)
		}
		if found = append(found, rows...); len(found) == limit {
			break
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	err := t.db.Model(&fileRow{}).Where("id IN ?", fileIDs(found)).Update("state", string(media.Expired)).Error
	return files(found), errs.At("mark expired files", err)
}

func (t *Tx) old(before time.Time) *gorm.DB {
	return t.db.Model(&fileRow{}).Where("files.state IN ? AND files.created_at < ?", kept, millis(before))
}

func fileIDs(rows []fileRow) []int64 {
	ids := make([]int64, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	return ids
}

// ExpiredFiles returns files whose bytes are to be deleted.
func (t *Tx) ExpiredFiles(_ context.Context, limit int) ([]File, error) {
	var rows []fileRow
	err := t.db.Where("state = ?", string(media.Expired)).Order("created_at").Limit(limit).Find(&rows).Error
	return files(rows), errs.At("list expired files", err)
}

// FilesDeleted records that the bytes of files are gone. Of a file only remains what
// the history needs: neither its name nor where it came from.
func (t *Tx) FilesDeleted(_ context.Context, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	return errs.At("record deleted files", t.db.Model(&fileRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"state": string(media.Deleted), "reason": "expired", "name": "", "ref": "", "hash": 0}).Error)
}

// ContentUsed reports whether a file that is kept has this content.
func (t *Tx) ContentUsed(_ context.Context, home, sha string) (bool, error) {
	var n int64
	err := t.db.Model(&fileRow{}).Where("home = ? AND sha256 = ? AND state IN ?", home, sha, kept).Limit(1).Count(&n).Error
	return n > 0, errs.At("look for content", err)
}

// FilesToCheck returns files in a state, those first whose bytes were not seen for
// longest.
func (t *Tx) FilesToCheck(_ context.Context, state media.State, limit int) ([]File, error) {
	var rows []fileRow
	err := t.db.Where("state = ?", string(state)).Order("seen_at").Limit(limit).Find(&rows).Error
	return files(rows), errs.At("list files to check", err)
}

// FilesSeen records that the bytes of files are in their place.
func (t *Tx) FilesSeen(_ context.Context, now time.Time, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	return errs.At("record seen files", t.db.Model(&fileRow{}).Where("id IN ? AND state IN ?", ids, kept).
		Updates(map[string]any{"state": string(media.Stored), "seen_at": millis(now)}).Error)
}

// FilesMissing records that the bytes of stored files are not in their place.
func (t *Tx) FilesMissing(_ context.Context, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	return errs.At("record missing files", t.db.Model(&fileRow{}).Where("id IN ? AND state = ?", ids, string(media.Stored)).Update("state", string(media.Missing)).Error)
}

// CountMissing counts the files whose bytes are not in their place.
func (t *Tx) CountMissing(_ context.Context) (int, error) {
	var n int64
	err := t.db.Model(&fileRow{}).Where("state = ?", string(media.Missing)).Count(&n).Error
	return int(n), errs.At("count missing files", err)
}
