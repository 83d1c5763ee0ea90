package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"duban/internal/app"
)

// unfinished lists what is due or on its way. A message that waits for the
// morning is neither.
func (w *world) unfinished(ctx context.Context) ([]string, error) {
	now := w.clock.Now().UnixMilli()
	return w.rows(ctx,
		"SELECT 'message', id, kind, state, reason, attempts, next_at FROM messages WHERE state IN ('queued','sending')",
		fmt.Sprintf("SELECT 'notice', id, kind, urgency, reason, person_id, not_before FROM notices WHERE state = 'pending' AND not_before <= %d", now),
		fmt.Sprintf("SELECT 'round', id, profile, generation, reason, next_at FROM chases WHERE state = 'active' AND next_at > 0 AND next_at <= %d", now))
}

// check holds everything against everything after a round.
func (w *world) check(ctx context.Context) error {
	effects, err := w.effects(ctx)
	if err != nil {
		return err
	}
	r, err := w.records(ctx)
	if err != nil {
		return err
	}
	w.last = r
	broken := effects
	for _, f := range judge(r).broken {
		broken = append(broken, f.String())
	}
	for _, look := range []func(context.Context) ([]string, error){w.journal, w.crashed} {
		found, err := look(ctx)
		if err != nil {
			return err
		}
		broken = append(broken, found...)
	}
	if len(broken) > 0 {
		return fmt.Errorf("broken:\n%s", lines(broken))
	}
	return nil
}

// effects looks at what people wrote: an acknowledged message was carried out once
// and answered, any other at most once. Held ones may take their time.
func (w *world) effects(ctx context.Context) ([]string, error) {
	var broken []string
	for _, e := range w.books.all() {
		var inbox, filed, noted, answers int
		var did string
		err := w.db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM inbox WHERE platform = ? AND msg_id = ?),
			(SELECT COUNT(*) FROM hazards WHERE descr LIKE ?),
			(SELECT COUNT(*) FROM hazards h JOIN journal j ON j.subject_kind = 'hazard' AND j.subject_id = h.id AND j.action = 'file' WHERE h.descr LIKE ?),
			(SELECT COUNT(*) FROM messages WHERE kind = 'answer' AND dedupe_key LIKE ?),
			(SELECT COALESCE(MAX(CONCAT(command, ' ', outcome, ': ', LEFT(reply, 80))), '') FROM inbox WHERE platform = ? AND msg_id = ?)`,
			string(e.platform), e.id, e.token+"%", e.token+"%", "answer:"+string(e.platform)+":%:"+e.id, string(e.platform), e.id).
			Scan(&inbox, &filed, &noted, &answers, &did)
		if err != nil {
			return nil, err
		}
		say := fmt.Sprintf("%s %s %q: %d inbox rows (%s), %d hazards, %d lines of history, %d answers, answered in the call: %t",
			e.platform, e.id, e.text, inbox, did, filed, noted, answers, e.answered)
		switch {
		case inbox > 1:
			broken = append(broken, "carried out twice: "+say)
		case e.token != "" && (filed != inbox || noted != inbox):
			broken = append(broken, "not done as a whole: "+say)
		case e.acked && inbox == 0 && (e.answered || e.done):
			broken = append(broken, "acknowledged and lost: "+say)
		case e.acked && inbox == 1 && (e.answered || answers == 1):
			w.books.finished(e.line)
		}
	}
	return broken, nil
}

// journal walks the chain against the head noted after the round before, as an
// operator would, and notes the new one.
func (w *world) journal(ctx context.Context) ([]string, error) {
	var said []string
	whole, err := app.VerifyJournal(ctx, w.cfg, w.head, func(line string) { said = append(said, line) })
	if err != nil {
		return nil, err
	}
	if !whole {
		return said, nil
	}
	w.head, err = w.journalHead(ctx)
	return nil, err
}

// sealed counts the lines of history and those that no seal covers yet.
func (w *world) sealed(ctx context.Context) (lines, open int, err error) {
	err = w.db.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(SUM(s.seal IS NULL), 0) FROM journal j LEFT JOIN seals s ON s.line_id = j.id").Scan(&lines, &open)
	return lines, open, err
}

// crashed looks for what no fault explains in the nodes' logs.
func (w *world) crashed(context.Context) ([]string, error) {
	var broken []string
	for _, n := range w.nodes {
		text, err := os.ReadFile(n.log)
		if err != nil {
			return nil, err
		}
		for l := range strings.Lines(string(text)) {
			if slices.ContainsFunc([]string{"panic", "fatal error", "level=ERROR", `"level":"ERROR"`}, func(s string) bool { return strings.Contains(l, s) }) {
				broken = append(broken, strings.TrimSpace(l))
			}
		}
	}
	return broken, nil
}

// settleDebts waits for what Redis still holds and for the seals. A task of a
// killed worker comes back after one to two minutes of real time.
func (w *world) settleDebts(ctx context.Context) error {
	end := time.Now().Add(150 * time.Second)
	for {
		if _, err := w.calm(ctx, time.Now()); err != nil {
			return err
		}
		if err := w.check(ctx); err != nil {
			return err
		}
		_, open, err := w.sealed(ctx)
		if err != nil {
			return err
		}
		left := w.books.owed()
		if len(left) == 0 && open == 0 {
			return nil
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return fmt.Errorf("acknowledged and never carried out or never answered: %d; lines of history not sealed: %d; %v", len(left), open, left)
		}
		time.Sleep(time.Second)
	}
}

// rows returns each row of the queries as its values joined.
func (w *world) rows(ctx context.Context, queries ...string) ([]string, error) {
	var out []string
	for _, q := range queries {
		found, err := w.rowsOf(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func (w *world) rowsOf(ctx context.Context, query string) ([]string, error) {
	r, err := w.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	names, err := r.Columns()
	if err != nil {
		return nil, err
	}
	var out []string
	for r.Next() {
		values, into := make([]string, len(names)), make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := r.Scan(into...); err != nil {
			return nil, err
		}
		out = append(out, strings.Join(values, " | "))
	}
	return out, r.Err()
}

func lines(list []string) string {
	more := ""
	if len(list) > 20 {
		more = fmt.Sprintf("\n  … and %d more", len(list)-20)
		list = list[:20]
	}
	return "  " + strings.Join(list, "\n  ") + more
}
