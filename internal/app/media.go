package app

import (
	"duban/internal/config"
	"duban/internal/media"
)

// openMedia opens the place where photos and other files are kept. close gives it
// back.
func openMedia(cfg *config.Config) (kept *media.Store, close func() error, err error) {
	folder, err := media.OpenFolder(cfg.Media.Dir)
	if err != nil {
		return nil, nil, err
	}
	return media.NewStore(folder, cfg.Media.MaxSide), folder.Close, nil
}
