package wecom_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"strings"
	"testing"

	"duban/bot"
	simwecom "duban/internal/sim/wecom"
)

func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // into memory
	return b.Bytes()
}

func TestWhatAGroupRobotTakes(t *testing.T) {
	r, ctx := newRig(t), context.Background()
	file := bot.Document{Name: "台账.xlsx", Content: []byte("PK-workbook")}
	for what, err := range map[string]error{
		"markdown": r.client.SendMarkdown(ctx, hook, "**今日**\n> 逾期 2 项"),
		"image":    r.client.SendImage(ctx, hook, picture()),
		"file":     r.client.SendFile(ctx, hook, file),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	byType := map[string]simwecom.Sent{}
	for _, s := range r.Sent() {
		byType[s.Type] = s
	}
	if got := byType["markdown"].Text; got != "**今日**\n> 逾期 2 项" {
		t.Errorf("markdown %q", got)
	}
	if got := byType["image"].File; got == nil || !bytes.Equal(got.Data, picture()) {
		t.Errorf("image %v", got)
	}
	if got := byType["file"].File; got == nil || got.Name != file.Name || !bytes.Equal(got.Data, file.Content) {
		t.Errorf("file %v", got)
	}
}

func TestLongMarkdownGoesOutInParts(t *testing.T) {
	r := newRig(t)
	if err := r.client.SendMarkdown(context.Background(), hook, strings.Repeat("校园安全每日简报。\n", 200)); err != nil {
		t.Fatal(err)
	}
	if got := r.Sent(); len(got) != 2 || !strings.HasPrefix(got[1].Text, "(2/2)\n") {
		t.Errorf("%d parts", len(got))
	}
}

func TestWhatAGroupRobotRefuses(t *testing.T) {
	r, ctx := newRig(t), context.Background()
	wantError(t, r.client.SendImage(ctx, hook, []byte("GIF89a")), bot.Permanent, "file_type")
	wantError(t, r.client.SendImage(ctx, hook, append(picture(), make([]byte, 2<<20)...)), bot.Permanent, "media_too_large")
	wantError(t, r.client.SendFile(ctx, hook, bot.Document{Name: "a", Content: []byte("12345")}), bot.Permanent, "empty_document")
	wantError(t, r.client.SendFile(ctx, "wrong", bot.Document{Name: "a.txt", Content: []byte("123456")}), bot.Permanent, "webhook_gone")
	wantError(t, r.client.SendMarkdown(ctx, "wrong", "x"), bot.Permanent, "webhook_gone")
	r.Fail("/cgi-bin/webhook/upload_media", 1, simwecom.Fault{DropAfter: true})
	wantError(t, r.client.SendFile(ctx, hook, bot.Document{Name: "a.txt", Content: []byte("123456")}), bot.Temporary, "answer_lost")
	r.Fail(hookAPI, 1, simwecom.Fault{Taken: true, Truncate: true})
	wantError(t, r.client.SendImage(ctx, hook, picture()), bot.Ambiguous, "answer_lost")
	if n := len(r.Sent()); n != 1 {
		t.Errorf("%d reached the group", n)
	}
}

// A group robot's twenty a minute are counted over everything it says.
func TestAGroupRobotsMinute(t *testing.T) {
	r, ctx := newRig(t), context.Background()
	for range 10 {
		if r.group("x") != nil || r.client.SendMarkdown(ctx, hook, "y") != nil {
			t.Fatal("refused too early")
		}
	}
	wantError(t, r.client.SendImage(ctx, hook, picture()), bot.RateLimit, "webhook_quota")
	wantError(t, r.client.SendFile(ctx, hook, bot.Document{Name: "a.txt", Content: []byte("123456")}), bot.RateLimit, "webhook_quota")
}
