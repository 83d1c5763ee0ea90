package wecom

import (
	"context"
	"net/url"
	"slices"

	"duban/bot"
)

// notSeen are the codes for a member who is unknown, or outside the app's visible range
// (document 90313).
var notSeen = []string{"60111", "60011", "40003"}

// Member implements bot.MemberTeller (document 90196). Of the answer nothing is read: names
// and departments are the roster's business.
func (c *Client) Member(ctx context.Context, userID string) (known bool, err error) {
	if err := singleUser(userID); err != nil {
		return false, err
	}
	err = c.ask(ctx, "/cgi-bin/user/get", url.Values{"userid": {userID}}, nil, nil)
	if slices.Contains(notSeen, bot.CodeOf(err)) {
		return false, nil
	}
	return err == nil, err
}
