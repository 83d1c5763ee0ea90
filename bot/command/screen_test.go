package command

import (
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/testkit"
)

// TestScreen holds what is taken out before anything can keep it, and what is not.
func TestScreen(t *testing.T) {
	e := newHarness(t, testkit.SQLite(t)).engine
	const harm = "初二三班的王小明说体育老师猥亵他"
	filler := strings.Repeat("今天检查了各楼层的灭火器和疏散通道，情况良好。", 60)
	file := func(name string) []bot.Attachment { return []bot.Attachment{{Kind: bot.File, Ref: "r", Name: name}} }
	for name, c := range map[string]struct {
		m     bot.Message
		guard string
	}{
		"words":                        {bot.Message{Text: harm}, guardSensitive},
		"far into a long text":         {bot.Message{Text: filler + harm + filler}, guardSensitive},
		"across the parser's end":      {bot.Message{Text: string([]rune(filler + filler)[:1192]) + harm}, guardSensitive},
		"at the end of a huge text":    {bot.Message{Text: strings.Repeat("好", maxPieces*pieceStep-30) + "。" + harm}, guardSensitive},
		"the name of a file":           {bot.Message{Attachments: file(harm + ".docx")}, guardSensitive},
		"the name of a file, besides":  {bot.Message{Text: "22-14 已完成", Attachments: file(harm + ".docx")}, guardSensitive},
		"the label of a position":      {bot.Message{Location: &bot.Location{Label: harm}}, guardSensitive},
		"self-harm far into a text":    {bot.Message{Text: filler + "有学生要跳楼"}, guardSelfHarm},
		"a long text":                  {bot.Message{Text: filler + filler}, ""},
		"a harmless file":              {bot.Message{Attachments: file("防溺水承诺书.pdf")}, ""},
		"an answer to our own alarm":   {bot.Message{Text: "收到", Quote: &bot.Quote{Text: "🆘 紧急：有人可能伤害自己\n文昌中学，09:30 由 文昌中学教师甲 报告。"}}, ""},
		"an answer to our own counsel": {bot.Message{Text: "请联系我", Quote: &bot.Quote{Text: "谢谢您说出来。保护孩子最要紧：\n1. 请马上拨打 110 报警，并报告校长"}}, ""},
		"an answer to what is grave":   {bot.Message{Text: "收到", Quote: &bot.Quote{Text: harm}}, ""},
	} {
		got := e.Screen(c.m)
		if got.Guard != c.guard {
			t.Errorf("%s: guard %q, want %q", name, got.Guard, c.guard)
		}
		left := got.Text
		for _, a := range got.Attachments {
			left += a.Name
		}
		if got.Quote != nil {
			left += got.Quote.Text
		}
		if strings.Contains(left, "王小明") || got.Location != nil && c.guard != "" {
			t.Errorf("%s: words are left: %s", name, left)
		}
		if c.guard == "" && got.Text != c.m.Text {
			t.Errorf("%s: the words are gone", name)
		}
	}
	if got := e.Screen(bot.Message{Text: strings.Repeat("好", 100_000) + harm}); strings.Contains(got.Text, "王小明") {
		t.Error("words beyond what is looked at are kept")
	}
}
