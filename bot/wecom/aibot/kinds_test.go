package aibot

import (
	"encoding/json"
	"runtime"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/wecom"
)

// Every kind of document 100719 is read, and read the same when it is quoted.
func TestDecodeEveryKind(t *testing.T) {
	image := bot.Attachment{Kind: bot.Image, Ref: "aibot:k:https://a/1"}
	for name, c := range map[string]struct {
		content string
		text    string
		files   []bot.Attachment
	}{
		"text":  {`"msgtype":"text","text":{"content":"食堂漏水"}`, "食堂漏水", nil},
		"image": {`"msgtype":"image","image":{"url":"https://a/1","aeskey":"k"}`, "", []bot.Attachment{image}},
		"voice": {`"msgtype":"voice","voice":{"content":"食堂漏水"}`, "食堂漏水", nil},
		"file":  {`"msgtype":"file","file":{"url":"https://a/1","aeskey":"k"}`, "", []bot.Attachment{{Kind: bot.File, Ref: image.Ref}}},
		"video": {`"msgtype":"video","video":{"url":"https://a/1","aeskey":"k"}`, "", []bot.Attachment{{Kind: bot.Video, Ref: image.Ref}}},
		"mixed": {`"msgtype":"mixed","mixed":{"msg_item":[{"msgtype":"image","image":{"url":"https://a/1","aeskey":"k"}},{"msgtype":"text","text":{"content":"食堂漏水"}}]}`, "食堂漏水", []bot.Attachment{image}},
	} {
		m, err := Decode([]byte(`{"msgid":"m1","chattype":"single","from":{"userid":"wang"},`+c.content+`}`), ours)
		if err != nil || m.Text != c.text || m.Unsupported != "" || m.Quote != nil {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
		if diff := cmp.Diff(c.files, m.Attachments); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		m, err = Decode([]byte(`{"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"wang"},"msgtype":"text","text":{"content":"@b 看"},"quote":{`+c.content+`}}`), ours)
		if err != nil || m.Text != "看" || len(m.Attachments) > 0 {
			t.Errorf("%s, quoted: %+v, %v", name, m, err)
		}
		if diff := cmp.Diff(&bot.Quote{Text: c.text, Attachments: c.files}, m.Quote); diff != "" {
			t.Errorf("%s, quoted (-want +got)\n%s", name, diff)
		}
	}
}

// FuzzOpen gets at the envelope, signed or not: no body opens without its signature.
func FuzzOpen(f *testing.F) {
	codec, err := wecom.NewCodec("tok", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("s", "1", "n", []byte(`{"encrypt":"AAAA"}`))
	f.Add("", "", "", []byte(`{"encrypt":null}`))
	f.Fuzz(func(t *testing.T, signature, stamp, nonce string, body []byte) {
		if inner, err := Open(codec, map[string][]string{"msg_signature": {signature}, "timestamp": {stamp}, "nonce": {nonce}}, body); err == nil {
			t.Errorf("opened %q", inner)
		}
	})
}

// FuzzFrame reads what a connection may bring: no frame breaks the reader, and only one
// that says so ends it.
func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"cmd":"aibot_msg_callback","headers":{"req_id":"r"},"body":{"msgid":"m"}}`))
	f.Add([]byte(`{"headers":{"req_id":"r"},"errcode":45009,"errmsg":"x"}`))
	f.Add([]byte(`{"cmd":"aibot_event_callback","body":{"event":{"eventtype":"disconnected_event"}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in frame
		if json.Unmarshal(raw, &in) != nil {
			return
		}
		w := &wire{waiting: map[string]chan frame{in.Headers.ReqID: make(chan frame, 1)}}
		w.acknowledged(in)
		w.acknowledged(in) // twice: nobody waits for it any more
		if err := verdict(in); (err == nil) != (in.ErrCode == nil || *in.ErrCode == 0) {
			t.Errorf("%q: %v", raw, err)
		}
		_ = ended(in.Body)
		if m, err := Decode(in.Body, ours); err == nil && !utf8.ValidString(m.Text) {
			t.Errorf("%q", m.Text)
		}
	})
}

// FuzzResponseAddress holds that nothing but the platform's own address is answered at.
func FuzzResponseAddress(f *testing.F) {
	f.Add("https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=c")
	f.Add("https://qyapi.weixin.qq.com@evil.example/cgi-bin/aibot/response?response_code=c")
	f.Fuzz(func(t *testing.T, address string) {
		if responseAddress(address, "") && !startsWithFold(address, "https://qyapi.weixin.qq.com") {
			t.Errorf("%q", address)
		}
	})
}

func startsWithFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range prefix {
		if s[i] != prefix[i] && s[i]|0x20 != prefix[i] {
			return false
		}
	}
	return true
}

// The platform's refusals over the connection have classes (document 101463).
func TestVerdict(t *testing.T) {
	for code, want := range map[int64]bot.SendClass{0: "", 45009: bot.RateLimit, 846607: bot.RateLimit, -1: bot.Temporary, 40058: bot.Permanent, 93000: bot.Permanent} {
		err := verdict(frame{ErrCode: &code, ErrMsg: "bot-secret"})
		if got := bot.ClassOf(err); err != nil && got != want || (err == nil) != (want == "") {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// Answers to one request go strictly one after the other; those to others do not wait.
func TestAnswersOfOneRequestTakeTurns(t *testing.T) {
	w := &wire{turns: map[string]*turn{}}
	first := w.inTurn("a")
	w.inTurn("b")()
	second := make(chan struct{})
	go func() {
		defer w.inTurn("a")()
		close(second)
	}()
	for waits := false; !waits; runtime.Gosched() {
		w.mu.Lock()
		waits = w.turns["a"].wanted == 2
		w.mu.Unlock()
	}
	select {
	case <-second:
		t.Error("the second answer did not wait")
	default:
	}
	first()
	<-second
}
