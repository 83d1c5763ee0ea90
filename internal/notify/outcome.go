package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/errs"
	"duban/internal/inbox"
	"duban/internal/notice"
)

// maxTries bounds the tries of an ordinary message; life and safety go on for
// as long as it takes within a day.
const (
	maxTries       = 8
	maxTriesUrgent = 60
)

// repeatable reports whether a message is rather sent twice than not at all. A
// document is: its reader was told that it comes, and a second copy harms nobody.
func repeatable(k notice.Kind) bool { return urgent(k) || k == notice.Document }

// sentTwice reports whether this message is; a ring beside it is not.
func sentTwice(m notice.Message) bool { return repeatable(m.Kind) && !m.Rings() }

// urgent reports whether a message is worth trying for as long as it takes.
func urgent(k notice.Kind) bool { return slices.Contains(urgentKinds(), k) }

func urgentKinds() []notice.Kind {
	return []notice.Kind{notice.Emergency, notice.SensitiveTip, notice.NewHazard, notice.Escalation, notice.Slip, notice.Alarm}
}

// outcome turns what the platform said into the message's next state.
func (m *Mailer) outcome(_ context.Context, msg notice.Message, r bot.Receipt, err error) notice.Message {
	now := m.Clock.Now()
	msg.Reason, msg.Code, msg.NextAt = reasonOf(err), codeOf(err), time.Time{}
	limit := maxTries
	if urgent(msg.Kind) {
		limit = maxTriesUrgent
	}
	class := bot.ClassOf(err)
	if msg.Rings() { // the ordinary message goes its way, and a late ring would only confuse
		class, limit = ringClass(class), maxTriesRing
	}
	if class == bot.Ambiguous && sentTwice(msg) {
		class = bot.Temporary
	}
	switch class {
	case "":
		msg.State, msg.Sent, msg.PlatformID = notice.MsgSent, now, r.PlatformID
	case bot.Permanent:
		msg.State = notice.MsgFailed
	case bot.Ambiguous:
		msg.State = notice.MsgUnknown
	case bot.Config:
		// The operator mends it; until then the message waits.
		msg.State, msg.NextAt = notice.MsgQueued, now.Add(5*time.Minute)
	default:
		msg.State, msg.NextAt = notice.MsgQueued, now.Add(pause(err, msg.Attempts))
		if msg.Attempts >= limit {
			msg.State, msg.NextAt = notice.MsgFailed, time.Time{}
		}
	}
	return msg
}

// pause is how long to wait after the given number of tries: what the platform
// asks for, else doubling from five seconds to ten minutes.
func pause(err error, tries int) time.Duration {
	var e *bot.SendError
	if errors.As(err, &e) && e.Class == bot.RateLimit && e.After > 0 {
		return e.After
	}
	return min(5*time.Second<<min(tries-1, 10), 10*time.Minute)
}

func reasonOf(err error) string {
	var e *bot.SendError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e):
		return e.Reason
	}
	return "unknown"
}

// codeOf is the platform's own code, as long as there is room for.
func codeOf(err error) string {
	code := bot.CodeOf(err)
	if len(code) > notice.MaxCode {
		code = strings.ToValidUTF8(code[:notice.MaxCode], "")
	}
	return code
}

