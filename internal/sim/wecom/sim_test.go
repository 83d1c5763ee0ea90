package simwecom

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/wecom"
)

const (
	corp   = "ww6a112864f8022910"
	token  = "kz7Yx62CH8SaLN"
	key    = "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP"
	secret = "s3cret"
)

// platform is the fake under test, with its API served and its clock in hand.
type platform struct {
	*Server
	t   testing.TB
	url string
	mu  sync.Mutex
	now time.Time
}

func (p *platform) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *platform) wait(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
}

func newPlatform(t testing.TB, change ...func(*Config)) *platform {
	t.Helper()
	p := &platform{t: t, now: time.Date(2025, 9, 19, 0, 35, 0, 0, time.UTC)}
	cfg := Config{
		CorpID: corp, AgentID: 1000002, Secret: secret, Token: token, EncodingAESKey: key,
		Users: []string{"ZhangSan", "lisi"}, WebhookKeys: map[string]string{"hook": "安全群"}, Now: p.Now,
	}
	for _, f := range change {
		f(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.Server = s
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	p.url = srv.URL
	return p
}

// result is the union of the JSON answers.
type result struct {
	ErrCode     int      `json:"errcode"`
	AccessToken string   `json:"access_token"`
	ExpiresIn   int      `json:"expires_in"`
	MsgID       string   `json:"msgid"`
	InvalidUser string   `json:"invaliduser"`
	MediaID     string   `json:"media_id"`
	CreatedAt   string   `json:"created_at"`
	IPList      []string `json:"ip_list"`
}

func (p *platform) call(method, path string, body io.Reader, kind string) result {
	p.t.Helper()
	req, err := http.NewRequest(method, p.url+path, body)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	var out result
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *platform) getToken(secret string) result {
	return p.call("GET", "/cgi-bin/gettoken?corpid="+corp+"&corpsecret="+secret, nil, "")
}

func (p *platform) post(path, credential, body string) result {
	return p.call("POST", path+url.QueryEscape(credential), strings.NewReader(body), "application/json")
}

func (p *platform) send(body string) result {
	return p.post("/cgi-bin/message/send?access_token=", p.getToken(secret).AccessToken, body)
}

func textBody(user, text string) string {
	return fmt.Sprintf(`{"touser":%q,"msgtype":"text","agentid":1000002,"text":{"content":"%s"}}`, user, text)
}

func TestTokenLife(t *testing.T) {
	p := newPlatform(t)
	first := p.getToken(secret)
	if first.ErrCode != 0 || first.ExpiresIn != 7200 {
		t.Fatalf("%+v", first)
	}
	p.wait(time.Hour)
	if again := p.getToken(secret); again.AccessToken != first.AccessToken || again.ExpiresIn != 3600 {
		t.Errorf("within its life: %+v", again)
	}
	p.wait(time.Hour)
	if next := p.getToken(secret); next.AccessToken == first.AccessToken || next.ExpiresIn != 7200 {
		t.Errorf("after its life: %+v", next)
	}
	const path = "/cgi-bin/getcallbackip?access_token="
	for credential, want := range map[string]int{"": 41001, "tok-forged": 40014, first.AccessToken: 42001} {
		if got := p.call("GET", path+credential, nil, ""); got.ErrCode != want {
			t.Errorf("token %q: %d, want %d", credential, got.ErrCode, want)
		}
	}
	if got := p.call("GET", path+p.getToken(secret).AccessToken, nil, ""); len(got.IPList) == 0 {
		t.Errorf("callback addresses: %+v", got)
	}
	if got := p.call("GET", "/cgi-bin/gettoken?corpid=other&corpsecret="+secret, nil, ""); got.ErrCode != 40013 {
		t.Errorf("other corp: %d", got.ErrCode)
	}
	if got := p.call("GET", "/cgi-bin/nothing", nil, ""); got.ErrCode != 404 {
		t.Errorf("unknown path: %d", got.ErrCode)
	}
}

func TestWrongSecretsBanForAnHour(t *testing.T) {
	p := newPlatform(t, func(c *Config) { c.BanAfter = 3 })
	for range 3 {
		if got := p.getToken("wrong"); got.ErrCode != 40001 {
			t.Fatalf("%+v", got)
		}
	}
	if got := p.getToken(secret); got.ErrCode != 45009 {
		t.Errorf("the right secret during the ban: %+v", got)
	}
	p.wait(time.Hour)
	if got := p.getToken(secret); got.ErrCode != 0 {
		t.Errorf("after the ban: %+v", got)
	}
}

func TestMessageSend(t *testing.T) {
	p := newPlatform(t)
	for _, tt := range []struct {
		name, body string
		code       int
		invalid    string
		shown      []string
	}{
		{"one", textBody("ZhangSan", "你好"), 0, "", []string{"zhangsan: 你好"}},
		{"two, one unknown", textBody("lisi|Nobody", "hi"), 0, "nobody", []string{"lisi: hi"}},
		{"nobody known", textBody("x|y", "hi"), 81013, "", nil},
		{"no receiver", textBody("", "hi"), 82001, "", nil},
		{"no text", textBody("lisi", ""), 44004, "", nil},
		{"other agent", strings.Replace(textBody("lisi", "x"), "1000002", "7", 1), 301002, "", nil},
		{"agent as text", strings.Replace(textBody("lisi", "x"), "1000002", `"1000002"`, 1), 301002, "", nil},
		{"escapes", textBody("lisi", `\u003cb\u003e`), 40033, "", nil},
		{"escaped backslash", textBody("lisi", `\\u003c`), 0, "", []string{`lisi: \u003c`}},
		{"no json", "x", 40058, "", nil},
		{"too long", textBody("lisi", strings.Repeat("督", 700)), 0, "", []string{"lisi: " + strings.Repeat("督", 682)}},
		{"markdown", `{"touser":"lisi","msgtype":"markdown","agentid":1000002,"markdown":{"content":"**a**"}}`, 0, "", []string{"lisi: **a**"}},
		{"card", `{"touser":"lisi","msgtype":"template_card","agentid":1000002,"template_card":{"main_title":{"title":"题"},"sub_title_text":"文"}}`, 0, "", []string{"lisi: 题\n文"}},
		{"no type", `{"touser":"lisi","agentid":1000002}`, 40008, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p.Reset()
			got := p.send(tt.body)
			if got.ErrCode != tt.code || got.InvalidUser != tt.invalid {
				t.Errorf("answer %+v", got)
			}
			var shown []string
			for _, m := range p.Sent() {
				shown = append(shown, m.To+": "+m.Text)
			}
			if diff := cmp.Diff(tt.shown, shown); diff != "" {
				t.Error(diff)
			}
		})
	}
	p.AddUser("WangWu")
	if got := p.send(textBody("wangwu", "a")); got.ErrCode != 0 {
		t.Errorf("added member: %+v", got)
	}
	p.RemoveUser("wangwu")
	if got := p.send(textBody("wangwu", "b")); got.ErrCode != 81013 {
		t.Errorf("removed member: %+v", got)
	}
}

func TestDuplicateCheck(t *testing.T) {
	p := newPlatform(t)
	body := `{"touser":"lisi","msgtype":"text","agentid":1000002,"text":{"content":"a"},"enable_duplicate_check":1,"duplicate_check_interval":600}`
	first, again := p.send(body), p.send(body)
	if first.MsgID == "" || again.MsgID != first.MsgID || len(p.Sent()) != 1 {
		t.Errorf("%+v, %+v, %d sent", first, again, len(p.Sent()))
	}
	p.wait(10 * time.Minute)
	if p.send(body); len(p.Sent()) != 2 {
		t.Errorf("after the interval %d were sent", len(p.Sent()))
	}
}

func TestMemberQuotaDropsSilently(t *testing.T) {
	p := newPlatform(t)
	for i := range 31 {
		if got := p.send(textBody("lisi", fmt.Sprint(i))); got.ErrCode != 0 {
			t.Fatalf("%+v", got)
		}
	}
	if d := p.Dropped(); len(p.Sent()) != 30 || len(d) != 1 || d[0].Text != "30" || d[0].To != "lisi" {
		t.Errorf("%d sent, dropped %+v", len(p.Sent()), d)
	}
	p.wait(time.Minute)
	if p.send(textBody("lisi", "later")); len(p.Sent()) != 31 {
		t.Errorf("after a minute %d were sent", len(p.Sent()))
	}
}

func TestWebhook(t *testing.T) {
	p := newPlatform(t)
	body := `{"msgtype":"text","text":{"content":"今日"}}`
	const path = "/cgi-bin/webhook/send?key="
	if got := p.post(path, "wrong", body); got.ErrCode != 93000 {
		t.Errorf("%+v", got)
	}
	for range 20 {
		if got := p.post(path, "hook", body); got.ErrCode != 0 {
			t.Fatalf("%+v", got)
		}
	}
	if got := p.post(path, "hook", body); got.ErrCode != 45009 {
		t.Errorf("the 21st: %+v", got)
	}
	p.wait(time.Minute)
	if got := p.post(path, "hook", body); got.ErrCode != 0 {
		t.Errorf("after a minute: %+v", got)
	}
	if sent := p.Sent(); len(sent) != 21 || sent[0].To != "安全群" || sent[0].Channel != Webhook || sent[0].Text != "今日" {
		t.Errorf("sent %+v", sent)
	}
}

func TestUploadAndDownload(t *testing.T) {
	p := newPlatform(t)
	access := p.getToken(secret).AccessToken
	upload := func(data []byte) result {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, _ := w.CreateFormFile("media", "photo.jpg")
		_, _ = part.Write(data)
		w.Close()
		return p.call("POST", "/cgi-bin/media/upload?type=image&access_token="+access, &b, w.FormDataContentType())
	}
	if got := upload([]byte("12345")); got.ErrCode != 44001 {
		t.Errorf("five bytes: %+v", got)
	}
	got := upload([]byte("123456"))
	if got.ErrCode != 0 || got.MediaID == "" || got.CreatedAt != "1758242100" {
		t.Fatalf("%+v", got)
	}
	resp, err := http.Get(p.url + "/cgi-bin/media/get?access_token=" + access + "&media_id=" + url.QueryEscape(got.MediaID))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); string(b) != "123456" || !strings.Contains(resp.Header.Get("Content-Disposition"), "photo.jpg") {
		t.Errorf("%q %v", b, resp.Header)
	}
	if got := p.call("GET", "/cgi-bin/media/get?access_token="+access+"&media_id=x", nil, ""); got.ErrCode != 40007 {
		t.Errorf("unknown id: %+v", got)
	}
}

