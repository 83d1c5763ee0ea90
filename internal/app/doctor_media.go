package app

import (
	"context"

	"duban/internal/config"
)

// media stores, reads and removes a few bytes where photos are kept.
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
		return kept.Probe(ctx)
	})
	d.found("照片存储", err, fine)
}
