package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"duban/internal/notice"
)

// unfinished lists what is due or on its way. A message that waits for the
// morning is neither.
func (w *world) unfinished(ctx context.Context) ([]string, error) {
	now := w.clock.Now().UnixMilli()
	var all []string
	for _, q := range []string{
		"SELECT 'message', id, kind, state, reason, attempts, next_at FROM messages WHERE state IN ('queued','sending')",
		fmt.Sprintf("SELECT 'notice', id, kind, urgency, reason, person_id, not_before FROM notices WHERE state = 'pending' AND not_before <= %d", now),
		fmt.Sprintf("SELECT 'round', id, profile, generation, reason, next_at FROM chases WHERE state = 'active' AND next_at > 0 AND next_at <= %d", now),
	} {
		found, err := w.rows(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// check compares what was promised with the rows and with what the platforms took.
func (w *world) check(ctx context.Context) error {
	for _, look := range []func(context.Context) ([]string, error){w.lost, w.delivered, w.heard, w.crashed} {
		broken, err := look(ctx)
		if err != nil {
			return err
		}
		if len(broken) > 0 {
			return fmt.Errorf("broken:\n%s", lines(broken))
		}
	}
	return nil
}

// lost lists intents without a fate: every one waits, was dropped for a named
// reason, or is told by a message whose end can be seen.
func (w *world) lost(ctx context.Context) ([]string, error) {
	var all []string
	for _, q := range []string{
		"SELECT 'dropped without a reason', id, kind, person_id, dedupe_key FROM notices WHERE state = 'dropped' AND reason = ''",
		`SELECT 'taken by no message', n.id, n.kind, n.person_id, n.dedupe_key FROM notices n LEFT JOIN messages m ON m.id = n.message_id
			WHERE n.state = 'taken' AND m.id IS NULL`,
		"SELECT 'ended without a reason', id, kind, person_id, state FROM messages WHERE state IN ('failed','unknown') AND reason = ''",
		// An escalation in a message of unknown fate counts as not told.
		`SELECT 'escalation in doubt and not repeated', n.id, n.person_id, m.id, m.kind, m.reason FROM notices n JOIN messages m ON m.id = n.message_id
			WHERE n.state = 'taken' AND n.kind IN ('escalation','new_hazard','emergency','alarm') AND m.state = 'unknown'`,
		"SELECT 'rows for one key', dedupe_key, COUNT(*) FROM messages GROUP BY dedupe_key HAVING COUNT(*) > 1",
	} {
		found, err := w.rows(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// told is a message as the database has it, with how often it was taken.
type told struct {
	id                                     int64
	kind, platform, to, state, title, text string
}

// cut bounds how much of a text is compared: long ones go in parts.
const cut = 80

func head(s string) string {
	r := []rune(plain(s))
	return string(r[:min(len(r), cut)])
}

// delivered counts what the platforms took: what is called sent was taken, and
// an ordinary message at most once.
func (w *world) delivered(ctx context.Context) ([]string, error) {
	messages, err := w.told(ctx)
	if err != nil {
		return nil, err
	}
	rows, taken := map[string]int{}, map[string]int{}
	byTarget := map[string]map[string]bool{}
	key := func(m told) string { return m.platform + "|" + m.to + "|" + head(m.text) }
	for _, m := range messages {
		rows[key(m)]++
		target := m.platform + "|" + m.to
		if byTarget[target] == nil {
			byTarget[target] = map[string]bool{}
		}
		byTarget[target][head(m.title+m.text)], byTarget[target][head(m.text)] = true, true
	}
	titled := map[string]string{}
	for _, m := range messages {
		titled[m.platform+"|"+m.to+"|"+head(m.title+m.text)] = key(m)
		titled[key(m)] = key(m)
	}
	for _, g := range w.gates {
		for _, l := range g.taken() {
			target, best := l.platform+"|"+l.to, ""
			for h := range byTarget[target] {
				if strings.HasPrefix(l.text, h) && len(h) > len(best) {
					best = h
				}
			}
			if best != "" {
				taken[titled[target+"|"+best]]++
			}
		}
	}
	return w.compare(messages, rows, taken, key), nil
}

func (w *world) compare(messages []told, rows, taken map[string]int, key func(told) string) []string {
	var broken []string
	sent := map[string]int{}
	w.books.repeats = map[string]int{}
	for _, m := range messages {
		if m.state == notice.MsgSent {
			sent[key(m)]++
		}
	}
	seen := map[string]bool{}
	for _, m := range messages {
		k := key(m)
		if seen[k] {
			continue
		}
		seen[k] = true
		over := taken[k] - rows[k]
		switch {
		case taken[k] < sent[k]:
			broken = append(broken, fmt.Sprintf("called sent, taken %d of %d times: message %d %s to %s: %s", taken[k], sent[k], m.id, m.kind, m.to, head(m.text)))
		case over > 0 && !mayRepeat(notice.Kind(m.kind)):
			broken = append(broken, fmt.Sprintf("taken %d times, %d wanted: message %d %s to %s: %s", taken[k], rows[k], m.id, m.kind, m.to, head(m.text)))
		case over > 0:
			w.books.repeats[m.kind] += over
		}
	}
	return broken
}

// mayRepeat are the kinds that rather come twice than not at all (ADR 0005).
func mayRepeat(k notice.Kind) bool {
	switch k {
	case notice.Emergency, notice.SensitiveTip, notice.NewHazard, notice.Escalation, notice.Alarm, notice.Document:
		return true
	}
	return false
}

func (w *world) told(ctx context.Context) ([]told, error) {
	r, err := w.db.QueryContext(ctx, "SELECT id, kind, platform, LOWER(IF(group_id <> '' OR address LIKE 'chat:%', '', address)), state, title, text FROM messages")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []told
	for r.Next() {
		var m told
		if err := r.Scan(&m.id, &m.kind, &m.platform, &m.to, &m.state, &m.title, &m.text); err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, r.Err()
}

// heard looks at what people wrote: an acknowledged message was carried out once
// and answered, any other at most once. Held ones may take their time.
func (w *world) heard(ctx context.Context) ([]string, error) {
	var broken []string
	for _, e := range w.books.all() {
		if e.done {
			continue
		}
		var inbox, filed, answers int
		err := w.db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM inbox WHERE platform = ? AND msg_id = ?),
			(SELECT COUNT(*) FROM hazards WHERE descr LIKE ?), (SELECT COUNT(*) FROM messages WHERE kind = 'answer' AND dedupe_key LIKE ?)`,
			string(e.platform), e.id, "%"+e.token+"%", "answer:"+string(e.platform)+":%:"+e.id).Scan(&inbox, &filed, &answers)
		if err != nil {
			return nil, err
		}
		say := fmt.Sprintf("%s %s %q: %d inbox rows, %d hazards, %d answers, answered in the call: %t", e.platform, e.id, e.text, inbox, filed, answers, e.answered)
		switch {
		case inbox > 1, e.token != "" && filed != inbox:
			broken = append(broken, say)
		case e.acked && e.answered && inbox == 0:
			broken = append(broken, say)
		case e.acked && inbox == 1 && (e.answered || answers == 1):
			w.books.finished(e.line)
		}
	}
	return broken, nil
}

// settleDebts waits for what Redis still holds. A task of a killed worker comes
// back after one to two minutes of real time.
func (w *world) settleDebts(ctx context.Context) error {
	end := time.Now().Add(150 * time.Second)
	for {
		if _, err := w.calm(ctx, time.Now()); err != nil {
			return err
		}
		if err := w.check(ctx); err != nil {
			return err
		}
		left := w.books.owed()
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return fmt.Errorf("acknowledged and never carried out or never answered: %d, the first: %s %s %q", len(left), left[0].platform, left[0].id, left[0].text)
		}
		time.Sleep(time.Second)
	}
}

// rows returns each row as its values joined.
func (w *world) rows(ctx context.Context, query string) ([]string, error) {
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
