package dingtalk

import (
	"context"
	"errors"
	"slices"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

// maxReceivers is how many people one batchSend may name.
const maxReceivers = 20

var _ bot.BatchSender = (*Client)(nil)

// MaxBatch implements bot.BatchSender. What needs several parts goes to each
// person alone, so that a retry can go on with the part that failed.
func (c *Client) MaxBatch(r bot.Reply) int {
	if len(Parts(r)) != 1 || c.cfg.Cards.Template != "" && Cardable(r) {
		return 1
	}
	return maxReceivers
}

// SendAll implements bot.BatchSender. batchSend knows no key: what is in doubt
// may have arrived. Where the platform refuses the whole call for somebody's
// sake, each is asked for alone, so that one wrong id silences nobody else.
func (c *Client) SendAll(ctx context.Context, users []string, r bot.Reply, _ string) []bot.Fate {
	key, param := apiMessage(Parts(r)[0])
	fates := c.sendUsers(ctx, users, key, param)
	if len(users) > 1 && blamesSomebody(fates[0].Err) {
		for i, user := range users {
			fates[i] = c.sendUsers(ctx, []string{user}, key, param)[0]
		}
	}
	for i := range fates {
		fates[i].Err = errs.At("dingtalk send", fates[i].Err)
	}
	return fates
}

// sendUsers makes the call. An answer of 200 says of each person whether the
// message was taken.
func (c *Client) sendUsers(ctx context.Context, users []string, key, param string) []bot.Fate {
	ans, err := c.call(ctx, "/v1.0/robot/oToMessages/batchSend", map[string]any{
		"robotCode": c.cfg.RobotCode, "userIds": users, "msgKey": key, "msgParam": param,
	})
	if err != nil {
		return bot.SameFate(len(users), bot.Fate{Err: err})
	}
	fates := bot.SameFate(len(users), bot.Fate{Receipt: bot.Receipt{PlatformID: ans.body.id("processQueryKey")}})
	invalid, controlled := ans.body.names("invalidStaffIdList"), ans.body.names("flowControlledStaffIdList")
	for i, user := range users {
		switch {
		case slices.Contains(invalid, user):
			fates[i] = bot.Fate{Err: permanent(ReasonInvalidUser, "user is unknown or outside the application's scope")}
		case slices.Contains(controlled, user):
			fates[i] = bot.Fate{Err: &bot.SendError{Class: bot.RateLimit, Reason: "flow_control", After: time.Minute,
				Err: errors.New("user gets too many messages at once")}}
		}
	}
	return fates
}

// blamesSomebody reports whether the platform refused a whole call because of one
// of its receivers. Those it names in an answer of 200 come without a code.
func blamesSomebody(err error) bool {
	var e *bot.SendError
	return errors.As(err, &e) && e.Reason == ReasonInvalidUser && e.Code != ""
}
