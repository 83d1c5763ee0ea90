package command

import (
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/media"
	"duban/internal/testkit"
)

func TestWhatCountsAsEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		files []media.File
		say   string
		line  string
	}{
		"nothing":               {nil, "", ""},
		"a photo":               {[]media.File{{Kind: "image"}}, "照片 1 张", "\n照片：1 张"},
		"a recording":           {[]media.File{{Kind: "voice"}}, "", ""},
		"a film":                {[]media.File{{Kind: "video"}}, "附件 1 个", "\n附件：1 个"},
		"a photo sent as file":  {[]media.File{{Kind: "file", MIME: "image/jpeg"}}, "照片 1 张", "\n照片：1 张"},
		"one that was refused":  {[]media.File{{Kind: "image", State: media.Failed}, {Kind: "image"}}, "照片 1 张", "\n照片：1 张"},
		"a photo and two files": {[]media.File{{Kind: "image"}, {Kind: "video"}, {Kind: "file"}}, "照片 1 张、附件 2 个", "\n照片：1 张、附件：2 个"},
	} {
		if e := evidenceOf(c.files); e.say() != c.say || e.line() != c.line {
			t.Errorf("%s: %q, %q", name, e.say(), e.line())
		}
	}
}

// A hazard filed by voice has no photo, one filed with a film neither.
func TestRecordingsAreNoPhotos(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	user := ""
	for _, a := range h.set.Accounts {
		if a.Person == "wenchang-jia" && a.Platform == string(bot.WeCom) {
			user = a.UserID
		}
	}
	say := func(id, text string, kinds ...bot.AttachmentKind) string {
		m := bot.Message{Platform: bot.WeCom, Robot: "r", ID: id, Corp: "corp", UserID: user, Chat: bot.Chat{Kind: bot.Private}, Text: text}
		for _, k := range kinds {
			m.Attachments = append(m.Attachments, bot.Attachment{Kind: k, Ref: id})
		}
		reply, err := h.engine.Process(t.Context(), h.engine.Screen(m))
		if err != nil {
			t.Fatal(err)
		}
		return reply.Text
	}
	if got := say("v1", "上报隐患 食堂后厨燃气软管老化", bot.Voice); strings.Contains(got, "照片") || strings.Contains(got, "附件") {
		t.Errorf("by voice: %s", got)
	}
	if got := say("v2", "", bot.Video); got != "已补到 YH-2025-0001：附件 1 个。" {
		t.Errorf("a film after it: %s", got)
	}
	if got := say("v3", "查隐患1"); strings.Contains(got, "照片") || !strings.Contains(got, "附件：1 个") {
		t.Errorf("detail: %s", got)
	}
	if got := say("v4", "看照片 YH0001"); !strings.Contains(got, "没有照片") {
		t.Errorf("photos: %s", got)
	}
	if got := say("v5", "上报隐患 操场围墙开裂", bot.Voice, bot.Image); !strings.Contains(got, "照片：1 张") {
		t.Errorf("voice and photo: %s", got)
	}
}