// persist records the outcomes and keeps trying until ctx ends while the database
// is away. Nobody else knows them: what is not recorded is in doubt when its claim
// has run out, and a restart of the database would leave every message under way so.
func (m *Mailer) persist(ctx context.Context, done []notice.Message) error {
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		var called []string
		err := m.Work.Within(ctx, func(tx Tx) (err error) { called, err = m.record(ctx, tx, done); return err })
		if !errs.Is(err, errs.Unavailable) {
			if err == nil && m.Teller != nil {
				m.Teller.call(called)
			}
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// record writes the outcomes down. What was delivered leaves its numbered list in
// the conversation; what failed for good takes another road. A message whose claim
// was lost is in the hands of another worker, who alone sees to what follows. It
// returns who was called to an incident in the place of somebody not reached.
func (m *Mailer) record(ctx context.Context, tx Tx, done []notice.Message) (called []string, err error) {
	recorded, err := tx.MessagesDone(ctx, done)
	if err != nil {
		return nil, err
	}
	for _, msg := range recorded {
		var err error
		switch msg.State {
		case notice.MsgFailed:
			err = m.fallBack(ctx, tx, msg, &called)
		case notice.MsgUnknown:
			err = m.tellAgain(ctx, tx, msg)
		}
		if err != nil {
			return nil, err
		}
	}
	return called, m.leaveLists(ctx, tx, recorded)
}

// tellAgain lets what must be told at least once wait for the next morning when
// the message that told it among other things may not have arrived. The message
// itself, with the reminders in it, is not repeated.
func (m *Mailer) tellAgain(ctx context.Context, tx Tx, msg notice.Message) error {
	if msg.Kind != notice.Morning {
		return nil
	}
	until, err := m.Times.Morning(ctx, m.Clock.Now())
	if err != nil {
		return err
	}
	return reopen(ctx, tx, msg, until, "in_doubt", urgentKinds()...)
}

// leaveLists leaves the numbered lists of what was sent, for people to answer by
// number. Of two to one person the later counts.
func (m *Mailer) leaveLists(ctx context.Context, tx Tx, recorded []notice.Message) error {
	var people []string
	for _, msg := range recorded {
		if msg.State == notice.MsgSent && msg.List != "" && msg.PersonID != "" {
			people = append(people, msg.PersonID)
		}
	}
	if len(people) == 0 {
		return nil
	}
	accounts, err := tx.AccountsOf(ctx, people...)
	if err != nil {
		return err
	}
	lists := map[inbox.DialogueKey]inbox.Left{}
	for _, msg := range recorded {
		for _, a := range accounts[msg.PersonID] {
			if msg.State == notice.MsgSent && msg.List != "" && a.Platform == msg.Platform && a.UserID == msg.Address {
				lists[inbox.DialogueKey{Platform: a.Platform, Corp: a.Corp, UserID: a.UserID}] = inbox.Left{List: msg.List, At: msg.Sent}
				break
			}
		}
	}
	return tx.LeaveLists(ctx, lists)
}

// fallBack tries the person's next platform; when there is none the office is
// told, since a message that nobody gets must not look like one that was read. Who is
// called to an incident instead is added to called.
func (m *Mailer) fallBack(ctx context.Context, tx Tx, msg notice.Message, called *[]string) error {
	if msg.PersonID == "" || msg.Kind == notice.Answer || msg.Kind == notice.Alarm || msg.Reason == "expired" {
		return nil
	}
	if msg.Kind == notice.Document { // it belongs where it was asked for
		return m.tellUnsent(ctx, tx, msg, m.Clock.Now())
	}
	if msg.Rings() {
		return m.tellUnrung(ctx, tx, msg)
	}
	accounts, err := tx.AccountsOf(ctx, msg.PersonID)
	if err != nil {
		return err
	}
	now := m.Clock.Now()
	for _, a := range accounts[msg.PersonID] {
		if a.Platform == msg.Platform || msg.Platform == notice.Work || m.Senders[a.Platform] == nil { // the robots were tried before work notifications
			continue
		}
		next := msg
		next.ID, next.Attempts, next.State, next.NextAt, next.Created = 0, 0, notice.MsgQueued, now, now
		next.Platform, next.Address, next.Key = a.Platform, a.UserID, onPlatform(msg.Key, a.Platform)
		next.Batch = batchOf(next)
		if id, err := tx.AddMessage(ctx, next); err != nil || id != 0 {
			return err
		}
	}
	if ok, err := m.byWork(ctx, tx, msg, now); ok || err != nil {
		return err
	}
	if people, done, err := m.passOver(ctx, tx, msg); done || err != nil {
		*called = append(*called, people...)
		return err
	}
	return m.tellOffice(ctx, tx, msg, now)
}

func (m *Mailer) tellOffice(ctx context.Context, tx Tx, msg notice.Message, now time.Time) error {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return err
	}
	who, at, urgency := msg.PersonID, now, notice.Immediate
	if h, ok := dir.HolderNamed(msg.PersonID); ok {
		who = dir.PostLabel(h.Post)
	}
	switch {
	case msg.Kind == notice.Emergency || msg.Kind == notice.SensitiveTip:
	case repeatable(msg.Kind):
		urgency = notice.Prompt
	default:
		urgency = notice.Merged
		if at, err = m.Times.Morning(ctx, now); err != nil {
			return err
		}
	}
	var list []notice.Notice
	for _, p := range dir.Office() {
		if p.PersonID == msg.PersonID {
			continue
		}
		list = append(list, notice.Notice{Kind: notice.Alarm, Urgency: urgency, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: now, Weight: 20,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("undelivered:%d:%s", msg.ID, p.PersonID),
			Text: fmt.Sprintf("%s发给%s的消息没有送达，请核对账号，急事请电话联系。", render.PlatformName(bot.Platform(notice.PlatformOf(msg.Platform))), who)})
	}
	_, err = tx.AddNotices(ctx, list)
	return err
}
