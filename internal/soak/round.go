package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
)

// play has a day's work, messages and accidents happen at once, mends what broke,
// and lets time pass until the database has nothing open. It returns how long
// that took after the last accident.
func (w *world) play(ctx context.Context, p plan) (time.Duration, error) {
	lines, err := w.written(ctx, p)
	if err == nil && p.has(flush) {
		err = w.payDebts(ctx)
	}
	if err != nil {
		return 0, err
	}
	w.hasty, w.patience = p.has(jump), time.Second
	if p.has(hang) {
		w.patience = 12 * time.Second // longer than the clients' time-out
	}
	var all sync.WaitGroup
	for _, a := range p.accidents {
		all.Go(func() { w.happen(ctx, a) })
	}
	for _, l := range lines {
		all.Go(func() { w.write(ctx, l) })
	}
	began := time.Now()
	for i, minutes := range []int{7*60 + 5, 8*60 + 30, 16*60 + 30} {
		time.Sleep(p.moves[i] - time.Since(began))
		w.move(ctx, p.day.Add(time.Duration(minutes)*time.Minute))
	}
	all.Wait()
	broken := time.Now()
	if err := w.revive(ctx); err != nil {
		return 0, err
	}
	for _, g := range w.gates {
		g.calm()
	}
	return w.calm(ctx, broken)
}

// written are the day's lines with their words. Nobody signs when there is nothing
// to sign.
func (w *world) written(ctx context.Context, p plan) (out []line, err error) {
	for _, l := range p.lines {
		if l.signs {
			open, err := w.rows(ctx, "SELECT CONCAT('YH-', year, '-', LPAD(seq, 4, '0')) FROM hazards WHERE unit_id = 's-wenchang' AND signed_at = 0 ORDER BY id LIMIT 1")
			if err != nil {
				return nil, err
			}
			if len(open) == 0 {
				continue
			}
			l.text = "签收 " + open[0]
		}
		out = append(out, l)
	}
	return out, nil
}

// payDebts gives held messages of earlier rounds the time to be carried out.
func (w *world) payDebts(ctx context.Context) error {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if _, err := w.effects(ctx); err != nil || len(w.books.owed()) == 0 {
			return err
		}
	}
	return nil
}

// calm lets the time pass after which a claim or a pause has run out, until
// nothing is due or on its way.
func (w *world) calm(ctx context.Context, since time.Time) (time.Duration, error) {
	var open []string
	for range 60 {
		w.move(ctx, w.clock.Now().Add(3*time.Minute))
		var err error
		if open, err = w.unfinished(ctx); err != nil {
			return 0, err
		}
		if len(open) == 0 {
			return time.Since(since), nil
		}
	}
	return 0, fmt.Errorf("work does not come to an end:\n%s", lines(open))
}

// afterwards plays two more days on which nothing goes wrong, so that what had to
// be told again has its morning, and waits for what Redis still holds.
func (w *world) afterwards(ctx context.Context, day time.Time) error {
	for n := range 2 {
		if _, err := w.play(ctx, plan{n: n, day: day, moves: make([]time.Duration, 3)}); err != nil {
			return err
		}
		day = nextDay(day)
	}
	return w.settleDebts(ctx)
}

// rest waits until nobody has anything to tell or a message under way, or those that have must be dead:
// hours pass between two moments of the day, and a claim must not run out while its
// owner is at work. When clocks jump it does.
func (w *world) rest(ctx context.Context) {
	last, since := -1, time.Now()
	for time.Since(since) < w.patience {
		var n int
		soon := w.clock.Now().Add(time.Minute).UnixMilli() // the nodes' clocks run
		err := w.db.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM messages WHERE state = 'sending' OR state = 'queued' AND next_at <= ?)
			+ (SELECT COUNT(*) FROM notices WHERE state = 'pending' AND not_before <= ?)`, soon, soon).Scan(&n)
		if err != nil || n == 0 {
			return
		}
		if n != last {
			last, since = n, time.Now()
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// move brings everybody's clock to an instant at once. A node that fails on the
// way is found out later, by what it has not done.
func (w *world) move(ctx context.Context, to time.Time) {
	if to.Before(w.clock.Now()) {
		to = w.clock.Now()
	}
	if !w.hasty {
		w.street.Lock()
		defer w.street.Unlock()
		w.rest(ctx)
	}
	w.clock.Set(to)
	var all sync.WaitGroup
	for _, n := range w.nodes {
		all.Go(func() { _ = n.advance(ctx, to) })
	}
	all.Wait()
}

func (w *world) happen(ctx context.Context, a accident) {
	time.Sleep(a.after)
	switch a.fault {
	case killNode:
		w.nodes[a.node].kill()
		w.books.strikes(a.fault)
	case killRedis, killMySQL: // revive sees whether it comes up again
		w.servers[a.fault].kill()
		w.books.strikes(a.fault)
		time.Sleep(a.lasts)
		_ = w.servers[a.fault].up(ctx)
	case jump: // see rest
		w.books.strikes(a.fault)
	case flush:
		// A held message lives in Redis alone (ADR 0006): flushing is not allowed then.
		if len(w.books.owed()) == 0 {
			if w.redis.FlushAll(ctx).Err() == nil {
				w.books.strikes(a.fault)
			}
		}
	case cutRedis, cutMySQL:
		w.wires[a.fault].Cut(true)
		w.books.strikes(a.fault)
		time.Sleep(a.lasts)
		w.wires[a.fault].Cut(false)
	default: // counted when a call runs into it
		for _, g := range w.gates {
			g.fail(a.fault, a.calls)
		}
	}
}

// write delivers a message as its platform does: to one node after the other,
// until one acknowledges it.
func (w *world) write(ctx context.Context, l line) {
	time.Sleep(l.after)
	user, _ := w.stage.UserID(l.person, l.platform)
	for i := range 2 * nodes {
		if ctx.Err() != nil {
			return
		}
		base := "http://" + w.nodes[(l.first+i)%nodes].addr
		answered, ok := w.deliver(ctx, base, user, l)
		w.books.heard(l, ok, answered)
		if ok {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func (w *world) deliver(ctx context.Context, base, user string, l line) (answered, ok bool) {
	w.street.RLock()
	defer w.street.RUnlock()
	if l.platform == bot.WeCom {
		d, err := w.stage.WeCom.Deliver(ctx, base+"/callback/wecom/app", simwecom.Incoming{User: user, Text: l.text, MsgID: l.id})
		return d.Reply != nil, err == nil
	}
	reply, status, err := w.stage.DingTalk.Deliver(ctx, base+"/callback/dingtalk/robot", simdingtalk.Incoming{UserID: user, Text: l.text, MsgID: l.id})
	return reply != nil, err == nil && status == http.StatusOK
}
