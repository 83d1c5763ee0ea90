package wecom

import (
	"context"
	"strings"

	"duban/bot"
)

// maxReceivers is how many members touser may name (document 90236).
const maxReceivers = 1000

// MaxBatch implements bot.BatchSender. What needs several parts goes to each
// member alone: a failure between parts could not be told for many.
func (c *Client) MaxBatch(r bot.Reply) int {
	if len(Parts(r)) != 1 {
		return 1
	}
	return maxReceivers
}

// SendAll implements bot.BatchSender. Members whose quota is used up are left out
// of the call, since the platform would drop their copy without a word.
func (c *Client) SendAll(ctx context.Context, users []string, r bot.Reply, key string) []bot.Fate {
	parts := Parts(r)
	fates := make([]bot.Fate, len(users))
	var named []string
	for i, user := range users {
		err := singleUser(user)
		if err == nil {
			err = take(c.members, strings.ToLower(user), "member_quota", len(parts))
		}
		if fates[i].Err = err; err == nil {
			named = append(named, user)
		}
	}
	if len(named) == 0 {
		return fates
	}
	told := c.tellAll(ctx, named, c.newMessage(strings.Join(named, "|"), key, r, parts[0]))
	for i := range fates {
		if fates[i].Err == nil {
			fates[i], told = told[0], told[1:]
		}
	}
	return fates
}

// newMessage is the reply for several members: a card where it can be one, else text.
func (c *Client) newMessage(users, key string, r bot.Reply, text string) any {
	if card, ok := c.newCard(users, key, r); ok {
		return card
	}
	return c.newText(users, key, text)
}

// tellAll makes the call. The platform takes a message although it refuses some
// of its receivers, and names those in lower case.
func (c *Client) tellAll(ctx context.Context, users []string, m any) []bot.Fate {
	sent, err := c.postAll(ctx, m)
	if err != nil {
		return bot.SameFate(len(users), bot.Fate{Err: err})
	}
	fates := bot.SameFate(len(users), bot.Fate{Receipt: bot.Receipt{PlatformID: sent.MsgID}})
	invalid, unlicensed := members(sent.InvalidUser), members(sent.UnlicensedUser)
	for i, user := range users {
		switch user = strings.ToLower(user); {
		case invalid[user]:
			fates[i] = bot.Fate{Err: invalidUser()}
		case unlicensed[user]:
			fates[i] = bot.Fate{Err: unlicensedUser()}
		}
	}
	return fates
}

// members reads a list such as "zhangsan|lisi".
func members(list string) map[string]bool {
	out := map[string]bool{}
	for _, user := range strings.Split(strings.ToLower(list), "|") {
		out[user] = user != ""
	}
	return out
}
