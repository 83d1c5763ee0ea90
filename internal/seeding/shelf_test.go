package seeding_test

import (
	"bytes"
	"context"
	"testing"

	"duban/internal/errs"
	"duban/internal/seeding"
	"duban/internal/store"
	"duban/seeds"
)

func TestShelf(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		reads := 0
		shelf := seeding.NewShelf(func(ctx context.Context) *store.Tx { reads++; return b.Read(ctx) })
		if _, err := shelf.Source(ctx, 0); !errs.Is(err, errs.NotFound) {
			t.Errorf("before seeding: %v", err)
		}
		ok(t, shelf.Refresh(ctx))
		version := func(asked int) int {
			t.Helper()
			p, err := shelf.Source(ctx, asked)
			ok(t, err)
			if _, ok := p.Profile("deadline"); !ok {
				t.Errorf("version %d has no profile", asked)
			}
			return p.Version
		}
		save := func(body []byte) {
			t.Helper()
			ok(t, b.Within(ctx, func(tx *store.Tx) error { _, _, err := tx.SavePolicies(ctx, body, start); return err }))
		}
		save(seeds.Policies())
		same(t, "newest, without a refresh", version(0), 1)
		second := append(seeds.Policies(), "# 改过\n"...) // still calls itself version 1
		save(second)
		reads = 0
		same(t, "newest known", version(0), 1)
		same(t, "reads", reads, 0)
		ok(t, shelf.Refresh(ctx))
		reads = 0
		same(t, "newest after a refresh", version(0), 2)
		same(t, "an older one", version(1), 1)
		same(t, "reads from memory", reads, 0)
		save(bytes.TrimSuffix(second, []byte("\n")))
		same(t, "one of another node", version(3), 3)
		same(t, "which is the newest from now on", version(0), 3)
		if _, err := shelf.Source(ctx, 9); !errs.Is(err, errs.NotFound) {
			t.Errorf("version 9: %v", err)
		}
	})
}
