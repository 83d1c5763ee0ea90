package aibot

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/errs"
)

var ours = Config{CorpID: "wwcorp", BotID: "bot1"}

func TestDecode(t *testing.T) {
	private, group := bot.Chat{Kind: bot.Private, ID: "wang"}, bot.Chat{Kind: bot.Group, ID: "g1"}
	for name, c := range map[string]struct {
		raw  string
		want bot.Message
	}{
		"text": {`{"msgid":"m1","aibotid":"bot1","chattype":"single","from":{"userid":"Wang"},"msgtype":"text","text":{"content":" 我的任务\r\n"}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: private, Text: "我的任务"}},
		"mentioned in a group": {`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"wang"},"msgtype":"text","text":{"content":"@督办助手 隐患统计"}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: group, Text: "隐患统计"}},
		"mentioned with the other space": {`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"wang"},"msgtype":"text","text":{"content":"@督办助手\u2005隐患统计"}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: group, Text: "隐患统计"}},
		"nothing but the mention": {`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"wang"},"msgtype":"text","text":{"content":"@督办助手"}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: group}},
		"voice": {`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},"msgtype":"voice","voice":{"content":"食堂漏水了"}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: private, Text: "食堂漏水了", Spoken: true}},
		"image": {`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},"msgtype":"image","image":{"url":"https://a.myqcloud.com/x?sign=1","aeskey":"k"}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: private, Attachments: []bot.Attachment{{Kind: bot.Image, Ref: "aibot:k:https://a.myqcloud.com/x?sign=1"}}}},
		"words with images": {`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"wang"},"msgtype":"mixed","mixed":{"msg_item":[{"msgtype":"text","text":{"content":"@督办助手 食堂漏水"}},{"msgtype":"image","image":{"url":"https://a/1"}},{"msgtype":"image","image":{"url":"https://a/2"}},{"msgtype":"mixed","mixed":{}},{"msgtype":"sticker"}]}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: group, Text: "食堂漏水", Attachments: []bot.Attachment{{Kind: bot.Image, Ref: "aibot::https://a/1"}, {Kind: bot.Image, Ref: "aibot::https://a/2"}}}},
		"a quoted image": {`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"wang"},"msgtype":"text","text":{"content":"@督办助手 这里漏水"},"quote":{"msgtype":"image","image":{"url":"https://a/1"}}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: group, Text: "这里漏水", Quote: &bot.Quote{Attachments: []bot.Attachment{{Kind: bot.Image, Ref: "aibot::https://a/1"}}}}},
		"somebody of another organisation": {`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"x","corpid":"wwother"},"msgtype":"text","text":{"content":"@b 你好"}}`,
			bot.Message{ID: "m1", Chat: group, Text: "你好"}},
		"an unknown kind of chat": {`{"msgid":"m1","chatid":"g1","chattype":"channel","from":{"userid":"wang"},"msgtype":"text","text":{"content":"你好"}}`,
			bot.Message{ID: "m1", UserID: "wang", Chat: group, Text: "你好"}},
		"entering":     {`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},"msgtype":"event","event":{"eventtype":"enter_chat"}}`, bot.Message{ID: "m1", UserID: "wang", Chat: private, Event: "enter"}},
		"a button":     {`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},"msgtype":"event","event":{"eventtype":"template_card_event","template_card_event":{"event_key":"签收 22-3"}}}`, bot.Message{ID: "m1", UserID: "wang", Chat: private, Event: "click", EventKey: "签收 22-3"}},
		"feedback":     {`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},"msgtype":"event","event":{"eventtype":"feedback_event"}}`, bot.Message{ID: "m1", UserID: "wang", Chat: private, Event: "feedback_event"}},
		"unknown kind": {`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},"msgtype":"location"}`, bot.Message{ID: "m1", UserID: "wang", Chat: private, Unsupported: "location"}},
	} {
		c.want.Platform, c.want.Robot, c.want.Corp = bot.WeCom, "bot1", "wwcorp"
		got, err := Decode([]byte(c.raw), ours)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got.Message); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// A press says which card it is on and which question it answers; the button of a card that
