package dingtalk

import (
	"context"
	"errors"

	"duban/bot"
	"duban/internal/errs"
)

// Send delivers a message to one person, one group of the robot, or one custom
// robot's webhook. The error is a *bot.SendError, wrapped with the step.
//
// A long text goes out in numbered parts. If a part fails, a repeated Send with
// the same Key goes on with that part, as long as it is this Client that is
// asked again. In groups buttons become typed words, see TypedButtons.
func (c *Client) Send(ctx context.Context, m bot.Outgoing) (bot.Receipt, error) {
	if m.Document != nil {
		receipt, err := c.sendDocument(ctx, m.To, *m.Document)
		return receipt, errs.At("dingtalk send", err)
	}
	if values, ok := c.cardFor(m); ok {
		receipt, err := c.sendCard(ctx, m.To.UserID, m.Key, values)
		return receipt, errs.At("dingtalk send", err)
	}
	deliver, reply, err := c.route(m)
	if err != nil {
		return bot.Receipt{}, errs.At("dingtalk send", err)
	}
	parts := Parts(reply)
	if len(parts) == 0 {
		return bot.Receipt{}, errs.At("dingtalk send", permanent("empty_message", "nothing to send"))
	}
	var receipt bot.Receipt
	for i := c.sent.parts(m.Key); i < len(parts); i++ {
		one, err := deliver(ctx, parts[i], i)
		if err != nil {
			return bot.Receipt{}, errs.At("dingtalk send", err)
		}
		receipt = together(receipt, one)
		c.sent.note(m.Key, i+1)
	}
	c.sent.forget(m.Key)
	return receipt, nil
}

// maxReceipt is how long a receipt may be to be kept.
const maxReceipt = 191

// together is the receipt of several parts, by which all of them can be recalled; of
// very many that of the last ones.
func together(before, one bot.Receipt) bot.Receipt {
	ids := one.PlatformID
	if before.PlatformID != "" && len(before.PlatformID)+len(ids) < maxReceipt {
		ids = before.PlatformID + "," + ids
	}
	return bot.Receipt{PlatformID: ids}
}

type deliverFunc func(ctx context.Context, part bot.Reply, index int) (bot.Receipt, error)

// route picks the road for the one target that is set.
func (c *Client) route(m bot.Outgoing) (deliverFunc, bot.Reply, error) {
	to := m.To
	switch {
	case to.UserID != "" && to.ChatID == "" && to.Webhook == "":
		return func(ctx context.Context, part bot.Reply, _ int) (bot.Receipt, error) {
			return c.sendUser(ctx, to.UserID, part)
		}, m.Reply, nil
	case to.ChatID != "" && to.UserID == "" && to.Webhook == "":
		return func(ctx context.Context, part bot.Reply, _ int) (bot.Receipt, error) {
			return c.sendGroup(ctx, to.ChatID, part)
		}, TypedButtons(m.Reply), nil
	case to.Webhook != "" && to.UserID == "" && to.ChatID == "":
		return func(ctx context.Context, part bot.Reply, index int) (bot.Receipt, error) {
			return bot.Receipt{}, c.sendWebhook(ctx, to.Webhook, part, messageUUID(m.Key, index))
		}, TypedButtons(m.Reply), nil
	}
	return nil, bot.Reply{}, permanent("bad_target", "exactly one of user, chat and webhook must be given")
}

// sendUser uses batchSend (document "chatbots send one-on-one chat messages in
// batches"). HTTP 200 does not mean that the person got it.
func (c *Client) sendUser(ctx context.Context, userID string, part bot.Reply) (bot.Receipt, error) {
	key, param := apiMessage(part)
	return c.sendOne(ctx, userID, key, param)
}

func (c *Client) sendOne(ctx context.Context, userID, key, param string) (bot.Receipt, error) {
	fate := c.sendUsers(ctx, []string{userID}, key, param)[0]
	return fate.Receipt, fate.Err
}

// sendGroup uses groupMessages/send (document "the robot sends a group message").
func (c *Client) sendGroup(ctx context.Context, conversationID string, part bot.Reply) (bot.Receipt, error) {
	key, param := apiMessage(part)
	ans, err := c.call(ctx, "/v1.0/robot/groupMessages/send", map[string]any{
		"robotCode": c.cfg.RobotCode, "openConversationId": conversationID, "msgKey": key, "msgParam": param,
	})
	if err != nil {
		return bot.Receipt{}, err
	}
	return bot.Receipt{PlatformID: ans.body.id("processQueryKey")}, nil
}

func permanent(reason, why string) error {
	return &bot.SendError{Class: bot.Permanent, Reason: reason, Err: errors.New(why)}
}
