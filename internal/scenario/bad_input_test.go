package scenario

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/bot/wecom"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
)

// forge makes callbacks as somebody could who knows as much as each case says.
type forge struct {
	w     *world
	codec *wecom.Codec // the right one
	token string
	key   string
}

func newForge(w *world) *forge {
	cfg := w.config()
	f := &forge{w: w, token: cfg.WeCom.Token.Reveal(), key: cfg.WeCom.EncodingAESKey.Reveal()}
	f.codec = f.of(f.token, f.key, stage.WeComCorp)
	return f
}

func (f *forge) of(token, key, corp string) *wecom.Codec {
	c, err := wecom.NewCodec(token, key, corp)
	f.w.ok(err)
	return c
}

// inner is the XML of a text message.
func inner(text string) string {
	return "<xml><ToUserName><![CDATA[" + stage.WeComCorp + "]]></ToUserName><FromUserName><![CDATA[wenchang-jia]]></FromUserName>" +
		"<CreateTime>1757467800</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[" + text + "]]></Content><MsgId>991</MsgId><AgentID>1000002</AgentID></xml>"
}

// envelope encrypts and signs with a codec.
func envelope(w *world, c *wecom.Codec, xml string) (url.Values, string) {
	encrypted, err := c.Encrypt([]byte(xml))
	w.ok(err)
	return signed(c, encrypted), wrap(encrypted)
}

func signed(c *wecom.Codec, encrypted string) url.Values {
	stamp := strconv.FormatInt(1757467800, 10)
	return url.Values{"msg_signature": {c.Signature(stamp, "n1", encrypted)}, "timestamp": {stamp}, "nonce": {"n1"}}
}

func wrap(encrypted string) string {
	return "<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[" + encrypted + "]]></Encrypt></xml>"
}

// post returns status and body.
func (w *world) post(target string, query url.Values, header http.Header, body string) (int, string) {
	w.t.Helper()
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(w.ctx, http.MethodPost, target, strings.NewReader(body))
	w.ok(err)
	for k, v := range header {
		req.Header[k] = v
	}
	resp, err := http.DefaultClient.Do(req)
	w.ok(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	w.ok(err)
	return resp.StatusCode, string(answer)
}

func TestForgedAndDamagedWeComCallbacksAreRefused(t *testing.T) {
	each(t, setup{}, func(w *world) {
		f := newForge(w)
		good := inner("上报隐患 伪造的隐患")
		other := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{7}, 32))[:43]
		cases := map[string]func() (url.Values, string){
			"forged signature": func() (url.Values, string) {
				q, b := envelope(w, f.codec, good)
				q.Set("msg_signature", strings.Repeat("0", 40))
				return q, b
			},
			"another token": func() (url.Values, string) { return envelope(w, f.of("other", f.key, stage.WeComCorp), good) },
			"another key":   func() (url.Values, string) { return envelope(w, f.of(f.token, other, stage.WeComCorp), good) },
			"another corp":  func() (url.Values, string) { return envelope(w, f.of(f.token, f.key, "wwother"), good) },
			"no signature":  func() (url.Values, string) { _, b := envelope(w, f.codec, good); return nil, b },
			"truncated cipher": func() (url.Values, string) {
				e, _ := f.codec.Encrypt([]byte(good))
				e = e[:len(e)-20]
				return signed(f.codec, e), wrap(e)
			},
			"a block too few": func() (url.Values, string) { e := cutBlock(w, f.codec, good); return signed(f.codec, e), wrap(e) },
			"not base64":      func() (url.Values, string) { return signed(f.codec, "%%%%"), wrap("%%%%") },
			"empty cipher":    func() (url.Values, string) { return signed(f.codec, ""), wrap("") },
			"DOCTYPE outside": func() (url.Values, string) {
				q, b := envelope(w, f.codec, good)
				return q, "<!DOCTYPE x [<!ENTITY e \"x\">]>" + b
			},
			"no XML":        func() (url.Values, string) { q, _ := envelope(w, f.codec, good); return q, "{}" },
			"an empty body": func() (url.Values, string) { q, _ := envelope(w, f.codec, good); return q, "" },
			"1 MiB and a byte": func() (url.Values, string) {
				q, b := envelope(w, f.codec, good)
				return q, b + strings.Repeat(" ", 1<<20+1-len(b))
			},
			"another's cipher": func() (url.Values, string) {
				q, _ := envelope(w, f.codec, good)
				_, b := envelope(w, f.codec, inner("x"))
				return q, b
			},
			"a very long query": func() (url.Values, string) {
				q, b := envelope(w, f.codec, good)
				q.Set("nonce", strings.Repeat("9", 30000))
				return q, b
			},
		}
		for name, make := range cases {
			query, body := make()
			status, answer := w.post(w.stage.WeComCallback(), query, nil, body)
			want := http.StatusForbidden
			if name == "1 MiB and a byte" {
				want = http.StatusRequestEntityTooLarge
			}
			if status != want || answer != "" {
				t.Errorf("%s: answered %d %q, want %d and nothing", name, status, answer, want)
			}
		}
		w.untouched()
	})
}

