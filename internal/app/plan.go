package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/notify"
	"duban/internal/org"
	"duban/internal/queue"
	"duban/internal/store"
	"duban/internal/supervise"
)

// PlanQuery says which days to try out.
type PlanQuery struct {
	From, To calendar.Date // both included
	Person   string        // "" for everybody and the groups
}

// Planned is one message that would go out.
type Planned struct {
	At      time.Time `json:"at"`
	To      string    `json:"to"`   // person or group id
	Role    string    `json:"role"` // "group" for groups
	Unit    string    `json:"unit"`
	Channel string    `json:"channel"` // wecom or dingtalk
	Kind    string    `json:"kind"`
	Items   []string  `json:"items"`   // as people would type them
	Reasons []string  `json:"reasons"` // the policy's step behind each entry
	Text    string    `json:"text"`
	Entries []Entry   `json:"entries"` // each thing it tells, with the rule behind it
}

// Plan plays the days on a copy of the current data, with the code that would
// send them, and hands each message to emit. Nothing leaves the process and
// nothing of the data changes.
func Plan(ctx context.Context, cfg *config.Config, q PlanQuery, emit func(Planned) error) error {
	if q.From.IsZero() || q.To < q.From {
		return errs.New(errs.Invalid, "起止日期不对：--from 和 --to 都要写，格式 2025-09-01，且 --to 不早于 --from。")
	}
	from, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := from.Current(ctx); err != nil {
		return err
	}
	to, err := store.Open(ctx, "sqlite::memory:")
	if err != nil {
		return err
	}
	defer to.Close()
	if _, err := to.Migrate(ctx); err != nil {
		return err
	}
	if err := from.CopyInto(ctx, to); err != nil {
		return err
	}
	return rehearse(ctx, cfg, to, q, emit)
}

// untilDone is longer than any rehearsal: nobody changes posts in the copy.
const untilDone = 24 * time.Hour

func rehearse(ctx context.Context, cfg *config.Config, s *store.Store, q PlanQuery, emit func(Planned) error) error {
	s.KeepDirectory(untilDone)
	cal := calendars(cfg)
	now := clock.NewFrozen(q.From.At(0, 0, cal.Loc))
	senders := map[string]bot.Sender{string(bot.WeCom): nowhere{}, string(bot.DingTalk): nowhere{}}
	k := newCore(s, now, cal, outside{
		senders: senders, platforms: []string{string(bot.WeCom), string(bot.DingTalk)},
		keys:  func(string, string) (string, bool) { return "dry-run", true },
		fetch: func(context.Context, int64) error { return nil },
		wake:  func(...queue.Task) {},
	}, slog.New(slog.DiscardHandler), nil)
	if err := k.shelf.Refresh(ctx); err != nil {
		return err
	}
	if err := k.rewind(ctx, now.Now().Add(-time.Millisecond)); err != nil {
		return err
	}
	last, err := s.Read(ctx).Messages(ctx, 1)
	if err != nil {
		return err
	}
	seen := int64(0)
	if len(last) > 0 {
		seen = last[0].ID
	}
	mover := &queue.Mover{Clock: now, Sweeper: k.sweeper, Jobs: k.jobs}
	for d := q.From; d <= q.To; d = d.Add(1) {
		if err := mover.Advance(ctx, d.Add(1).At(0, 0, cal.Loc).Add(-time.Second)); err != nil {
			return err
		}
		if seen, err = k.told(ctx, q, seen, emit); err != nil {
			return err
		}
	}
	return nil
}

