package app

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"duban/bot/dingtalk"
	"duban/bot/wecom"
	"duban/handlers"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/sim/phone"
)

// newServer builds the HTTP surface from what is configured.
func (a *App) newServer(ctx context.Context, o Options) (_ *http.Server, err error) {
	mount := o.Mount
	if mount == nil && a.mover != nil { // the demo mounts its own, which tells the page as well
		mount = func(r gin.IRouter) { r.POST("/dev/advance", phone.AdvanceHandler(a, a.now)) }
	}
	h := handlers.Options{Receiver: a.core.receiver, Contacts: a.core.contacts, Followup: a.core.answers, Checks: a.checks(), Alarms: a.alarms, Metrics: o.Metrics,
		AdminToken: a.cfg.Admin.Token, CallbackSecret: a.cfg.Callback.Secret, Clock: a.core.clock, Log: a.log, Mount: mount, TrustedProxies: a.cfg.Server.TrustedProxies}
	web := a.cfg.Server.Roles.Has(config.Web) // others serve the probes alone
	if web {
		if h.Places, err = a.placePages(ctx); err != nil {
			return nil, err
		}
		h.Photos = a.photoPages()
		if h.Logins, err = a.logins(ctx); err != nil {
			return nil, err
		}
		h.PageSDK = a.pageSDK()
	}
	if w := a.cfg.WeCom; web && w.Enabled() {
		codec, err := wecom.NewCodec(w.Token.Reveal(), w.EncodingAESKey.Reveal(), w.CorpID)
		if err != nil {
			return nil, errs.At("set up wecom callback", err)
		}
		h.WeCom = &handlers.WeComApp{Codec: codec, CorpID: w.CorpID, Robot: strconv.FormatInt(w.AgentID, 10)}
		if a.cards = a.platforms.newCards(a.log); a.cards != nil { // a nil pointer would be no nil interface
			h.WeCom.Cards = a.cards
		}
	}
	if b := a.cfg.WeCom.Bot; web && b.Enabled() && b.Mode == config.BotCallback {
		codec, err := wecom.NewCodec(b.Token.Reveal(), b.EncodingAESKey.Reveal(), "")
		if err != nil {
			return nil, errs.At("set up smart bot callback", err)
		}
		h.WeComBot = &handlers.WeComBot{Codec: codec, Config: a.platforms.smart}
	}
	if d := a.cfg.DingTalk; web && d.Enabled() && d.Mode == config.DingTalkHTTP {
		verifier, err := dingtalk.NewVerifier(dingtalk.NewSecret(d.ClientSecret.Reveal()), a.core.clock.Now)
		if err != nil {
			return nil, errs.At("set up dingtalk callback", err)
		}
		h.DingTalk = &handlers.DingTalkRobot{Verifier: verifier, Decoding: a.platforms.ding.Decoding(), Meter: a.platforms.ding.Meter, Cards: d.CardTemplate != ""}
		if d.CardTemplate != "" && d.CardSecret.IsSet() {
			h.DingTalkCards = &handlers.DingTalkCards{Verifier: dingtalk.CardVerifier{Secret: dingtalk.NewSecret(d.CardSecret.Reveal()), Now: a.core.clock.Now},
				Decoding: a.platforms.ding.Decoding(), Meter: a.platforms.ding.Meter}
		}
	}
	if h.DingTalkEvents, err = a.dingtalkEvents(web); err != nil {
		return nil, err
	}
	return &http.Server{Handler: handlers.New(h), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		IdleTimeout: 90 * time.Second, MaxHeaderBytes: 64 << 10}, nil
}

// checks are the conditions for taking traffic.
func (a *App) checks() []handlers.Check {
	return []handlers.Check{
		{Name: "process", Run: func(context.Context) error {
			if a.stopping.Load() {
				return errs.New(errs.Unavailable, "正在停止")
			}
			return nil
		}},
		{Name: "database", Run: a.core.store.Ping},
		{Name: "schema", Run: a.core.store.Current},
		{Name: "policies", Run: func(ctx context.Context) error {
			_, err := a.core.shelf.Source(ctx, 0)
			return err
		}},
		{Name: "redis", Run: a.queue.Ping},
	}
}

// alarms are what needs somebody's attention although the process lives and may
// take traffic. A gap in the calendars is one: without nodes in traffic nobody
// could report a hazard, and no other node would know more.
func (a *App) alarms() map[string]string {
	list := map[string]string{}
	if line := a.core.alarm(); line != "" {
		list["calendar"] = line
	}
	if line := a.streamAlarm(); line != "" {
		list["dingtalk_stream"] = line
	}
	if line := a.socketAlarm(); line != "" {
		list["wecom_bot"] = line
	}
	return list
}

// now is the clock's time in the bureau's zone.
func (a *App) now() time.Time { return a.core.clock.Now().In(a.cfg.Location()) }
