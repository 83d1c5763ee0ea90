package handlers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/obs"
	"duban/internal/place"
)

const token = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// fakeDesk knows one place and remembers what was filed there.
type fakeDesk struct {
	mu    sync.Mutex
	forms []place.Form
	err   error
}

func (d *fakeDesk) PlaceAt(_ context.Context, t string) (place.Seen, error) {
	if t != token {
		return place.Seen{}, errs.New(errs.NotFound, "这个二维码已经停用，或者地址不完整。")
	}
	return place.Seen{Place: place.Place{ID: 7, Name: "实验楼 <b>二楼</b>", Code: "W5P5", Token: token}, Unit: "文昌中学"}, nil
}

func (d *fakeDesk) FileForm(_ context.Context, _ string, f place.Form) (place.Receipt, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err != nil {
		return place.Receipt{}, d.err
	}
	f, err := f.Clean()
	if err != nil {
		return place.Receipt{}, err
	}
	d.forms = append(d.forms, f)
	return place.Receipt{Outcome: place.Filed, Title: "已登记 YH-2025-0001", Text: "处理：安全专干\n" + f.Words}, nil
}

// walls is the surface with the pages of one place.
type walls struct {
	t     *testing.T
	h     http.Handler
	desk  *fakeDesk
	clock *clock.Movable
	logs  *obs.LogCapture
}

func newWalls(t *testing.T, proxies ...string) *walls {
	w := &walls{t: t, desk: &fakeDesk{}, clock: clock.NewFrozen(time.Unix(1757476800, 0)), logs: obs.NewLogCapture()}
	w.h = New(Options{Clock: w.clock, Log: w.logs.Logger(), Metrics: obs.NewMetrics(), TrustedProxies: proxies,
		Places: &PlacePages{Desk: w.desk, Tickets: place.Tickets{Key: "key"}, Public: "https://duban.example.edu.cn"}})
	return w
}

// do sends a request from an address and returns the answer.
func (w *walls) do(r *http.Request) *httptest.ResponseRecorder {
	out := httptest.NewRecorder()
	w.h.ServeHTTP(out, r)
	return out
}

func (w *walls) get(path string) *httptest.ResponseRecorder {
	return w.do(httptest.NewRequest("GET", path, nil))
}

var ticketField = regexp.MustCompile(`name="form" value="([^"]+)"`)

func (w *walls) ticket() string {
	w.t.Helper()
	g := ticketField.FindStringSubmatch(w.get("/q/" + token).Body.String())
	if g == nil {
		w.t.Fatal("the form has no ticket")
	}
	return g[1]
}

// sent is a form as a browser sends it.
func sent(path, ticket, words string, photos ...[]byte) *http.Request {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, f := range [][2]string{{"form", ticket}, {"words", words}, {"name", ""}, {"phone", ""}} {
		_ = m.WriteField(f[0], f[1])
	}
	for i, p := range photos {
		part, _ := m.CreateFormFile("photo", fmt.Sprintf("张三%d.jpg", i))
		_, _ = part.Write(p)
	}
	_ = m.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return r
}

func TestThePageOfAPlace(t *testing.T) {
	w := newWalls(t)
	out := w.get("/q/" + token)
	body := out.Body.String()
	for _, want := range []string{"文昌中学", "实验楼 &lt;b&gt;二楼&lt;/b&gt;", "W5P5", `href="tel:119"`, `href="tel:120"`, `href="tel:110"`, `<button type="submit">上报</button>`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the page", want)
		}
	}
	if strings.Index(body, "tel:119") > strings.Index(body, "<form") {
		t.Error("what to dial comes after the form")
	}
	if strings.Contains(body, "<script") || strings.Contains(body, "style=") || strings.Contains(body, "ZgotmplZ") {
		t.Error("the page has what its policy forbids")
	}
	h := out.Header()
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'", "style-src 'sha256-"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %s", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") || h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
		t.Errorf("headers %v", h)
	}
	if first, second := w.ticket(), w.ticket(); first == second {
		t.Error("two pages carry one form")
	}
	if head := w.do(httptest.NewRequest("HEAD", "/q/"+token, nil)); head.Code != 200 {
		t.Errorf("HEAD %d", head.Code)
	}
}

