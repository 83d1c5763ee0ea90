package wecom

import (
	"context"
	"errors"
	"strings"

	"duban/bot"
)

// Recall implements bot.Recaller (document 94867): app messages of the last 24 hours, on
// WeCom's own clients. What groups were shown has no id and stays.
func (c *Client) Recall(ctx context.Context, to bot.Target, platformID string) error {
	if to.UserID == "" || platformID == "" {
		return fail(bot.Permanent, "no_id", errors.New("only app messages to members can be recalled"))
	}
	for _, id := range strings.Split(platformID, ",") { // one for each part
		if err := c.ask(ctx, "/cgi-bin/message/recall", nil, map[string]string{"msgid": id}, nil); err != nil {
			return err
		}
	}
	return nil
}

var _ bot.Recaller = (*Client)(nil)
