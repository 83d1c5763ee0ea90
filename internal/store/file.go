package store

import (
	"context"
	"time"

	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/notice"
)

// File is an attachment somebody sent.
type File = media.File

// The states of a file.
const (
	FilePending = media.Pending
	FileStored  = media.Stored
	FileFailed  = media.Failed
)

func (r fileRow) file() File {
	return File{ID: r.ID, Subject: notice.Subject{Kind: notice.SubjectKind(r.SubjectKind), ID: r.SubjectID}, UnitID: r.UnitID, Home: r.Home, PersonID: r.PersonID,
		Platform: r.Platform, Kind: r.Kind, Ref: r.Ref, Name: r.Name, State: media.State(r.State), Reason: r.Reason, SHA256: r.SHA256,
		MIME: r.Mime, Size: r.Size, Attempts: r.Attempts, NextAt: instant(r.NextAt), Created: instant(r.CreatedAt),
		Stage: media.Stage(r.Stage), Hash: uint64(r.Hash), Width: r.Width, Height: r.Height, Seen: instant(r.SeenAt)}
}

func fileOf(f File) fileRow {
	return fileRow{ID: f.ID, SubjectKind: string(f.Subject.Kind), SubjectID: f.Subject.ID, UnitID: f.UnitID, Home: f.Home, PersonID: f.PersonID,
		Platform: f.Platform, Kind: f.Kind, Ref: f.Ref, Name: f.Name, State: string(f.State), Reason: f.Reason, SHA256: f.SHA256,
		Mime: f.MIME, Size: f.Size, Attempts: f.Attempts, NextAt: millis(f.NextAt), CreatedAt: millis(f.Created),
		Stage: string(f.Stage), Hash: int64(f.Hash), Width: f.Width, Height: f.Height, SeenAt: millis(f.Seen)}
}

func files(rows []fileRow) []File {
	out := make([]File, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.file())
	}
	return out
}

// AddFiles stores attachments to be fetched and returns them with ids.
func (t *Tx) AddFiles(_ context.Context, list []File) ([]File, error) {
	rows := make([]fileRow, 0, len(list))
	for _, f := range list {
		rows = append(rows, fileOf(f))
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if err := t.db.Create(&rows).Error; err != nil {
		return nil, errs.At("add files", err)
	}
	return files(rows), nil
}

// LooseFiles returns a person's files that belong to nothing yet, not older than
// since.
func (t *Tx) LooseFiles(_ context.Context, personID string, since time.Time) ([]File, error) {
	var rows []fileRow
	err := t.db.Where("person_id = ? AND created_at >= ? AND subject_kind = ''", personID, millis(since)).Order("created_at, id").Limit(20).Find(&rows).Error
	return files(rows), errs.At("find loose files", err)
}

// ForgetLoose removes a person's files that belong to nothing yet, not older than
// since, and returns those whose content is stored and used by no other row: the
// caller deletes that content after the commit.
func (t *Tx) ForgetLoose(ctx context.Context, personID string, since time.Time) ([]File, error) {
	loose, err := t.LooseFiles(ctx, personID, since)
	if err != nil {
		return nil, err
	}
	var alone []File
	for _, f := range loose {
		if err := t.db.Where("id = ?", f.ID).Delete(&fileRow{}).Error; err != nil {
			return nil, errs.At("forget file", err)
		}
		var others int64
		err := t.db.Model(&fileRow{}).Where("home = ? AND sha256 = ? AND sha256 <> ''", f.Home, f.SHA256).Count(&others).Error
		if err != nil {
			return nil, errs.At("forget file", err)
		}
		if f.State == FileStored && others == 0 {
			alone = append(alone, f)
		}
	}
	return alone, nil
}

// AttachFiles gives files their subject and unit.
func (t *Tx) AttachFiles(_ context.Context, subject notice.Subject, unitID string, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	return errs.At("attach files", t.db.Model(&fileRow{}).Where("id IN ?", ids).
		Updates(map[string]any{"subject_kind": string(subject.Kind), "subject_id": subject.ID, "unit_id": unitID}).Error)
}

// StageFiles says what files show.
func (t *Tx) StageFiles(_ context.Context, stage media.Stage, ids ...int64) error {
	if len(ids) == 0 {
		return nil
	}
	return errs.At("stage files", t.db.Model(&fileRow{}).Where("id IN ?", ids).Update("stage", string(stage)).Error)
}

// FilesOf returns the files of a subject.
func (t *Tx) FilesOf(_ context.Context, subject notice.Subject) ([]File, error) {
	var rows []fileRow
	err := t.db.Where("subject_kind = ? AND subject_id = ?", string(subject.Kind), subject.ID).Order("id").Limit(100).Find(&rows).Error
	return files(rows), errs.At("list files", err)
}

// DueFiles returns files to be fetched now.
func (t *Tx) DueFiles(_ context.Context, now time.Time, limit int) ([]File, error) {
	var rows []fileRow
	err := t.db.Where("state = ? AND next_at <= ?", string(FilePending), millis(now)).Order("next_at").Limit(limit).Find(&rows).Error
	return files(rows), errs.At("due files", err)
}

// FileByID returns one file.
func (t *Tx) FileByID(_ context.Context, id int64) (File, bool, error) {
	var rows []fileRow
	if err := t.db.Where("id = ?", id).Find(&rows).Error; err != nil || len(rows) == 0 {
		return File{}, false, errs.At("load file", err)
	}
	return rows[0].file(), true, nil
}

// ClaimFile moves a due file's next try into the future, so that only one node
// fetches it now. ok is false if another one was faster.
func (t *Tx) ClaimFile(_ context.Context, f File, until time.Time) (ok bool, err error) {
	res := t.db.Model(&fileRow{}).Where("id = ? AND state = ? AND next_at = ?", f.ID, string(FilePending), millis(f.NextAt)).
		Updates(map[string]any{"next_at": millis(until), "attempts": f.Attempts + 1})
	return res.RowsAffected == 1, errs.At("claim file", res.Error)
}

// FileDone records the outcome of a fetch: stored, failed, or pending with a new
// time.
func (t *Tx) FileDone(_ context.Context, f File) error {
	return errs.At("save file", t.db.Model(&fileRow{}).Where("id = ?", f.ID).Updates(map[string]any{
		"state": string(f.State), "reason": f.Reason, "home": f.Home, "sha256": f.SHA256, "mime": f.MIME, "size": f.Size, "next_at": millis(f.NextAt),
		"hash": int64(f.Hash), "width": f.Width, "height": f.Height, "seen_at": millis(f.Seen),
	}).Error)
}