func TestAFormIsCarriedOut(t *testing.T) {
	w := newWalls(t)
	out := w.do(sent("/q/"+token, w.ticket(), "灭火器<过期>\r\n两个", []byte("one"), nil, []byte("two")))
	if out.Code != 200 || !strings.Contains(out.Body.String(), "<h1>已登记 YH-2025-0001</h1>") || !strings.Contains(out.Body.String(), "灭火器&lt;过期&gt;\n两个") {
		t.Errorf("%d %s", out.Code, out.Body)
	}
	if len(w.desk.forms) != 1 || len(w.desk.forms[0].Photos) != 2 || string(w.desk.forms[0].Photos[1]) != "two" {
		t.Errorf("filed %+v", w.desk.forms)
	}
}

// TestFormsThatAreNotCarriedOut holds that each says what to do, that what was written
// comes back, and that nothing is filed.
func TestFormsThatAreNotCarriedOut(t *testing.T) {
	const words = "走廊尽头的灯坏了三天"
	for name, c := range map[string]struct {
		send   func(w *walls) *http.Request
		err    error
		status int
		says   string
		keeps  bool
	}{
		"without words": {func(w *walls) *http.Request { return sent("/q/"+token, w.ticket(), " ") }, nil, 422, "请写一句有什么问题", false},
		"with photos and without words": {func(w *walls) *http.Request { return sent("/q/"+token, w.ticket(), "x", []byte("p")) }, nil, 422,
			"照片要重新选。", false},
		"without a ticket": {func(*walls) *http.Request { return sent("/q/"+token, "", words) }, nil, 422, "放得太久了", true},
		"with somebody else's ticket": {func(*walls) *http.Request {
			return sent("/q/"+token, place.Tickets{Key: "x"}.Issue(token, time.Unix(1757476800, 0)), words)
		}, nil, 422, "放得太久了", true},
		"the next day": {func(w *walls) *http.Request {
			s := w.ticket()
			w.clock.Set(w.clock.Now().Add(24 * time.Hour))
			return sent("/q/"+token, s, words)
		}, nil, 422, "放得太久了", true},
		"to another code":   {func(w *walls) *http.Request { return sent("/q/"+strings.Repeat("A", 26), w.ticket(), words) }, nil, 404, "已经停用", false},
		"stopped meanwhile": {func(w *walls) *http.Request { return sent("/q/"+token, w.ticket(), words) }, errs.New(errs.NotFound, "这个二维码已经停用。"), 404, "已经停用", false},
		"the database away": {func(w *walls) *http.Request { return sent("/q/"+token, w.ticket(), words) }, errors.New("gone"), 503, "系统正忙，没有登记", true},
		"from another page": {func(w *walls) *http.Request {
			r := sent("/q/"+token, w.ticket(), words)
			r.Header.Set("Origin", "https://evil.example")
			return r
		}, nil, 403, "不是从本页发出的", false},
		"from another page, by a new browser": {func(w *walls) *http.Request {
			r := sent("/q/"+token, w.ticket(), words)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
			return r
		}, nil, 403, "不是从本页发出的", false},
		"as something else": {func(*walls) *http.Request {
			return httptest.NewRequest("POST", "/q/"+token, strings.NewReader("words=x"))
		}, nil, 422, "没有传完整", false},
		"cut off": {func(w *walls) *http.Request {
			r := sent("/q/"+token, w.ticket(), words, bytes.Repeat([]byte("x"), 5000))
			r.Body = io.NopCloser(io.LimitReader(r.Body, 3000))
			return r
		}, nil, 422, "网络断了一下", true},
		"far too large": {func(*walls) *http.Request {
			r := sent("/q/"+token, "", words)
			r.ContentLength = maxUpload + 1
			return r
		}, nil, 422, "太大了", false},
		"with many parts": {func(w *walls) *http.Request { return sent("/q/"+token, w.ticket(), words, make([][]byte, maxParts)...) }, nil, 422, "太大了", true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWalls(t)
			r := c.send(w)
			w.desk.err = c.err
			out := w.do(r)
			body := out.Body.String()
			if out.Code != c.status || !strings.Contains(body, c.says) || strings.Contains(body, words) != c.keeps {
				t.Errorf("%d %s", out.Code, body)
			}
			if !strings.Contains(body, "tel:119") || len(w.desk.forms) != 0 {
				t.Errorf("nothing to dial, or filed: %v", w.desk.forms)
			}
		})
	}
}

