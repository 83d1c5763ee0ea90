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
	"strings"
	"sync"
	"time"
	"unicode"
)

// letter is a message that a fake platform has taken.
type letter struct {
	platform string
	to       string // user id in lower case; "" for a group or a conversation
	text     string // letters and digits only, see plain
}

// gate stands before a fake platform: it makes calls fail and writes down what
// the platform took, also when the answer was lost on the way back.
type gate struct {
	platform string
	inner    http.Handler
	server   *http.Server
	base     string

	mu      sync.Mutex
	faults  []fault // of the next sends
	letters []letter
	ids     map[string]bool // message ids that were given out
	again   int             // repeats the platform knew for such and did not show
}

// latency is half of what a platform takes: long enough to be killed in.
const latency = 15 * time.Millisecond

func openGate(platform string, inner http.Handler) (*gate, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &gate{platform: platform, inner: inner, ids: map[string]bool{}, base: "http://" + l.Addr().String()}
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
	g.note(body, answer.Code, answer.Body.Bytes())
	time.Sleep(latency)
	if f == dropAfter {
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

// note writes down what the platform took.
func (g *gate) note(body []byte, status int, answer []byte) {
	var said struct {
		ErrCode int    `json:"errcode"`
		MsgID   string `json:"msgid"`
	}
	_ = json.Unmarshal(answer, &said)
	if status != http.StatusOK || said.ErrCode != 0 {
		return
	}
	l := read(body)
	l.platform = g.platform
	g.mu.Lock()
	defer g.mu.Unlock()
	if said.MsgID != "" && g.ids[said.MsgID] {
		g.again++
		return
	}
	g.ids[said.MsgID] = true
	g.letters = append(g.letters, l)
}

// read finds receiver and words in any of the bodies.
func read(body []byte) letter {
	var m struct {
		ToUser   string                                `json:"touser"`
		UserIDs  []string                              `json:"userIds"`
		Param    string                                `json:"msgParam"`
		Text     struct{ Content string }              `json:"text"`
		Markdown struct{ Title, Text, Content string } `json:"markdown"`
	}
	_ = json.Unmarshal(body, &m)
	l := letter{to: strings.ToLower(m.ToUser)}
	if len(m.UserIDs) == 1 {
		l.to = strings.ToLower(m.UserIDs[0])
	}
	words := m.Text.Content + m.Markdown.Content + m.Markdown.Text
	if m.Param != "" {
		var p struct{ Title, Text, Content string }
		_ = json.Unmarshal([]byte(m.Param), &p)
		words = p.Text + p.Content
	}
	l.text = plain(words)
	return l
}

// plain leaves letters and digits, which no platform's markup changes.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func (g *gate) taken() []letter {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.letters)
}

// calm forgets the faults that hit nothing.
func (g *gate) calm() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults = nil
}
