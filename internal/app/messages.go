package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/notify"
	"duban/internal/store"
)

// MessageFilter says which outgoing messages to list.
type MessageFilter struct {
	State  string // "" for all
	Since  calendar.Date
	Person string
	Limit  int
}

// maxListed bounds how many messages one call lists or sends again.
const maxListed = 1000

func (f MessageFilter) query(loc *time.Location) (notice.MessageQuery, error) {
	states := []string{"", notice.MsgQueued, notice.MsgSending, notice.MsgSent, notice.MsgFailed, notice.MsgUnknown, notice.MsgRecalled, notice.MsgDropped}
	if !slices.Contains(states, f.State) {
		return notice.MessageQuery{}, errs.Newf(errs.Invalid, "--state 只能是 %s 中的一个。", strings.Join(states[1:], "、"))
	}
	if f.Limit < 1 || f.Limit > maxListed {
		return notice.MessageQuery{}, errs.Newf(errs.Invalid, "--limit 要在 1 到 %d 之间。", maxListed)
	}
	q := notice.MessageQuery{State: f.State, PersonID: f.Person, Limit: f.Limit}
	if !f.Since.IsZero() {
		q.Since = f.Since.At(0, 0, loc)
	}
	return q, nil
}

// ListMessages hands the lines of the list to say, the newest message first.
func ListMessages(ctx context.Context, cfg *config.Config, f MessageFilter, say func(string)) error {
	q, err := f.query(cfg.Location())
	if err != nil {
		return err
	}
	return withStore(ctx, cfg, func(s *store.Store) error {
		list, err := s.Read(ctx).MessagesBy(ctx, q)
		if err == nil && len(list) == 0 {
			say("没有符合的消息。")
		}
		for _, m := range list {
			say(messageLine(m, cfg.Location()))
		}
		return err
	})
}

func messageLine(m notice.Message, loc *time.Location) string {
	to := m.PersonID
	if to == "" {
		to = m.GroupID
	}
	line := fmt.Sprintf("%d  %s  %s  %s → %s  %s", m.ID, m.Created.In(loc).Format(time.DateTime), m.Kind, m.Platform, to, m.State)
	if m.Reason != "" {
		line += "（" + strings.TrimSpace(m.Reason+" "+m.Code) + "）"
	}
	return line
}

// ShowMessage hands the lines about one message to say: what it was made from,
// each stage and its reason.
func ShowMessage(ctx context.Context, cfg *config.Config, id int64, say func(string)) error {
	return withStore(ctx, cfg, func(s *store.Store) error {
		tx := s.Read(ctx)
		m, ok, err := tx.MessageByID(ctx, id)
		if err != nil {
			return err
		}
		if !ok {
			return errs.Newf(errs.NotFound, "没有编号是 %d 的消息，请用 duban messages list 查编号。", id)
		}
		notices, err := tx.NoticesOf(ctx, id)
		if err != nil {
			return err
		}
		for _, line := range messageLines(m, notices[id], cfg.Location()) {
			say(line)
		}
		return nil
	})
}

func messageLines(m notice.Message, notices []notice.Notice, loc *time.Location) []string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "—"
		}
		return t.In(loc).Format(time.DateTime)
	}
	lines := []string{messageLine(m, loc), render.MessageFate(m)}
	if say := troubleOf(m); say != "" {
		lines = append(lines, say)
	}
	for _, n := range notices {
		lines = append(lines, strings.TrimRight(fmt.Sprintf("通知 %d  %s  %s %d  %s  提出 %s  不早于 %s  %s", n.ID, n.Kind, n.Subject.Kind, n.Subject.ID,
			n.Step, at(n.CreatedAt), at(n.NotBefore), n.Reason), " "))
	}
	lines = append(lines, "成文 "+at(m.Created), fmt.Sprintf("试过 %d 次", m.Attempts))
	if m.State == notice.MsgQueued || m.State == notice.MsgSending {
		lines = append(lines, "下次 "+at(m.NextAt))
	}
	lines = append(lines, "平台收下 "+at(m.Sent))
	if m.PlatformID != "" {
		lines = append(lines, "平台编号 "+m.PlatformID)
	}
	return append(lines, wordsShown(m, notices)...)
}

// wordsShown are a message's words if they are the system's own: a group's digest,
// or reminders and escalations alone. Anything else may be somebody's private
// matter, and who looks after the server sees no content by right.
func wordsShown(m notice.Message, notices []notice.Notice) []string {
	own := len(notices) > 0
	for _, n := range notices {
		own = own && (n.Kind == notice.Reminder || n.Kind == notice.Escalation || n.Kind == notice.Slip || n.Kind == notice.SlipLate)
	}
	if own || m.Kind == notice.DigestKind {
		return []string{"", m.Title, m.Text}
	}
	return []string{"（这条消息可能有个人的内容，不显示正文）"}
}

// Replay says which messages to send again.
type Replay struct {
	IDs           []int64
	Failed        bool // all that failed since
	Since         calendar.Date
	EvenIfUnknown bool
}

// ReplayMessages puts messages back into the queue, each at most once, and hands
// a line about each to say. A running server sends them within half a minute.
func ReplayMessages(ctx context.Context, cfg *config.Config, r Replay, say func(string)) error {
	if r.Failed == (len(r.IDs) > 0) || r.Failed && r.Since.IsZero() {
		return errs.New(errs.Invalid, "请写要重发的消息编号，或写 --failed --since 2025-09-01（两种写法选一种）。")
	}
	return withStore(ctx, cfg, func(s *store.Store) error {
		ids, err := r.ids(ctx, s, cfg.Location())
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			say("没有可重发的消息。")
		}
		again := notify.Replayer{EvenIfUnknown: r.EvenIfUnknown, Now: clockOf(cfg).Now(), Loc: cfg.Location()}
		for _, id := range ids {
			var v notify.Verdict
			err := s.Within(ctx, func(tx *store.Tx) (err error) { v, err = again.Replay(ctx, tx, id); return err })
			if err != nil {
				return errs.At(fmt.Sprintf("replay message %d", id), err)
			}
			say(fmt.Sprintf("%d  %s", id, replayed[v]))
		}
		return nil
	})
}

// ids are the messages meant, each once, the oldest first.
func (r Replay) ids(ctx context.Context, s *store.Store, loc *time.Location) ([]int64, error) {
	ids := slices.Clone(r.IDs)
	if r.Failed {
		list, err := s.Read(ctx).MessagesBy(ctx, notice.MessageQuery{State: notice.MsgFailed, Since: r.Since.At(0, 0, loc), Limit: maxListed})
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// replayed says the verdicts.
var replayed = map[notify.Verdict]string{
	notify.Requeued:  "已放回队列",
	notify.Carried:   "当天的合并消息已过，其中仍要说的会并入下一次早间消息",
	notify.Missing:   "没有这条消息",
	notify.NotEnded:  "没有重发：已经发出，或正等着发",
	notify.Doubtful:  "没有重发：可能已经到了；确实要重发请加 --even-if-unknown",
	notify.Elsewhere: "没有重发：同一内容已经或正在从另一个平台发",
	notify.Over:      "没有重发：事情已经办了、停了或没有了",
	notify.Outdated:  "没有重发：是已经过去的那一天的消息",
}

// withStore opens the configured database for one piece of work.
func withStore(ctx context.Context, cfg *config.Config, fn func(*store.Store) error) error {
	s, err := openStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Current(ctx); err != nil {
		return err
	}
	return fn(s)
}
