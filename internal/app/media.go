package app

import (
	"duban/internal/config"
	"duban/internal/media"
	"duban/internal/media/s3"
)

// openMedia opens the place where photos and other files are kept. close gives it
// back.
func openMedia(cfg *config.Config) (kept *media.Store, close func() error, err error) {
	if cfg.Media.Store == config.MediaS3 {
		o := cfg.Media.S3
		objects, err := s3.Open(s3.Options{Endpoint: o.Endpoint, Bucket: o.Bucket, Region: o.Region, AccessKey: o.AccessKey.Reveal(), Secret: o.Secret.Reveal(), Style: s3.Style(o.Style)})
		if err != nil {
			return nil, nil, err
		}
		return media.NewStore(objects, cfg.Media.MaxSide), func() error { return nil }, nil
	}
	folder, err := media.OpenFolder(cfg.Media.Dir)
	if err != nil {
		return nil, nil, err
	}
	return media.NewStore(folder, cfg.Media.MaxSide), folder.Close, nil
}
