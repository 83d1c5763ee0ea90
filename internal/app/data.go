package app

import (
	"context"
	"io/fs"
	"os"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/seeding"
	"duban/internal/store"
	"duban/internal/supervise"
	"duban/seeds"
)

// Migrate brings the schema up and returns how many migrations that took.
func Migrate(ctx context.Context, cfg *config.Config) (int, error) {
	s, err := openStore(ctx, cfg)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return s.Migrate(ctx)
}

// MigrationStatus lists the migrations and which of them have been applied.
func MigrationStatus(ctx context.Context, cfg *config.Config) ([]store.MigrationStatus, error) {
	s, err := openStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return s.Status(ctx)
}

// SeedFiles says which seed files to read.
type SeedFiles struct {
	Dir  string // a folder with the layout of seeds/; "" takes the built-in ones
	Demo bool   // with the demonstration's people and confirmations
}

func (f SeedFiles) load() (*seeds.Set, []byte, error) {
	files := seeds.Files()
	if f.Dir != "" {
		files = os.DirFS(f.Dir)
	}
	read := seeds.Load
	if f.Demo {
		read = seeds.LoadDemo
	}
	set, err := read(files)
	if err != nil {
		return nil, nil, err
	}
	policies, err := fs.ReadFile(files, seeds.PoliciesFile)
	if err != nil {
		return nil, nil, errs.With(errs.Invalid, "种子文件夹里没有 "+seeds.PoliciesFile+"，请补上。", err)
	}
	return set, policies, nil
}

// Seed brings the database to what the seed files say. Doing it again changes
// nothing.
func Seed(ctx context.Context, cfg *config.Config, f SeedFiles) (seeding.Report, error) {
	return SeedAt(ctx, cfg, f, clockOf(cfg))
}

// SeedAt is Seed by a given clock.
func SeedAt(ctx context.Context, cfg *config.Config, f SeedFiles, c clock.Clock) (seeding.Report, error) {
	set, policies, err := f.load()
	if err != nil {
		return seeding.Report{}, err
	}
	s, err := openStore(ctx, cfg)
	if err != nil {
		return seeding.Report{}, err
	}
	defer s.Close()
	if err := s.Current(ctx); err != nil {
		return seeding.Report{}, err
	}
	return applySeeds(ctx, cfg, s, c, set, policies)
}

func applySeeds(ctx context.Context, cfg *config.Config, s *store.Store, c clock.Clock, set *seeds.Set, policies []byte) (seeding.Report, error) {
	seeder := seeding.Seeder{
		Store: s,
		Desk:  DeskFor(cfg, c),
		Corps: map[string]string{string(bot.WeCom): cfg.WeCom.CorpID, string(bot.DingTalk): cfg.DingTalk.CorpID},
	}
	return seeder.Apply(ctx, set, policies)
}

// DeskFor returns what seeding needs of a supervisor: the clock and the calendars.
func DeskFor(cfg *config.Config, c clock.Clock) *supervise.Desk {
	return &supervise.Desk{Cal: calendars(cfg), Clock: c}
}
