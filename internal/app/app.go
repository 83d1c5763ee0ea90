package app

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"duban/bot/dingtalk"
	"duban/bot/wecom/aibot"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/obs"
	"duban/internal/queue"
	"duban/internal/store"
)

// Options are what the surroundings decide; everything else is configuration.
type Options struct {
	Log     *slog.Logger
	Metrics *obs.Metrics
	Clock   clock.Clock       // nil: the real one, or a movable one if configured
	Mount   func(gin.IRouter) // further routes, may be nil
	Version string
}

// App is one duban process.
type App struct {
	cfg        *config.Config
	log        *slog.Logger
	core       *core
	platforms  *platforms
	kept       *media.Store
	closeKept  func() error // nil if the store of photos is not open
	queue      *queue.Queue
	worker     *queue.Worker
	mover      *queue.Mover // nil with a clock that cannot be moved
	server     *http.Server
	stream     *dingtalk.Stream // nil unless DingTalk is received that way
	socket     *aibot.Socket    // nil unless WeCom's smart bot is connected that way
	cards      *cards           // nil unless WeCom's buttons are cards
	endStreams func()
	listener   net.Listener
	stopping   atomic.Bool
	loops      sync.WaitGroup
	endLoops   context.CancelFunc
	serveErr   chan error
}

// New opens the database and connects the parts. The schema must be current and
// the seeds applied; errors say in Chinese what to run.
func New(ctx context.Context, cfg *config.Config, o Options) (_ *App, err error) {
	a := &App{cfg: cfg, log: o.Log, serveErr: make(chan error, 1)}
	defer func() {
		if err != nil {
			a.release()
		}
	}()
	now := o.Clock
	if now == nil {
		now = clockOf(cfg)
	}
	s, err := openStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	a.core = &core{store: s}
	if err := s.Current(ctx); err != nil {
		return nil, err
	}
	s.KeepDirectory(directoryLife)
	ledger := newLedger(cfg, s, now)
	if a.platforms, err = newPlatforms(cfg, now, ledger, o.Log); err != nil {
		return nil, err
	}
	if a.queue, err = queue.Open(queue.Options{URL: cfg.Redis.URL.Reveal(), Log: o.Log, Metrics: o.Metrics}); err != nil {
		return nil, err
	}
	kept, closeMedia, err := openMedia(cfg)
	if err != nil {
		return nil, err
	}
	a.kept, a.closeKept = kept, closeMedia
	fetcher := newFetcher(kept, s, a.platforms, now, o.Log)
	a.core = newCore(s, now, calendars(cfg), outside{
		senders: a.platforms.senders(), platforms: a.platforms.order, keys: a.platforms.key, fetch: fetcher.Do, wake: a.queue.Wake, hold: a.queue.Hold, ledger: ledger, loudest: a.platforms.loudest(),
		forget: func(ctx context.Context, f media.File) error { return kept.Delete(ctx, f.Home, f.SHA256) }, pictures: pictures{kept}, kept: kept, keeper: newKeeper(cfg, kept, s, now, o.Log),
		photos: formPhotos{kept}, public: cfg.Server.PublicURL, logins: organisations(cfg), small: cfg.Notice.Note,
	}, o.Log, o.Metrics)
	fetcher.Times, fetcher.Wake = a.core.desk, func(people ...string) { a.queue.Wake(queue.TellTask(now.Now(), people...)) }
	a.core.sweeper.Sealer = &queue.Sealer{Seals: s, Chain: func(ctx context.Context) queue.Sealed { return s.Read(ctx) }, Clock: now, Log: o.Log, Metrics: o.Metrics}
	if err := a.core.shelf.Refresh(ctx); err != nil {
		return nil, err
	}
	if err := a.core.watchCalendars(ctx); err != nil {
		return nil, err
	}
	if m, ok := now.(*clock.Movable); ok {
		a.mover = &queue.Mover{Clock: m, Sweeper: a.core.sweeper, Jobs: a.core.jobs}
	}
	a.queue.RunHere(a.core.jobs)
	a.worker = queue.NewWorker(a.queue, a.core.jobs)
	if a.server, err = a.newServer(ctx, o); err != nil {
		return nil, err
	}
	if a.stream, err = a.newStream(o); err != nil {
		return nil, err
	}
	if a.socket, err = a.newSocket(o); err != nil {
		return nil, err
	}
	return a, nil
}

// directoryLife is how soon a process follows a change of posts.
const directoryLife = 10 * time.Second

// clockOf returns the clock the configuration asks for.
func clockOf(cfg *config.Config) clock.Clock {
	if cfg.Dev.Now.IsZero() {
		return clock.System{}
	}
	return clock.NewMovable(cfg.Dev.Now)
}

