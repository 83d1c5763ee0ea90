package store_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"duban/internal/hazard"
	"duban/internal/inbox"
	"duban/internal/store"
)

func TestInbound(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		want := fill[store.Inbound](t)
		want.Reply = "已登记🙂" + strings.Repeat("长", 3000)
		do(t, s, func(tx *store.Tx) error { return tx.AddInbound(ctx, want) })
		got, known, err := s.Read(ctx).FindInbound(ctx, want.Platform, want.Robot, want.MsgID)
		ok(t, err)
		same(t, "known", known, true)
		want.ID = got.ID
		same(t, "round trip", got, want)
		for _, key := range [][3]string{{"x", want.Robot, want.MsgID}, {want.Platform, "x", want.MsgID}, {want.Platform, want.Robot, "x"}} {
			_, known, err := s.Read(ctx).FindInbound(ctx, key[0], key[1], key[2])
			ok(t, err)
			same(t, strings.Join(key[:], " "), known, false)
		}
	})
}

// Ids longer than the column stay different.
func TestLongMessageIDs(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		long := strings.Repeat("m", 300)
		do(t, s, func(tx *store.Tx) error {
			return errors.Join(tx.AddInbound(ctx, store.Inbound{MsgID: long + "1", Reply: "1"}), tx.AddInbound(ctx, store.Inbound{MsgID: long + "2", Reply: "2"}))
		})
		got, known, err := s.Read(ctx).FindInbound(ctx, "", "", long+"2")
		ok(t, err)
		same(t, "known", known, true)
		same(t, "reply", got.Reply, "2")
	})
}

// One message delivered eight times at once has one effect.
func TestSeenMessageUndoesEverything(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var won, seen atomic.Int32
		ok(t, race(8, func(int) error {
			err := s.Within(ctx, func(tx *store.Tx) error {
				if _, err := tx.AddHazard(ctx, hazard.Hazard{Year: 2025}); err != nil {
					return err
				}
				return tx.AddInbound(ctx, store.Inbound{Platform: "wecom", Robot: "r", MsgID: "m"})
			})
			switch {
			case err == nil:
				won.Add(1)
			case errors.Is(err, inbox.ErrSeen) && errors.Is(err, store.ErrDuplicate):
				seen.Add(1)
			default:
				return err
			}
			return nil
		}))
		same(t, "won", won.Load(), int32(1))
		same(t, "seen before", seen.Load(), int32(7))
		same(t, "hazards", count(t, s, "SELECT COUNT(*) FROM hazards"), 1)
		same(t, "next number", addHazards(t, s, hazard.Hazard{Year: 2025})[0].Seq, 2)
	})
}

// A list that a message leaves takes nothing away from what the conversation is in
// the middle of.
func TestLeaveLists(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		busy, fresh := store.DialogueKey{Platform: "p", Corp: "c", UserID: "busy"}, store.DialogueKey{Platform: "p", Corp: "c", UserID: "fresh"}
		d := store.Dialogue{Pending: "q", List: "old", Expires: noon.Add(time.Hour), Updated: noon}
		do(t, s, func(tx *store.Tx) error { return tx.SaveDialogue(ctx, busy, d) })
		do(t, s, func(tx *store.Tx) error {
			return tx.LeaveLists(ctx, map[store.DialogueKey]inbox.Left{busy: {List: "new", At: noon.Add(time.Minute)}, fresh: {List: "first", At: noon}})
		})
		do(t, s, func(tx *store.Tx) error { return tx.LeaveLists(ctx, nil) })
		d.List, d.Updated = "new", noon.Add(time.Minute)
		for k, want := range map[store.DialogueKey]store.Dialogue{busy: d, fresh: {List: "first", Updated: noon}} {
			got, err := s.Read(ctx).Dialogue(ctx, k)
			ok(t, err)
			same(t, k.UserID, got, want)
		}
	})
}

func TestDialogue(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		group, want := fill[store.DialogueKey](t), fill[store.Dialogue](t)
		private := group
		private.ChatID = ""
		for _, k := range []store.DialogueKey{group, private} {
			got, err := s.Read(ctx).Dialogue(ctx, k)
			ok(t, err)
			same(t, "none yet", got, store.Dialogue{})
			for _, d := range []store.Dialogue{want, {Pending: "p", Updated: noon}, {Updated: noon.Add(time.Hour)}} {
				do(t, s, func(tx *store.Tx) error { return tx.SaveDialogue(ctx, k, d) })
				got, err := s.Read(ctx).Dialogue(ctx, k)
				ok(t, err)
				same(t, "saved", got, d)
			}
		}
		ok(t, race(8, func(int) error {
			return s.Within(ctx, func(tx *store.Tx) error {
				return tx.SaveDialogue(ctx, store.DialogueKey{Platform: "p", UserID: "u"}, want)
			})
		}))
		same(t, "conversations", count(t, s, "SELECT COUNT(*) FROM dialogues"), 3)
	})
}