// is over asks for nothing.
func TestDecodePress(t *testing.T) {
	for key, want := range map[string]Message{
		"q-ab12|确认":   {Message: bot.Message{EventKey: "确认", Asked: "ab12"}, Task: "t1"},
		"签收 22-3":     {Message: bot.Message{EventKey: "签收 22-3"}, Task: "t1"},
		"duban-spent": {Message: bot.Message{EventKey: "duban-spent"}, Task: "t1", Idle: true},
	} {
		for _, event := range []string{`"template_card_event":{"card_type":"button_interaction","event_key":"` + key + `","task_id":" t1 "}`, `"event_key":"` + key + `","task_id":"t1"`} {
			m, err := Decode([]byte(`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},"msgtype":"event","event":{"eventtype":"template_card_event",`+event+`}}`), ours)
			if err != nil || m.Event != "click" || m.EventKey != want.EventKey || m.Asked != want.Asked || m.Task != want.Task || m.Idle != want.Idle {
				t.Errorf("%q: %+v %v", key, m, err)
			}
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for raw, code := range map[string]errs.Code{`[]`: errs.Invalid, ``: errs.Invalid, `{"msgid":1}`: errs.Invalid, `{"aibotid":"other"}`: errs.Forbidden} {
		if _, err := Decode([]byte(raw), ours); !errs.Is(err, code) {
			t.Errorf("%q: %v", raw, err)
		}
	}
	if m, err := Decode([]byte(`{"msgtype":"stream","stream":{"id":"x"}}`), ours); err != nil || !m.Idle {
		t.Errorf("a poll: %+v %v", m, err)
	}
}

// Nothing but the platform's own address is ever answered at.
func TestResponseAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=c":      true,
		"https://QYAPI.weixin.qq.com/cgi-bin/aibot/response?response_code=c":      true,
		"http://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=c":       false,
		"https://qyapi.weixin.qq.com.evil/cgi-bin/aibot/response?response_code=c": false,
		"https://qyapi.weixin.qq.com/cgi-bin/message/send?response_code=c":        false,
		"https://a@qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=c":    false,
		"https://qyapi.weixin.qq.com/cgi-bin/aibot/response":                      false,
		"http://169.254.169.254/cgi-bin/aibot/response?response_code=c":           false,
		"": false,
	} {
		if got := responseAddress(address, ""); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}

func TestResponses(t *testing.T) {
	var said []string
	answer, status := `{"errcode":0,"errmsg":"ok"}`, http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b bytes.Buffer
		_, _ = b.ReadFrom(r.Body)
		said = append(said, b.String())
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	}))
	defer server.Close()
	r := NewResponder(Config{APIBase: server.URL}, 5*time.Second)
	address := server.URL + "/cgi-bin/aibot/response?response_code=secret-code"
	send := func() error {
		return r.Respond(context.Background(), address, bot.Reply{Text: "# 第一行\n第二行"})
	}
	if err := send(); err != nil || said[0] != `{"msgtype":"markdown","markdown":{"content":"\\# 第一行  \n第二行"}}` {
		t.Errorf("sent %q: %v", said, err)
	}
	for _, c := range []struct {
		answer string
		status int
		class  bot.SendClass
	}{
		{`{"errcode":40096,"errmsg":"secret-code used"}`, 200, bot.Permanent},
		{`<html>`, 200, bot.Ambiguous},
		{``, 502, bot.Temporary},
		{``, 302, bot.Temporary},
	} {
		answer, status = c.answer, c.status
		err := send()
		if bot.ClassOf(err) != c.class || strings.Contains(err.Error(), "secret-code") {
			t.Errorf("%q %d: %v", c.answer, c.status, err)
		}
	}
	server.Close()
	if err := send(); bot.ClassOf(err) != bot.Ambiguous || strings.Contains(err.Error(), "secret-code") {
		t.Errorf("cut: %v", err)
	}
}

func TestSealedAnswerOpens(t *testing.T) {
	codec, err := wecom.NewCodec("tok", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := Sealed(codec, streamBody("m1", "已登记"), time.Unix(1700000000, 0), "nonce1")
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Encrypt, MsgSignature, Nonce string
		Timestamp                    int64
	}
	if err := json.Unmarshal(raw, &out); err != nil || out.Nonce != "nonce1" || out.Timestamp != 1700000000 {
		t.Fatalf("%s %v", raw, err)
	}
	query := url.Values{"msg_signature": {out.MsgSignature}, "timestamp": {"1700000000"}, "nonce": {"nonce1"}}
	inner, err := Open(codec, query, raw)
	if err != nil || string(inner) != `{"msgtype":"stream","stream":{"id":"m1","finish":true,"content":"已登记"}}` {
		t.Errorf("%s %v", inner, err)
	}
	for name, body := range map[string]string{"no JSON": "x", "empty": "", "forged": `{"encrypt":"AAAA"}`} {
		if _, err := Open(codec, query, []byte(body)); err == nil {
			t.Errorf("%s was opened", name)
		}
	}
}

func TestLongAnswersAreCutWithinTheLimit(t *testing.T) {
	parts := Parts(bot.Reply{Text: strings.Repeat("#一行\n", 6000), Buttons: []bot.Button{{Send: "更多"}}})
	if len(parts) < 2 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, p := range parts {
		if len(p) > MaxAnswer {
			t.Errorf("part %d has %d bytes", i, len(p))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"wang"},"msgtype":"mixed","mixed":{"msg_item":[{"msgtype":"text","text":{"content":"@b x"}}]},"quote":{"msgtype":"voice","voice":{"content":"y"}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Decode(raw, ours)
		if err != nil {
			return
		}
		if strings.ContainsAny(m.Text, "\x00\r") || m.UserID != strings.ToLower(m.UserID) {
			t.Errorf("%q", m.Text)
		}
	})
}

func FuzzDecrypt(f *testing.F) {
	f.Add([]byte(strings.Repeat("x", 32)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		n := len(raw)
		if plain, err := decrypt("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", raw); err == nil && len(plain) >= n {
			t.Error("nothing was padded")
		}
	})
}
