package dingtalk

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/download"
	"duban/internal/errs"
)

// ClientConfig configures a Client. Only ClientID and ClientSecret are required.
type ClientConfig struct {
	ClientID      string
	ClientSecret  Secret
	RobotCode     string        // empty: ClientID
	CorpID        string        // the organisation; used by Decoding
	APIBase       string        // empty: DefaultAPIBase
	OAPIBase      string        // empty: DefaultOAPIBase
	Timeout       time.Duration // of one call; 0: 10 s
	DownloadHosts []string      // host suffixes files may come from; empty: DingTalk and Alibaba storage
	Cards         Cards         // without a template buttons are links
	Meter         bot.Meter     // what counts towards the month's quotas
	Now           func() time.Time
	Logger        *slog.Logger
}

// Decoding returns the decoder's configuration for the same robot.
func (c ClientConfig) Decoding() DecodeConfig {
	c = c.withDefaults()
	return DecodeConfig{RobotCode: c.RobotCode, CorpID: c.CorpID, OAPIBase: c.OAPIBase}
}

func (c ClientConfig) withDefaults() ClientConfig {
	c.ClientID = strings.TrimSpace(c.ClientID)
	c.RobotCode = either(strings.TrimSpace(c.RobotCode), c.ClientID)
	c.CorpID = strings.TrimSpace(c.CorpID)
	c.APIBase = strings.TrimRight(either(c.APIBase, DefaultAPIBase), "/")
	c.OAPIBase = strings.TrimRight(either(c.OAPIBase, DefaultOAPIBase), "/")
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	if len(c.DownloadHosts) == 0 {
		c.DownloadHosts = []string{".dingtalk.com", ".aliyuncs.com", ".alicdn.com"}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

func either(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// Client calls DingTalk for one robot. It is a bot.Sender and a bot.Fetcher and
// safe for concurrent use.
type Client struct {
	cfg      ClientConfig
	wire     wire
	tokens   *tokens
	sent     *progress
	windows  *windows
	download *download.Getter
}

var (
	_ bot.Sender  = (*Client)(nil)
	_ bot.Fetcher = (*Client)(nil)
)

// NewClient returns a client. It makes no call. The error tells the operator
// which setting is missing or wrong.
func NewClient(cfg ClientConfig) (*Client, error) {
	cfg = cfg.withDefaults()
	if cfg.ClientID == "" || cfg.ClientSecret.Empty() {
		return nil, errs.New(errs.Invalid, "钉钉应用的 ClientID 和 ClientSecret 都要配置，请在开放平台的“凭证与基础信息”里查看。")
	}
	api, err := url.Parse(cfg.APIBase)
	if err != nil || origin(cfg.APIBase) == "" || origin(cfg.OAPIBase) == "" {
		return nil, errs.New(errs.Invalid, "钉钉接口地址要写成 https://主机名 的形式，请检查配置。")
	}
	c := &Client{
		cfg:      cfg,
		wire:     newWire(cfg.Timeout),
		sent:     newProgress(),
		windows:  newWindows(),
		download: download.New(cfg.DownloadHosts, download.IsLoopback(api.Hostname())),
	}
	c.tokens = &tokens{fetch: c.fetchToken, now: cfg.Now}
	return c, nil
}

// fetchToken asks for an access token (document "obtain the access token of an
// internal app"). Asking costs no quota and changes nothing, so that an unknown
// outcome is as good as none.
func (c *Client) fetchToken(ctx context.Context) (string, time.Duration, error) {
	secret := c.cfg.ClientSecret.Reveal()
	ans, err := c.wire.post(ctx, c.cfg.APIBase+"/v1.0/oauth2/accessToken", "",
		map[string]string{"appKey": c.cfg.ClientID, "appSecret": secret})
	if err == nil {
		err = ans.failure(secret, ans.body.id("accessToken"))
	}
	token := ans.body.id("accessToken")
	if err == nil && token == "" {
		err = &bot.SendError{Class: bot.Temporary, Reason: "bad_answer", Err: errors.New("token answer without a token")}
	}
	if err != nil {
		err = tokenFailure(err)
		c.cfg.Logger.Warn("dingtalk: no access token", "class", bot.ClassOf(err), "error", err)
		return "", 0, err
	}
	return token, time.Duration(ans.body.number("expireIn")) * time.Second, nil
}

// tokenFailure makes every refusal by the platform a matter for the operator;
// without a token no message is at fault.
func tokenFailure(err error) error {
	var e *bot.SendError
	if err = bot.Harmless(err); errors.As(err, &e) && e.Class == bot.Permanent {
		refused := *e
		refused.Class, refused.Reason = bot.Config, ReasonCredentials
		return errs.At("dingtalk token", &refused)
	}
	return errs.At("dingtalk token", err)
}

// call posts to the new API.
func (c *Client) call(ctx context.Context, path string, payload any) (answer, error) {
	return c.authorised(ctx, func(token string) (answer, error) {
		return c.wire.post(ctx, c.cfg.APIBase+path, token, payload)
	})
}

// authorised makes a call with an access token. A refused token is renewed once
// and the call repeated once, which is safe because a refused call did nothing.
func (c *Client) authorised(ctx context.Context, do func(token string) (answer, error)) (answer, error) {
	return c.metered(ctx, c.cfg.Meter, do)
}

// metered is authorised with a meter of one's own: what is free has none.
func (c *Client) metered(ctx context.Context, meter bot.Meter, do func(token string) (answer, error)) (answer, error) {
	for try := 1; ; try++ {
		token, err := c.tokens.get(ctx)
		if err != nil {
			return answer{}, err
		}
		ans, err := do(token)
		if err == nil {
			err = ans.failure(token, c.cfg.ClientSecret.Reveal())
		}
		if counted(err) {
			meter.Called()
		}
		if try == 2 || !refusedToken(err) {
			return ans, err
		}
		c.tokens.drop(token)
	}
}

// counted reports whether a call costs one of the month's: what the platform held
// up for being too many does not, nor what never reached it (document "billing
// model").
func counted(err error) bool {
	var e *bot.SendError
	return !errors.As(err, &e) || e.Class != bot.RateLimit && e.Reason != "unreachable"
}

// Check verifies the credentials by getting an access token. It costs no quota.
// The error carries a sentence for the operator.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.tokens.get(ctx)
	switch {
	case err == nil:
		return nil
	case bot.ClassOf(err) == bot.Config:
		return errs.With(errs.Invalid, cmp.Or(bot.AdviceOf(err), "钉钉不接受这组凭证，请核对 Client ID、Client Secret 和服务器出口 IP 白名单。"), err)
	default:
		return errs.With(errs.Unavailable, "连不上钉钉，请检查服务器的外网和接口地址。", err)
	}
}