// cutBlock drops a whole block of 16 bytes, so that the padding is wrong.
func cutBlock(w *world, c *wecom.Codec, xml string) string {
	e, err := c.Encrypt([]byte(xml))
	w.ok(err)
	raw, err := base64.StdEncoding.DecodeString(e)
	w.ok(err)
	return base64.StdEncoding.EncodeToString(raw[:len(raw)-16])
}

// untouched holds that nothing was stored and that the process goes on.
func (w *world) untouched() {
	w.t.Helper()
	for _, table := range []string{"inbox", "hazards", "reports", "files", "notices", "messages", "journal"} {
		sql := "SELECT COUNT(*) FROM " + table
		if table == "journal" {
			sql += " WHERE action = 'file'"
		}
		if n := w.query(sql); n != "0" {
			w.t.Errorf("%s holds %s rows", table, n)
		}
	}
	if help := w.wecom("wenchang-jia", "帮助"); !strings.HasPrefix(help, "我能帮您") {
		w.t.Errorf("the process does not go on: %q", help)
	}
}

func TestDamagedMessagesInARightEnvelopeAreHarmless(t *testing.T) {
	each(t, setup{}, func(w *world) {
		f := newForge(w)
		for name, xml := range map[string]string{
			"DOCTYPE":       "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" + inner("帮助"),
			"no XML":        "hello",
			"no type":       "<xml><FromUserName>wenchang-jia</FromUserName></xml>",
			"not closed":    "<xml><MsgType>text",
			"a deep nest":   strings.Repeat("<a>", 20000),
			"another agent": strings.ReplaceAll(inner("帮助"), "1000002", "7"),
		} {
			query, body := envelope(w, f.codec, xml)
			if status, _ := w.post(w.stage.WeComCallback(), query, nil, body); status >= 500 {
				t.Errorf("%s: answered %d", name, status)
			}
		}
		for _, line := range w.logs.Lines(8) {
			if line.Message != "callback not readable" {
				t.Errorf("logged: %s", line)
			}
		}
		w.logs.Reset()
		w.wecom("wenchang-jia", "帮助")
	})
}

func TestForgedDingTalkPushesAreRefused(t *testing.T) {
	each(t, setup{}, func(w *world) {
		in := simdingtalk.Incoming{UserID: "shimatou-aq", Text: "上报隐患 伪造的隐患"}
		push := func(edit func(map[string]any)) string {
			in.Edit = edit
			return toJSON(w, w.stage.DingTalk.Push(in))
		}
		right := w.stage.DingTalk.Headers()
		old := right.Clone()
		old.Set("timestamp", strconv.FormatInt(w.clock.Now().Add(-2*time.Hour).UnixMilli(), 10))
		unsigned := right.Clone()
		unsigned.Set("sign", "AAAA")
		cases := []struct {
			name   string
			header http.Header
			body   string
			status int
		}{
			{"no headers", nil, push(nil), 403},
			{"a forged signature", unsigned, push(nil), 403},
			{"an old time stamp", old, push(nil), 403},
			{"another robot", right, push(func(p map[string]any) { p["robotCode"] = "other" }), 403},
			{"another organisation", right, push(func(p map[string]any) { p["chatbotCorpId"], p["robotCode"] = "other", "" }), 403},
			{"a sender from elsewhere", right, push(func(p map[string]any) { p["senderCorpId"] = "other" }), 403},
			{"no JSON", right, "<xml/>", 400},
			{"a list", right, "[]", 400},
			{"nothing", right, "", 400},
			{"1 MiB and a byte", right, push(nil) + strings.Repeat(" ", 1<<20), 413},
		}
		for _, c := range cases {
			status, answer := w.post(w.stage.DingTalkCallback(), nil, c.header, c.body)
			if status != c.status || answer != "" {
				t.Errorf("%s: answered %d %q, want %d and nothing", c.name, status, answer, c.status)
			}
		}
		w.untouched()
	})
}

