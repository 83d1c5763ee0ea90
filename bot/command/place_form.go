package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/place"
)

// page is where a form comes from: no platform, and nobody is known there.
const page bot.Platform = "page"

// errNoPlace answers every code that leads nowhere, whatever the reason: it tells nobody
// whether there is or was something.
var errNoPlace = errs.New(errs.NotFound, "这个二维码已经停用，或者地址不完整。")

// PlaceAt returns what the page behind a code shows.
func (e *Engine) PlaceAt(ctx context.Context, token string) (seen place.Seen, err error) {
	err = e.Work.Within(ctx, func(tx Tx) error {
		s := e.session(ctx, tx, bot.Message{Platform: page}, e.Clock.Now())
		seen, err = s.atWall(token)
		return err
	})
	return seen, err
}

// atWall finds the place of a token and makes its unit the session's.
func (s *session) atWall(token string) (seen place.Seen, err error) {
	if len(token) < 20 || len(token) > 64 {
		return seen, errNoPlace
	}
	p, found, err := s.tx.PlaceByToken(s.ctx, token)
	if err != nil {
		return seen, err
	}
	if s.dir, err = s.tx.Directory(s.ctx); err != nil {
		return seen, err
	}
	if _, known := s.dir.Unit(p.UnitID); !found || !p.Active() || !known {
		return seen, errNoPlace
	}
	s.place, s.actor = &p, org.Actor{UnitID: p.UnitID}
	return place.Seen{Place: p, Unit: s.dir.Label(p.UnitID)}, nil
}

// FileForm carries out what somebody filled in at a place without being known, by the
// guard, the ledger and the notices of a message. A form that is sent again is answered
// like the first time. Of what is sensitive neither words nor photos are kept.
func (e *Engine) FileForm(ctx context.Context, token string, f place.Form) (place.Receipt, error) {
	f, err := f.Clean()
	if err != nil {
		return place.Receipt{}, err
	}
	r := &filing{Engine: e, form: f, token: token, started: e.Clock.Now()}
	if err := r.look(ctx); err != nil {
		return place.Receipt{}, err
	}
	if r.outcome == place.Filed && !r.again {
		r.keepPhotos(ctx)
	}
	var s *session
	var out place.Receipt
	err = e.Work.Within(ctx, func(tx Tx) error {
		if s, err = r.session(ctx, tx); err != nil {
			return err
		}
		out, err = r.carryOut(s)
		return err
	})
	if err != nil {
		return place.Receipt{}, err
	}
	if !s.wakes.Empty() {
		e.Waker.Wake(context.WithoutCancel(ctx), s.wakes)
	}
	e.Log.InfoContext(ctx, "form carried out", "place", s.place.ID, "outcome", out.Outcome, "photos", len(r.files))
	out.Remarks = r.remarks
	return out, nil
}

// filing is one form on its way.
type filing struct {
	*Engine
	form    place.Form
	token   string
	started time.Time

	outcome string // what the words are
	intent  understand.Intent
	told    string // the words as far as they may be passed on
	again   bool   // it was sent before
	unit    string
	files   []media.File
	remarks []string
}

// session is one look at the rows for the form.
func (r *filing) session(ctx context.Context, tx Tx) (*session, error) {
	s := r.Engine.session(ctx, tx, bot.Message{Platform: page, Text: r.form.Words}, r.started)
	_, err := s.atWall(r.token)
	s.actor.Name = r.form.Contact()
	return s, err
}

// look finds out what the form is before anything of it is kept.
func (r *filing) look(ctx context.Context) error {
	return r.Work.Within(ctx, func(tx Tx) error {
		s, err := r.session(ctx, tx)
		if err != nil {
			return err
		}
		r.unit = s.place.UnitID
		r.judge(s)
		_, r.again, err = tx.ScanOnce(ctx, r.form.Key())
		return err
	})
}

// judge reads the words, and what stands where a name belongs, like a message: alone, in
// the light of who is named, and as the report of a hazard. The gravest reading counts.
func (r *filing) judge(s *session) {
	words := legible(r.form.Words)
	r.outcome, r.told = place.Filed, words
	danger := false
	for _, text := range []string{words, legible(r.form.Contact()), "上报隐患 " + words} {
		m := bot.Message{Text: text}
		for _, in := range []understand.Intent{s.Parser.Parse(s.input(m, nil)), s.parse(m, nil)} {
			switch {
			case in.Command == understand.Emergency && !danger:
				r.outcome, r.intent, danger = place.Emergency, in, true
			case in.Command == understand.Sensitive && !danger:
				r.outcome = place.Sensitive
			case r.outcome == place.Filed:
				r.intent = in
			}
			if in.Command == understand.Sensitive || in.Command == understand.Emergency && in.Slots.Type == understand.TypeSelfHarm {
				r.told = "" // goes to nobody
			}
		}
	}
}

// keepPhotos stores the photos before the hazard is: what is acknowledged is there. One
// that cannot be kept does not keep the hazard from being filed.
func (r *filing) keepPhotos(ctx context.Context) {
	r.files, r.remarks = nil, nil
	for i, data := range r.form.Photos {
		f, err := r.keep(ctx, data)
		if err != nil {
			r.remarks = append(r.remarks, fmt.Sprintf("第 %d 张照片没有收下：%s", i+1, unkept(err)))
			if !media.Refused(err) {
				r.Log.ErrorContext(ctx, "photo of a form not kept", "error", err)
			}
			continue
		}
		f.UnitID, f.Home, f.Platform, f.Kind = r.unit, r.unit, string(page), string(bot.Image)
		f.State, f.Stage, f.Created, f.Seen = media.Stored, media.Before, r.started, r.started
		r.files = append(r.files, f)
	}
}

