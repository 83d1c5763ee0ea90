package phone

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/internal/errs"
)

// The smallest pictures that are recognised as such.
var (
	png = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 16)...)
	jpg = append([]byte("\xff\xd8\xff\xe0"), make([]byte, 16)...)
)

type site struct {
	t     *testing.T
	feed  *Feed
	world *fakeWorld
	page  *Page
	h     *gin.Engine
}

func newSite(t *testing.T) *site {
	t.Helper()
	gin.SetMode(gin.TestMode)
	feed := NewFeed(100)
	s := &site{t: t, feed: feed, world: newFakeWorld(feed), h: gin.New()}
	s.page = New(s.world, feed)
	s.page.Register(s.h)
	s.h.POST("/dev/advance", AdvanceHandler(s.world, func() time.Time {
		st, _ := s.world.State(context.Background())
		return st.Now
	}))
	return s
}

func (s *site) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

func (s *site) get(path string) *httptest.ResponseRecorder {
	return s.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// message builds a send request as the page does.
func message(fields map[string]string, photos ...[]byte) *http.Request {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range fields {
		_ = m.WriteField(k, v)
	}
	for i, p := range photos {
		part, _ := m.CreateFormFile("photo", fmt.Sprintf("photo-%d", i))
		_, _ = part.Write(p)
	}
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, "/demo/api/send", &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("X-Duban-Demo", "1")
	return r
}

func private(text string) map[string]string {
	return map[string]string{"person": "t1", "platform": "wecom", "text": text}
}

func wantError(t *testing.T, w *httptest.ResponseRecorder, code int, say string) {
	t.Helper()
	var got struct{ Error string }
	_ = json.Unmarshal(w.Body.Bytes(), &got)
	if w.Code != code || got.Error != say {
		t.Errorf("got %d %q, want %d %q", w.Code, got.Error, code, say)
	}
}

func TestPageAndAssets(t *testing.T) {
	s := newSite(t)
	tests := []struct {
		path, kind string
		code       int
	}{
		{"/demo/", "text/html; charset=utf-8", 200},
		{"/demo/static/js/main.js", "text/javascript; charset=utf-8", 200},
		{"/demo/static/css/theme.css", "text/css; charset=utf-8", 200},
		{"/demo/static/icon.svg", "image/svg+xml", 200},
		{"/demo/static/../page.go", "application/json; charset=utf-8", 404},
		{"/demo/static/js", "application/json; charset=utf-8", 404},
		{"/demo/static/", "application/json; charset=utf-8", 404},
	}
	for _, tt := range tests {
		w := s.get(tt.path)
		if w.Code != tt.code || w.Header().Get("Content-Type") != tt.kind {
			t.Errorf("%s: %d %s", tt.path, w.Code, w.Header().Get("Content-Type"))
		}
		if w.Header().Get("Content-Security-Policy") != csp || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers %v", tt.path, w.Header())
		}
	}
	if w := s.get("/demo"); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/demo/" {
		t.Errorf("/demo: %d %s", w.Code, w.Header().Get("Location"))
	}
	r := httptest.NewRequest(http.MethodGet, "/demo/", nil)
	r.Header.Set("If-None-Match", s.get("/demo/").Header().Get("ETag"))
	if w := s.do(r); w.Code != http.StatusNotModified {
		t.Errorf("known page: %d", w.Code)
	}
}

// The policy forbids inline scripts and styles, so the page must not have any.
func TestPageHasNothingInline(t *testing.T) {
	page := newSite(t).get("/demo/").Body.String()
	for _, bad := range []string{"<style", " style=", " onclick", " onload", "javascript:", "http://", "https://"} {
		if strings.Contains(page, bad) {
			t.Errorf("page contains %q", bad)
		}
	}
	for _, name := range []string{"api", "chat", "clock", "composer", "dom", "main", "people", "pushes", "samples", "store", "time", "toast"} {
		js := newSite(t).get("/demo/static/js/" + name + ".js").Body.String()
		for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("} {
			if strings.Contains(js, bad) {
				t.Errorf("%s.js contains %q", name, bad)
			}
		}
	}
}

