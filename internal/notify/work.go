package notify

import (
	"context"
	"slices"
	"time"

	"duban/bot"
	"duban/internal/notice"
)

// robotless are the refusals that say: the robot cannot write to this person, and the
// organisation may.
var robotless = []string{"no_private_chat", "robot_stopped"}

// byWork lets a message that DingTalk's robot could not bring go as a work notification,
// where the app has them. They cannot be answered by number, so no list is left. The
// platform drops what one person is told twice in the same words on one day: the time is
// added.
func (m *Mailer) byWork(ctx context.Context, tx Tx, msg notice.Message, now time.Time) (queued bool, err error) {
	if msg.Platform != string(bot.DingTalk) || m.Senders[notice.Work] == nil || m.Teller == nil || !slices.Contains(robotless, msg.Reason) {
		return false, nil
	}
	next := msg
	next.ID, next.Attempts, next.State, next.Reason, next.Code, next.NextAt, next.Created = 0, 0, notice.MsgQueued, "", "", now, now
	next.Platform, next.Key, next.List, next.Batch, next.Buttons = notice.Work, onPlatform(msg.Key, notice.Work), "", "", ""
	next.Text += "\n（" + now.In(m.Teller.Loc).Format("15:04") + " 发，机器人发不到您，请告诉局办公室）"
	id, err := tx.AddMessage(ctx, next)
	return id != 0, err
}
