package dingtalk

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"duban/bot"
	"duban/internal/errs"
)

// Rings names the kinds of DING (强提醒) by how loud they are, with the platform's
// number for each (document "the robot sends a DING message"). SMS and phone calls
// come from a package that is bought for the API.
func Rings() []string { return []string{"app", "sms", "phone"} }

// Ringer sends words as a DING of one kind. It implements bot.Sender for one person.
type Ringer struct {
	client *Client
	kind   int // 1 in the app, 2 SMS, 3 phone
}

// Ringer returns a sender of DING messages; ok is false for a kind there is not.
func (c *Client) Ringer(kind string) (r *Ringer, ok bool) {
	i := slices.Index(Rings(), kind)
	return &Ringer{client: c, kind: i + 1}, i >= 0
}

// Send rings once. Where SMS or phone calls are used up it rings in the app instead,
// which costs nothing.
func (r *Ringer) Send(ctx context.Context, m bot.Outgoing) (bot.Receipt, error) {
	if m.To.UserID == "" || m.Document != nil || m.Reply.Text == "" {
		return bot.Receipt{}, errs.At("dingtalk ding", permanent("bad_target", "a DING says words to one person"))
	}
	receipt, err := r.client.ding(ctx, r.kind, m.To.UserID, m.Reply.Text)
	var refused *bot.SendError
	if r.kind > 1 && errors.As(err, &refused) && refused.Reason == reasonNoPackage {
		r.client.cfg.Logger.WarnContext(ctx, "no DING by SMS or phone is left, ringing in the app", slog.Int("kind", r.kind))
		receipt, err = r.client.ding(ctx, 1, m.To.UserID, m.Reply.Text)
	}
	return receipt, errs.At("dingtalk ding", err)
}

func (c *Client) ding(ctx context.Context, kind int, userID, words string) (bot.Receipt, error) {
	ans, err := c.call(ctx, "/v1.0/robot/ding/send", map[string]any{
		"robotCode": c.cfg.RobotCode, "remindType": kind, "receiverUserIdList": []string{userID}, "content": words,
	})
	if err != nil {
		return bot.Receipt{}, err
	}
	for reason, users := range ans.body.lists("failedList") {
		if slices.Contains(users, userID) {
			return bot.Receipt{}, permanent(ReasonInvalidUser, "the platform names the user as failed: "+reason)
		}
	}
	return bot.Receipt{PlatformID: ans.body.id("openDingId")}, nil
}