func TestState(t *testing.T) {
	s := newSite(t)
	s.feed.Publish(Entry{At: at(10, 9, 0), Platform: bot.WeCom, Person: "t1", FromBot: true, Text: "早"})
	w := s.get("/demo/api/state")
	var got struct {
		Now, Next, Bot, Cursor string
		Running                bool
		People                 []Person
		Entries                []Entry
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Now != "2025-09-10T09:30:00+08:00" || got.Next != "2025-09-11T08:30:00+08:00" || got.Bot != "督办助手" {
		t.Errorf("state %+v", got)
	}
	if len(got.People) != 7 || got.People[0].Accounts[0] != (Account{bot.WeCom, "t1"}) {
		t.Errorf("people %+v", got.People)
	}
	if len(got.Entries) != 1 || got.Entries[0].Seq != 1 || got.Cursor != s.feed.cursor(1) {
		t.Errorf("entries %+v cursor %s", got.Entries, got.Cursor)
	}
	s.world.fail = errors.New("database password wrong")
	wantError(t, s.get("/demo/api/state"), 500, errs.Say(errors.New("x")))
}

func TestSendPrivate(t *testing.T) {
	s := newSite(t)
	if w := s.do(message(private("  我的任务 \n"))); w.Code != 200 || w.Body.String() != `{"seq":1}` {
		t.Fatalf("send: %d %s", w.Code, w.Body)
	}
	want := []SendRequest{{Person: "t1", Platform: bot.WeCom, UserID: "t1", Text: "我的任务"}}
	if d := cmp.Diff(want, s.world.sent); d != "" {
		t.Error(d)
	}
	entries, _ := s.feed.snapshot()
	own := Entry{Seq: 1, At: at(10, 9, 30), Platform: bot.WeCom, Person: "t1", From: "教师甲", Text: "我的任务"}
	if d := cmp.Diff(own, entries[0]); d != "" {
		t.Error(d)
	}
	if len(entries) != 2 || !entries[1].FromBot || entries[1].Person != "t1" {
		t.Errorf("entries %+v", entries)
	}
}

func TestSendPhotos(t *testing.T) {
	s := newSite(t)
	f := private("上报隐患：护栏松动")
	f["platform"] = "dingtalk"
	if w := s.do(message(f, png, jpg)); w.Code != 200 {
		t.Fatalf("send: %d %s", w.Code, w.Body)
	}
	m := s.world.sent[0]
	if m.UserID != "d-t1" || len(m.Photos) != 2 || m.Photos[0].ContentType != "image/png" || m.Photos[1].ContentType != "image/jpeg" {
		t.Errorf("request %+v", m)
	}
	entries, _ := s.feed.snapshot()
	if len(entries[0].Images) != 2 {
		t.Fatalf("entry %+v", entries[0])
	}
	w := s.get(entries[0].Images[0])
	if w.Code != 200 || w.Header().Get("Content-Type") != "image/png" || !bytes.Equal(w.Body.Bytes(), png) {
		t.Errorf("photo: %d %v", w.Code, w.Header())
	}
	wantError(t, s.get("/demo/api/photo/nosuch"), 404, "这张照片已经不在了：演示只保留最近的照片。")
}

func TestFilesCanBeSaved(t *testing.T) {
	s := newSite(t)
	f := s.feed.Attach("隐患台账_2025-09-10.xlsx", []byte("<script>"))
	s.feed.Publish(Entry{At: at(10, 9, 0), Platform: bot.WeCom, Person: "t1", FromBot: true, Files: []File{f}})
	w := s.get(f.URL)
	head := w.Header()
	if w.Code != 200 || w.Body.String() != "<script>" || f.Size != 8 || head.Get("Content-Type") != "application/octet-stream" || head.Get("X-Content-Type-Options") != "nosniff" ||
		head.Get("Content-Disposition") != "attachment; filename*=utf-8''%E9%9A%90%E6%82%A3%E5%8F%B0%E8%B4%A6_2025-09-10.xlsx" {
		t.Errorf("file: %d %v", w.Code, head)
	}
	if w := s.get("/demo/api/state"); !strings.Contains(w.Body.String(), `"files":[{"name":"隐患台账_2025-09-10.xlsx","size":8,"url":"/demo/api/file/`) {
		t.Errorf("state does not name the file: %s", w.Body)
	}
	wantError(t, s.get("/demo/api/file/nosuch"), 404, "这个文件已经不在了：演示只保留最近的文件。请再导出一次。")
}

func TestSendGroup(t *testing.T) {
	s := newSite(t)
	f := map[string]string{"person": "t1", "platform": "wecom", "group": "g-safe", "text": "@督办助手 帮助"}
	if w := s.do(message(f)); w.Code != 200 || len(s.world.sent) != 1 || s.world.sent[0].Group != "g-safe" {
		t.Fatalf("mention: %d %+v", w.Code, s.world.sent)
	}
	f["text"] = "大家辛苦了"
	if w := s.do(message(f)); w.Code != 200 || len(s.world.sent) != 1 {
		t.Fatalf("chatter reached the bot: %d %+v", w.Code, s.world.sent)
	}
	entries, _ := s.feed.snapshot()
	last := entries[len(entries)-1]
	if !last.Notice || last.Text != "没有 @督办助手，机器人收不到这句话。" || last.Group != "g-safe" {
		t.Errorf("notice %+v", last)
	}
}

func TestSendRefused(t *testing.T) {
	with := func(k, v string) map[string]string {
		f := private("你好")
		f[k] = v
		return f
	}
	ten := make([][]byte, 10)
	for i := range ten {
		ten[i] = png
	}
	tests := []struct {
		name   string
		fields map[string]string
		photos [][]byte
		code   int
		say    string
	}{
		{"nobody", with("person", "zz"), nil, 404, "没有这个人。请重新选择一位。"},
		{"no account", map[string]string{"person": "k2", "platform": "dingtalk", "text": "好"}, nil, 404, "李股长在这个平台上没有账号。请换一个平台。"},
		{"unknown platform", with("platform", "qq"), nil, 404, "教师甲在这个平台上没有账号。请换一个平台。"},
		{"unknown group", with("group", "zz"), nil, 404, "教师甲不在这个群里。请换一个群。"},
		{"not a member", with("group", "g-chief"), nil, 404, "教师甲不在这个群里。请换一个群。"},
		{"group of the other platform", with("group", "d-safe"), nil, 404, "教师甲不在这个群里。请换一个群。"},
		{"nothing", with("text", " \n "), nil, 400, "请先写点什么，或者选一张照片。"},
		{"too long", with("text", strings.Repeat("长", 4001)), nil, 400, "一条消息最多 4000 个字。请分几条发。"},
		{"not UTF-8", with("text", "\xff\xfe"), nil, 400, "这段文字的编码不对。请重新输入。"},
		{"not a photo", with("text", ""), [][]byte{[]byte("<svg onload=alert(1)>")}, 400, "只能发照片（JPG、PNG、WebP 或 GIF）。请换一张。"},
		{"ten photos", private(""), ten, 400, "一次最多发 9 张照片。请分两次发。"},
		{"too big", private(""), [][]byte{append(png[:8:8], make([]byte, maxBody)...)}, 413, "照片一共不能超过 12 MB。请少发几张，或者发小一点的照片。"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			wantError(t, s.do(message(tt.fields, tt.photos...)), tt.code, tt.say)
			if entries, _ := s.feed.snapshot(); len(entries) != 0 || len(s.world.sent) != 0 {
				t.Errorf("refused, yet %+v %+v", entries, s.world.sent)
			}
		})
	}
}

