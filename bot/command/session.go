package command

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/inbox"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/place"
)

// session is one message being carried out.
type session struct {
	*Engine
	ctx     context.Context
	tx      Tx
	m       bot.Message
	now     time.Time
	today   calendar.Date
	actor   org.Actor
	dir     *org.Directory
	memory  memory
	named   Listed // the entry of the last list that the message named by number
	intent  understand.Intent
	command understand.Command
	why     string
	outcome string
	reply   bot.Reply
	private *bot.Reply // what goes to the person instead of the group
	wakes   Wakes

	confirmed bool     // the person said yes to the preview
	resumed   bool     // a draft was taken up again
	offset    int      // how much of a list was shown before
	act       *act     // what this message did, for taking it back
	keys      []string // of the notices it wrote
	shown     evidence // what came with it

	place  *place.Place // whose code was typed
	veiled bool         // it is about what the person filed without a name
}

func (e *Engine) session(ctx context.Context, tx Tx, m bot.Message, started time.Time) *session {
	return &session{Engine: e, ctx: ctx, tx: tx, m: m, now: started, today: calendar.In(started, e.Loc), command: understand.None}
}

// answer finds out who asks for what and does it.
func (s *session) answer() (bot.Reply, error) {
	if s.m.UserID == "" {
		return bot.Reply{Text: "您不在本单位的通讯录里，没法办理。请用本单位账号联系，或请学校代报。"}, nil
	}
	actor, known, err := s.tx.ActorByAccount(s.ctx, string(s.m.Platform), s.m.Corp, s.m.UserID)
	if err != nil {
		return bot.Reply{}, err
	}
	s.actor = actor
	if err := s.sighted(known); err != nil {
		return bot.Reply{}, err
	}
	if s.dir, err = s.tx.Directory(s.ctx); err != nil {
		return bot.Reply{}, err
	}
	if s.memory, err = s.recall(); err != nil {
		return bot.Reply{}, err
	}
	s.actor.Posts = append(s.actor.Posts, s.dir.ActingPosts(s.actor.PersonID, s.today)...)
	if reply, done, err := s.guarded(); done || err != nil {
		return reply, err
	}
	if reply, done, err := s.entered(known); done || err != nil {
		return reply, err
	}
	if reply, done := s.wordless(known); done {
		return reply, nil
	}
	if err := s.understand(); err != nil {
		return bot.Reply{}, err
	}
	heard := s.m.Text
	reply, err := s.dispatch(known)
	if err != nil {
		return reply, err
	}
	reply = s.echoed(reply, heard)
	if err := s.remembered(); err != nil {
		return reply, err
	}
	if reply, err = s.lapsed(reply); err != nil {
		return reply, err
	}
	return s.discreet(reply)
}

// sightedEvery keeps most messages free of a further write.
const sightedEvery = time.Hour

// sighted remembers which platform the person uses, so that pushes go there.
func (s *session) sighted(known bool) error {
	if !known || s.now.Sub(s.actor.Seen) < sightedEvery {
		return nil
	}
	return s.tx.Seen(s.ctx, s.account(s.actor.PersonID), s.now)
}

// understand parses the message, with numbers of the last list put in their
// entries' place.
func (s *session) understand() (err error) {
	m := s.m
	m.Text, s.named = s.memory.expand(m.Text)
	if m.Text, err = s.atPlace(m.Text); err != nil {
		return err
	}
	in := s.seen(m, s.memory.pending())
	s.intent = s.Parser.Parse(in)
	if s.intent.Confidence < sureEnough && len(s.intent.Guesses) > 0 { // rarely, so that most messages spare the query
		if in.View.Items, err = s.ownItems(); err != nil {
			return err
		}
		s.intent = s.Parser.Parse(in)
	}
	s.unalarmed(m.Text)
	s.fileAtPlace(in)
	s.command, s.why = s.intent.Command, s.intent.Why
	return nil
}

// parse understands a message in the asker's view.
func (s *session) parse(m bot.Message, pending *understand.Pending) understand.Intent {
	return s.Parser.Parse(s.seen(m, pending))
}

// seen is what the parser is told of a message.
func (s *session) seen(m bot.Message, pending *understand.Pending) understand.Input {
	in := s.input(m, pending)
	in.View.Roster = s.rosters.of(s.Parser, s.dir)
	return in
}

// view is the wording's context.
func (s *session) view() render.Context {
	return render.Context{Dir: s.dir, Today: s.today, Days: s.Days, Loc: s.Loc}
}

func (s *session) inGroup() bool { return s.m.Chat.Kind == bot.Group }