// TestFileMessage holds what a file message may name: something uploaded as a
// file within the last three days.
func TestFileMessage(t *testing.T) {
	p := newPlatform(t)
	access := p.getToken(secret).AccessToken
	upload := func(sort string, size int) result {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, _ := w.CreateFormFile("media", "台账.xlsx")
		_, _ = part.Write(make([]byte, size))
		w.Close()
		return p.call("POST", "/cgi-bin/media/upload?type="+sort+"&access_token="+access, &b, w.FormDataContentType())
	}
	send := func(id string) result {
		body := fmt.Sprintf(`{"touser":"lisi","msgtype":"file","agentid":1000002,"file":{"media_id":%q}}`, id)
		return p.call("POST", "/cgi-bin/message/send?access_token="+p.getToken(secret).AccessToken, strings.NewReader(body), "application/json")
	}
	for _, c := range []struct {
		sort string
		size int
		code int
	}{{"file", 20 << 20, 0}, {"file", 20<<20 + 1, 45001}, {"image", 10<<20 + 1, 45001}, {"file", 5, 44001}, {"table", 100, 40004}, {"", 100, 40004}} {
		if got := upload(c.sort, c.size); got.ErrCode != c.code {
			t.Errorf("%s of %d bytes: %+v, want %d", c.sort, c.size, got, c.code)
		}
	}
	file, image := upload("file", 100).MediaID, upload("image", 100).MediaID
	if got := send(file); got.ErrCode != 0 {
		t.Errorf("%+v", got)
	}
	for _, id := range []string{image, "unknown", "", p.AddMedia(make([]byte, 10), "image/jpeg")} {
		if got := send(id); got.ErrCode != 40007 {
			t.Errorf("%q: %+v", id, got)
		}
	}
	p.wait(72 * time.Hour)
	if got := send(file); got.ErrCode != 40007 {
		t.Errorf("after three days: %+v", got)
	}
	sent := p.Sent()
	if len(sent) != 1 || sent[0].File == nil || sent[0].File.Name != "台账.xlsx" || len(sent[0].File.Data) != 100 {
		t.Errorf("%+v", sent)
	}
}

