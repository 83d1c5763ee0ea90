package app

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/journal"
)

// The operator's commands on a seeded database: head, verify, show, and what they
// say after somebody went around the program.
func TestJournalCommands(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "duban.db")
	cfg, err := config.Load("", []string{"DUBAN_DATABASE_DSN=sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2025, 9, 10, 1, 30, 0, 0, time.UTC)
	if _, err := Migrate(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := SeedAt(ctx, cfg, SeedFiles{Demo: true}, clock.NewFrozen(now)); err != nil {
		t.Fatal(err)
	}
	var said []string
	say := func(line string) { said = append(said, line) }
	hear := func(what string, err error, want ...string) {
		t.Helper()
		all := strings.Join(said, "\n")
		said = nil
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, w := range want {
			if !strings.Contains(all, w) {
				t.Errorf("%s says %q, not %q", what, all, w)
			}
		}
	}
	hear("head of nothing", JournalHead(ctx, cfg, say), "还没有封存过")
	sealed(t, cfg, now)
	err = JournalHead(ctx, cfg, say)
	head := strings.Join(said, "")
	if _, bad := journal.ParseHead(head); bad != nil {
		t.Errorf("head %q: %v", head, bad)
	}
	hear("head", err)
	whole, err := VerifyJournal(ctx, cfg, head, say)
	hear("verify", err, "历史记录完整：已封存 ", "首行 2025年", "链头 "+head, "没有等待封存的行。")
	hear("show", ShowJournal(ctx, cfg, "item:22-3", 5, say), "2025-09-01 周一 09:00:00", "立项确认：草稿 → 2025-10-10", "系统（导入）  列入草稿")
	if err := ShowJournal(ctx, cfg, "thing:1", 5, say); err == nil {
		t.Error("an unknown subject is shown")
	}
	db, err2 := sql.Open("sqlite", path)
	if err2 != nil {
		t.Fatal(err2)
	}
	defer db.Close()
	if _, err := db.Exec("UPDATE journal SET actor = 'x' WHERE id = 3"); err != nil {
		t.Fatal(err)
	}
	broken, err := VerifyJournal(ctx, cfg, "", say)
	hear("verify a changed journal", err, "历史记录对不上：第 3 封（历史行 3）：", "在它之前的 2 行没有问题")
	if !whole || broken {
		t.Errorf("whole %v, after the change %v", whole, broken)
	}
}

func sealed(t *testing.T, cfg *config.Config, now time.Time) {
	t.Helper()
	s, err := openStore(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Seal(t.Context(), now, 5000); err != nil {
		t.Fatal(err)
	}
}
