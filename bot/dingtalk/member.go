package dingtalk

import (
	"context"
	"net/url"
	"slices"

	"duban/bot"
	"duban/internal/errs"
)

// notSeen are the codes for a user who is unknown, or outside the scope of contacts
// (document "query user details").
var notSeen = []string{"60121", "50002", "33012"}

// Member implements bot.MemberTeller. Calls about contacts cost nothing of the month's.
func (c *Client) Member(ctx context.Context, userID string) (known bool, err error) {
	_, err = c.metered(ctx, bot.Meter{}, func(token string) (answer, error) {
		query := url.Values{"access_token": {token}}
		return c.wire.post(ctx, c.cfg.OAPIBase+"/topapi/v2/user/get?"+query.Encode(), "", map[string]any{"userid": userID})
	})
	if slices.Contains(notSeen, bot.CodeOf(err)) {
		return false, nil
	}
	return err == nil, errs.At("dingtalk member", err)
}
