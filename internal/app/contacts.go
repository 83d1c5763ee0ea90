package app

import (
	"duban/bot/dingtalk"
	"duban/handlers"
	"duban/internal/config"
	"duban/internal/errs"
)

// dingtalkEvents is the callback of DingTalk's event subscription, nil where events come
// otherwise or not at all.
func (a *App) dingtalkEvents(web bool) (*handlers.DingTalkEvents, error) {
	d := a.cfg.DingTalk
	if !web || !d.Enabled() || d.Mode != config.DingTalkHTTP || !d.EventToken.IsSet() {
		return nil, nil
	}
	codec, err := dingtalk.NewEventCodec(dingtalk.NewSecret(d.EventToken.Reveal()), dingtalk.NewSecret(d.EventAESKey.Reveal()), d.ClientID, d.CorpID)
	if err != nil {
		return nil, errs.At("set up dingtalk events", err)
	}
	return &handlers.DingTalkEvents{Codec: codec, Decoding: a.platforms.ding.Decoding(), Meter: a.platforms.ding.Meter}, nil
}