// Start begins to do what the roles of this process ask for.
func (a *App) Start() error {
	roles := a.cfg.Server.Roles
	if err := a.listen(roles.Has(config.Web)); err != nil {
		return err
	}
	if roles.Has(config.Worker) {
		if err := a.worker.Start(); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	a.endLoops = cancel
	a.loop(func() { a.follow(ctx) })
	a.startStreams()
	if roles.Has(config.Scheduler) {
		a.loop(func() { a.core.sweeper.Loop(ctx, a.queue, a.core.jobs) })
	}
	return nil
}

// listen serves callbacks, or at least the probes. A process that takes no
// callbacks does its work without an address of its own, too.
func (a *App) listen(must bool) error {
	l, err := net.Listen("tcp", a.cfg.Server.Addr)
	if err != nil && must {
		return errs.With(errs.Unavailable, "监听不了 "+a.cfg.Server.Addr+"，可能端口被占用，请换一个 DUBAN_SERVER_ADDR。", err)
	}
	if err != nil {
		a.log.Warn("no address for health checks and metrics; set DUBAN_SERVER_ADDR to a free one", "address", a.cfg.Server.Addr)
		return nil
	}
	a.listener = l
	go func() {
		if err := a.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.serveErr <- err
		}
	}()
	return nil
}

func (a *App) loop(f func()) {
	a.loops.Add(1)
	go func() {
		defer a.loops.Done()
		f()
	}()
}

// follow learns new policies and looks at the calendars now and then.
func (a *App) follow(ctx context.Context) {
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.core.shelf.Refresh(ctx); err != nil && ctx.Err() == nil {
				a.log.WarnContext(ctx, "policies not refreshed", "error", err)
			}
			if err := a.core.watchCalendars(ctx); err != nil && ctx.Err() == nil {
				a.log.WarnContext(ctx, "calendars not looked at", "error", err)
			}
			if a.stream != nil {
				a.core.metrics.Stream(a.stream.State().Connected)
			}
			if err := a.core.watchMedia(ctx); err != nil && ctx.Err() == nil {
				a.log.WarnContext(ctx, "missing files not counted", "error", err)
			}
			if err := a.core.keepLedger(ctx); err != nil && ctx.Err() == nil {
				a.log.WarnContext(ctx, "quotas not booked", "error", err)
			}
		}
	}
}

// Addr returns where the process listens, "" if it does not.
func (a *App) Addr() string {
	if a.listener == nil {
		return ""
	}
	return a.listener.Addr().String()
}

// Failed delivers an error if the server stops by itself.
func (a *App) Failed() <-chan error { return a.serveErr }

// Stop ends gracefully: it reports not ready, finishes the requests and messages
// it took, hands back the tasks it cannot finish, and closes everything. After
// ctx it stops waiting.
func (a *App) Stop(ctx context.Context) error {
	a.stopping.Store(true)
	var problems []error
	if a.listener != nil {
		problems = append(problems, errs.At("stop serving", a.server.Shutdown(ctx)))
	}
	if a.endStreams != nil {
		a.endStreams()
	}
	problems = append(problems, errs.At("finish messages", a.core.receiver.Drain(ctx)))
	a.cards.wait()
	if a.endLoops != nil {
		a.endLoops()
		a.loops.Wait()
	}
	if a.endLoops != nil && a.cfg.Server.Roles.Has(config.Worker) {
		a.worker.Stop()
	}
	problems = append(problems, a.release())
	return errors.Join(problems...)
}

func (a *App) release() error {
	if a.queue != nil {
		a.queue.Close()
	}
	if a.platforms != nil {
		a.platforms.close()
	}
	if a.closeKept != nil {
		_ = a.closeKept()
	}
	if a.core != nil && a.core.store != nil {
		return errs.At("close database", a.core.store.Close())
	}
	return nil
}

// Advance moves a movable clock and carries out what falls due on the way. It
// returns when everything was done.
func (a *App) Advance(ctx context.Context, to time.Time) error {
	if a.mover == nil {
		return errs.New(errs.Forbidden, "这里的时钟不能拨动。")
	}
	a.cards.wait()
	return a.mover.Advance(ctx, to)
}

// Sweep hands everything due to the queue, as the scheduler does by itself.
func (a *App) Sweep(ctx context.Context) error {
	return a.core.sweeper.Sweep(ctx, a.queue.Enqueue)
}

// Store gives tests and the demo a look at the rows.
func (a *App) Store() *store.Store { return a.core.store }