// rewind sets all rounds back to the first day, if that is in the past.
func (k *core) rewind(ctx context.Context, to time.Time) error {
	const page = 500
	dir, err := k.store.Read(ctx).Directory(ctx)
	if err != nil {
		return err
	}
	for last := int64(0); ; {
		var list []notice.Chase
		err := k.store.Within(ctx, func(tx *store.Tx) (err error) {
			if list, err = tx.ChasesAfter(ctx, last, page); err != nil {
				return err
			}
			for _, c := range list {
				if err := k.desk.Rewind(ctx, tx, dir, c, to); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(list) < page {
			return err
		}
		last = list[len(list)-1].ID
	}
}

// told hands on what was sent since the message seen last.
func (k *core) told(ctx context.Context, q PlanQuery, seen int64, emit func(Planned) error) (int64, error) {
	const page = 500
	dir, err := k.store.Read(ctx).Directory(ctx)
	if err != nil {
		return seen, err
	}
	for {
		list, err := k.store.Read(ctx).MessagesAfter(ctx, seen, page)
		if err != nil {
			return seen, err
		}
		var sent []notice.Message
		for _, m := range list {
			seen = m.ID
			if m.State == notice.MsgSent && (q.Person == "" || m.PersonID == q.Person) {
				sent = append(sent, m)
			}
		}
		b, err := k.behind(ctx, sent)
		if err != nil {
			return seen, err
		}
		for _, m := range sent {
			if err := emit(k.planned(dir, m, b)); err != nil {
				return seen, err
			}
		}
		if len(list) < page {
			return seen, nil
		}
	}
}

// behind is what is behind some messages, read with a query for each sort.
type behind struct {
	notices map[int64][]notice.Notice // by message
	matters supervise.Matters
	actors  map[string]org.Actor
	groups  map[string]org.Group
}

func (k *core) behind(ctx context.Context, list []notice.Message) (b behind, err error) {
	tx := k.store.Read(ctx)
	var messages []int64
	var people []string
	b.groups = map[string]org.Group{}
	for _, m := range list {
		if messages = append(messages, m.ID); m.GroupID == "" {
			people = append(people, m.PersonID)
		} else if _, known := b.groups[m.GroupID]; !known {
			if b.groups[m.GroupID], _, err = tx.GroupByID(ctx, m.GroupID); err != nil {
				return b, err
			}
		}
	}
	if b.actors, err = tx.ActorsByPerson(ctx, people...); err != nil {
		return b, err
	}
	if b.notices, err = tx.NoticesOf(ctx, messages...); err != nil {
		return b, err
	}
	var all []notice.Notice
	for _, ns := range b.notices {
		all = append(all, ns...)
	}
	b.matters, err = supervise.MattersOf(ctx, tx, all)
	return b, err
}

func (k *core) planned(dir *org.Directory, m notice.Message, b behind) Planned {
	p := Planned{At: m.Sent.In(k.cal.Loc), To: m.PersonID, Channel: m.Platform, Kind: string(m.Kind), Text: m.Text,
		Items: notify.Entries(m.List), Reasons: []string{}, Entries: []Entry{}}
	if m.Kind == notice.Document { // its text is what was asked for
		p.Text = m.Title
	}
	if p.Items == nil {
		p.Items = []string{}
	}
	if m.GroupID != "" {
		p.To, p.Role, p.Unit = m.GroupID, "group", b.groups[m.GroupID].UnitID
		return p
	}
	if h, ok := dir.HolderNamed(m.PersonID); ok {
		p.Role, p.Unit = string(h.Post.Role), h.Post.UnitID
	} else if actor, ok := b.actors[m.PersonID]; ok {
		p.Role, p.Unit = string(org.Reporter), actor.UnitID
	}
	for _, n := range b.notices[m.ID] {
		reason := string(n.Kind)
		if n.Step != "" {
			reason += ":" + n.Step
		}
		p.Reasons, p.Entries = append(p.Reasons, reason), append(p.Entries, b.explain(n))
	}
	return p
}

// Line is a planned message for people, in one line.
func (p Planned) Line() string {
	return fmt.Sprintf("%s %s → %s（%s %s，%s）%v", calendar.In(p.At, p.At.Location()).Say(0), p.At.Format("15:04"), p.To, p.Unit, p.Role, p.Channel, p.Items)
}

// nowhere takes every message and sends none.
type nowhere struct{}

// Send implements bot.Sender.
func (nowhere) Send(context.Context, bot.Outgoing) (bot.Receipt, error) { return bot.Receipt{}, nil }
