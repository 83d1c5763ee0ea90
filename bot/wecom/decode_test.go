package wecom

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
)

const head = "<ToUserName><![CDATA[wwcorp]]></ToUserName><FromUserName><![CDATA[ZhangSan]]></FromUserName><CreateTime>1758244800</CreateTime>"

func sampleXML(kind, fields string) string {
	return "<xml>" + head + "<MsgType><![CDATA[" + kind + "]]></MsgType>" + fields + "<MsgId>4561255354251345929</MsgId><AgentID>1000002</AgentID></xml>"
}

func base(change func(*bot.Message)) bot.Message {
	m := bot.Message{
		Platform: bot.WeCom, Robot: "1000002", ID: "4561255354251345929", Corp: "wwcorp", UserID: "zhangsan",
		Chat:   bot.Chat{Kind: bot.Private, ID: "zhangsan"},
		SentAt: time.Date(2025, 9, 19, 1, 20, 0, 0, time.UTC),
	}
	change(&m)
	return m
}

func TestDecodeMessages(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     bot.Message
	}{
		{"text", sampleXML("text", "<Content><![CDATA[ 签收 22-3\n谢谢 ]]></Content>"), base(func(m *bot.Message) { m.Text = "签收 22-3\n谢谢" })},
		{"text with markup", sampleXML("text", "<Content>&lt;b&gt; &amp; ]]&gt;</Content>"), base(func(m *bot.Message) { m.Text = "<b> & ]]>" })},
		{"text split over sections", sampleXML("text", "<Content><![CDATA[a]]]]><![CDATA[>b]]></Content>"), base(func(m *bot.Message) { m.Text = "a]]>b" })},
		{"invalid bytes", sampleXML("text", "<Content><![CDATA[好\xff\xfe\x00\x1b\u2028啊]]></Content>"), base(func(m *bot.Message) { m.Text = "好\uFFFD\n啊" })},
		{"image", sampleXML("image", "<PicUrl>http://p</PicUrl><MediaId>M+/=1</MediaId>"), base(func(m *bot.Message) {
			m.Attachments = []bot.Attachment{{Kind: bot.Image, Ref: "M+/=1"}}
		})},
		{"voice", sampleXML("voice", "<MediaId>V1</MediaId><Format>amr</Format>"), base(func(m *bot.Message) {
			m.Attachments = []bot.Attachment{{Kind: bot.Voice, Ref: "V1"}}
		})},
		{"voice with transcript", sampleXML("voice", "<MediaId>V1</MediaId><Recognition><![CDATA[隐患56已整改。]]></Recognition>"), base(func(m *bot.Message) {
			m.Text, m.Spoken = "隐患56已整改。", true
			m.Attachments = []bot.Attachment{{Kind: bot.Voice, Ref: "V1"}}
		})},
		{"video", sampleXML("video", "<MediaId>D1</MediaId><ThumbMediaId>T1</ThumbMediaId>"), base(func(m *bot.Message) {
			m.Attachments = []bot.Attachment{{Kind: bot.Video, Ref: "D1"}}
		})},
		{"file", sampleXML("file", "<MediaId>F1</MediaId><FileName>台账.xlsx</FileName>"), base(func(m *bot.Message) {
			m.Attachments = []bot.Attachment{{Kind: bot.File, Ref: "F1", Name: "台账.xlsx"}}
		})},
		{"image without id", sampleXML("image", ""), base(func(m *bot.Message) {})},
		{"location", sampleXML("location", "<Location_X>28.55</Location_X><Location_Y>112.36</Location_Y><Scale>15</Scale><Label><![CDATA[区一小]]></Label>"), base(func(m *bot.Message) {
			m.Location = &bot.Location{Latitude: 28.55, Longitude: 112.36, Label: "区一小"}
		})},
		{"location without place", sampleXML("location", "<Location_X>NaN</Location_X><Location_Y>1</Location_Y><Label>区一小</Label>"), base(func(m *bot.Message) { m.Text = "区一小" })},
		{"link", sampleXML("link", "<Title>通知</Title><Description> </Description><Url>https://example.com/a?b=1&amp;c=2</Url>"), base(func(m *bot.Message) {
			m.Text = "通知\nhttps://example.com/a?b=1&c=2"
		})},
		{"unknown kind", sampleXML("business_card", ""), base(func(m *bot.Message) { m.Unsupported = "business_card" })},
		{"a person called sys", strings.Replace(sampleXML("text", "<Content>x</Content>"), "ZhangSan", "sys", 1), base(func(m *bot.Message) {
			m.Text, m.UserID, m.Chat.ID = "x", "sys", "sys"
		})},
		{"no agent", strings.Replace(sampleXML("text", "<Content>x</Content>"), "1000002", "", 1), base(func(m *bot.Message) { m.Text, m.Robot = "x", "configured" })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode([]byte(tt.in), "configured")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func eventXML(fields string) string {
	return "<xml>" + head + "<MsgType>event</MsgType>" + fields + "<AgentID>1000002</AgentID></xml>"
}

func TestDecodeEvents(t *testing.T) {
	for _, tt := range []struct {
		name, in, event, key, unsupported string
	}{
		{"enter", eventXML("<Event>enter_agent</Event><EventKey></EventKey>"), "enter", "", ""},
		{"subscribe", eventXML("<Event>subscribe</Event>"), "subscribe", "", ""},
		{"unsubscribe", eventXML("<Event>unsubscribe</Event>"), "unsubscribe", "", ""},
		{"menu", eventXML("<Event>click</Event><EventKey>我的任务</EventKey>"), "click", "我的任务", ""},
		{"card", eventXML("<Event>template_card_event</Event><EventKey>签收 22-3</EventKey><TaskId>T</TaskId><SelectedItems><SelectedItem><QuestionKey>q</QuestionKey></SelectedItem></SelectedItems>"), "click", "签收 22-3", ""},
		{"card menu", eventXML("<Event>template_card_menu_event</Event><EventKey>k</EventKey>"), "click", "k", ""},
		{"other", eventXML("<Event>open_approval_change</Event>"), "open_approval_change", "", ""},
		{"nameless", eventXML(""), "unknown", "", "event"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode([]byte(tt.in), "")
			if err != nil {
				t.Fatal(err)
			}
			if got.Event != tt.event || got.EventKey != tt.key || got.Unsupported != tt.unsupported || got.UserID != "zhangsan" {
				t.Errorf("got %+v", got)
			}
			if !strings.HasPrefix(got.ID, "ev-") || len(got.ID) != 43 {
				t.Errorf("id %q", got.ID)
			}
		})
	}
	got, err := Decode([]byte(eventXML("<Event>LOCATION</Event><Latitude>28.5</Latitude><Longitude>112.3</Longitude>")), "")
	if err != nil || got.Event != "location" || got.Location == nil || got.Location.Longitude != 112.3 {
		t.Errorf("position report: %+v, %v", got, err)
	}
	got, err = Decode([]byte(strings.Replace(eventXML("<Event>change_contact</Event><ChangeType>update_user</ChangeType>"), "ZhangSan", "sys", 1)), "")
	if err != nil || got.Event != "change_contact" || got.UserID != "" || got.Chat.ID != "" {
		t.Errorf("system event: %+v, %v", got, err)
	}
}

// Creating a member fires several events in one second from one sender.
func TestEventsOfOneSecondHaveDifferentIDs(t *testing.T) {
	seen := map[string]string{}
	for _, fields := range []string{
		"<Event>change_contact</Event><ChangeType>create_user</ChangeType><UserID>a</UserID>",
		"<Event>change_contact</Event><ChangeType>update_user</ChangeType><UserID>a</UserID>",
		"<Event>change_contact</Event><ChangeType>update_user</ChangeType><UserID>b</UserID>",
		"<Event>change_contact</Event><ChangeType>delete_party</ChangeType><Id>1</Id>",
		"<Event>change_contact</Event><ChangeType>update_tag</ChangeType><TagId>1</TagId>",
		"<Event>click</Event><EventKey>a</EventKey>",
		"<Event>click</Event><EventKey>b</EventKey>",
		"<Event>template_card_event</Event><EventKey>a</EventKey><TaskId>1</TaskId>",
		"<Event>template_card_event</Event><EventKey>a</EventKey><TaskId>2</TaskId>",
		"<Event>template_card_event</Event><EventKey>a</EventKey><TaskId>2</TaskId><ResponseCode>r</ResponseCode>",
	} {
		first, err := Decode([]byte(eventXML(fields)), "")
		if err != nil {
			t.Fatal(err)
		}
		again, _ := Decode([]byte(eventXML(fields)), "")
		if again.ID != first.ID {
			t.Errorf("a redelivery changed the id of %s", fields)
		}
		if other, ok := seen[first.ID]; ok {
			t.Errorf("one id for %s and %s", fields, other)
		}
		seen[first.ID] = fields
	}
}

func TestDecodeRefusesBrokenXML(t *testing.T) {
	for name, in := range map[string]string{
		"empty":    "",
		"text":     "hello",
		"cut off":  "<xml><MsgType>text",
		"no type":  "<xml><Content>x</Content></xml>",
		"doctype":  `<!DOCTYPE xml><xml><MsgType>text</MsgType></xml>`,
		"entity":   `<xml><MsgType>text</MsgType><Content>&x;</Content></xml>`,
		"two":      "<xml><MsgType>text</MsgType></xml><xml></xml>",
		"other":    "<html><MsgType>text</MsgType></html>",
		"encoding": `<?xml version="1.0" encoding="GBK"?><xml><MsgType>text</MsgType></xml>`,
	} {
		if m, err := Decode([]byte(in), "r"); err == nil {
			t.Errorf("%s: accepted as %+v", name, m)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(sampleXML("text", "<Content><![CDATA[hi]]></Content>")))
	f.Add([]byte(sampleXML("location", "<Location_X>1e400</Location_X><Location_Y>-0</Location_Y>")))
	f.Add([]byte(eventXML("<Event>click</Event><EventKey>\xff</EventKey>")))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := Decode(in, "r")
		if err != nil {
			return
		}
		if m.ID == "" || m.Robot == "" || m.Chat.Kind != bot.Private || m.Chat.ID != m.UserID {
			t.Fatalf("incomplete: %+v", m)
		}
		if !utf8.ValidString(m.Text) || m.Text != strings.TrimSpace(m.Text) || strings.ContainsAny(m.Text, "\x00\x1b\r") {
			t.Fatalf("text %q", m.Text)
		}
	})
}