func TestOddMessagesGetAClearSentence(t *testing.T) {
	each(t, setup{}, func(w *world) {
		long := strings.Repeat("走廊的灯不亮，", 1500)[:10000]
		for _, c := range []struct {
			name, text, want string
		}{
			{"empty text", "", "空消息"},
			{"white space", " \n\t ", "空消息"},
			{"invalid UTF-8", "我的\xff任务\xc3", "您"},
			{"control signs", "我的任务\u200b\u202e", "共"},
			{"emoji", "😀😀😀", "帮助"},
			{"very long", "上报隐患 " + strings.ToValidUTF8(long, ""), "YH-2025-0001"},
		} {
			answer := w.wecom("wenchang-aq", c.text)
			if !strings.Contains(answer, c.want) {
				t.Errorf("%s: %q, want something with %q", c.name, answer, c.want)
			}
		}
		w.stage.WeCom.AddUser("nobody")
		stranger := w.line("", stage.Line{Platform: bot.WeCom, UserID: "nobody", Text: "我的任务"})
		if !strings.Contains(stranger, "绑定 姓名 单位") {
			t.Errorf("a stranger is told %q", stranger)
		}
		card := w.wecomKind("wenchang-aq", "business_card")
		if !strings.Contains(card, "看不懂") {
			t.Errorf("an unknown kind is answered %q", card)
		}
		if outside := w.outsider("张三", "我的任务"); !strings.Contains(outside, "通讯录") {
			t.Errorf("an outsider is told %q", outside)
		}
		w.settle()
		w.take()
	})
}

func TestPathsAndMethods(t *testing.T) {
	each(t, setup{env: []string{"DUBAN_CALLBACK_SECRET=abcdefghij0123456789", "DUBAN_ADMIN_TOKEN=admin-token-0123456789"}}, func(w *world) {
		base := strings.TrimSuffix(w.stage.WeComCallback(), "/callback/wecom/app")
		for _, c := range []struct {
			method, path, token string
			want                int
		}{
			{"GET", "/healthz", "", 200},
			{"GET", "/readyz", "", 200},
			{"GET", "/metrics", "", 401},
			{"GET", "/metrics", "wrong", 401},
			{"GET", "/metrics", "admin-token-0123456789", 200},
			{"POST", "/callback/wecom/app", "", 404},
			{"POST", "/callback/wecom/app/wrong", "", 404},
			{"POST", "/callback/wecom/app/abcdefghij0123456789", "", 403},
			{"GET", "/callback/wecom/app/abcdefghij0123456789", "", 403},
			{"DELETE", "/callback/wecom/app/abcdefghij0123456789", "", 405},
			{"POST", "/callback/dingtalk/robot/abcdefghij0123456789", "", 403},
			{"POST", "/dev/advance", "", 400}, // the clock of the tests can be moved
			{"GET", "/demo/", "", 404},
			{"GET", "/", "", 404},
		} {
			req, err := http.NewRequestWithContext(w.ctx, c.method, base+c.path, nil)
			w.ok(err)
			if c.token != "" {
				req.Header.Set("Authorization", "Bearer "+c.token)
			}
			resp, err := http.DefaultClient.Do(req)
			w.ok(err)
			_ = resp.Body.Close()
			if resp.StatusCode != c.want {
				t.Errorf("%s %s with token %q: %d, want %d", c.method, c.path, c.token, resp.StatusCode, c.want)
			}
			if resp.Header.Get("X-Request-Id") == "" || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: headers are missing", c.path)
			}
		}
		for _, line := range w.logs.Lines(-8) {
			if strings.Contains(fmt.Sprint(line), "abcdefghij0123456789") {
				t.Errorf("the secret path is logged: %s", line)
			}
		}
	})
}
