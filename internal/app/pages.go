package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"strings"

	"duban/bot/dingtalk"
	"duban/handlers"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/link"
	"duban/internal/login"
	"duban/internal/media"
	"duban/internal/place"
	"duban/internal/store"
)

// formPhotos puts photos that come with a form where all photos go. It implements
// command.PhotoKeeper.
type formPhotos struct{ kept *media.Store }

// Keep implements command.PhotoKeeper. A form takes pictures only, of all that may be kept.
func (k formPhotos) Keep(ctx context.Context, unit string, photo []byte) (media.File, error) {
	if err := media.IsPicture(photo); err != nil {
		return media.File{}, err
	}
	b, err := k.kept.Put(ctx, unit, bytes.NewReader(photo))
	return media.File{SHA256: b.SHA256, MIME: b.MIME, Size: b.Size, Hash: b.Hash, Width: b.Width, Height: b.Height}, err
}

// placePages are the pages behind the codes, which exist where phones can reach them.
func (a *App) placePages(ctx context.Context) (*handlers.PlacePages, error) {
	if a.cfg.Server.PublicURL == "" {
		return nil, nil
	}
	key, err := a.formKey(ctx)
	return &handlers.PlacePages{Desk: a.core.engine, Tickets: place.Tickets{Key: key}, Public: a.cfg.Server.PublicURL}, err
}

// formKey is what all nodes sign forms with.
func (a *App) formKey(ctx context.Context) (string, error) { return a.appKey(ctx, "form") }

// appKey is a key that all nodes share.
func (a *App) appKey(ctx context.Context, name string) (key string, err error) {
	err = a.core.store.Within(ctx, func(tx *store.Tx) error {
		key, err = tx.AppKey(ctx, name, rand.Text(), a.core.clock.Now())
		return err
	})
	return key, err
}

// links gives links out and opens them.
func (k *core) links() *link.Desk {
	return &link.Desk{Work: work[link.Tx]{k.store, func(tx *store.Tx) link.Tx { return tx }}, Clock: k.clock, Loc: k.cal.Loc, Logins: k.logins}
}

// photoPages are the pages behind the links, which exist where phones can reach them.
func (a *App) photoPages() *handlers.PhotoPages {
	public := a.cfg.Server.PublicURL
	if public == "" {
		return nil
	}
	return &handlers.PhotoPages{Desk: a.core.links(), Store: pictures{a.kept}, Loc: a.cfg.Location(), Secure: strings.HasPrefix(public, "https://")}
}

// logins is how people log in to the pages, nil where the first browser counts.
func (a *App) logins(ctx context.Context) (*handlers.Logins, error) {
	if len(a.cfg.Pages.Login) == 0 {
		return nil, nil
	}
	doors := map[string]handlers.Door{}
	for _, name := range a.cfg.Pages.Login {
		door, err := a.platforms.door(name)
		if err != nil {
			return nil, err
		}
		doors[name] = door
	}
	key, err := a.appKey(ctx, "login")
	return &handlers.Logins{Doors: doors, Keys: login.Keys{Key: key}, Known: a.core.links().Known,
		Public: a.cfg.Server.PublicURL, Secure: strings.HasPrefix(a.cfg.Server.PublicURL, "https://")}, err
}

// door is one platform's login. The configuration has seen to it that the platform is on.
func (p *platforms) door(name string) (handlers.Door, error) {
	if app, ok := p.app(); ok && name == config.WeComName {
		return app.NewLogin(p.cfg.WeCom.LoginBase, p.cfg.WeCom.ScanBase), nil
	}
	if client, ok := p.byName[name].(*dingtalk.Client); ok {
		return client.NewLogin(p.cfg.DingTalk.LoginBase), nil
	}
	return nil, errs.New(errs.Invalid, "DUBAN_PAGES_LOGIN 里的平台没有配好，请核对。")
}

// organisations are the platforms that pages are logged in with, and whose each is.
func organisations(cfg *config.Config) map[string]string {
	out := map[string]string{}
	for _, name := range cfg.Pages.Login {
		out[name] = cfg.WeCom.CorpID
		if name == config.DingTalkName {
			out[name] = cfg.DingTalk.CorpID
		}
	}
	return out
}

// pageSDK is nil unless the script of WeCom is configured.
func (a *App) pageSDK() *handlers.PageSDK {
	app, ok := a.platforms.app()
	if !ok || a.cfg.WeCom.JSSDK == "" {
		return nil
	}
	return &handlers.PageSDK{Script: a.cfg.WeCom.JSSDK, Public: a.cfg.Server.PublicURL, Sign: app.NewPages(a.core.clock.Now).Sign}
}

// Thumb implements handlers.PhotoStore and ledger.Thumbs.
func (p pictures) Thumb(ctx context.Context, home, sha string) (io.ReadCloser, error) {
	return p.kept.Thumb(ctx, home, sha)
}
