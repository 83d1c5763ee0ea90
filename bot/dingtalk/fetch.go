package dingtalk

import (
	"context"
	"io"

	"duban/bot"
	"duban/internal/errs"
)

// Fetch opens a file that somebody sent to the robot (document "download the
// file content of the robot receiving message"). Each call costs one of the
// month's API calls; the code dies soon, so fetch at once.
//
// Errors are *bot.SendError: Permanent when the file is gone, too large or
// offered from an address that is not allowed. Reading more than 20 MiB fails,
// it never ends early in silence. Name and type told by the platform are not
// to be trusted.
func (c *Client) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	if a.Ref == "" {
		return nil, errs.At("dingtalk fetch", permanent("file_gone", "attachment has no download code"))
	}
	ans, err := c.call(ctx, "/v1.0/robot/messageFiles/download",
		map[string]string{"downloadCode": a.Ref, "robotCode": c.cfg.RobotCode})
	if err != nil {
		return nil, errs.At("dingtalk fetch", bot.Harmless(err))
	}
	body, err := c.download.Open(ctx, ans.body.id("downloadUrl"))
	return body, errs.At("dingtalk fetch", err)
}
