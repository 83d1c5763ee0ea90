package wecom

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"strings"

	"github.com/silenceper/wechat/v2/util"
	"github.com/silenceper/wechat/v2/work/message"
	"github.com/silenceper/wechat/v2/work/robot"

	"duban/bot"
)

// appText is a text message to one member (document 90236). The library's own
// struct writes agentid as a string, where the documents ask for an integer.
type appText struct {
	ToUser    string  `json:"touser"`
	MsgType   string  `json:"msgtype"`
	AgentID   int     `json:"agentid"`
	Text      textOut `json:"text"`
	Duplicate int     `json:"enable_duplicate_check"`
	Interval  int     `json:"duplicate_check_interval,omitempty"`
}

type textOut struct {
	Content string `json:"content"`
}

// webhookText is a text message to a group (document 99110).
type webhookText struct {
	MsgType string  `json:"msgtype"`
	Text    textOut `json:"text"`
}

// Span of the platform's duplicate check in seconds; at most 14400 is allowed. All
// tries of an ordinary message lie within the shortest.
const (
	shortestCheck = 9000
	checkSpread   = 5400
)

// checkInterval makes the bodies of different messages differ even when their
// text is the same, because the platform compares whole bodies: two "收到" to one
// person within the hour are two messages, two tries of one key are one.
func checkInterval(key string) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return shortestCheck + int(h.Sum32()%checkSpread)
}

func (c *Client) newText(user, key, text string) appText {
	m := appText{ToUser: user, MsgType: "text", AgentID: c.agentID, Text: textOut{Content: text}}
	if key != "" {
		m.Duplicate, m.Interval = 1, checkInterval(key)
	}
	return m
}

func (c *Client) sendMember(ctx context.Context, user, key string, parts []string) (bot.Receipt, error) {
	if err := singleUser(user); err != nil {
		return bot.Receipt{}, err
	}
	if err := take(c.members, strings.ToLower(user), "member_quota", len(parts)); err != nil {
		return bot.Receipt{}, err
	}
	var ids []string
	for i, part := range parts {
		id, err := c.post(ctx, c.newText(user, key, part))
		if err != nil {
			return bot.Receipt{}, unfinished(err, i, key != "")
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return bot.Receipt{PlatformID: strings.Join(ids, ",")}, nil
}

// post sends one body, an app message to one member, and returns its id.
func (c *Client) post(ctx context.Context, m any) (string, error) {
	sent, err := c.postAll(ctx, m)
	if err != nil {
		return "", err
	}
	// There is one receiver, so a partial failure is a failure.
	if sent.InvalidUser != "" {
		return "", invalidUser()
	}
	if sent.UnlicensedUser != "" {
		return "", unlicensedUser()
	}
	return sent.MsgID, nil
}

func invalidUser() error {
	return fail(bot.Permanent, "invalid_user", errors.New("the member is unknown or not visible to the app"))
}

func unlicensedUser() error {
	return fail(bot.Permanent, "unlicensed_user", errors.New("the member has no interface licence"))
}

// postAll sends one body and returns the platform's answer, in which some of the
// receivers may be refused.
func (c *Client) postAll(ctx context.Context, m any) (sent *message.SendResponse, err error) {
	err = c.withToken(ctx, func(token string) error {
		return library.through(ctx, c.x, token, func(ticket string) error {
			var err error
			sent, err = message.NewClient(c.workContext(ticket)).Send("message/send", m)
			return classified(err, token)
		})
	})
	return sent, err
}

func (c *Client) sendWebhook(ctx context.Context, key string, parts []string) (bot.Receipt, error) {
	if err := take(c.webhooks, fingerprint(key), "webhook_quota", len(parts)); err != nil {
		return bot.Receipt{}, err
	}
	for i, part := range parts {
		if err := c.sendGroupText(ctx, key, part); err != nil {
			return bot.Receipt{}, unfinished(err, i, false)
		}
	}
	return bot.Receipt{}, nil
}

func (c *Client) sendGroupText(ctx context.Context, key, text string) error {
	return library.through(ctx, c.x, key, func(ticket string) error {
		options := webhookText{MsgType: "text", Text: textOut{Content: text}}
		info, err := robot.NewClient(c.workContext(ticket)).RobotBroadcast(ticket, options)
		if err == nil && info.ErrCode != 0 {
			err = &info // the library reports refusals here without an error
		}
		return hookWait(classified(err, key))
	})
}

// classified turns what the library returned into a *bot.SendError.
func classified(err error, credential string) error {
	var own *bot.SendError
	var api *util.CommonError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.As(err, &api):
		return refusal(api.ErrCode, api.ErrMsg, credential)
	default:
		// The call went through, but its answer was no JSON.
		return fail(bot.Ambiguous, "bad_answer", errors.New(scrub(err.Error(), credential)))
	}
}

// take reserves n messages or says when they fit.
func take(p *pacer, key, reason string, n int) error {
	wait, ok := p.reserve(key, n)
	if ok {
		return nil
	}
	if wait == 0 {
		return fail(bot.Permanent, "too_long", fmt.Errorf("%d parts exceed the quota of a minute", n))
	}
	return &bot.SendError{Class: bot.RateLimit, Reason: reason, After: wait, Err: errors.New("own quota is used up")}
}

// unfinished is the error after done parts went out. If the platform swallows
// repeated parts the message can be tried again from the start; otherwise a
// second try would send the first parts twice, so the caller must decide.
func unfinished(err error, done int, repeatable bool) error {
	if done == 0 || repeatable {
		return err
	}
	e := asSendError(err)
	return &bot.SendError{Class: bot.Ambiguous, Reason: "partial", Code: e.Code, Err: err}
}
