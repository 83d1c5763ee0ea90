package aibot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/wecom"
)

const responsePath = "/cgi-bin/aibot/response"

// responseAddress reports whether an address is the platform's own for answering later.
// It holds a code that needs no token: nothing else is ever called.
func responseAddress(raw, base string) bool {
	got, err := url.Parse(raw)
	want, err2 := url.Parse(Config{APIBase: base}.apiBase())
	return err == nil && err2 == nil && got.User == nil && strings.EqualFold(got.Scheme, want.Scheme) && strings.EqualFold(got.Host, want.Host) &&
		got.Path == strings.TrimRight(want.Path, "/")+responsePath && got.Query().Get("response_code") != ""
}

// Responder answers later by the address that came with a message: once, within an hour
// (document 101138). In a group the answer quotes what it answers.
type Responder struct {
	base  string
	cards bool
	http  *http.Client
}

// NewResponder returns a responder for the addresses of one platform.
func NewResponder(cfg Config, timeout time.Duration) *Responder {
	return &Responder{base: cfg.APIBase, cards: cfg.Cards, http: &http.Client{Timeout: timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Takes reports whether an address is one of ours to answer by.
func (r *Responder) Takes(address string) bool { return responseAddress(address, r.base) }

// Respond sends a reply. The address takes one message, so that of a long reply the first
// part is sent and its end says that there is more. Errors are *bot.SendError without the
// address.
func (r *Responder) Respond(ctx context.Context, address string, reply bot.Reply) error {
	parts := Parts(reply)
	if len(parts) == 0 || !r.Takes(address) {
		return &bot.SendError{Class: bot.Permanent, Reason: "bad_url", Err: errors.New("smart bot: no answer or not the platform's address")}
	}
	body, err := json.Marshal(r.body(address, parts, reply))
	if err != nil {
		return &bot.SendError{Class: bot.Permanent, Reason: "bad_request", Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &bot.SendError{Class: bot.Permanent, Reason: "bad_url", Err: errors.New("smart bot: address is not usable")}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := r.http.Do(req)
	if err != nil {
		return &bot.SendError{Class: bot.Ambiguous, Reason: "answer_lost", Err: errors.New("smart bot: no answer from the platform")}
	}
	defer func() { _ = resp.Body.Close() }()
	return judged(resp)
}

// body is what is sent by an address: a card where there may be one, else the first part.
func (r *Responder) body(address string, parts []string, reply bot.Reply) Body {
	if card, fits := wecom.CardOf(reply, wecom.TaskID(address)); fits && r.cards && takesCards(address) {
		return cardBody(card)
	}
	content := parts[0]
	if len(parts) > 1 {
		content += "  \n（太长了，后面的没有显示。请私聊我再问一次。）"
	}
	return markdownBody(content)
}

// cardsHere marks the address of a private chat: in a group it takes no cards (document
// 101138). A fragment is not sent along.
const cardsHere = "#cards"

func withCards(address string) string {
	if strings.Contains(address, "#") {
		return address
	}
	return address + cardsHere
}

func takesCards(address string) bool { return strings.HasSuffix(address, cardsHere) }

func judged(resp *http.Response) error {
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	var a struct {
		Code *int64 `json:"errcode"`
	}
	switch {
	case err != nil || json.Unmarshal(raw, &a) != nil && resp.StatusCode == http.StatusOK:
		return &bot.SendError{Class: bot.Ambiguous, Reason: "bad_answer", Err: errors.New("smart bot: answer not read")}
	case resp.StatusCode != http.StatusOK:
		return &bot.SendError{Class: bot.Temporary, Reason: "http_status", Code: strconv.Itoa(resp.StatusCode), Err: fmt.Errorf("smart bot: http status %d", resp.StatusCode)}
	case a.Code != nil && *a.Code != 0:
		return refused(*a.Code)
	}
	return nil
}

// refused is an errcode of the platform. Whatever it is, the short road is gone.
func refused(code int64) error {
	return &bot.SendError{Class: bot.Permanent, Reason: "session_gone", Code: strconv.FormatInt(code, 10), Err: errors.New("smart bot: answer refused")}
}