func TestCodesThatLeadNowhereLookAlike(t *testing.T) {
	w := newWalls(t)
	first := w.get("/q/" + strings.Repeat("A", 26))
	for _, path := range []string{"/q/x", "/q/" + strings.Repeat("B", 26), "/q/%3Cscript%3E", "/q/" + strings.Repeat("长", 200)} {
		if out := w.get(path); out.Code != 404 || out.Body.String() != first.Body.String() {
			t.Errorf("%.40s: %d %s", path, out.Code, out.Body)
		}
	}
	if out := newWallsWithoutPages(t).get("/q/" + token); out.Code != 404 || out.Body.Len() > 20 {
		t.Errorf("without pages: %d %s", out.Code, out.Body)
	}
}

func newWallsWithoutPages(t *testing.T) *walls {
	w := &walls{t: t}
	w.h = New(Options{Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Metrics: obs.NewMetrics()})
	return w
}

// TestALargePhotoIsCutNotHeld holds that of a picture of 30 MB no more is held than shows
// that it is too large.
func TestALargePhotoIsCutNotHeld(t *testing.T) {
	w := newWalls(t)
	out := w.do(sent("/q/"+token, w.ticket(), "走廊灯坏了", bytes.Repeat([]byte("x"), 30<<20), []byte("two")))
	if out.Code != 200 || len(w.desk.forms) != 1 {
		t.Fatalf("%d %s", out.Code, out.Body)
	}
	if got := w.desk.forms[0].Photos; len(got) != 2 || len(got[0]) != place.MaxPhotoSize+1 || string(got[1]) != "two" {
		t.Errorf("%d photos, the first of %d bytes", len(got), len(got[0]))
	}
}

// TestHowOftenFormsAreTaken counts by place and by address, and believes only proxies it
// knows about where a request comes from.
func TestHowOftenFormsAreTaken(t *testing.T) {
	from := func(w *walls, remote, forwarded string) int {
		r := sent("/q/"+token, w.ticket(), "走廊灯坏了")
		r.RemoteAddr = remote + ":1234"
		r.Header.Set("X-Forwarded-For", forwarded)
		return w.do(r).Code
	}
	w := newWalls(t)
	for i := range 40 {
		if code := from(w, fmt.Sprintf("10.0.0.%d", i), ""); code != 200 {
			t.Fatalf("form %d: %d", i, code)
		}
	}
	if code := from(w, "10.1.0.1", ""); code != http.StatusTooManyRequests {
		t.Errorf("one more at the place: %d", code)
	}
	w.clock.Set(w.clock.Now().Add(time.Minute))
	if code := from(w, "10.1.0.1", ""); code != 200 {
		t.Errorf("a minute later: %d", code)
	}
}

