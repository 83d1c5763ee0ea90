package wecom

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

// Signed lets one page use the platform's functions for pages (JS-SDK, document 90506).
type Signed struct {
	Corp      string
	Timestamp int64 // s
	Nonce     string
	Signature string
}

// Pages signs pages for the JS-SDK. The ticket it signs with is kept as long as it lives
// and asked for by one caller for all, as the platform gives 400 an hour to an enterprise.
type Pages struct {
	client  *Client
	now     func() time.Time
	tickets *tokens
}

// NewPages returns the signer of the client's enterprise.
func (c *Client) NewPages(now func() time.Time) *Pages {
	p := &Pages{client: c, now: now}
	p.tickets = &tokens{what: "page ticket", fetch: p.fetch, timeout: c.tokens.timeout, now: now, log: c.tokens.log}
	return p
}

// Sign signs the address of a page, without what follows a #.
func (p *Pages) Sign(ctx context.Context, address, nonce string) (Signed, error) {
	ticket, err := p.tickets.GetAccessTokenContext(ctx)
	if err != nil {
		return Signed{}, errs.At("wecom page ticket", err)
	}
	p.tickets.trust()
	s := Signed{Corp: p.client.corpID, Timestamp: p.now().Unix(), Nonce: nonce}
	s.Signature = pageSignature(ticket, nonce, s.Timestamp, address)
	return s, nil
}

// pageSignature is the platform's formula; the order of the parts counts.
func pageSignature(ticket, nonce string, timestamp int64, address string) string {
	address, _, _ = strings.Cut(address, "#")
	sum := sha1.Sum([]byte("jsapi_ticket=" + ticket + "&noncestr=" + nonce + "&timestamp=" + strconv.FormatInt(timestamp, 10) + "&url=" + address))
	return hex.EncodeToString(sum[:])
}

// fetch asks for a ticket (document 90506).
func (p *Pages) fetch(ctx context.Context) (string, time.Duration, error) {
	var a struct {
		Ticket  string `json:"ticket"`
		Seconds int64  `json:"expires_in"`
	}
	err := p.client.ask(ctx, "/cgi-bin/get_jsapi_ticket", nil, nil, &a)
	if err == nil && (a.Ticket == "" || a.Seconds <= 0) {
		err = fail(bot.Temporary, "bad_answer", errors.New("no ticket in the answer"))
	}
	return a.Ticket, time.Duration(a.Seconds) * time.Second, err
}
