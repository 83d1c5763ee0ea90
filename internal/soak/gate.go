package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// gate stands before a fake platform and makes calls fail, before or after the
// platform has taken them.
type gate struct {
	platform string
	inner    http.Handler
	server   *http.Server
	base     string

	mu     sync.Mutex
	faults []fault         // of the next sends
	ids    map[string]bool // message ids that were given out
	again  int             // repeats the platform knew for such and did not show
	struck func(fault)
}

// latency is half of what a platform takes: long enough to be killed in.
const latency = 15 * time.Millisecond

func openGate(platform string, inner http.Handler, struck func(fault)) (*gate, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &gate{platform: platform, inner: inner, struck: struck, ids: map[string]bool{}, base: "http://" + l.Addr().String()}
	g.server = &http.Server{Handler: g, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = g.server.Serve(l) }()
	return g, nil
}

// fail lets the next n sends end in the fault.
func (g *gate) fail(f fault, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = append(g.faults, slices.Repeat([]fault{f}, n)...)
}

func sends() []string {
	return []string{"/cgi-bin/message/send", "/cgi-bin/webhook/send", "/v1.0/robot/oToMessages/batchSend", "/v1.0/robot/groupMessages/send",
		"/robot/sendBySession", "/robot/send"}
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !slices.Contains(sends(), r.URL.Path) {
		g.inner.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	time.Sleep(latency)
	f := g.next()
	if f != "" {
		g.struck(f)
	}
	switch f {
	case dropPlain:
		g.refuse(w, http.StatusServiceUnavailable, -1, "ServiceUnavailable")
		return
	case status5xx:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case tooFast:
		g.refuse(w, http.StatusBadRequest, 45009, "Forbidden.AccessDenied.QpsLimitForApi")
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	g.inner.ServeHTTP(answer, r)
	g.note(answer.Body.Bytes())
	time.Sleep(latency)
	switch f {
	case hang: // until the caller gives up
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case dropAfter:
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (g *gate) next() fault {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.faults) == 0 {
		return ""
	}
	f := g.faults[0]
	g.faults = g.faults[1:]
	return f
}

// refuse answers in the platform's own form that nothing was done. WeCom says so
// with status 200.
func (g *gate) refuse(w http.ResponseWriter, status, errcode int, code string) {
	out := map[string]any{"errcode": errcode, "errmsg": "injected"}
	w.Header().Set("Content-Type", "application/json")
	if g.platform == "dingtalk" {
		out = map[string]any{"code": code, "message": "injected"}
		w.WriteHeader(status)
	}
	_ = json.NewEncoder(w).Encode(out)
}

// note counts the repeats that the platform knew by their id.
func (g *gate) note(answer []byte) {
	var said struct {
		MsgID string `json:"msgid"`
	}
	if json.Unmarshal(answer, &said) != nil || said.MsgID == "" {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ids[said.MsgID] {
		g.again++
	}
	g.ids[said.MsgID] = true
}

// calm forgets the faults that hit nothing.
func (g *gate) calm() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = nil
}
