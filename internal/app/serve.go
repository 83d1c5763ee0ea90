package app

import (
	"context"
	"time"

	"duban/internal/config"
	"duban/internal/errs"
)

// stopWithin bounds a graceful stop; orchestrators commonly kill after 30 s.
const stopWithin = 25 * time.Second

// Serve runs a process until ctx ends, then stops it gracefully.
func Serve(ctx context.Context, cfg *config.Config, o Options) error {
	for _, w := range cfg.Warnings {
		o.Log.WarnContext(ctx, "configuration", "remark", w)
	}
	a, err := New(ctx, cfg, o)
	if err != nil {
		return err
	}
	if err := a.Start(); err != nil {
		return err
	}
	o.Log.InfoContext(ctx, "duban is running", "version", o.Version, "address", a.Addr(), "roles", cfg.Server.Roles)
	select {
	case <-ctx.Done():
		err = nil
	case err = <-a.Failed():
	}
	o.Log.InfoContext(ctx, "duban is stopping")
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	if e := a.Stop(stop); e != nil && err == nil {
		err = e
	}
	return errs.At("serve", err)
}