// TestWhoIsCounted believes only proxies it knows about where a request comes from.
func TestWhoIsCounted(t *testing.T) {
	for name, c := range map[string]struct {
		proxies []string
		remote  string
		refused bool
	}{
		"nobody is believed":        {nil, "10.0.0.1", true},
		"a known proxy is":          {[]string{"10.0.0.0/8"}, "10.0.0.1", false},
		"somebody beside it is not": {[]string{"10.0.0.0/8"}, "192.168.0.1", true},
	} {
		w, last := newWalls(t, c.proxies...), 0
		for i := range 241 {
			r := httptest.NewRequest("GET", "/q/"+token, nil)
			r.RemoteAddr = c.remote + ":1234"
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("203.0.113.9, 192.0.2.%d", i))
			last = w.do(r).Code
		}
		if (last == http.StatusTooManyRequests) != c.refused {
			t.Errorf("%s: %d", name, last)
		}
	}
}

// slow is a connection that remembers until when it may be read.
type slow struct {
	*httptest.ResponseRecorder
	until time.Time
}

func (s *slow) SetReadDeadline(t time.Time) error {
	s.until = t
	return nil
}

// TestAFormMayComeSlowly holds that the server's limit for callbacks is lifted for forms,
// and for nothing else.
func TestAFormMayComeSlowly(t *testing.T) {
	w := newWalls(t)
	for name, r := range map[string]*http.Request{"form": sent("/q/"+token, w.ticket(), "走廊灯坏了"), "page": httptest.NewRequest("GET", "/q/"+token, nil)} {
		out := &slow{ResponseRecorder: httptest.NewRecorder()}
		w.h.ServeHTTP(out, r)
		if (name == "form") != out.until.After(clock.System{}.Now().Add(uploadTime/2)) {
			t.Errorf("%s: until %v", name, out.until)
		}
	}
}

// TestFormsShareTheMemory holds that a form for which there is none left is not read and
// says so, and that what was taken is given back.
func TestFormsShareTheMemory(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	u := newUploads()
	take := func(length int64, patience time.Duration) (func(), error) {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		c.Request = sent("/q/"+token, "t", "走廊灯坏了").WithContext(ctx)
		c.Request.ContentLength = length
		_, done, err := u.take(c)
		return done, err
	}
	var done []func()
	for range 3 {
		d, err := take(-1, time.Minute) // of unknown length: as much as a form may hold
		if err != nil {
			t.Fatal(err)
		}
		done = append(done, d)
	}
	if _, err := take(1, 0); err != errBusy {
		t.Errorf("one more: %v", err)
	}
	done[0]()
	for range 20 { // ordinary ones are many at once
		if _, err := take(2<<20, time.Minute); err != nil {
			t.Errorf("after that: %v", err)
		}
	}
}

func TestNeighbourhoods(t *testing.T) {
	for ip, want := range map[string]string{"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64", "": "unknown"} {
		if got := neighbourhood(ip); got != want {
			t.Errorf("%q: %q", ip, got)
		}
	}
}

func TestRatesForgetTheOldest(t *testing.T) {
	r := rates{burst: 1, every: time.Hour}
	now := time.Unix(0, 0)
	r.allow("first", now)
	for i := range 3 * maxKeys {
		r.allow(fmt.Sprint(i), now)
	}
	if len(r.young)+len(r.old) > 2*maxKeys {
		t.Errorf("%d keys are remembered", len(r.young)+len(r.old))
	}
	if r.allow(fmt.Sprint(3*maxKeys-1), now) || !r.allow("first", now) {
		t.Error("the wrong ones are forgotten")
	}
}

// TestTokensAreNotLogged looks through every line of a visit.
func TestTokensAreNotLogged(t *testing.T) {
	w := newWalls(t)
	ticket := w.ticket()
	w.do(sent("/q/"+token, ticket, "走廊灯坏了"))
	w.desk.err = errors.New("gone")
	w.do(sent("/q/"+token, ticket, "走廊灯坏了"))
	w.get("/q/" + token + "/x")
	lines := w.logs.Lines(-8)
	if len(lines) < 5 {
		t.Fatalf("%d lines: this proves nothing", len(lines))
	}
	for _, l := range lines {
		if strings.Contains(l.String(), token) || strings.Contains(l.String(), ticket) || strings.Contains(l.String(), "走廊") {
			t.Errorf("logged: %s", l)
		}
	}
}
