package command

import (
	"testing"

	"duban/internal/duty"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/store"
	"duban/internal/supervise"
	"duban/internal/testkit"
)

// A confirmation names the channel it came through; one that only adds what is
// missing leaves a line as well, and one that adds nothing leaves none.
func TestConfirmationsLeaveTheirLines(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("ban-ducha", "确认立项 9-4，期限改为10月31日", false)
	h.say("ban-ducha", "确认", false)
	item := itemNamed(t, h.store, "9-4")
	lines := linesOf(t, h.store, item)
	if lines[0].Action != "confirm" || lines[0].Actor != "ban-ducha" || lines[0].Channel != "wecom" {
		t.Errorf("confirmed: %+v", lines[0])
	}
	for _, want := range []int{1, 1} { // the second time nothing is missing
		err := unitOfWork{h}.Within(t.Context(), func(tx Tx) error {
			dir, err := tx.Directory(t.Context())
			if err != nil {
				return err
			}
			return h.engine.Supervise.Confirm(t.Context(), tx, dir, supervise.Confirmation{Item: item, Units: []string{"k-yinchengjiangyue", "s-wenchang"},
				Due: item.Due, By: "ban-ducha", Channel: "wecom", At: h.clock.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		again := linesOf(t, h.store, item)
		if len(again) != len(lines)+want || again[0].Action != "add_work" || again[0].After != "s-wenchang" || again[0].Channel != "wecom" {
			t.Errorf("confirmed again: %+v", again)
		}
	}
}

func itemNamed(t *testing.T, s *store.Store, code string) duty.Item {
	t.Helper()
	items, err := s.Read(t.Context()).Items(t.Context(), 2025, code)
	if err != nil || len(items) != 1 {
		t.Fatalf("%s: %v, %v", code, items, err)
	}
	return items[0]
}

func linesOf(t *testing.T, s *store.Store, item duty.Item) []journal.Entry {
	t.Helper()
	lines, err := s.Read(t.Context()).History(t.Context(), notice.Subject{Kind: "item", ID: item.ID}, 10)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
