package store_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/store"
	"duban/internal/testkit"
)

// written appends n lines, one transaction each.
func written(t *testing.T, s *store.Store, n int) {
	t.Helper()
	for i := range n {
		do(t, s, func(tx *store.Tx) error { return tx.Append(ctx, lineNo(i)) })
	}
}

func lineNo(i int) journal.Entry {
	return journal.Entry{At: noon.Add(time.Duration(i) * time.Second), Actor: "p1", Channel: "wecom", Subject: notice.Subject{Kind: notice.Assignment, ID: 7},
		Action: "report", Before: fmt.Sprintf("%d%%", i), After: fmt.Sprintf("%d%%", i+1), Note: "进度"}
}

func seal(t *testing.T, s *store.Store, at time.Time) int {
	t.Helper()
	n, err := s.Seal(ctx, at, 500)
	ok(t, err)
	return n
}

// sealAll seals until nothing is left.
func sealAll(t *testing.T, s *store.Store) {
	t.Helper()
	for n := 1; n > 0; {
		n = seal(t, s, noon)
	}
}

// fault walks the whole chain and returns what it finds wrong, "" if nothing.
func fault(t *testing.T, s *store.Store, noted *journal.Head) string {
	t.Helper()
	_, err := journal.Verify(ctx, s.Read(ctx), 0, noted)
	if err != nil && !journal.IsFault(err) {
		t.Fatal(err)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestSealLinksCommittedLines(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		same(t, "nothing to seal", seal(t, s, noon), 0)
		written(t, s, 5)
		same(t, "sealed", seal(t, s, noon), 5)
		same(t, "sealed again", seal(t, s, noon), 0)
		written(t, s, 2)
		r, err := journal.Verify(ctx, s.Read(ctx), 0, nil)
		ok(t, err)
		head, err := s.Read(ctx).SealHead(ctx)
		ok(t, err)
		first := noon.UTC()
		same(t, "report", r, journal.Report{Lines: 5, First: first, Last: first.Add(4 * time.Second), Head: head,
			Waiting: journal.Waiting{Lines: 2, First: 6, Since: first}})
		same(t, "limit", func() int { n, err := s.Seal(ctx, noon, 1); ok(t, err); return n }(), 1)
		same(t, "fault", fault(t, s, &head), "")
	})
}

// Whatever is done to the tables behind the program's back shows, with the place.
func TestVerifyFindsTampering(t *testing.T) {
	const one = "第 5 封（历史行 5）："
	changed := one + "这一行历史的内容和封存时不一样，或者封条被改过"
	cases := []struct {
		name, do, say string
	}{
		{"line deleted", "DELETE FROM journal WHERE id = 5", one + "这一行历史被删了"},
		{"line and seal deleted", "DELETE FROM journal WHERE id = 5; DELETE FROM seals WHERE seal = 5", "第 5 封：缺这一封，后面直接是第 6 封"},
		{"seal deleted and closed up", "DELETE FROM seals WHERE seal = 5; UPDATE seals SET seal = 5 WHERE seal = 6", "第 5 封（历史行 6）：接不上前一封：前面有封条被删、被换或被改过"},
		{"last line deleted", "DELETE FROM journal WHERE id = 9", "第 9 封（历史行 9）：这一行历史被删了"},
		{"last seal deleted", "DELETE FROM journal WHERE id = 9; DELETE FROM seals WHERE seal = 9", "第 9 封：从这一封起被删了，链头应在第 9 封"},
		{"lines swapped", "UPDATE seals SET line_id = 100 WHERE seal = 5; UPDATE seals SET line_id = 5 WHERE seal = 6; UPDATE seals SET line_id = 6 WHERE seal = 5",
			"第 5 封（历史行 6）：这一行历史的内容和封存时不一样，或者封条被改过"},
		{"ids swapped", "UPDATE journal SET id = 100 WHERE id = 5; UPDATE journal SET id = 5 WHERE id = 6; UPDATE journal SET id = 6 WHERE id = 100", changed},
		{"hash rewritten", "UPDATE seals SET hash = prev WHERE seal = 5", changed},
		{"link rewritten", "UPDATE seals SET prev = hash WHERE seal = 5", one + "接不上前一封：前面有封条被删、被换或被改过"},
		{"head moved back", "UPDATE seal_head SET seal = 8", "第 9 封：链头只到前一封，这一封以后是另外添上去的，或者链头被改过"},
		{"head rewritten", "UPDATE seal_head SET hash = 'x'", "第 9 封：和链头里记的哈希不一样，链头或最后一封被改过"},
	}
	for _, col := range []string{"actor", "channel", "subject_kind", "action", "before_value", "after_value", "note"} {
		cases = append(cases, struct {
			name, do, say string
		}{"column " + col, "UPDATE journal SET " + col + " = 'x' WHERE id = 5", changed})
	}
	for _, col := range []string{"at", "subject_id"} {
		cases = append(cases, struct {
			name, do, say string
		}{"column " + col, "UPDATE journal SET " + col + " = " + col + " + 1 WHERE id = 5", changed})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, s *store.Store) {
				written(t, s, 9)
				same(t, "sealed", seal(t, s, noon), 9)
				same(t, "before", fault(t, s, nil), "")
				for _, q := range strings.Split(c.do, "; ") {
					exec(t, s, q)
				}
				same(t, "after", fault(t, s, nil), c.say)
			})
		})
	}
}

