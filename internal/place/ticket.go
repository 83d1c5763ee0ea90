package place

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// Tickets are given out with each form and asked back with it: that a form comes with
// one says that this house handed it out, for this place, not long ago. A ticket names
// the form and nobody.
type Tickets struct{ Key string } // the same on all nodes

// TicketLife is how long a form may stay open on a phone.
const TicketLife = 12 * time.Hour

// Issue returns a new ticket for the place of a token.
func (t Tickets) Issue(token string, now time.Time) string {
	body := strconv.FormatInt(now.Unix(), 36) + "." + rand.Text()
	return body + "." + t.sign(token, body)
}

// Good reports whether a ticket was given out for the place of a token and is not too old.
func (t Tickets) Good(ticket, token string, now time.Time) bool {
	i := strings.LastIndexByte(ticket, '.')
	if i < 0 || len(ticket) > 120 || !hmac.Equal([]byte(ticket[i+1:]), []byte(t.sign(token, ticket[:i]))) {
		return false
	}
	at, _, _ := strings.Cut(ticket, ".")
	issued, err := strconv.ParseInt(at, 36, 64)
	age := now.Sub(time.Unix(issued, 0))
	return err == nil && age < TicketLife && age > -time.Hour // nodes' clocks differ
}

func (t Tickets) sign(token, body string) string {
	mac := hmac.New(sha256.New, []byte(t.Key))
	mac.Write([]byte("form|" + token + "|" + body))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}
