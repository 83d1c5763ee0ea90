package aibot

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"duban/bot"
)

// TestEveryFailureOfALateAnswer lets the address that came with a message fail in every
// way. What may have been shown is in doubt, anything else may go by another road, and
// neither the code in the address nor the address is in the error.
func TestEveryFailureOfALateAnswer(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") }))
	defer inner.Close()
	for name, c := range map[string]struct {
		serve  http.HandlerFunc
		class  bot.SendClass
		reason string
	}{
		"hanging": {func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server see its caller leave
			<-r.Context().Done()
		}, bot.Ambiguous, "answer_lost"},
		"cut": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, bot.Ambiguous, "answer_lost"},
		"redirected": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, inner.URL+"/inner", http.StatusTemporaryRedirect)
		}, bot.Temporary, "http_status"},
		"HTML": {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, bot.Ambiguous, "bad_answer"},
		"truncated": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"errcode":0`)
		}, bot.Ambiguous, "bad_answer"},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for block := strings.Repeat("x", 1<<12); r.Context().Err() == nil; {
				if _, err := io.WriteString(w, block); err != nil {
					return
				}
			}
		}, bot.Ambiguous, "bad_answer"},
		"server error": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, bot.Temporary, "http_status"},
		"used or too old": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"errcode":40058,"errmsg":"invalid"}`)
		}, bot.Permanent, "session_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.serve)
			defer server.Close()
			r := NewResponder(Config{APIBase: server.URL}, 300*time.Millisecond)
			err := r.Respond(context.Background(), server.URL+responsePath+"?response_code=sesame", bot.Reply{Text: "好"})
			var e *bot.SendError
			if !errors.As(err, &e) || e.Class != c.class || e.Reason != c.reason {
				t.Fatalf("%v, want %s %s", err, c.class, c.reason)
			}
			if strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), server.URL) {
				t.Errorf("the address is in %q", err)
			}
		})
	}
}

// A late answer with buttons is a card in a private chat, and words in a group, where the
// platform takes no card by such an address (document 101138).
func TestLateCards(t *testing.T) {
	var kinds []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b Body
		_ = json.NewDecoder(r.Body).Decode(&b)
		kinds = append(kinds, b.Kind)
		if r.URL.Query().Get("response_code") != "c" {
			t.Errorf("called at %s", r.URL)
		}
		_, _ = io.WriteString(w, `{"errcode":0}`)
	}))
	defer server.Close()
	question := bot.Reply{Text: "确认吗？", Buttons: []bot.Button{{Label: "确认", Send: "确认"}}}
	for _, c := range []struct {
		chat  string
		cards bool
	}{{"single", true}, {"group", true}, {"single", false}} {
		cfg := Config{APIBase: server.URL, Cards: c.cards}
		m, err := Decode([]byte(`{"msgid":"m","chattype":"`+c.chat+`","chatid":"g","from":{"userid":"wang"},"msgtype":"text","text":{"content":"x"},"response_url":"`+server.URL+responsePath+`?response_code=c"}`), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := NewResponder(cfg, time.Second).Respond(context.Background(), m.ReplyURL, question); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Join(kinds, " "); got != "template_card markdown markdown" {
		t.Errorf("sent %s", got)
	}
}
