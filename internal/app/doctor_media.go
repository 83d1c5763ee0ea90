package app

import (
	"context"

	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/store"
)

// media stores, reads and removes a few bytes where photos are kept, and tells what is
// missing there.
func (d *doctor) media() {
	fine := "文件夹能读写"
	if d.cfg.Media.Store == config.MediaS3 {
		fine = "对象存储能读写"
	}
	err := d.within(func(ctx context.Context) error {
		kept, closeMedia, err := openMedia(d.cfg)
		if err != nil {
			return err
		}
		defer closeMedia()
		if err := kept.Probe(ctx); err != nil {
			return err
		}
		return withStore(ctx, d.cfg, func(s *store.Store) error {
			n, err := s.Read(ctx).CountMissing(ctx)
			if err == nil && n > 0 {
				err = errs.New(errs.NotFound, missingLine(n))
			}
			return err
		})
	})
	d.found("照片存储", err, fine)
}