// A tail that is cut off with the head, or a history written anew, shows against
// a head that was noted elsewhere, and only there.
func TestNotedHead(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		written(t, s, 9)
		seal(t, s, noon)
		noted, err := s.Read(ctx).SealHead(ctx)
		ok(t, err)
		parsed, err := journal.ParseHead(noted.String())
		ok(t, err)
		same(t, "as noted", parsed, noted)
		exec(t, s, "DELETE FROM journal WHERE id > 7")
		exec(t, s, "DELETE FROM seals WHERE seal > 7")
		exec(t, s, "UPDATE seal_head SET seal = 7, hash = (SELECT hash FROM seals WHERE seal = 7)")
		same(t, "without the note", fault(t, s, nil), "")
		same(t, "with the note", fault(t, s, &noted), "第 8 封：您记下的链头是第 9 封，现在只到第 7 封：末尾被删了")

		exec(t, s, "DELETE FROM seals")
		exec(t, s, "DELETE FROM seal_head")
		exec(t, s, "UPDATE journal SET actor = 'somebody else' WHERE id = 3")
		written(t, s, 2)
		seal(t, s, noon)
		same(t, "sealed anew", fault(t, s, nil), "")
		same(t, "sealed anew, noted", fault(t, s, &noted), "第 9 封（历史行 11）：和您记下的链头不一样：这一封以前的历史被整段改写过")
	})
}

// A line that is committed late with a lower id is sealed later. One that appears
// where everything was sealed more than a day ago was put there by somebody.
func TestLateAndInsertedLines(t *testing.T) {
	const insert = `INSERT INTO journal (id, at, actor, channel, subject_kind, subject_id, action, before_value, after_value, note)
		VALUES (?, 1, 'p1', 'wecom', 'item', 1, 'report', '', '', '')`
	each(t, func(t *testing.T, s *store.Store) {
		written(t, s, 3)
		exec(t, s, insert, 40)
		same(t, "sealed", seal(t, s, noon), 4)
		exec(t, s, insert, 20)
		same(t, "late", seal(t, s, noon.Add(time.Hour)), 1)
		same(t, "fault", fault(t, s, nil), "")
		exec(t, s, insert, 41)
		same(t, "a day later", seal(t, s, noon.Add(25*time.Hour)), 1)
		exec(t, s, insert, 30)
		same(t, "not sealed", seal(t, s, noon.Add(26*time.Hour)), 0)
		same(t, "inserted", fault(t, s, nil), "历史行 30：没有封条，而它后面的早已封存：事后插进来的，共 1 行")
	})
}

