package dingtalk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"duban/bot"
)

// A custom robot that sends more than 20 messages a minute is blocked for ten
// minutes (document "custom robots send group messages").
const maxPerMinute = 18

// sendWebhook posts to a custom robot. key is the access_token, access_token|secret for a
// robot with signing, or access_token|secret|word, either of which may be empty, for one
// that shows only what holds a word.
func (c *Client) sendWebhook(ctx context.Context, key string, part bot.Reply, uuid string) error {
	token, rest, _ := strings.Cut(key, "|")
	secret, word, _ := strings.Cut(rest, "|")
	token, secret, word = strings.TrimSpace(token), strings.TrimSpace(secret), strings.TrimSpace(word)
	now := c.cfg.Now()
	if wait := c.windows.take(token, now); wait > 0 {
		return &bot.SendError{Class: bot.RateLimit, Reason: "webhook_window", After: wait,
			Err: errors.New("custom robot has sent its messages for this minute")}
	}
	query := url.Values{"access_token": {token}}
	if secret != "" {
		stamp := strconv.FormatInt(now.UnixMilli(), 10)
		query.Set("timestamp", stamp)
		query.Set("sign", signature(secret, stamp))
	}
	if !strings.Contains(part.Title+part.Text, word) {
		part.Text += "\n" + word
	}
	message := hookBody(part)
	message.UUID = uuid
	ans, err := c.wire.post(ctx, c.cfg.OAPIBase+"/robot/send?"+query.Encode(), "", message)
	if counted(err) {
		c.cfg.Meter.Pushed()
	}
	if err != nil {
		return err
	}
	return webhookFailure(ans, token, secret)
}

// webhookFailure reads the answer where it differs from the rest of the old
// API: 300001 means an unknown access_token, and a redirect to an error page is
// how a blocked robot has been answered.
func webhookFailure(ans answer, secrets ...string) error {
	err := ans.failure(secrets...)
	var e *bot.SendError
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case e.Code == "300001", e.Code == "40014", e.Code == "41001", e.Code == "42001":
		as(noWebhook, e)
	case ans.status >= 300 && ans.status < 400:
		as(blocked, e)
	}
	return err
}

// messageUUID is the platform's idempotency key for custom robots: equal for
// equal message keys and parts.
func messageUUID(key string, index int) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key + "\n" + strconv.Itoa(index)))
	return hex.EncodeToString(sum[:16])
}

// windows counts what each custom robot sent in the last minute. A sliding
// window is exact, where a token bucket would let a burst and a refill through.
type windows struct {
	mu   sync.Mutex
	sent map[string][]time.Time
}

func newWindows() *windows { return &windows{sent: map[string][]time.Time{}} }

// take books one message and returns 0, or how long to wait instead.
func (w *windows) take(key string, now time.Time) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	var recent []time.Time
	for _, at := range w.sent[key] {
		if now.Sub(at) < time.Minute {
			recent = append(recent, at)
		}
	}
	defer func() { w.sent[key] = recent }()
	if len(recent) >= maxPerMinute {
		return time.Minute - now.Sub(recent[0])
	}
	recent = append(recent, now)
	return 0
}

// ReplySession answers in the conversation a message came from, at its
// sessionWebhook, the only road that can mention people. In groups pass the
// reply through TypedButtons first. An empty reply sends nothing.
//
// The error is a *bot.SendError. Permanent with ReasonSessionGone means that
// the address has expired: send by the API instead. An address outside the
// platform is never called (Permanent, "bad_url").
func (c *Client) ReplySession(ctx context.Context, address string, r bot.Reply, atUserIDs ...string) error {
	if !replyHosts(c.cfg.OAPIBase).allow(address) {
		return permanent("bad_url", "reply address is not the platform's")
	}
	for i, part := range Parts(r) {
		message := hookBody(part)
		if i == 0 {
			message.mention(atUserIDs[:min(len(atUserIDs), maxMentions)])
		}
		ans, err := c.wire.post(ctx, address, "", message)
		if counted(err) { // whether these count is not documented: assume so
			c.cfg.Meter.Pushed()
		}
		if err == nil {
			err = sessionFailure(ans, sessionSecrets(address)...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// maxMentions is the platform's limit of atUserIds.
const maxMentions = 50

// sessionFailure reads HTTP 500 and an unknown token as an expired session, as
// seen in practice beside the code 300001.
func sessionFailure(ans answer, secrets ...string) error {
	err := ans.failure(secrets...)
	var e *bot.SendError
	if errors.As(err, &e) && (ans.status == http.StatusInternalServerError || e.Reason == ReasonAuth || e.Reason == noWebhook.Reason) {
		as(noSession, e)
	}
	return err
}

// sessionSecrets lists the values of the address's query.
func sessionSecrets(address string) []string {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	secrets := []string{u.RawQuery}
	for _, values := range u.Query() {
		secrets = append(secrets, values...)
	}
	return secrets
}
