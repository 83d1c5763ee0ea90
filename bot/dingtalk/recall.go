package dingtalk

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"duban/bot"
	"duban/internal/errs"
)

var (
	_ bot.Recaller   = (*Client)(nil)
	_ bot.ReadTeller = (*Client)(nil)
)

// Recall implements bot.Recaller (documents "batch message recall chat" and "enterprise
// chatbot withdraws internal group messages"). HTTP 200 does not mean that it is gone.
func (c *Client) Recall(ctx context.Context, to bot.Target, platformID string) error {
	keys := strings.Split(platformID, ",")
	body := map[string]any{"robotCode": c.cfg.RobotCode, "processQueryKeys": keys}
	path := "/v1.0/robot/otoMessages/batchRecall" // so spelt
	switch {
	case platformID == "" || to.Webhook != "":
		return errs.At("dingtalk recall", permanent("no_id", "what a custom robot has said cannot be recalled"))
	case to.ChatID != "":
		path, body["openConversationId"] = "/v1.0/robot/groupMessages/recall", to.ChatID
	}
	ans, err := c.call(ctx, path, body)
	if err != nil {
		return errs.At("dingtalk recall", bot.Harmless(err))
	}
	if len(ans.body.names("successResult")) < len(keys) {
		return errs.At("dingtalk recall", permanent("not_recalled", "the platform recalled only a part"))
	}
	return nil
}

// Reading implements bot.ReadTeller (documents "chatbot batch query the read status of
// messages" and "chatbot queries the read status of a message"). It costs a call of the
// month's quota.
func (c *Client) Reading(ctx context.Context, to bot.Target, platformID string) (bot.Reading, error) {
	key, _, _ := strings.Cut(platformID, ",")
	switch {
	case key == "" || to.Webhook != "":
		return bot.Reading{}, errs.At("dingtalk reading", permanent("no_id", "the platform gave no id"))
	case to.ChatID != "":
		r, err := c.groupReading(ctx, to.ChatID, key)
		return r, errs.At("dingtalk reading", bot.Harmless(err))
	}
	query := url.Values{"robotCode": {c.cfg.RobotCode}, "processQueryKey": {key}}
	ans, err := c.authorised(ctx, func(token string) (answer, error) {
		return c.wire.get(ctx, c.cfg.APIBase+"/v1.0/robot/oToMessages/readStatus?"+query.Encode(), token)
	})
	if err != nil {
		return bot.Reading{}, errs.At("dingtalk reading", bot.Harmless(err))
	}
	var r bot.Reading
	for _, one := range ans.body.list("messageReadInfoList") {
		if one.id("readStatus") == "READ" {
			r.Read = append(r.Read, one.id("userId"))
		} else {
			r.Unread = append(r.Unread, one.id("userId"))
		}
	}
	return r, nil
}

// mostReaders is how many readers the platform names at a time.
const mostReaders = 200

func (c *Client) groupReading(ctx context.Context, chat, key string) (bot.Reading, error) {
	ans, err := c.call(ctx, "/v1.0/robot/groupMessages/query", map[string]any{
		"robotCode": c.cfg.RobotCode, "openConversationId": chat, "processQueryKey": key, "maxResults": mostReaders,
	})
	return bot.Reading{Read: ans.body.names("readUserIds"), More: ans.body.flag("hasMore")}, err
}

// get asks for what changes nothing.
func (w wire) get(ctx context.Context, endpoint, token string) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	return w.exchange(ctx, http.MethodGet, endpoint, token, "", nil)
}
