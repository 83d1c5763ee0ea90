package store_test

import (
	"testing"
	"time"

	"duban/internal/store"
)

func TestRewordMessage(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		m := store.Message{Key: "k", PersonID: "p", Title: "三件", Text: "三件事", List: "[3]", Batch: "b3", State: store.MsgQueued, NextAt: noon, Created: noon}
		do(t, s, func(tx *store.Tx) (err error) { m.ID, err = tx.AddMessage(ctx, m); return err })
		until := noon.Add(2 * time.Minute)
		do(t, s, func(tx *store.Tx) error { _, err := tx.ClaimMessages(ctx, noon, until, m.ID); return err })
		fresh := m
		fresh.Attempts, fresh.Title, fresh.Text, fresh.List, fresh.Batch, fresh.NextAt = 1, "两件", "两件事", "[2]", "b2", noon.Add(time.Second)
		lost := fresh
		lost.Attempts = 2
		do(t, s, func(tx *store.Tx) error { return tx.RewordMessage(ctx, lost) })
		got, _, err := s.Read(ctx).MessageByID(ctx, m.ID)
		ok(t, err)
		same(t, "a lost claim", got.Text, "三件事")
		do(t, s, func(tx *store.Tx) error { return tx.RewordMessage(ctx, fresh) })
		got, _, err = s.Read(ctx).MessageByID(ctx, m.ID)
		ok(t, err)
		fresh.Claimed = until
		same(t, "reworded", got, fresh)
	})
}
