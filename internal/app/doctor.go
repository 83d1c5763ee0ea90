package app

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"time"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/queue"
)

// Finding is one line of the doctor.
type Finding struct {
	Name string // what was looked at
	OK   bool
	Say  string // Chinese: how it is, or what to do
}

// checkTime bounds one check of the doctor and of readiness.
const checkTime = 8 * time.Second

// Doctor looks at everything that has to be right for duban to work and reports
// each thing as soon as it is known. It returns whether all is well.
func Doctor(ctx context.Context, cfg *config.Config, report func(Finding)) bool {
	d := doctor{ctx: ctx, cfg: cfg, report: report, clock: clockOf(cfg), well: true}
	d.config()
	d.database()
	d.journal()
	d.outgoing()
	d.quotas()
	d.redis()
	d.media()
	d.credentials()
	d.calendar()
	d.time()
	return d.well
}

type doctor struct {
	ctx    context.Context
	cfg    *config.Config
	report func(Finding)
	clock  clock.Clock
	well   bool
}

func (d *doctor) found(name string, err error, fine string) {
	f := Finding{Name: name, OK: err == nil, Say: fine}
	if err != nil {
		f.Say, d.well = advice(err), false
	}
	d.report(f)
}

// advice is the sentence of a coded error; of others the cause, which carries no
// secret.
func advice(err error) string {
	if code := errs.CodeOf(err); code != errs.Internal {
		if say := errs.Say(err); say != errs.Say(errs.New(errs.Unavailable, "")) {
			return say
		}
	}
	if say := bot.AdviceOf(err); say != "" {
		return say
	}
	return err.Error()
}

func (d *doctor) within(f func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(d.ctx, checkTime)
	defer cancel()
	return f(ctx)
}

func (d *doctor) config() {
	d.found("配置", nil, "读到了，没有错误")
	for _, w := range d.cfg.Warnings {
		d.report(Finding{Name: "配置", OK: true, Say: "提醒：" + w})
	}
}

func (d *doctor) database() {
	var fine string
	err := d.within(func(ctx context.Context) error {
		s, err := openStore(ctx, d.cfg)
		if err != nil {
			return err
		}
		defer s.Close()
		if err := s.Current(ctx); err != nil {
			return err
		}
		policy, err := s.Read(ctx).Policies(ctx, 0)
		fine = fmt.Sprintf("%s 连得上，表结构是最新的，催办规则第 %d 版", s.Dialect(), policy.Version)
		return err
	})
	d.found("数据库", err, fine)
}

func (d *doctor) redis() {
	if d.cfg.Redis.InProcess() {
		d.found("Redis", nil, "使用进程内置的，只适合试用和单个小学校")
		return
	}
	err := d.within(func(ctx context.Context) error {
		q, err := queue.Open(queue.Options{URL: d.cfg.Redis.URL.Reveal(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			return err
		}
		defer q.Close()
		return q.Ping(ctx)
	})
	d.found("Redis", err, "连得上")
}

func (d *doctor) credentials() {
	p, err := newPlatforms(d.cfg, d.clock, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		d.found("平台", err, "")
		return
	}
	defer p.close()
	if len(p.order) == 0 {
		d.report(Finding{Name: "平台", OK: true, Say: "提醒：企业微信和钉钉都没有配置，收不到也发不出消息"})
	}
	for _, name := range p.order {
		d.platform(name, p.byName[name])
	}
	d.stream(p)
	d.socket()
}

// stream asks the gateway for leave to connect, without connecting.
func (d *doctor) stream(p *platforms) {
	if !d.cfg.DingTalk.Enabled() || d.cfg.DingTalk.Mode != config.DingTalkStream {
		return
	}
	s, err := dingtalk.NewStream(dingtalk.StreamConfig{ClientConfig: p.ding, Topics: []string{dingtalk.TopicRobot, dingtalk.TopicAllEvents},
		Handle: func(context.Context, dingtalk.Frame) (any, error) { return nil, nil }})
	if err == nil {
		err = d.within(s.Check)
	}
	d.found("钉钉 Stream", err, "网关同意建立连接")
}

// socket says only how the smart bot is set: to connect would end the connection in use.
func (d *doctor) socket() {
	if b := d.cfg.WeCom.Bot; b.Enabled() && b.Mode == config.BotWebSocket {
		d.report(Finding{Name: "企业微信智能机器人", OK: true, Say: "长连接方式，不在这里试连（会挤掉正在用的连接）；连没连上请看 /healthz"})
	}
}

// allowedSkew is how wrong the machine's clock may be: DingTalk refuses an hour,
// and a wrong clock makes every reminder wrong.
const allowedSkew = 2 * time.Minute

// time compares the machine's clock with that of a platform, if one is there.
func (d *doctor) time() {
	now := d.clock.Now().In(d.cfg.Location())
	fine := "现在是 " + calendar.In(now, d.cfg.Location()).Say(0) + " " + now.Format("15:04:05") + "（" + d.cfg.Timezone + "）"
	if !d.cfg.Dev.Now.IsZero() {
		d.found("时钟", nil, fine+"，是可拨动的演练时钟")
		return
	}
	base := ""
	if d.cfg.WeCom.Enabled() {
		base = d.cfg.WeCom.APIBase
	} else if d.cfg.DingTalk.Enabled() {
		base = d.cfg.DingTalk.APIBase
	}
	if base == "" {
		d.found("时钟", nil, fine)
		return
	}
	err := d.within(func(ctx context.Context) error {
		theirs, err := dateAt(ctx, base)
		if err != nil {
			return nil // the credentials' check tells that the platform is away
		}
		if skew := theirs.Sub(d.clock.Now()); math.Abs(skew.Seconds()) > allowedSkew.Seconds() {
			return errs.Newf(errs.Invalid, "本机时钟与平台相差 %s，请校准本机时间（NTP）", skew.Round(time.Second))
		}
		return nil
	})
	d.found("时钟", err, fine)
}

func dateAt(ctx context.Context, base string) (time.Time, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, base, nil)
	if err != nil {
		return time.Time{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return time.Time{}, err
	}
	defer resp.Body.Close()
	return http.ParseTime(resp.Header.Get("Date"))
}
