package app

import (
	"context"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/errs"
	"duban/internal/quota"
	"duban/internal/store"
)

// quotas tells how far the platforms' monthly quotas are used by all processes. One
// that is used up fails: messages are lost then.
func (d *doctor) quotas() {
	var levels []quota.Level
	err := d.within(func(ctx context.Context) error {
		return withStore(ctx, d.cfg, func(s *store.Store) error {
			l := newLedger(d.cfg, s, d.clock)
			err := l.Keep(ctx)
			levels = l.Levels()
			return err
		})
	})
	var lines []string
	for _, v := range levels {
		lines = append(lines, render.PlatformName(bot.Platform(v.Platform))+"本月"+quotaLine(v))
		if err == nil && v.Used >= v.Limit {
			err = errs.Newf(errs.Invalid, "%s。已经用完，请管理员购买额度", lines[len(lines)-1])
		}
	}
	if len(levels) > 0 {
		d.found("额度", err, strings.Join(lines, "；"))
	}
}
