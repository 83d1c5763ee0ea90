package dingtalk

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/internal/errs"
)

var ours = DecodeConfig{RobotCode: "dingrobot1", CorpID: "dingcorp1"}

// private is the frame of a message in a private chat; more is added to it.
func private(more string) string {
	return `{"msgId":"msgAbC1","createAt":1760000000000,"conversationType":"1","conversationId":"cidXYZ==",
	"senderId":"$:LWCP_v1:$q","senderNick":"王老师","senderCorpId":"dingcorp1","senderStaffId":"u1001",
	"chatbotCorpId":"dingcorp1","chatbotUserId":"$:LWCP_v1:$b","robotCode":"dingrobot1",
	"sessionWebhook":"https://oapi.dingtalk.com/robot/sendBySession?session=abc",
	"sessionWebhookExpiredTime":1760005400000,"isAdmin":false,"future":{"field":[1]},` + more + `}`
}

func group(more string) string {
	return `{"msgId":"m2","createAt":"1760000000000","conversationType":"2","conversationId":"cidG==","conversationTitle":"安全群",
	"senderStaffId":"u1001","senderNick":"王老师","chatbotCorpId":"dingcorp1","robotCode":"dingrobot1","isInAtList":true,` + more + `}`
}

func inPrivate(change func(m *bot.Message)) bot.Message {
	m := bot.Message{
		Platform: bot.DingTalk, Robot: "dingrobot1", ID: "msgAbC1", Corp: "dingcorp1",
		UserID: "u1001", UserName: "王老师",
		Chat:         bot.Chat{Kind: bot.Private, ID: "cidXYZ=="},
		SentAt:       time.UnixMilli(1760000000000),
		ReplyURL:     "https://oapi.dingtalk.com/robot/sendBySession?session=abc",
		ReplyURLEnds: time.UnixMilli(1760005400000),
	}
	change(&m)
	return m
}

func inGroup(change func(m *bot.Message)) bot.Message {
	m := bot.Message{
		Platform: bot.DingTalk, Robot: "dingrobot1", ID: "m2", Corp: "dingcorp1",
		UserID: "u1001", UserName: "王老师",
		Chat:   bot.Chat{Kind: bot.Group, ID: "cidG==", Title: "安全群"},
		SentAt: time.UnixMilli(1760000000000),
	}
	change(&m)
	return m
}

func image(ref string) bot.Attachment { return bot.Attachment{Kind: bot.Image, Ref: ref} }