func (r *filing) keep(ctx context.Context, photo []byte) (media.File, error) {
	if len(photo) > place.MaxPhotoSize {
		return media.File{}, media.ErrTooLarge
	}
	return r.Photos.Keep(ctx, r.unit, photo)
}

// unkept tells why a photo was refused, and what to do.
func unkept(err error) string {
	switch {
	case errors.Is(err, media.ErrTooLarge):
		return fmt.Sprintf("太大了，一张最多 %d MB。", place.MaxPhotoSize>>20)
	case errors.Is(err, media.ErrKind):
		return "不是能收的照片格式，请用 JPG 或 PNG。"
	case errors.Is(err, media.ErrHEIC):
		return "是手机的 HEIC 格式，请截一张图再选，或在相机设置里改成“兼容性最佳”。"
	case errors.Is(err, media.ErrPixels):
		return "像素太多，请截一张图再选。"
	case errors.Is(err, media.ErrDamaged), errors.Is(err, media.ErrEmpty):
		return "文件不完整，请重拍一张。"
	}
	return "系统没有存成。"
}

// carryOut does what the form asks for, or finds that it was done.
func (r *filing) carryOut(s *session) (place.Receipt, error) {
	scan, found, err := s.tx.ScanOnce(s.ctx, r.form.Key())
	if err != nil {
		return place.Receipt{}, err
	}
	switch {
	case r.outcome == place.Sensitive:
		return s.formSensitive(r.form.Key())
	case r.outcome == place.Emergency && !found:
		return s.formEmergency(r)
	case r.outcome == place.Emergency:
		return raisedBefore(r.intent.Slots.Type), nil
	case !found:
		if scan, err = s.fileForm(r); err != nil {
			return place.Receipt{}, err
		}
	}
	return s.filed(scan)
}

// formSensitive keeps unit and time, once, and says what the law asks.
func (s *session) formSensitive(key string) (place.Receipt, error) {
	out := place.Receipt{Outcome: place.Sensitive, Title: "请马上报警", Text: render.SensitiveReply("")}
	fresh, err := s.tx.Once(s.ctx, "form:"+key, place.Sensitive, s.now)
	if err != nil || !fresh {
		return out, err
	}
	_, err = s.sensitive()
	return out, err
}

// formEmergency raises the alarm for the place and says what to do and who was told.
func (s *session) formEmergency(r *filing) (place.Receipt, error) {
	s.actor.Name = "扫码的人"
	if contact := r.form.Contact(); contact != "" {
		s.actor.Name += "（" + render.Cut(contact, 60) + "）"
	}
	reply, err := s.emergency(r.intent.Slots.Type, s.place.Name, r.told)
	if err != nil {
		return place.Receipt{}, err
	}
	return dial(reply.Text), s.tx.AddScan(s.ctx, place.Scan{Once: r.form.Key(), PlaceID: s.place.ID, Outcome: place.Emergency, CreatedAt: s.now})
}

func dial(text string) place.Receipt {
	return place.Receipt{Outcome: place.Emergency, Title: "请先打电话", Text: text}
}

// raisedBefore answers an alarm that was raised by the same form.
func raisedBefore(kind string) place.Receipt {
	return dial(render.EmergencyReply(kind, []string{"学校和局里的负责人"}))
}

// fileForm files the hazard of a form. It belongs to the place's unit.
func (s *session) fileForm(r *filing) (place.Scan, error) {
	slots := r.intent.Slots
	h, err := hazard.File(hazard.Draft{UnitID: s.place.UnitID, Category: slots.Category, Location: s.place.Name, Desc: matter(r.told),
		Level: hazard.Level(slots.Level), Urgent: slots.Urgent, Anonymous: r.form.Contact() == ""}, "", s.now, s.today)
	if err != nil {
		return place.Scan{}, err
	}
	h.Origin = hazard.FromCode
	h, _, _, err = s.enter(h, func(h hazard.Hazard) (int, error) {
		for i := range r.files {
			r.files[i].Subject = notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
		}
		_, err := s.tx.AddFiles(s.ctx, r.files)
		return len(r.files), err
	})
	if err != nil {
		return place.Scan{}, err
	}
	if err := s.tellTwice(h, r.files); err != nil {
		return place.Scan{}, err
	}
	scan := place.Scan{Once: r.form.Key(), PlaceID: s.place.ID, HazardID: h.ID, Outcome: place.Filed, Name: r.form.Name, Phone: r.form.Phone, CreatedAt: s.now}
	return scan, s.tx.AddScan(s.ctx, scan)
}

// filed answers who filed, from the rows: the first time and each time after it alike.
func (s *session) filed(scan place.Scan) (place.Receipt, error) {
	h, ok, err := s.tx.HazardByID(s.ctx, scan.HazardID)
	if err != nil || !ok {
		return place.Receipt{}, errs.At("find what was filed", err)
	}
	files, err := s.tx.FilesOf(s.ctx, notice.Subject{Kind: notice.HazardSubj, ID: h.ID})
	if err != nil {
		return place.Receipt{}, err
	}
	title, text, _ := strings.Cut(s.view().HazardFiled(h, s.handlersOf(h.UnitID), len(files)), "\n")
	if !h.Anonymous {
		text += "\n您留的联系方式只给处理的人看。"
	}
	return place.Receipt{Outcome: place.Filed, Title: title, Text: text}, nil
}
