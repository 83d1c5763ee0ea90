// Package app wires duban together. It is the only place that knows all parts.
package app

import (
	"context"
	"log/slog"
	"time"

	"duban/bot"
	"duban/bot/command"
	"duban/bot/contacts"
	"duban/bot/understand"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/ledger"
	"duban/internal/media"
	"duban/internal/media/keep"
	"duban/internal/notify"
	"duban/internal/obs"
	"duban/internal/queue"
	"duban/internal/quota"
	"duban/internal/remind"
	"duban/internal/seeding"
	"duban/internal/store"
	"duban/internal/supervise"
)

// core is everything between the platforms: what a message goes through and what
// the tasks do. The server, the demo and dry runs share it.
type core struct {
	store    *store.Store
	clock    clock.Clock
	cal      remind.Calendars
	shelf    *seeding.Shelf
	desk     *supervise.Desk
	engine   *command.Engine
	answers  *notify.Answers
	jobs     queue.Jobs
	sweeper  *queue.Sweeper
	schedule *queue.Schedule
	roads    *notify.Roads
	log      *slog.Logger
	metrics  *obs.Metrics
	receiver *bot.Receiver
	ledger   *quota.Ledger // nil in dry runs
	almanac  almanac
	contacts *contacts.Desk
	tellNow  func(people ...string) // asks for people to be told what waits for them
	keeper   *keep.Keeper           // nil in dry runs
	logins   map[string]string      // see link.Desk
}

// outside is what the core talks to.
type outside struct {
	senders   map[string]bot.Sender
	platforms []string
	keys      func(platform, name string) (string, bool)
	fetch     func(ctx context.Context, file int64) error
	wake      func(...queue.Task)
	hold      func(context.Context, bot.Message) error
	forget    func(context.Context, media.File) error // deletes stored content
	ledger    *quota.Ledger
	loudest   remind.Ring    // beside the ordinary message of an emergency
	pictures  storedPictures // stored photos; nil in dry runs, which make no files
	kept      *media.Store   // photos and files; nil in dry runs
	keeper    *keep.Keeper   // looks after them; nil in dry runs
	photos    command.PhotoKeeper
	public    string            // the address in front of the pages; "" where there are none
	logins    map[string]string // the platforms that pages are logged in with, and whose organisation each is
	small     string            // the small print of notices
}

// storedPictures opens stored photos, as they are and small.
type storedPictures interface {
	notify.Pictures
	ledger.Thumbs
}

// calendars returns the configured calendars in the bureau's time zone.
func calendars(cfg *config.Config) remind.Calendars {
	return remind.Calendars{Days: cfg.Calendar.Days(), Terms: cfg.Calendar.Terms(), Loc: cfg.Location()}
}

func newCore(s *store.Store, c clock.Clock, cal remind.Calendars, out outside, log *slog.Logger, m *obs.Metrics) *core {
	k := &core{store: s, clock: c, cal: cal, log: log, metrics: m, roads: notify.NewRoads(), shelf: seeding.NewShelf(s.Read), ledger: out.ledger, keeper: out.keeper, logins: out.logins}
	k.desk = &supervise.Desk{Book: supervise.NewBook(k.shelf.Source), Cal: cal, Clock: c}
	k.tellNow = func(people ...string) {
		if len(people) > 0 {
			out.wake(queue.TellTask(c.Now(), people...))
		}
	}
	messages := work[notify.Tx]{s, func(tx *store.Tx) notify.Tx { return tx }}
	k.engine = command.NewEngine(command.Engine{
		Work: work[command.Tx]{s, func(tx *store.Tx) command.Tx { return tx }}, Parser: understand.New(cal.Days), Supervise: k.desk,
		Waker: waker{c, out.wake, out.forget, log}, Clock: c, Loc: cal.Loc, Days: cal.Days, Log: log,
		Photos: out.photos, Public: out.public,
	})
	k.contacts = &contacts.Desk{Work: work[contacts.Tx]{s, func(tx *store.Tx) contacts.Tx { return tx }}, Times: k.desk, Clock: c, Loc: cal.Loc, Log: log, Told: k.tellNow}
	k.answers = &notify.Answers{Work: messages, Roads: k.roads, Clock: c,
		Sent: func(_ context.Context, id int64) { out.wake(queue.SendTask(0, id)) }}
	k.receiver = &bot.Receiver{Processor: k.engine, Screener: k.engine, Fallback: fallback{out.hold, k.answers}, Log: log,
		Budget: answerWithin, Limit: processWithin}
	teller := &notify.Teller{Work: messages, Times: k.desk, Clock: c, Loc: cal.Loc, Days: cal.Days, Platforms: out.platforms, Scarce: out.ledger.Scarce, Log: log, Metrics: m,
		Alarms: k.desk, Called: k.tellNow, Loudest: out.loudest}
	mailer := &notify.Mailer{Work: messages, Times: k.desk, Senders: out.senders, Keys: out.keys, Roads: k.roads, Teller: teller, Documents: k.papers(out), Clock: c, Log: log, Metrics: m}
	k.jobs = k.newJobs(teller, mailer, out)
	k.schedule = &queue.Schedule{Runs: func(ctx context.Context) queue.Runs { return s.Read(ctx) }, Hours: k.desk.Hours, Cal: cal, Files: out.keeper != nil}
	k.sweeper = &queue.Sweeper{Books: k.keepLedger, Rows: func(ctx context.Context) queue.Rows { return s.Read(ctx) }, Times: k.schedule, Clock: c, Log: log, Metrics: m}
	return k
}

// ledgers makes the ledgers that people export.
func (k *core) ledgers(stored storedPictures) *notify.Ledgers {
	return &notify.Ledgers{Work: work[notify.LedgerTx]{k.store, func(tx *store.Tx) notify.LedgerTx { return tx }}, Thumbs: stored, Lamps: k.desk,
		Clock: k.clock, Loc: k.cal.Loc, Days: k.cal.Days}
}

const (
	// answerWithin leaves WeCom's five seconds and DingTalk's patience enough for
	// the way there and back.
	answerWithin = 2500 * time.Millisecond
	// processWithin ends what would otherwise hold a database lock for ever.
	processWithin = 30 * time.Second
)

// fallback keeps messages and late answers.
type fallback struct {
	hold func(context.Context, bot.Message) error
	*notify.Answers
}

// Hold implements bot.Fallback.
func (f fallback) Hold(ctx context.Context, m bot.Message) error { return f.hold(ctx, m) }

// waker turns what a message left behind into tasks.
type waker struct {
	clock  clock.Clock
	wake   func(...queue.Task)
	forget func(context.Context, media.File) error
	log    *slog.Logger
}

// Wake implements command.Waker.
func (w waker) Wake(ctx context.Context, left command.Wakes) {
	for _, f := range left.Forget {
		if err := w.forget(ctx, f); err != nil {
			w.log.ErrorContext(ctx, "content not deleted", "file", f.ID, "error", err)
		}
	}
	now := w.clock.Now()
	for _, p := range left.People {
		w.wake(queue.TellTask(now, p))
	}
	for _, id := range left.Files {
		w.wake(queue.FetchTask(id, 0))
	}
}