// remember stores the message's own row last: a repetition fails here and undoes
// everything it did.
func (s *session) remember(outcome string) error {
	s.outcome = outcome
	if err := s.tellPrivately(); err != nil {
		return err
	}
	in := inbox.Inbound{Platform: string(s.m.Platform), Robot: s.m.Robot, MsgID: s.m.ID, UserID: s.m.UserID, ChatID: s.m.Chat.ID,
		Command: string(s.command), Outcome: outcome, ReplyTitle: render.Cut(s.reply.Title, 60), Reply: s.reply.Text,
		ReceivedAt: s.now, Took: s.Clock.Now().Sub(s.now)}
	if len(s.reply.Buttons) > 0 {
		b, _ := json.Marshal(s.reply.Buttons)
		in.Buttons = string(b)
	}
	return s.tx.AddInbound(s.ctx, in)
}

// discreet keeps details out of groups: they go to the person alone.
func (s *session) discreet(reply bot.Reply) (bot.Reply, error) {
	if !s.inGroup() || reply.Empty() || s.actor.PersonID == "" {
		return reply, nil
	}
	if spec, ok := s.specs[s.command]; ok && spec.Public != "" {
		s.private = &reply
		if s.memory.asked != nil {
			return bot.Reply{Text: "还要您确认或补充一下，已私聊您。"}, nil
		}
		return bot.Reply{Text: spec.Public}, nil
	}
	return reply, nil
}

// tellPrivately queues what was held back from the group.
func (s *session) tellPrivately() error {
	if s.private == nil {
		return nil
	}
	n := notice.Notice{Kind: notice.Answer, Urgency: notice.Immediate, PersonID: s.actor.PersonID, NotBefore: s.now, CreatedAt: s.now,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Text: s.private.Text, Step: notice.Via + string(s.m.Platform),
		Key: fmt.Sprintf("private:%s:%s:%s", s.m.Platform, s.m.Robot, short(s.m.ID))}
	return s.notify(n)
}

// notify writes notices and has them looked at after the commit.
func (s *session) notify(ns ...notice.Notice) error {
	if _, err := s.tx.AddNotices(s.ctx, ns); err != nil {
		return err
	}
	for _, n := range ns {
		s.keys = append(s.keys, n.Key)
		if !n.NotBefore.After(s.now) {
			s.wakes.People = append(s.wakes.People, n.PersonID)
		}
	}
	return nil
}

// note appends a line of history. An account that is tied to nobody yet has no
// name to put there.
func (s *session) note(subject notice.Subject, action, before, after, words string) error {
	actor := cmp.Or(s.actor.PersonID, "unbound")
	if s.veiled {
		actor = "anonymous"
	}
	return s.tx.Append(s.ctx, journal.Entry{At: s.now, Actor: actor, Channel: string(s.m.Platform), Subject: subject,
		Action: action, Before: before, After: after, Note: words})
}

func text(format string, args ...any) (bot.Reply, error) {
	return bot.Reply{Text: fmt.Sprintf(format, args...)}, nil
}

// short bounds ids that become part of a key.
func short(id string) string {
	if len(id) > 100 {
		return id[:100]
	}
	return id
}

// wordless deals with events, unreadable kinds and empty messages.
func (s *session) wordless(known bool) (bot.Reply, bool) {
	switch {
	case s.m.Event == "click":
		s.m.Text = s.m.EventKey
		return bot.Reply{}, s.m.Text == ""
	case s.m.Event == "subscribe":
		return bot.Reply{Text: welcome(known)}, true
	case s.m.Event != "":
		return bot.Reply{}, true
	case s.m.Unsupported != "":
		return bot.Reply{Text: "这种消息我还看不懂。请发文字或照片，发“帮助”看能办什么。"}, true
	case s.m.Text == "" && onlyVoice(s.m):
		return bot.Reply{Text: "这条语音没有转成文字，我听不懂，没有保存。请打字再发一次，或用输入法的语音输入。"}, true
	case s.m.Text == "" && len(s.m.Attachments) == 0 && s.m.Location == nil:
		return bot.Reply{Text: "收到一条空消息。请写一句要办的事，发“帮助”看能办什么。"}, !s.inGroup()
	}
	return bot.Reply{}, false
}

func welcome(known bool) string {
	if known {
		return "您好，我是督办助手。发“我的任务”看要办的事，发“上报隐患 …”报隐患，发“帮助”看全部用法。"
	}
	return "您好，我是督办助手。第一次用请先绑定，发：绑定 姓名 单位，例如“绑定 张敏 石码头小学”。"
}

// errNotFound is the answer to a reference nothing fits.
func errNotFound(format string, args ...any) error { return errs.Newf(errs.NotFound, format, args...) }