func TestSubscribe(t *testing.T) {
	p := newPlatform(t)
	var got []string
	cancel := p.Subscribe(func(m Sent) { got = append(got, m.Text) })
	p.send(textBody("lisi", "a"))
	cancel()
	p.send(textBody("lisi", "b"))
	if diff := cmp.Diff([]string{"a"}, got); diff != "" {
		t.Error(diff)
	}
}

// callback is a small app server: it answers like the real handler would.
type callback struct {
	codec  *wecom.Codec
	got    []bot.Message
	status []int // of the first answers; then 200
	reply  string
	raw    []byte // answered instead of a proper reply
	mu     sync.Mutex
}

func (c *callback) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Method == http.MethodGet {
		plain, err := c.codec.VerifyURL(r.URL.Query())
		if err != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		fmt.Fprint(w, plain+string(c.raw))
		return
	}
	body, _ := io.ReadAll(r.Body)
	inner, err := c.codec.Open(r.URL.Query(), body)
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	m, err := wecom.Decode(inner, "")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.got = append(c.got, m)
	if len(c.status) > 0 {
		w.WriteHeader(c.status[0])
		c.status = c.status[1:]
		return
	}
	if c.raw != nil {
		_, _ = w.Write(c.raw)
		return
	}
	if c.reply != "" {
		now := time.Unix(1758242100, 0)
		outer, _ := c.codec.Seal(wecom.TextReply(m.UserID, m.Corp, now, c.reply), now, "n")
		_, _ = w.Write(outer)
	}
}

