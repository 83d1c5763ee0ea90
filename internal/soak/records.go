package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode"

	simwecom "duban/internal/sim/wecom"
)

// records are what the checker compares: what the database says was intended and
// sent, and what people got. They are plain data, so that a test can write them
// by hand and a flaw can be planted in them.
type records struct {
	intents  []intent
	messages []message
	tellings []telling
	letters  []letter
	heard    []entry
}

// intent is a notice: one thing to tell one person.
type intent struct {
	id            int64
	kind, person  string
	state, reason string
	message       int64 // that tells it, as its row says now
}

// message is an outgoing message as its row says.
type message struct {
	id                          int64
	key, kind                   string
	platform, to, state, reason string
	title, text                 string
	day                         string // on which it was made
	attempts                    int
}

// telling says that a message told an intent. The intent's row remembers only the
// last one.
type telling struct{ intent, message int64 }

// letter is what a platform took for one receiver.
type letter struct {
	platform, to, text string
	day                string
	answer             bool // shown in the answer to a callback
	at                 time.Time
}

// remember has the database keep every telling, which the program itself does not.
func (w *world) remember(ctx context.Context) error {
	for _, q := range []string{
		"CREATE TABLE soak_tellings (notice_id BIGINT NOT NULL, message_id BIGINT NOT NULL, PRIMARY KEY (notice_id, message_id))",
		`CREATE TRIGGER soak_told AFTER UPDATE ON notices FOR EACH ROW
			INSERT IGNORE INTO soak_tellings SELECT NEW.id, NEW.message_id FROM DUAL WHERE NEW.message_id > 0`,
	} {
		if _, err := w.db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("remember tellings: %w", err)
		}
	}
	return nil
}

// records reads everything.
func (w *world) records(ctx context.Context) (r records, err error) {
	err = w.each(ctx, "SELECT id, kind, person_id, state, reason, message_id FROM notices", func(scan scanner) error {
		var n intent
		err := scan(&n.id, &n.kind, &n.person, &n.state, &n.reason, &n.message)
		r.intents = append(r.intents, n)
		return err
	})
	if err != nil {
		return r, err
	}
	// A group is known to its platform by its conversation, or by its name behind a webhook.
	err = w.each(ctx, `SELECT m.id, m.dedupe_key, m.kind, m.platform, LOWER(COALESCE(IF(g.webhook <> '', g.id, g.chat_id), m.address)), m.state, m.reason, m.title, m.text, m.created_at, m.attempts
		FROM messages m LEFT JOIN chat_groups g ON g.id = m.group_id ORDER BY m.id`, func(scan scanner) error {
		var m message
		var at int64
		err := scan(&m.id, &m.key, &m.kind, &m.platform, &m.to, &m.state, &m.reason, &m.title, &m.text, &at, &m.attempts)
		m.day = dayOf(time.UnixMilli(at))
		r.messages = append(r.messages, m)
		return err
	})
	if err != nil {
		return r, err
	}
	err = w.each(ctx, "SELECT notice_id, message_id FROM soak_tellings", func(scan scanner) error {
		var t telling
		err := scan(&t.intent, &t.message)
		r.tellings = append(r.tellings, t)
		return err
	})
	r.letters, r.heard = w.letters(), w.books.all()
	return r, err
}

type scanner func(into ...any) error

// each hands the rows of a query over.
func (w *world) each(ctx context.Context, query string, take func(scanner) error) error {
	rows, err := w.db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// letters are what both platforms took, in any order.
func (w *world) letters() []letter {
	var out []letter
	for _, s := range w.stage.WeCom.Sent() {
		out = append(out, letter{"wecom", strings.ToLower(s.To), s.Text, dayOf(s.At), s.Channel == simwecom.Passive, s.At})
	}
	for _, s := range w.stage.DingTalk.Sent() {
		out = append(out, letter{"dingtalk", strings.ToLower(s.UserID + s.GroupID), s.Text, dayOf(s.At), s.ReplyTo != "", s.At})
	}
	return out
}

func dayOf(t time.Time) string { return t.In(zone).Format(time.DateOnly) }

// plain leaves letters and digits, which no platform's markup changes.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// journalHead is the head of the chain as an operator would note it.
func (w *world) journalHead(ctx context.Context) (string, error) {
	var number int64
	var hash string
	err := w.db.QueryRowContext(ctx, "SELECT seal, hash FROM seal_head").Scan(&number, &hash)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return fmt.Sprintf("%d:%s", number, hash), err
}
