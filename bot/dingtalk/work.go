package dingtalk

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"duban/bot"
	"duban/internal/errs"
)

// maxWork bounds a work notification in bytes (document "asynchronous sending of
// enterprise session messages"; its pages differ, this is the smaller).
const maxWork = 1800

// Worker sends work notifications (工作通知), which land in a conversation of their own: for
// people whom the robot cannot write to. It implements bot.Sender for one person.
type Worker struct {
	client *Client
	agent  int64
}

var (
	_ bot.Sender     = (*Worker)(nil)
	_ bot.Recaller   = (*Worker)(nil)
	_ bot.ReadTeller = (*Worker)(nil)
)

// Worker returns a sender of work notifications of the app with that agent id.
func (c *Client) Worker(agent int64) *Worker { return &Worker{client: c, agent: agent} }

// Send hands one notification over. The platform delivers it later, and drops without a
// word what it has delivered to the same person on the same day: Reading tells.
func (w *Worker) Send(ctx context.Context, m bot.Outgoing) (bot.Receipt, error) {
	text := strings.TrimSpace(clean(m.Reply.Text))
	if m.To.UserID == "" || strings.Contains(m.To.UserID, ",") || m.Document != nil || text == "" {
		return bot.Receipt{}, errs.At("dingtalk work", permanent("bad_target", "a work notification says words to one person"))
	}
	ans, err := w.ask(ctx, "asyncsend_v2", map[string]any{"agent_id": w.agent, "userid_list": m.To.UserID,
		"msg": map[string]any{"msgtype": "text", "text": map[string]string{"content": short(disarm(text), maxWork)}}})
	if err != nil {
		return bot.Receipt{}, errs.At("dingtalk work", err)
	}
	return bot.Receipt{PlatformID: ans.body.id("task_id")}, nil
}

// Recall implements bot.Recaller.
func (w *Worker) Recall(ctx context.Context, _ bot.Target, taskID string) error {
	_, err := w.ask(ctx, "recall", map[string]any{"agent_id": w.agent, "msg_task_id": taskNumber(taskID)})
	return errs.At("dingtalk work recall", bot.Harmless(err))
}

// errUndelivered is a notification that the platform took and then dropped.
var errUndelivered = errors.New("the platform took the notification and did not deliver it")

// Reading implements bot.ReadTeller. What was dropped is an error with the reason.
func (w *Worker) Reading(ctx context.Context, to bot.Target, taskID string) (bot.Reading, error) {
	ans, err := w.ask(ctx, "getsendresult", map[string]any{"agent_id": w.agent, "task_id": taskNumber(taskID)})
	if err != nil {
		return bot.Reading{}, errs.At("dingtalk work result", bot.Harmless(err))
	}
	result := ans.body.child("send_result")
	for _, f := range result.list("forbidden_list") {
		if f.id("userid") == to.UserID {
			t := judge(f.id("code"), 0)
			return bot.Reading{}, &bot.SendError{Class: t.Class, Reason: t.Reason, Code: f.id("code"), Advice: t.Advice(f.id("code"), ""), Err: errUndelivered}
		}
	}
	for _, list := range []string{"invalid_user_id_list", "forbidden_user_id_list", "failed_user_id_list"} {
		if slices.Contains(result.names(list), to.UserID) {
			return bot.Reading{}, &bot.SendError{Class: noUser.Class, Reason: noUser.Reason, Advice: noUser.Advice("", ""), Err: errUndelivered}
		}
	}
	return bot.Reading{Read: result.names("read_user_id_list"), Unread: result.names("unread_user_id_list")}, nil
}

// ask calls the old API.
func (w *Worker) ask(ctx context.Context, call string, payload any) (answer, error) {
	return w.client.authorised(ctx, func(token string) (answer, error) {
		query := url.Values{"access_token": {token}}
		return w.client.wire.post(ctx, w.client.cfg.OAPIBase+"/topapi/message/corpconversation/"+call+"?"+query.Encode(), "", payload)
	})
}

func taskNumber(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64) // what is no number is no task of theirs
	return n
}

// short cuts text to a number of bytes, and says so.
func short(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit-len(cutNotice)], "") + "…"
}