func newCallback(t testing.TB, c *callback) string {
	t.Helper()
	codec, err := wecom.NewCodec(token, key, corp)
	if err != nil {
		t.Fatal(err)
	}
	c.codec = codec
	srv := httptest.NewServer(c)
	t.Cleanup(srv.Close)
	return srv.URL + "/callback/wecom/app?suffix=a%2Bb"
}

func TestDeliverKinds(t *testing.T) {
	p := newPlatform(t)
	c := &callback{}
	target := newCallback(t, c)
	media := p.AddMedia([]byte("x"), "image/jpeg")
	for _, tt := range []struct {
		name string
		in   Incoming
		want bot.Message
	}{
		{"text", Incoming{Text: "隐患：]]> <楼梯>"}, bot.Message{Text: "隐患：]]> <楼梯>"}},
		{"image", Incoming{Image: media}, bot.Message{Attachments: []bot.Attachment{{Kind: bot.Image, Ref: media}}}},
		{"voice", Incoming{Voice: "v", Recognition: "已整改"}, bot.Message{Text: "已整改", Spoken: true, Attachments: []bot.Attachment{{Kind: bot.Voice, Ref: "v"}}}},
		{"video", Incoming{Video: "v"}, bot.Message{Attachments: []bot.Attachment{{Kind: bot.Video, Ref: "v"}}}},
		{"file", Incoming{File: "f", FileName: "a.xlsx"}, bot.Message{Attachments: []bot.Attachment{{Kind: bot.File, Ref: "f", Name: "a.xlsx"}}}},
		{"location", Incoming{Location: &bot.Location{Latitude: 28.5, Longitude: 112.25, Label: "校门"}}, bot.Message{Location: &bot.Location{Latitude: 28.5, Longitude: 112.25, Label: "校门"}}},
		{"unknown", Incoming{Kind: "business_card"}, bot.Message{Unsupported: "business_card"}},
		{"enter", Incoming{Event: "enter_agent"}, bot.Message{Event: "enter"}},
		{"click", Incoming{Event: "template_card_event", EventKey: "签收", TaskID: "T"}, bot.Message{Event: "click", EventKey: "签收"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c.got = nil
			tt.in.User, tt.in.MsgID = "ZhangSan", "77"
			d, err := p.Deliver(context.Background(), target, tt.in)
			if err != nil || d.Status != 200 || d.Attempts != 1 || d.Reply != nil || len(c.got) != 1 {
				t.Fatalf("%+v, %v, %d received", d, err, len(c.got))
			}
			want := tt.want
			want.Platform, want.Robot, want.Corp, want.UserID = bot.WeCom, "1000002", corp, "zhangsan"
			want.Chat, want.SentAt, want.ID = bot.Chat{Kind: bot.Private, ID: "zhangsan"}, p.Now(), "77"
			if tt.in.Event != "" {
				want.ID = c.got[0].ID
			}
			if diff := cmp.Diff(want, c.got[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDeliverRecordsThePassiveReply(t *testing.T) {
	p := newPlatform(t)
	target := newCallback(t, &callback{reply: "已签收 22-3。"})
	d, err := p.Deliver(context.Background(), target, Incoming{User: "ZhangSan", Text: "签收 22-3"})
	if err != nil {
		t.Fatal(err)
	}
	want := Sent{At: p.Now(), Channel: Passive, To: "zhangsan", Type: "text", Text: "已签收 22-3。"}
	if diff := cmp.Diff(&want, d.Reply); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Sent{want}, p.Sent()); diff != "" {
		t.Error(diff)
	}
}

func TestDeliverRepeatsLikeThePlatform(t *testing.T) {
	p := newPlatform(t)
	for _, tt := range []struct {
		name     string
		status   []int
		attempts int
		ok       bool
	}{
		{"first try", nil, 1, true},
		{"third try", []int{500, 403}, 3, true},
		{"gives up", []int{500, 500, 500, 500, 500}, 4, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &callback{status: tt.status}
			d, err := p.Deliver(context.Background(), newCallback(t, c), Incoming{User: "lisi", Text: "x"})
			if (err == nil) != tt.ok || d.Attempts != tt.attempts || len(c.got) != tt.attempts {
				t.Fatalf("%+v, %v, %d received", d, err, len(c.got))
			}
			for _, m := range c.got {
				if m.ID != c.got[0].ID {
					t.Errorf("a redelivery has another id: %s, %s", m.ID, c.got[0].ID)
				}
			}
		})
	}
}

func TestDeliverGivesUpOnASilentCallback(t *testing.T) {
	p := newPlatform(t, func(c *Config) { c.CallbackTimeout, c.Retries = 50*time.Millisecond, 1 })
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	d, err := p.Deliver(context.Background(), srv.URL, Incoming{User: "lisi", Text: "x"})
	if err == nil || d.Attempts != 2 || d.Status != 0 {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestDeliverRefusesBadReplies(t *testing.T) {
	p := newPlatform(t)
	now := time.Unix(1758242100, 0)
	good := func(inner []byte) []byte {
		codec, _ := wecom.NewCodec(token, key, corp)
		outer, _ := codec.Seal(inner, now, "n")
		return outer
	}
	other, _ := wecom.NewCodec("other", key, corp)
	forged, _ := other.Seal(wecom.TextReply("lisi", corp, now, "x"), now, "n")
	for name, raw := range map[string][]byte{
		"text":          []byte("ok"),
		"forged":        forged,
		"inner no xml":  good([]byte("x")),
		"other person":  good(wecom.TextReply("zhangsan", corp, now, "x")),
		"from somebody": good(wecom.TextReply("lisi", "lisi", now, "x")),
	} {
		target := newCallback(t, &callback{raw: raw})
		if d, err := p.Deliver(context.Background(), target, Incoming{User: "lisi", Text: "x"}); err == nil || d.Reply != nil {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
	if n := len(p.Sent()); n != 0 {
		t.Errorf("%d bad replies were shown", n)
	}
	target := newCallback(t, &callback{raw: []byte("success")})
	if d, err := p.Deliver(context.Background(), target, Incoming{User: "lisi", Text: "x"}); err != nil || d.Reply != nil {
		t.Errorf("success: %+v, %v", d, err)
	}
}

func TestVerifyURL(t *testing.T) {
	p := newPlatform(t)
	if err := p.VerifyURL(context.Background(), newCallback(t, &callback{})); err != nil {
		t.Error(err)
	}
	if err := p.VerifyURL(context.Background(), newCallback(t, &callback{raw: []byte("\n")})); err == nil {
		t.Error("a line break after the echo was accepted")
	}
}

func TestFaultsHappenInOrderAndEnd(t *testing.T) {
	p := newPlatform(t)
	p.Fail("/cgi-bin/gettoken", 2, Fault{ErrCode: -1})
	p.Fail("/cgi-bin/gettoken", 1, Fault{ErrCode: 60020})
	var codes []int
	for range 4 {
		codes = append(codes, p.getToken(secret).ErrCode)
	}
	if diff := cmp.Diff([]int{-1, -1, 60020, 0}, codes); diff != "" {
		t.Error(diff)
	}
	access := p.getToken(secret).AccessToken
	p.Fail("/cgi-bin/message/send", 1, Fault{DropAfter: true})
	_, err := http.Post(p.url+"/cgi-bin/message/send?access_token="+access, "application/json", strings.NewReader(textBody("lisi", "a")))
	if err == nil || len(p.Sent()) != 1 {
		t.Errorf("dropped after the work: %v, %d sent", err, len(p.Sent()))
	}
}