// A transaction that was open while higher ids were sealed loses nothing.
func TestSealBesideOpenTransactions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if s.Dialect() == store.SQLite {
			t.Skip("SQLite has one writer at a time")
		}
		written(t, s, 1)
		do(t, s, func(tx *store.Tx) error {
			if err := tx.Append(ctx, lineNo(1)); err != nil {
				return err
			}
			written(t, s, 1)
			same(t, "sealed meanwhile", seal(t, s, noon), 2)
			return nil
		})
		same(t, "sealed afterwards", seal(t, s, noon), 1)
		same(t, "fault", fault(t, s, nil), "")
		seals, err := s.Read(ctx).Seals(ctx, 0, 10)
		ok(t, err)
		same(t, "order", []int64{seals[0].Line, seals[1].Line, seals[2].Line}, []int64{1, 3, 2})
	})
}

func TestNodesSealAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		written(t, s, 3)
		err := race(8, func(i int) error {
			for j := range 10 {
				if err := s.Within(ctx, func(tx *store.Tx) error { return tx.Append(ctx, lineNo(i*10+j)) }); err != nil {
					return err
				}
				if _, err := s.Seal(ctx, noon, 7); err != nil {
					return err
				}
			}
			return nil
		})
		ok(t, err)
		sealAll(t, s)
		r, err := journal.Verify(ctx, s.Read(ctx), 0, nil)
		ok(t, err)
		same(t, "lines", r.Lines, int64(83))
		same(t, "waiting", r.Waiting, journal.Waiting{})
	})
}

// What is rolled back is not sealed; a crash between the change and the seal
// leaves the line for the next run.
func TestCrashBeforeTheSeal(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		written(t, s, 2)
		seal(t, s, noon)
		crash := errors.New("crash")
		if err := s.Within(ctx, func(tx *store.Tx) error {
			return errors.Join(tx.Append(ctx, lineNo(2)), crash)
		}); !errors.Is(err, crash) {
			t.Fatal(err)
		}
		written(t, s, 1)
		same(t, "sealed after the crash", seal(t, s, noon), 1)
		same(t, "fault", fault(t, s, nil), "")
	})
}

func TestTenThousandLines(t *testing.T) {
	s := testkit.SQLite(t)
	exec(t, s, `INSERT INTO journal (at, actor, channel, subject_kind, subject_id, action, before_value, after_value, note)
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT i, 'p', 'wecom', 'item', i, 'report', '', '', '' FROM n`)
	sealAll(t, s)
	r, err := journal.Verify(ctx, s.Read(ctx), 0, nil)
	ok(t, err)
	same(t, "lines", r.Lines, int64(10000))
	r, err = journal.Verify(ctx, s.Read(ctx), 9900, nil)
	ok(t, err)
	same(t, "the newest lines", r.Lines, int64(100))
	exec(t, s, "UPDATE journal SET note = 'x' WHERE id = 7777")
	same(t, "fault", fault(t, s, nil), "第 7777 封（历史行 7777）：这一行历史的内容和封存时不一样，或者封条被改过")
}

// The repository cannot change history: the rows of history and of seals are created and
// read, never updated or deleted.
func TestSourcesOnlyAppendHistory(t *testing.T) {
	files, err := filepath.Glob("*.go")
	ok(t, err)
	forbidden := regexp.MustCompile("(?i)(update|delete from|drop table|truncate( table)?|replace into)\\s+`?(journal|seals)\\b" +
		`|(Save|Delete|Updates?|UpdateColumns?|Model)\(&?(journalRow|sealRow)\b|(journal|seals)"\)\.(Update|Delete)`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		ok(t, err)
		if found := forbidden.Find(text); found != nil {
			t.Errorf("%s changes history: %s", f, found)
		}
	}
}