func TestDecode(t *testing.T) {
	tests := []struct {
		name, body string
		want       bot.Message
	}{
		{"text is trimmed", private(`"msgtype":"text","text":{"content":" 完成 22-3\r\n已验收 \u0000"}`),
			inPrivate(func(m *bot.Message) { m.Text = "完成 22-3\n已验收" })},
		{"content as a string of JSON", private(`"msgtype":"picture","content":"{\"downloadCode\":\"dc1\",\"pictureDownloadCode\":\"bad\"}"`),
			inPrivate(func(m *bot.Message) { m.Attachments = []bot.Attachment{image("dc1")} })},
		{"picture with the other code only", private(`"msgtype":"picture","content":{"pictureDownloadCode":"p1"}`),
			inPrivate(func(m *bot.Message) { m.Attachments = []bot.Attachment{image("p1")} })},
		{"rich text keeps the order and skips unknown items",
			private(`"msgtype":"richText","content":{"richText":[{"text":"消防栓"},{"text":"漏水"},{"type":"picture","downloadCode":"dc1"},
			{"type":"emoji","name":"x"},{"type":"at","text":"@某人"},{"text":"三楼"},7,{"type":"picture","downloadCode":"dc2","pictureDownloadCode":"b"},{"type":"picture"}]}`),
			inPrivate(func(m *bot.Message) {
				m.Text = "消防栓漏水\n三楼"
				m.Attachments = []bot.Attachment{image("dc1"), image("dc2")}
			})},
		{"older rich text", private(`"msgtype":"richText","richText":{"richTextList":[{"text":"漏水"},{"type":"picture","downloadCode":"dc1"}]}`),
			inPrivate(func(m *bot.Message) { m.Text = "漏水"; m.Attachments = []bot.Attachment{image("dc1")} })},
		{"older rich text inside content", private(`"msgtype":"richText","content":{"richText":{"richTextList":[{"text":"漏水"}]}}`),
			inPrivate(func(m *bot.Message) { m.Text = "漏水" })},
		{"empty rich text", private(`"msgtype":"richText","content":{"richText":[{"type":"skill"}]}`),
			inPrivate(func(m *bot.Message) { m.Unsupported = "richText" })},
		{"speech", private(`"msgtype":"audio","content":{"duration":4000,"downloadCode":"v1","recognition":"报隐患 操场积水"}`),
			inPrivate(func(m *bot.Message) {
				m.Text, m.Spoken = "报隐患 操场积水", true
				m.Attachments = []bot.Attachment{{Kind: bot.Voice, Ref: "v1"}}
			})},
		{"speech that was not recognised", private(`"msgtype":"audio","content":{"duration":"4000","downloadCode":"v1","recognition":null}`),
			inPrivate(func(m *bot.Message) { m.Attachments = []bot.Attachment{{Kind: bot.Voice, Ref: "v1"}} })},
		{"video", private(`"msgtype":"video","content":{"duration":"12","downloadCode":"v2","videoType":"mp4"}`),
			inPrivate(func(m *bot.Message) { m.Attachments = []bot.Attachment{{Kind: bot.Video, Ref: "v2"}} })},
		{"file without its folder", private(`"msgtype":"file","content":{"downloadCode":"f1","fileName":"..\\..\\a/台账.xlsx","spaceId":1,"fileId":2}`),
			inPrivate(func(m *bot.Message) {
				m.Attachments = []bot.Attachment{{Kind: bot.File, Ref: "f1", Name: "台账.xlsx"}}
			})},
		{"picture without code", private(`"msgtype":"picture","content":{}`),
			inPrivate(func(m *bot.Message) { m.Unsupported = "picture" })},
		{"unreadable kind", private(`"msgtype":"unknownMsgType","content":{"unknownMsgType":"不支持"}`),
			inPrivate(func(m *bot.Message) { m.Unsupported = "unknownMsgType" })},
		{"new kind", private(`"msgtype":"location","content":{"x":1}`),
			inPrivate(func(m *bot.Message) { m.Unsupported = "location" })},
		{"no kind", private(`"x":1`),
			inPrivate(func(m *bot.Message) { m.Unsupported = "unknown" })},
		{"quota used up", private(`"msgtype":"text","errorCode":20001,"errorMessage":"额度"`),
			inPrivate(func(m *bot.Message) { m.Unsupported = UnsupportedQuota })},
		{"wrong types count as missing", private(`"msgtype":"text","text":[1],"content":7,"conversationTitle":{}`),
			inPrivate(func(m *bot.Message) {})},
		{"broken text", private("\"msgtype\":\"text\",\"text\":{\"content\":\"坏\xff字\"}"),
			inPrivate(func(m *bot.Message) { m.Text = "坏\uFFFD字" })},

		{"group text after the removed mention", group(`"msgtype":"text","text":{"content":" @李四 催一下"}`),
			inGroup(func(m *bot.Message) { m.Text = "@李四 催一下" })},
		{"group text with the mention", group(`"msgtype":"text","text":{"content":"@督办助手\u2005报送 22-3"}`),
			inGroup(func(m *bot.Message) { m.Text = "报送 22-3" })},
		{"group text of the mention only", group(`"msgtype":"text","text":{"content":"@督办助手"}`),
			inGroup(func(m *bot.Message) {})},
		{"quoted picture", group(`"msgtype":"text","text":{"content":" 报隐患 漏水","isReplyMsg":true,
			"repliedMsg":{"msgType":"picture","msgId":"old1","senderId":"x","createdAt":1,"content":{"downloadCode":"q1"}}}`),
			inGroup(func(m *bot.Message) {
				m.Text = "报隐患 漏水"
				m.Quote = &bot.Quote{MessageID: "old1", Attachments: []bot.Attachment{image("q1")}}
			})},
		{"quoted text", group(`"msgtype":"text","text":{"content":"完成","isReplyMsg":"true","repliedMsg":{"msgType":"text","msgId":7,"content":"{\"text\":\"督办 22-3 \"}"}}`),
			inGroup(func(m *bot.Message) {
				m.Text = "完成"
				m.Quote = &bot.Quote{MessageID: "7", Text: "督办 22-3"}
			})},
		{"quoted rich text", group(`"msgtype":"text","text":{"content":"看","isReplyMsg":true,"repliedMsg":{"msgType":"richText","msgId":"o",
			"content":{"richText":[{"msgType":"text","content":"漏水"},{"msgType":"picture","downloadCode":"q2"}]}}}`),
			inGroup(func(m *bot.Message) {
				m.Text = "看"
				m.Quote = &bot.Quote{MessageID: "o", Text: "漏水", Attachments: []bot.Attachment{image("q2")}}
			})},
		{"quoted file", group(`"msgtype":"text","text":{"content":"看","isReplyMsg":true,"repliedMsg":{"msgType":"?","msgId":"o","content":{"downloadCode":"q3","fileName":"a.pdf"}}}`),
			inGroup(func(m *bot.Message) {
				m.Text = "看"
				m.Quote = &bot.Quote{MessageID: "o", Attachments: []bot.Attachment{{Kind: bot.File, Ref: "q3", Name: "a.pdf"}}}
			})},
		{"quote of our own message", group(`"msgtype":"text","text":{"content":"完成"},"originalMsgId":"ours1"`),
			inGroup(func(m *bot.Message) { m.Text = "完成"; m.Quote = &bot.Quote{MessageID: "ours1"} })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode([]byte(tt.body), ours)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestDecodeWithTheRobotsName(t *testing.T) {
	cfg := ours
	cfg.RobotName = "督办助手"
	for in, want := range map[string]string{
		" @督办助手 帮助": "帮助",
		"@督办助手帮助":   "帮助",
		"@李四 催一下":   "@李四 催一下",
		"问一下 @督办助手": "问一下 @督办助手",
	} {
		text, _ := json.Marshal(in)
		m, err := Decode([]byte(group(`"msgtype":"text","text":{"content":`+string(text)+`}`)), cfg)
		if err != nil || m.Text != want {
			t.Errorf("%q: text %q, error %v", in, m.Text, err)
		}
	}
}

func TestDecodeOwner(t *testing.T) {
	noCorp := DecodeConfig{RobotCode: "dingrobot1"}
	tests := []struct {
		name, body string
		cfg        DecodeConfig
		code       errs.Code // "" passes
		user       string
	}{
		{"ours", `{"robotCode":"dingrobot1","chatbotCorpId":"dingcorp1","senderStaffId":"u1"}`, ours, "", "u1"},
		{"another robot", `{"robotCode":"other","chatbotCorpId":"dingcorp1"}`, ours, errs.Forbidden, ""},
		{"another organisation", `{"robotCode":"dingrobot1","chatbotCorpId":"other"}`, ours, errs.Forbidden, ""},
		{"no robot, our organisation", `{"chatbotCorpId":"dingcorp1"}`, ours, "", ""},
		{"no robot, no organisation", `{}`, ours, errs.Forbidden, ""},
		{"no robot, none configured", `{"chatbotCorpId":"dingcorp1"}`, noCorp, errs.Forbidden, ""},
		{"robot only", `{"robotCode":"dingrobot1"}`, ours, "", ""},
		{"no organisation configured", `{"robotCode":"dingrobot1","chatbotCorpId":"any","senderCorpId":"other","senderStaffId":"u1"}`, noCorp, "", "u1"},
		{"staff id of another organisation", `{"robotCode":"dingrobot1","senderCorpId":"other","senderStaffId":"u1"}`, ours, errs.Forbidden, ""},
		{"outsider", `{"robotCode":"dingrobot1","senderCorpId":"other","senderStaffId":"","senderNick":"路人"}`, ours, "", ""},
		{"nothing configured", `{"robotCode":""}`, DecodeConfig{}, errs.Forbidden, ""},
		{"list", `[]`, ours, errs.Invalid, ""},
		{"null", `null`, ours, errs.Invalid, ""},
		{"nothing", ``, ours, errs.Invalid, ""},
		{"cut off", `{"robotCode":"dingro`, ours, errs.Invalid, ""},
		{"too large", `{"robotCode":"dingrobot1","x":"` + strings.Repeat("x", MaxBody) + `"}`, ours, errs.Invalid, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Decode([]byte(tt.body), tt.cfg)
			if errs.CodeOf(err) != tt.code {
				t.Fatalf("error = %v, want code %q", err, tt.code)
			}
			if m.UserID != tt.user {
				t.Errorf("user = %q", m.UserID)
			}
			if err == nil && m.Chat.Kind != bot.Group {
				t.Errorf("unknown conversation counts as %s", m.Chat.Kind)
			}
		})
	}
}

func TestDecodeReplyURL(t *testing.T) {
	tests := []struct {
		base, hook string
		allowed    bool
	}{
		{"", "https://oapi.dingtalk.com/robot/sendBySession?session=a", true},
		{"", "https://OAPI.dingtalk.com:443/robot/sendBySession?session=a", true},
		{"", "https://api.dingtalk.com/robot/sendBySession?session=a", true},
		{"", "http://oapi.dingtalk.com/robot/sendBySession?session=a", false},
		{"", "https://oapi.dingtalk.com.evil.example/x", false},
		{"", "https://oapi.dingtalk.com:8443/x", false},
		{"", "https://oapi.dingtalk.com@evil.example/x", false},
		{"", "https://me@oapi.dingtalk.com/x", false},
		{"", "https://evil.example/#oapi.dingtalk.com", false},
		{"", "http://127.0.0.1:6379/x", false},
		{"", "//oapi.dingtalk.com/x", false},
		{"", "file:///etc/passwd", false},
		{"", ":", false},
		{"http://127.0.0.1:9000", "http://127.0.0.1:9000/robot/sendBySession?session=a", true},
		{"http://127.0.0.1:9000", "http://127.0.0.1:9001/robot/sendBySession?session=a", false},
		{"http://127.0.0.1:9000", "https://oapi.dingtalk.com/x", false},
	}
	for _, tt := range tests {
		cfg := ours
		cfg.OAPIBase = tt.base
		body, _ := json.Marshal(map[string]any{"robotCode": "dingrobot1", "sessionWebhook": tt.hook, "sessionWebhookExpiredTime": "1760005400000"})
		m, err := Decode(body, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.ReplyURL != ""; got != tt.allowed {
			t.Errorf("base %q, hook %q: allowed %t", tt.base, tt.hook, got)
		}
		if m.ReplyURLEnds.IsZero() == tt.allowed {
			t.Errorf("hook %q: ends %v", tt.hook, m.ReplyURLEnds)
		}
	}
}

func TestDecodeWithoutMessageID(t *testing.T) {
	first, _ := Decode([]byte(`{"robotCode":"dingrobot1","createAt":1}`), ours)
	again, _ := Decode([]byte(`{"robotCode":"dingrobot1","createAt":1}`), ours)
	other, _ := Decode([]byte(`{"robotCode":"dingrobot1","createAt":2}`), ours)
	if first.ID == "" || first.ID != again.ID || first.ID == other.ID {
		t.Errorf("ids %q %q %q", first.ID, again.ID, other.ID)
	}
}

func TestDecodeTimes(t *testing.T) {
	for in, want := range map[string]time.Time{
		`1760000000000`:       time.UnixMilli(1760000000000),
		`"1760000000000"`:     time.UnixMilli(1760000000000),
		`1.76e12`:             time.UnixMilli(1760000000000),
		`-1`:                  {},
		`9223372036854775807`: {},
		`1e300`:               {},
		`"soon"`:              {},
		`null`:                {},
		`{}`:                  {},
	} {
		m, err := Decode([]byte(`{"robotCode":"dingrobot1","createAt":`+in+`}`), ours)
		if err != nil || !m.SentAt.Equal(want) {
			t.Errorf("%s: %v, error %v", in, m.SentAt, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(private(`"msgtype":"text","text":{"content":"完成 22-3"}`)))
	f.Add([]byte(group(`"msgtype":"richText","content":"{\"richText\":[{\"text\":\"@a b\"},{\"type\":\"picture\",\"downloadCode\":\"d\"}]}"`)))
	f.Add([]byte(group(`"msgtype":"text","text":{"content":"x","isReplyMsg":true,"repliedMsg":{"msgType":"file","content":{"downloadCode":"q","fileName":".."}}}`)))
	f.Add([]byte(`{"chatbotCorpId":"dingcorp1","errorCode":"20001","createAt":1e99}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := Decode(body, ours)
		if err != nil {
			if code := errs.CodeOf(err); code != errs.Invalid && code != errs.Forbidden {
				t.Fatalf("code %s", code)
			}
			return
		}
		if m.ID == "" || m.Robot != ours.RobotCode || m.Corp != ours.CorpID {
			t.Fatalf("message without identity: %+v", m)
		}
		for _, s := range []string{m.ID, m.Text, m.UserID, m.UserName, m.Chat.ID, m.Chat.Title, m.Unsupported} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Fatalf("text is not clean: %q", s)
			}
		}
		if m.Text != strings.TrimSpace(m.Text) {
			t.Fatalf("text is not trimmed: %q", m.Text)
		}
		if m.ReplyURL != "" && !strings.HasPrefix(strings.ToLower(m.ReplyURL), "https://oapi.dingtalk.com") &&
			!strings.HasPrefix(strings.ToLower(m.ReplyURL), "https://api.dingtalk.com") {
			t.Fatalf("reply goes to %q", m.ReplyURL)
		}
		for _, a := range m.Attachments {
			if a.Ref == "" || strings.ContainsAny(a.Name, `/\`) {
				t.Fatalf("attachment %+v", a)
			}
		}
	})
}
