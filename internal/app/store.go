package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/store"
)

// openStore opens the configured database. The folder of a SQLite file is made
// if it is not there.
func openStore(ctx context.Context, cfg *config.Config) (*store.Store, error) {
	if kind, path := cfg.Database.Split(); kind == config.SQLite && !strings.HasPrefix(path, ":") && !strings.HasPrefix(path, "file:") {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, errs.With(errs.Invalid, "数据文件夹建不了，请检查 DUBAN_DATA_DIR 和权限。", err)
		}
	}
	return store.Open(ctx, cfg.Database.DSN.Reveal())
}
