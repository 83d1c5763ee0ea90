package store_test

import (
	"testing"
	"time"

	"duban/internal/org"
	"duban/internal/store"
)

func TestPresences(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		at := store.Account{Platform: "wecom", Corp: "c", UserID: "u1"}
		account := org.BoundAccount{Account: store.Account{Platform: "wecom", Corp: "c", UserID: "u1", PersonID: "p1"}, Bound: noon.UTC(), Seen: noon.Add(time.Hour).UTC()}
		do(t, s, func(tx *store.Tx) error {
			_, _, known, err := tx.LockPresence(ctx, at)
			same(t, "known before", known, false)
			return err
		})
		want := org.Presence{Left: noon.UTC(), Hidden: noon.Add(time.Second).UTC()}
		for range 2 { // saving again replaces
			do(t, s, func(tx *store.Tx) error { return tx.SavePresence(ctx, at, want, account) })
		}
		do(t, s, func(tx *store.Tx) error {
			got, resting, known, err := tx.LockPresence(ctx, at)
			same(t, "presence", got, want)
			same(t, "resting", resting, account)
			same(t, "known", known, true)
			return err
		})
		do(t, s, func(tx *store.Tx) error {
			for _, want := range []bool{true, false} { // the second time it is taken
				ok, err := tx.OpenAccount(ctx, account)
				same(t, "opened", ok, want)
				if err != nil {
					return err
				}
			}
			other := account
			other.UserID = "u2" // the person has one there
			ok, err := tx.OpenAccount(ctx, other)
			same(t, "a second one of the person", ok, false)
			return err
		})
		do(t, s, func(tx *store.Tx) error {
			got, ok, err := tx.LockAccount(ctx, at)
			same(t, "account", got, account)
			same(t, "found", ok, true)
			return err
		})
	})
}

func TestRenumberTakesAlongWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO dialogues (platform, corp, user_id, chat_id, pending, list) VALUES ('wecom','c','u1','','p','l'), ('wecom','c','u2','','','old'), ('wecom','c','u3','','','x')")
		exec(t, s, "INSERT INTO messages (dedupe_key, batch, text, buttons, list, person_id, platform, address, state) VALUES "+
			"('a','','','','','p1','wecom','u1','queued'), ('b','','','','','p1','wecom','u1','sent'), ('c','','','','','p1','dingtalk','u1','queued'), ('d','','','','','p2','wecom','u3','queued')")
		do(t, s, func(tx *store.Tx) error {
			return tx.Renumber(ctx, store.Account{Platform: "wecom", Corp: "c", UserID: "u1", PersonID: "p1"}, "u2")
		})
		same(t, "the conversation", count(t, s, "SELECT COUNT(*) FROM dialogues WHERE user_id = 'u2' AND list = 'l'"), 1)
		same(t, "all conversations", count(t, s, "SELECT COUNT(*) FROM dialogues"), 2)
		same(t, "what is about to be sent", count(t, s, "SELECT COUNT(*) FROM messages WHERE address = 'u2'"), 1)
	})
}

func TestEndLinks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, "INSERT INTO links (hash, person_id, expires_at) VALUES ('a','p1',?), ('b','p2',?)", noon.Add(time.Hour).UnixMilli(), noon.Add(time.Hour).UnixMilli())
		do(t, s, func(tx *store.Tx) error { return tx.EndLinks(ctx, "p1", noon) })
		same(t, "links", count(t, s, "SELECT COUNT(*) FROM links"), 1)
	})
}

func TestBoundAccounts(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		at := func(platform, user, person string) store.Account {
			return store.Account{Platform: platform, Corp: "c", UserID: user, PersonID: person}
		}
		do(t, s, func(tx *store.Tx) error {
			for _, a := range []store.Account{at("wecom", "b", "p2"), at("wecom", "a", "p1"), at("dingtalk", "a", "p1")} {
				if _, err := tx.OpenAccount(ctx, org.BoundAccount{Account: a, Bound: noon}); err != nil {
					return err
				}
			}
			rests := at("wecom", "z", "p3")
			if err := tx.SavePresence(ctx, rests, org.Presence{Hidden: noon}, org.BoundAccount{Account: rests, Bound: noon}); err != nil {
				return err
			}
			return tx.SavePresence(ctx, at("wecom", "y", ""), org.Presence{Left: noon}, org.BoundAccount{})
		})
		bound, err := s.Read(ctx).BoundAccounts(ctx, "wecom", false)
		ok(t, err)
		same(t, "bound", bound, []store.Account{at("wecom", "a", "p1"), at("wecom", "b", "p2")})
		resting, err := s.Read(ctx).BoundAccounts(ctx, "wecom", true)
		ok(t, err)
		same(t, "resting", resting, []store.Account{at("wecom", "z", "p3")})
	})
}