func TestSendLongestText(t *testing.T) {
	if w := newSite(t).do(message(private(strings.Repeat("长", 4000)))); w.Code != 200 {
		t.Errorf("4000 characters: %d %s", w.Code, w.Body)
	}
}

func TestSendMalformed(t *testing.T) {
	s := newSite(t)
	for _, kind := range []string{"application/json", "multipart/form-data; boundary=x"} {
		r := httptest.NewRequest(http.MethodPost, "/demo/api/send", strings.NewReader("{}"))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("X-Duban-Demo", "1")
		wantError(t, s.do(r), 400, "这条消息没有传完整。请再发一次。")
	}
}

func TestSendFails(t *testing.T) {
	s := newSite(t)
	wantError(t, s.do(message(private("停电了"))), 503, "系统正忙，您的消息没有保存。请过几分钟再发一次。")
	entries, _ := s.feed.snapshot()
	if len(entries) != 2 || !entries[1].Notice || entries[1].Text != "上一条没有送到：系统正忙，您的消息没有保存。请过几分钟再发一次。" {
		t.Errorf("entries %+v", entries)
	}
}

func TestOnlyOurOwnPageWrites(t *testing.T) {
	const refused = "只有演示页面自己可以这样操作。请打开演示页面再试。"
	tests := []struct {
		name    string
		headers map[string]string
		ok      bool
	}{
		{"page", map[string]string{"Origin": "http://example.com", "Sec-Fetch-Site": "same-origin"}, true},
		{"program", nil, true},
		{"no header", map[string]string{"X-Duban-Demo": ""}, false},
		{"other value", map[string]string{"X-Duban-Demo": "yes"}, false},
		{"other site", map[string]string{"Sec-Fetch-Site": "cross-site"}, false},
		{"sister site", map[string]string{"Sec-Fetch-Site": "same-site"}, false},
		{"other origin", map[string]string{"Origin": "http://evil.example"}, false},
		{"other port", map[string]string{"Origin": "http://example.com:81"}, false},
		{"opaque origin", map[string]string{"Origin": "null"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t)
			adv := httptest.NewRequest(http.MethodPost, "/demo/api/advance", strings.NewReader(`{"by":"1h"}`))
			adv.Header.Set("X-Duban-Demo", "1")
			for _, r := range []*http.Request{message(private("帮助")), adv} {
				for k, v := range tt.headers {
					r.Header.Set(k, v)
				}
				w := s.do(r)
				if tt.ok && w.Code != 200 {
					t.Errorf("%s: %d %s", r.URL.Path, w.Code, w.Body)
				}
				if !tt.ok {
					wantError(t, w, 403, refused)
				}
			}
			if !tt.ok && (len(s.world.sent) > 0 || !s.world.now.Equal(at(10, 9, 30))) {
				t.Error("refused, yet done")
			}
		})
	}
}

func TestTheShelfForgetsTheOldest(t *testing.T) {
	p := newShelf(100)
	first := p.put(kept{data: make([]byte, 60)})
	second := p.put(kept{data: make([]byte, 40)})
	if _, ok := p.get(first); !ok {
		t.Error("forgot within the limit")
	}
	third := p.put(kept{data: make([]byte, 60)})
	_, a := p.get(first)
	_, b := p.get(second)
	_, c := p.get(third)
	if a || !b || !c {
		t.Errorf("kept %v %v %v, want only the two newest", a, b, c)
	}
	big := p.put(kept{data: make([]byte, 500)})
	if _, ok := p.get(big); !ok || len(p.order) != 1 {
		t.Error("a photo beyond the limit must be kept alone")
	}
}
