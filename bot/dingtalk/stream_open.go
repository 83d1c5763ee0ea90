package dingtalk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coder/websocket"

	"duban/bot"
	"duban/internal/errs"
)

const openPath = "/v1.0/gateway/connections/open"

// streamAgent names us to the gateway; anything but name/version is refused there.
const streamAgent = "duban/1.0"

// maxFrame bounds a frame: a push within its envelope, escaped once more.
const maxFrame = 4 << 20

// connect gets a ticket, which lives 90 s and opens one connection, and opens it.
func (s *Stream) connect(ctx context.Context) (*link, error) {
	address, err := s.ticket(ctx)
	if err != nil {
		return nil, errs.At("dingtalk stream ticket", err)
	}
	dial, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	conn, resp, err := websocket.Dial(dial, address, &websocket.DialOptions{HTTPClient: s.wire.http})
	if resp != nil && resp.Body != nil {
		_ = resp.Body.Close()
	}
	if err != nil { // its words name the address, and that the ticket
		reason := errors.New("websocket refused")
		if resp != nil {
			reason = errors.New("websocket refused: HTTP " + http.StatusText(resp.StatusCode))
		} else if dial.Err() != nil {
			reason = dial.Err()
		}
		return nil, errs.At("dingtalk stream connection", &bot.SendError{Class: bot.Temporary, Reason: "unreachable", Err: reason})
	}
	conn.SetReadLimit(maxFrame)
	return newLink(conn, s.take, s.cfg.Logger), nil
}

// ticket asks for a connection and returns its address.
func (s *Stream) ticket(ctx context.Context) (string, error) {
	secret := s.cfg.ClientSecret.Reveal()
	type subscription struct {
		Type  string `json:"type"`
		Topic string `json:"topic"`
	}
	var topics []subscription
	for _, t := range s.cfg.Topics {
		kind := FrameCallback
		if t == TopicAllEvents {
			kind = FrameEvent
		}
		topics = append(topics, subscription{kind, t})
	}
	ans, err := s.wire.post(ctx, s.cfg.APIBase+openPath, "", map[string]any{
		"clientId": s.cfg.ClientID, "clientSecret": secret, "subscriptions": topics, "ua": streamAgent,
	})
	if err == nil {
		err = ans.failure(secret)
	}
	if err != nil {
		return "", refusedTicket(ans, err)
	}
	return s.address(ans.body.id("endpoint"), ans.body.id("ticket"))
}

// refusedTicket makes a refusal of the credentials, an unpublished application or a robot
// in HTTP mode a matter for the operator.
func refusedTicket(ans answer, err error) error {
	var e *bot.SendError
	if errors.As(err, &e) && (ans.status == http.StatusUnauthorized || ans.status == http.StatusBadRequest || ans.status == http.StatusForbidden) && e.Class != bot.RateLimit {
		refused := *e
		refused.Class = bot.Config
		if ans.status == http.StatusUnauthorized {
			refused.Reason = ReasonCredentials
		}
		return &refused
	}
	return bot.Harmless(err)
}

// address builds the connection's address. It must be encrypted, as the rest of the way
// is; only a gateway on this machine, which tests have, may do without.
func (s *Stream) address(endpoint, ticket string) (string, error) {
	u, err := url.Parse(endpoint)
	plain := strings.HasPrefix(s.cfg.APIBase, "http://")
	if err != nil || u.Host == "" || u.User != nil || ticket == "" || u.Scheme != "wss" && !(plain && u.Scheme == "ws") {
		return "", &bot.SendError{Class: bot.Temporary, Reason: "bad_answer", Err: errors.New("gateway named no address to connect to")}
	}
	q := u.Query()
	q.Set("ticket", ticket)
	u.RawQuery, u.Fragment = q.Encode(), ""
	return u.String(), nil
}

// Check asks the gateway for a ticket and throws it away. It costs no quota. The error
// carries a sentence for the operator.
func (s *Stream) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout+time.Second)
	defer cancel()
	_, err := s.ticket(ctx)
	switch {
	case err == nil:
		return nil
	case bot.ClassOf(err) == bot.Config:
		return errs.With(errs.Invalid, "钉钉不让建立 Stream 连接：请核对 ClientID、ClientSecret，机器人的消息接收模式要选 Stream，并且应用已经发布。", err)
	default:
		return errs.With(errs.Unavailable, "连不上钉钉的 Stream 网关，请检查服务器的外网（出站 443）。", err)
	}
}
