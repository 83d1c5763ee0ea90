package conformance

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
	"duban/handlers"
	"duban/internal/clock"
	"duban/internal/obs"
	simwecom "duban/internal/sim/wecom"
)

const (
	token = "QDG6eK"
	key   = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	corp  = "wx5823bf96d3bd56c7"
	stamp = "1700000000"
	nonce = "abc123"
)

// opened is what the two official libraries make of a frame; nil where one refuses it.
type opened struct {
	Crypto, SDK *string
	Signatures  []string
}

func codec(t *testing.T, receiver string) *wecom.Codec {
	t.Helper()
	c, err := wecom.NewCodec(token, key, receiver)
	ok(t, err)
	return c
}

// The vectors that our codec is tested with are those of the official libraries.
func TestVectors(t *testing.T) {
	c := start(t, "crypto")
	read := func(name string) string {
		raw, err := os.ReadFile("../../bot/wecom/testdata/" + name)
		ok(t, err)
		return strings.TrimSuffix(string(raw), "\n")
	}
	for _, v := range []struct{ name, token, key, receiver, stamp, nonce, encrypted, plain, signature string }{
		{"V1", token, key, corp, "1409659589", "263014780", "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==", "1616140317555161061", "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"},
		{"V2", token, key, corp, "1409659813", "1372623149", read("v2.encrypted"), read("v2.plain"), "477715d11cdb4164915debcba66cb864d751f3e6"},
		{"V3", "kjr2TKI8umCBfVF3wAHk8JiPwma5VBme", "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws", "ww6a112864f8022910", "1583940690", "VHh7ymSeb0jc4lSb", "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==", "94966531020182955848408", "1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011"},
		{"V4", "kz7Yx62CH8SaLN", "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP", "ww6a112864f8022910", "1583995625", "1584392382", read("v4.encrypted"), read("v4.plain"), "f265ae551b1932727204c3d707628d01376a6940"},
		{"V5", token, key, corp, "1409659813", "1372623149", read("v5.encrypted"), read("v5.plain"), "68f5dc43743f9cc82ad8ea2a52b524c675af7803"},
		{"V6", token, key, "", stamp, nonce, read("v6.encrypted"), read("v6.plain"), "e8abcdd4aea71d66652f7e718fff59329902d611"},
		{"V7", token, key, "", stamp, nonce, read("v7.encrypted"), "abcdefghijkl", "766b5336b4bef5c12c83160990f3011908ecec3a"},
	} {
		var got opened
		c.ask("both", map[string]any{"token": v.token, "key": v.key, "receiver": v.receiver, "timestamp": v.stamp, "nonce": v.nonce, "encrypt": v.encrypted}, &got)
		want := opened{Crypto: &v.plain, SDK: &v.plain, Signatures: []string{v.signature, v.signature}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", v.name, diff)
		}
	}
	// The vector with fixed random bytes, sealed by the official library.
	var sealed []struct{ Encrypt, Signature string }
	c.ask("seal", map[string]any{"token": token, "key": key, "receiver": "", "timestamp": stamp, "nonce": nonce, "text": read("v6.plain"), "random": "0123456789abcdef"}, &sealed)
	if sealed[0].Encrypt != read("v6.encrypted") || sealed[0].Signature != "e8abcdd4aea71d66652f7e718fff59329902d611" {
		t.Errorf("V6 sealed: %+v", sealed[0])
	}
}

// What one side seals the other opens, at every length around a block of padding, with a
// receiver and without.
func TestBothWays(t *testing.T) {
	c := start(t, "crypto")
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("隐患abc <>&\n\"😀")
	for length := range 80 {
		text := make([]rune, length)
		for i := range text {
			text[i] = letters[random.IntN(len(letters))]
		}
		for _, receiver := range []string{corp, ""} {
			ours := codec(t, receiver)
			settings := map[string]any{"token": token, "key": key, "receiver": receiver, "timestamp": stamp, "nonce": nonce}
			encrypted, err := ours.Encrypt([]byte(string(text)))
			ok(t, err)
			var got opened
			settings["encrypt"] = encrypted
			c.ask("both", settings, &got)
			plain, signature := string(text), ours.Signature(stamp, nonce, encrypted)
			if diff := cmp.Diff(opened{Crypto: &plain, SDK: &plain, Signatures: []string{signature, signature}}, got); diff != "" {
				t.Fatalf("%q sealed by us (-want +got)\n%s", plain, diff)
			}
			var sealed []struct{ Encrypt, Signature string }
			settings["text"] = plain
			c.ask("seal", settings, &sealed)
			for i, s := range sealed {
				back, err := ours.Unwrap(url.Values{"msg_signature": {s.Signature}, "timestamp": {stamp}, "nonce": {nonce}}, s.Encrypt)
				if err != nil || string(back) != plain {
					t.Fatalf("%q sealed by library %d: %q, %v", plain, i, back, err)
				}
			}
		}
	}
}

