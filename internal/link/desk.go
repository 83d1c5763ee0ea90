package link

import (
	"context"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/journal"
	"duban/internal/login"
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
	ActorByAccount(ctx context.Context, platform, corp, userID string) (org.Actor, bool, error)
	AccountsOf(ctx context.Context, personIDs ...string) (map[string][]org.Account, error)
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
	Work   UnitOfWork
	Clock  clock.Clock
	Loc    *time.Location
	Logins map[string]string // the platforms pages are logged in with, and whose organisation each is
}

// ErrClosed answers every link that does not open, whatever the reason: it tells nobody
// whether there is or was something.
var ErrClosed = errs.New(errs.NotFound, "链接打不开：可能已过期、已在别的浏览器打开过，或者您现在没有查看权限。请在督办助手里再发一次“看照片 编号”。")

// Visitor is who opens a link, as far as the browser tells.
type Visitor struct {
	Browser string        // its cookie, "" for none
	Account login.Account // whoever has logged in, if anybody has
}

// Opened is what a link leads to. Until it is bound it is empty.
type Opened struct {
	Bound  bool
	Login  []string // the platforms to log in with first; none: a browser is enough
	Wrong  bool     // somebody has logged in whom the link was not given to
	Hazard hazard.Hazard
	Unit   string // as people call it
	Files  []media.File
	Until  time.Time
}

// Given is a link that was made. The token is kept nowhere.
type Given struct {
	Token  string
	Hazard hazard.Hazard
	Login  bool // it opens for who logs in
}

// Give makes a link for a person to a hazard that the person may see.
func (d *Desk) Give(ctx context.Context, person string, id int64) (g Given, err error) {
	g.Token = NewToken()
	err = d.Work.Within(ctx, func(tx Tx) error {
		if g.Hazard, _, err = d.allowed(ctx, tx, person, id); err != nil {
			return err
		}
		platforms, err := d.logins(ctx, tx, person)
		if err != nil {
			return err
		}
		g.Login = len(platforms) > 0
		return tx.AddLink(ctx, New(View, g.Token, person, id, d.Clock.Now(), Life))
	})
	return g, err
}

// Open looks at what a link leads to. A person who can log in has to; a link of somebody
// else opens in one browser, and one that is bound to another does not open.
func (d *Desk) Open(ctx context.Context, token string, v Visitor) (o Opened, err error) {
	err = d.Work.Within(ctx, func(tx Tx) error {
		l, err := d.find(ctx, tx, token)
		if err != nil {
			return err
		}
		h, unit, err := d.allowed(ctx, tx, l.PersonID, l.HazardID)
		if err != nil {
			return err
		}
		if o, err = d.door(ctx, tx, l, v); err != nil || !o.Bound {
			return err
		}
		o.Hazard, o.Unit = h, unit
		if len(o.Login) > 0 { // the press of a button is asked of strangers alone
			if err = d.bind(ctx, tx, l, o.Hazard, "login "+l.PersonID); err != nil {
				return err
			}
		}
		o.Files, err = tx.FilesOf(ctx, notice.Subject{Kind: notice.HazardSubj, ID: o.Hazard.ID})
		return err
	})
	return o, err
}

// Bind ties a link to a browser, with a line of history: from then on it is known that
// the photos were seen. It fails like Open when another browser was faster. A link of
// somebody who can log in is not tied by it.
func (d *Desk) Bind(ctx context.Context, token, browser string) error {
	return d.Work.Within(ctx, func(tx Tx) error {
		l, err := d.find(ctx, tx, token)
		if err != nil {
			return err
		}
		h, _, err := d.allowed(ctx, tx, l.PersonID, l.HazardID)
		if err != nil {
			return err
		}
		o, err := d.door(ctx, tx, l, Visitor{Browser: browser})
		if err != nil || o.Bound || len(o.Login) > 0 {
			return err
		}
		return d.bind(ctx, tx, l, h, browser)
	})
}

// bind ties an open link to whoever came first. Somebody who has logged in may come again.
func (d *Desk) bind(ctx context.Context, tx Tx, l Link, h hazard.Hazard, whom string) error {
	if l.Browser == Hash(whom) {
		return nil
	}
	bound, err := tx.BindLink(ctx, l.ID, Hash(whom))
	if err != nil || !bound {
		return orClosed(err)
	}
	return tx.Append(ctx, journal.Entry{At: d.Clock.Now(), Actor: l.PersonID, Channel: "page",
		Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Action: "photos_opened", After: h.Number()})
}

func (d *Desk) find(ctx context.Context, tx Tx, token string) (Link, error) {
	if len(token) < 20 || len(token) > 64 {
		return Link{}, ErrClosed
	}
	l, found, err := tx.LinkByHash(ctx, Hash(token), d.Clock.Now())
	if err != nil || !found || l.Kind != View {
		return Link{}, orClosed(err)
	}
	return l, nil
}

// door decides whether a visitor is let in.
func (d *Desk) door(ctx context.Context, tx Tx, l Link, v Visitor) (Opened, error) {
	o := Opened{Until: l.Expires}
	var err error
	if o.Login, err = d.logins(ctx, tx, l.PersonID); err != nil {
		return o, err
	}
	if len(o.Login) == 0 {
		o.Bound = l.Browser != ""
		if o.Bound && l.Browser != Hash(v.Browser) {
			return Opened{}, ErrClosed
		}
		return o, nil
	}
	if v.Account.User == "" || !slices.Contains(o.Login, v.Account.Platform) {
		return o, nil
	}
	actor, known, err := tx.ActorByAccount(ctx, v.Account.Platform, d.Logins[v.Account.Platform], v.Account.User)
	o.Bound = known && actor.PersonID == l.PersonID
	o.Wrong = !o.Bound
	return o, err
}

// logins returns the platforms that a person can log in with, in the order of the alphabet.
func (d *Desk) logins(ctx context.Context, tx Tx, person string) (out []string, err error) {
	if len(d.Logins) == 0 {
		return nil, nil
	}
	accounts, err := tx.AccountsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts[person] {
		if corp, on := d.Logins[a.Platform]; on && corp == a.Corp && !slices.Contains(out, a.Platform) {
			out = append(out, a.Platform)
		}
	}
	slices.Sort(out)
	return out, nil
}

// Known reports whether an account belongs to somebody on the roster.
func (d *Desk) Known(ctx context.Context, a login.Account) (known bool, err error) {
	err = d.Work.Within(ctx, func(tx Tx) error {
		_, known, err = tx.ActorByAccount(ctx, a.Platform, d.Logins[a.Platform], a.User)
		return err
	})
	return known, err
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
