package phone

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func moveRequest(path, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("X-Duban-Demo", "1")
	return r
}

const (
	sayUnread = `看不懂要去的时间。请写 {"to":"2025-09-11T08:30:00+08:00"} 或 {"by":"24h"}。`
	sayOneWay = `请只写一种去法：{"to":"2025-09-11T08:30:00+08:00"} 或 {"by":"24h"}。`
	sayPast   = "时间只能往前走。要回到过去，请重新启动演示。"
	sayFar    = "一次最多往前走三年。请分几次走。"
	sayBy     = `看不懂要走多久。请写小时数，比如 "24h"。`
)

func TestAdvance(t *testing.T) {
	const page, dev = "/demo/api/advance", "/dev/advance"
	tests := []struct {
		path, body string
		want       time.Time
	}{
		{page, `{"by":"24h"}`, at(11, 9, 30)},
		{page, `{"next":true}`, at(11, 8, 30)},
		{page, `{"to":"2025-09-11T08:30:00+08:00"}`, at(11, 8, 30)},
		{page, `{"to":"2025-09-10T09:29:30+08:00"}`, at(10, 9, 30)}, // just passed
		{dev, `{"by":"24h"}`, at(11, 9, 30)},
		{dev, `{"to":"2025-09-11T00:30:00Z"}`, at(11, 8, 30)},
	}
	for _, tt := range tests {
		t.Run(tt.path+tt.body, func(t *testing.T) {
			s := newSite(t)
			w := s.do(moveRequest(tt.path, tt.body))
			if w.Code != 200 || !s.world.now.Equal(tt.want) {
				t.Fatalf("%d %s, now %s", w.Code, w.Body, s.world.now)
			}
			prefix := `{"now":"` + tt.want.Format(time.RFC3339) + `"`
			if !strings.HasPrefix(w.Body.String(), prefix) {
				t.Errorf("answer %s, want %s…", w.Body, prefix)
			}
		})
	}
}

// The answer comes after everything due was published.
func TestAdvanceAnswersWhenDone(t *testing.T) {
	s := newSite(t)
	w := s.do(moveRequest("/dev/advance", `{"by":"48h"}`))
	if w.Body.String() != `{"now":"2025-09-12T09:30:00+08:00"}` {
		t.Errorf("answer %s", w.Body)
	}
	if entries, _ := s.feed.snapshot(); len(entries) != 6 {
		t.Errorf("%d entries, want the whole plan", len(entries))
	}
	w = s.do(moveRequest("/demo/api/advance", `{"next":true}`))
	wantError(t, w, 409, "接下来没有安排好的推送。可以直接走到某一天。")
}

func TestAdvanceRefused(t *testing.T) {
	tests := []struct {
		body string
		say  string
	}{
		{``, sayUnread},
		{`{"to":"tomorrow"}`, sayUnread},
		{`{"days":1}`, sayUnread},
		{`{}`, sayOneWay},
		{`{"to":"2025-09-11T08:30:00+08:00","by":"24h"}`, sayOneWay},
		{`{"by":"1 day"}`, sayBy},
		{`{"by":"-1h"}`, sayPast},
		{`{"to":"2025-09-09T08:30:00+08:00"}`, sayPast},
		{`{"by":"26353h"}`, sayFar},
		{`{"by":"` + strings.Repeat("9", 5000) + `h"}`, sayUnread},
	}
	for _, path := range []string{"/demo/api/advance", "/dev/advance"} {
		s := newSite(t)
		for _, tt := range tests {
			wantError(t, s.do(moveRequest(path, tt.body)), 400, tt.say)
		}
		if !s.world.now.Equal(at(10, 9, 30)) {
			t.Errorf("%s: the clock moved", path)
		}
	}
	wantError(t, newSite(t).do(moveRequest("/dev/advance", `{"next":true}`)), 400, sayOneWay)
	r := moveRequest("/dev/advance", `{"by":"24h"}`)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	wantError(t, newSite(t).do(r), 403, "别的网页不能移动这里的时钟。")
}

func TestAdvanceOneAtATime(t *testing.T) {
	s := newSite(t)
	s.world.hold = make(chan struct{})
	s.page.moving.Lock() // as while another visitor moves it
	wantError(t, s.do(moveRequest("/demo/api/advance", `{"by":"1h"}`)), 409, "时间正在往前走。请等它停下来再点。")
	s.page.moving.Unlock()
	close(s.world.hold)
	if w := s.do(moveRequest("/demo/api/advance", `{"by":"1h"}`)); w.Code != 200 {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}