// echo answers everything with what was said.
type echo struct{}

func (echo) Receive(_ context.Context, m bot.Message) (bot.Reply, error) {
	return bot.Reply{Text: "回声：" + m.Text}, nil
}

func (echo) Later(context.Context, bot.Message, bot.Reply) error { return nil }

// callbacks serves duban's own callbacks with nothing behind them.
func callbacks(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(handlers.New(handlers.Options{
		WeCom:    &handlers.WeComApp{Codec: codec(t, corp), CorpID: corp, Robot: "1000002"},
		WeComBot: &handlers.WeComBot{Codec: codec(t, ""), Config: aibot.Config{CorpID: corp, BotID: "bot1", AESKey: key}},
		Receiver: echo{}, Followup: echo{}, Metrics: obs.NewMetrics(), Log: slog.New(slog.DiscardHandler),
		Clock: clock.NewFrozen(time.Unix(1700000000, 0)),
	}))
	t.Cleanup(server.Close)
	return server.URL + "/callback/wecom/"
}

// The official libraries save our callbacks, call them and open their answers.
func TestOurCallbacks(t *testing.T) {
	c := start(t, "crypto")
	base := callbacks(t)
	for _, road := range []struct {
		name, receiver, text, answer string
		json                         bool
	}{
		{"app", corp, "<xml><ToUserName><![CDATA[" + corp + "]]></ToUserName><FromUserName><![CDATA[Wang]]></FromUserName><CreateTime>1700000000</CreateTime>" +
			"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[食堂漏水]]></Content><MsgId>1</MsgId><AgentID>1000002</AgentID></xml>", "<![CDATA[回声：食堂漏水]]>", false},
		{"bot", "", `{"msgid":"m1","aibotid":"bot1","chattype":"single","from":{"userid":"Wang"},"msgtype":"text","text":{"content":"食堂漏水"}}`, `"content":"回声：食堂漏水"`, true},
	} {
		settings := map[string]any{"url": base + road.name, "token": token, "key": key, "receiver": road.receiver, "timestamp": stamp, "nonce": "n+1/=", "json": road.json, "text": "7316140317555161061"}
		var saved struct {
			Status int
			Body   string
		}
		c.ask("save", settings, &saved)
		if saved.Status != 200 || saved.Body != "7316140317555161061" {
			t.Errorf("%s saved: %+v", road.name, saved)
		}
		var got struct {
			Status      int
			Signed      bool
			Nonce       string
			Crypto, SDK string
		}
		settings["text"] = road.text
		c.ask("call", settings, &got)
		if got.Status != 200 || !got.Signed || got.Nonce != "n+1/=" || got.Crypto != got.SDK || !strings.Contains(got.Crypto, road.answer) {
			t.Errorf("%s called: %+v", road.name, got)
		}
		settings["token"] = "another"
		c.ask("save", settings, &saved)
		if saved.Status != 403 {
			t.Errorf("%s saved with another token: %+v", road.name, saved)
		}
	}
}

// A bot on the official library understands the fake platform's callbacks, and the fake
// takes its answers.
func TestFakeCallsABot(t *testing.T) {
	c := start(t, "crypto")
	now := clock.NewFrozen(time.Unix(1700000000, 0)).Now
	app, err := simwecom.New(simwecom.Config{CorpID: corp, AgentID: 1000002, Token: token, EncodingAESKey: key, Now: now, Retries: -1})
	ok(t, err)
	robot, err := simwecom.NewBot(simwecom.BotConfig{BotID: "bot1", Name: "督办助手", CorpID: corp, Token: token, EncodingAESKey: key, Now: now}, app)
	ok(t, err)
	settings := map[string]any{"token": token, "key": key, "receiver": corp}
	var address string
	c.ask("listen", settings, &address)
	ok(t, app.VerifyURL(t.Context(), address))
	d, err := app.Deliver(t.Context(), address, simwecom.Incoming{User: "Wang", Text: "食堂漏水 <>&"})
	ok(t, err)
	if d.Status != 200 || d.Attempts != 1 || d.Reply == nil || d.Reply.Text != "食堂漏水 <>&" || d.Reply.To != "wang" {
		t.Errorf("app: %+v %+v", d, d.Reply)
	}
	settings["receiver"], settings["json"] = "", true
	c.ask("listen", settings, &address)
	ok(t, robot.VerifyURL(t.Context(), address))
	shown, status, err := robot.Deliver(t.Context(), address, simwecom.BotIncoming{User: "Wang", Group: "g1", Text: "食堂漏水"})
	ok(t, err)
	if status != 200 || shown == nil || shown.Text != "@督办助手 食堂漏水" || shown.To != "g1" {
		t.Errorf("bot: %d %+v", status, shown)
	}
}
