package link

import (
	"context"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/journal"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/org"
)

// Life is how long a link opens.
const Life = 30 * time.Minute

// Links keeps links by their hashes.
type Links interface {
	AddLink(ctx context.Context, l Link) error
	LinkByHash(ctx context.Context, hash string, now time.Time) (Link, bool, error)
	BindLink(ctx context.Context, id int64, browser string) (bool, error)
}

// Rights says who somebody is by now.
type Rights interface {
	ActorByPerson(ctx context.Context, personID string) (org.Actor, bool, error)
	Directory(ctx context.Context) (*org.Directory, error)
}

// Hazards reads what links lead to.
type Hazards interface {
	HazardByID(ctx context.Context, id int64) (hazard.Hazard, bool, error)
	FilesOf(ctx context.Context, subject notice.Subject) ([]media.File, error)
}

// Tx is one transaction as links see it.
type Tx interface {
	Links
	Rights
	Hazards
	journal.Writer
}

// UnitOfWork opens transactions. fn may run more than once.
type UnitOfWork interface {
	Within(ctx context.Context, fn func(Tx) error) error
}

// Desk gives links out and opens them. Each time it asks anew for the rights of the
// person a link was made for.
type Desk struct {
	Work  UnitOfWork
	Clock clock.Clock
	Loc   *time.Location
}

// ErrClosed answers every link that does not open, whatever the reason: it tells nobody
// whether there is or was something.
var ErrClosed = errs.New(errs.NotFound, "链接打不开：可能已过期、已在别的浏览器打开过，或者您现在没有查看权限。请在督办助手里再发一次“看照片 编号”。")

// Opened is what a link leads to. Until a browser is bound it is empty.
type Opened struct {
	Bound  bool
	Hazard hazard.Hazard
	Unit   string // as people call it
	Files  []media.File
	Until  time.Time
}

// Give makes a link for a person to a hazard that the person may see, and returns its
// token, which is kept nowhere.
func (d *Desk) Give(ctx context.Context, person string, id int64) (token string, h hazard.Hazard, err error) {
	token = NewToken()
	err = d.Work.Within(ctx, func(tx Tx) error {
		if h, _, err = d.allowed(ctx, tx, person, id); err != nil {
			return err
		}
		return tx.AddLink(ctx, New(View, token, person, id, d.Clock.Now(), Life))
	})
	return token, h, err
}

// Open looks at what a link leads to. browser is the cookie that came along, "" for none:
// a link that is bound to another one does not open.
func (d *Desk) Open(ctx context.Context, token, browser string) (o Opened, err error) {
	err = d.Work.Within(ctx, func(tx Tx) error {
		l, h, unit, err := d.find(ctx, tx, token, browser)
		o = Opened{Bound: l.Browser != "", Until: l.Expires}
		if err != nil || !o.Bound {
			return err
		}
		o.Hazard, o.Unit = h, unit
		o.Files, err = tx.FilesOf(ctx, notice.Subject{Kind: notice.HazardSubj, ID: h.ID})
		return err
	})
	return o, err
}

// Bind ties a link to a browser, with a line of history: from then on it is known that
// the photos were seen. It fails like Open when another browser was faster.
func (d *Desk) Bind(ctx context.Context, token, browser string) error {
	return d.Work.Within(ctx, func(tx Tx) error {
		l, h, _, err := d.find(ctx, tx, token, browser)
		if err != nil || l.Browser != "" {
			return err
		}
		bound, err := tx.BindLink(ctx, l.ID, Hash(browser))
		if err != nil || !bound {
			return orClosed(err)
		}
		return tx.Append(ctx, journal.Entry{At: d.Clock.Now(), Actor: l.PersonID, Channel: "page",
			Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Action: "photos_opened", After: h.Number()})
	})
}

func (d *Desk) find(ctx context.Context, tx Tx, token, browser string) (l Link, h hazard.Hazard, unit string, err error) {
	if len(token) < 20 || len(token) > 64 {
		return l, h, "", ErrClosed
	}
	l, found, err := tx.LinkByHash(ctx, Hash(token), d.Clock.Now())
	if err != nil || !found || l.Kind != View || l.Browser != "" && l.Browser != Hash(browser) {
		return Link{}, h, "", orClosed(err)
	}
	h, unit, err = d.allowed(ctx, tx, l.PersonID, l.HazardID)
	return l, h, unit, err
}

// allowed returns the hazard if the person may see it by now. Who left may see nothing.
func (d *Desk) allowed(ctx context.Context, tx Tx, person string, id int64) (h hazard.Hazard, unit string, err error) {
	h, found, err := tx.HazardByID(ctx, id)
	if err != nil || !found {
		return hazard.Hazard{}, "", orClosed(err)
	}
	actor, known, err := tx.ActorByPerson(ctx, person)
	if err != nil || !known {
		return hazard.Hazard{}, "", orClosed(err)
	}
	dir, err := tx.Directory(ctx)
	if err != nil {
		return hazard.Hazard{}, "", err
	}
	actor.Posts = append(actor.Posts, dir.ActingPosts(person, calendar.In(d.Clock.Now(), d.Loc))...)
	if org.Can(actor, org.ViewHazard, dir.HazardSubject(h.UnitID, h.Reporter)) != nil {
		return hazard.Hazard{}, "", ErrClosed
	}
	return h, dir.Label(h.UnitID), nil
}

func orClosed(err error) error {
	if err != nil {
		return err
	}
	return ErrClosed
}
