package app

import (
	"context"
	"fmt"
	"log/slog"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/media/keep"
	"duban/internal/media/s3"
	"duban/internal/queue"
	"duban/internal/store"
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

func newKeeper(cfg *config.Config, kept *media.Store, s *store.Store, c clock.Clock, log *slog.Logger) *keep.Keeper {
	return &keep.Keeper{Work: work[keep.Tx]{s, func(tx *store.Tx) keep.Tx { return tx }}, Store: kept, Clock: c, Days: cfg.Media.Keep, Log: log}
}

// tidy looks after the stored files, once a night on any node. What is wrong is told
// each working day until it is mended.
func (k *core) tidy(ctx context.Context, day string) error {
	today, err := calendar.Parse(day)
	if err != nil || k.keeper == nil {
		return err
	}
	r, err := k.keeper.Run(ctx)
	if err != nil {
		return err
	}
	k.metrics.MediaMissing(r.Missing)
	k.metrics.MediaFailing(r.Trouble != nil)
	level := slog.LevelInfo
	if r.Trouble != nil || r.Lost > 0 {
		level = slog.LevelWarn
	}
	k.log.Log(ctx, level, "files looked after", "deleted", r.Deleted, "checked", r.Checked, "lost", r.Lost, "missing", r.Missing, "trouble", r.Trouble)
	line := mediaLine(r)
	return k.store.Within(ctx, func(tx *store.Tx) error {
		fresh, err := tx.Once(ctx, queue.TidyRun(day), fmt.Sprintf("deleted=%d checked=%d missing=%d", r.Deleted, r.Checked, r.Missing), k.clock.Now())
		if err != nil || !fresh || line == "" || !k.cal.Days.IsWorkday(today) {
			return err
		}
		dir, err := tx.Directory(ctx)
		if err != nil {
			return err
		}
		return k.tellOperators(ctx, tx, dir, today, "media", line)
	})
}

// mediaLine is what operators read, "" if all is well.
func mediaLine(r keep.Report) string {
	switch {
	case r.Trouble != nil:
		return errs.Say(r.Trouble) + "。存储恢复以前，新照片先等着，旧照片看不到。"
	case r.Missing > 0:
		return missingLine(r.Missing) + "。"
	}
	return ""
}

func missingLine(n int) string {
	return fmt.Sprintf("有 %d 个照片或附件的文件不见了，请从备份里恢复到原来的位置，第二天会自动认回", n)
}

// watchMedia shows how many files are missing. Every process does it by itself.
func (k *core) watchMedia(ctx context.Context) error {
	n, err := k.store.Read(ctx).CountMissing(ctx)
	if err == nil {
		k.metrics.MediaMissing(n)
	}
	return err
}
