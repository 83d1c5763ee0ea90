package wecom

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/silenceper/wechat/v2/work/config"
	workcontext "github.com/silenceper/wechat/v2/work/context"

	"duban/bot"
)

// DefaultAPIBase is the platform's address.
const DefaultAPIBase = "https://qyapi.weixin.qq.com"

const defaultTimeout = 10 * time.Second

// ClientConfig is what a Client needs. CorpID, AgentID and Secret are required
// for everything but webhooks; the rest has defaults.
type ClientConfig struct {
	CorpID  string
	AgentID int
	Secret  Secret
	APIBase string           // default DefaultAPIBase; may carry a path
	Timeout time.Duration    // of one HTTP call; default 10 s
	Cards   bool             // buttons go out as cards; members in the WeChat plugin do not see those
	Now     func() time.Time // default time.Now
	Logger  *slog.Logger     // default: silent
}

// Client sends messages and fetches media for one app. It is safe for concurrent
// use. Errors are *bot.SendError and contain no credential.
type Client struct {
	corpID   string
	agentID  int
	cards    bool
	x        *exchange
	tokens   *tokens
	members  *pacer
	webhooks *pacer
}

var (
	_ bot.BatchSender = (*Client)(nil)
	_ bot.Fetcher     = (*Client)(nil)
)

// NewClient returns a client. Nothing is contacted yet; a wrong setting shows in
// Check and as a Config error of every call.
func NewClient(cfg ClientConfig) *Client {
	if cfg.APIBase == "" {
		cfg.APIBase = DefaultAPIBase
	}
	if cfg.Timeout <= 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	base, err := url.Parse(cfg.APIBase)
	if err != nil {
		base = &url.URL{} // every call reports "api_base"
	}
	c := &Client{
		corpID: cfg.CorpID, agentID: cfg.AgentID, cards: cfg.Cards,
		x:        &exchange{base: base, timeout: cfg.Timeout, rt: newTransport(cfg.Timeout)},
		members:  newPacer(cfg.Now, memberQuotas[:]...),
		webhooks: newPacer(cfg.Now, webhookQuotas[:]...),
	}
	c.tokens = &tokens{
		what:    "access token",
		fetch:   func(ctx context.Context) (string, time.Duration, error) { return c.getToken(ctx, cfg.Secret) },
		timeout: cfg.Timeout + dialTimeout, now: cfg.Now, log: cfg.Logger,
	}
	return c
}

// Close gives idle connections back. The client stays usable.
func (c *Client) Close() { c.x.rt.CloseIdleConnections() }

// Send implements bot.Sender: to a member as an app message, to a group through
// its webhook or, if the app has made it, as its message. Long texts go out as numbered parts; the receipt then lists the
// platform's ids separated by commas. If parts went out before a failure that
// cannot be repeated safely, the error is Ambiguous with reason "partial".
// A document goes to members only.
func (c *Client) Send(ctx context.Context, m bot.Outgoing) (bot.Receipt, error) {
	if m.Document != nil {
		return c.sendDocument(ctx, m.To, *m.Document)
	}
	parts := Parts(m.Reply)
	switch {
	case len(parts) == 0:
		return bot.Receipt{}, fail(bot.Permanent, "empty_text", errors.New("the reply has no text"))
	case m.To.Webhook != "":
		return c.sendWebhook(ctx, m.To.Webhook, parts)
	case OwnChat(m.To.ChatID):
		return c.sendChat(ctx, m.To.ChatID, parts)
	case m.To.UserID != "":
		if card, ok := c.newCard(m.To.UserID, m.Key, m.Reply); ok {
			return c.sendCard(ctx, m.To.UserID, card)
		}
		return c.sendMember(ctx, m.To.UserID, m.Key, parts)
	default:
		return bot.Receipt{}, fail(bot.Permanent, "no_target", errors.New("WeCom sends to members, webhooks and groups of the app only"))
	}
}

// withToken runs f with an access token. A token the platform no longer takes is
// replaced once and f repeated once; if the new one is refused too, everybody
// backs off.
func (c *Client) withToken(ctx context.Context, f func(token string) error) error {
	token, err := c.tokens.GetAccessTokenContext(ctx)
	if err != nil {
		return err
	}
	err = f(token)
	if !tokenRefused(err) {
		c.settle(err)
		return err
	}
	c.tokens.drop(token)
	if token, err = c.tokens.GetAccessTokenContext(ctx); err != nil {
		return err
	}
	err = f(token)
	if tokenRefused(err) {
		c.tokens.distrust(token, asSendError(err))
	} else {
		c.settle(err)
	}
	return err
}

// settle notes that the platform took the token: it did the work, or refused it
// for a reason of the message's own.
func (c *Client) settle(err error) {
	if err == nil || bot.ClassOf(err) == bot.Permanent {
		c.tokens.trust()
	}
}

func tokenRefused(err error) bool {
	code := bot.CodeOf(err)
	return code != "" && judge(code).Renew
}

// workContext is the library's context with the ticket in place of a token.
func (c *Client) workContext(ticket string) *workcontext.Context {
	return &workcontext.Context{
		Config:            &config.Config{CorpID: c.corpID, AgentID: strconv.Itoa(c.agentID)},
		AccessTokenHandle: ticketHandle(ticket),
	}
}

// ticketHandle gives the library the ticket when it asks for an access token.
type ticketHandle string

// GetAccessToken implements the library's credential.AccessTokenHandle.
func (t ticketHandle) GetAccessToken() (string, error) { return string(t), nil }

// singleUser refuses ids that the platform would read as several members or as
// everybody.
func singleUser(id string) error {
	if strings.ContainsAny(id, "|\n\r\t ") || strings.HasPrefix(id, "@") || len(id) > 64+1+64 {
		return fail(bot.Permanent, "invalid_user", errors.New("not a single member id"))
	}
	return nil
}
