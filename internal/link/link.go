// Package link is the links that lead from a chat to a page with a hazard and its
// photos. A link is no right: it says who asked for it, and what that person may see is
// decided anew each time the page is opened.
package link

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// The kinds of link.
const (
	View   = "view"   // a hazard with its photos, for one person
	Status = "status" // how far a hazard is, for whoever filed it through a code
)

// Link is what is kept of one. The token itself is not: who reads the database can
// open nothing.
type Link struct {
	ID       int64
	Hash     string // of the token
	Kind     string
	PersonID string // whose rights count; empty for Status
	HazardID int64
	Browser  string // hash of the cookie of the one browser it opens in; empty until it was opened
	Created  time.Time
	Expires  time.Time
}

// NewToken returns 130 random bits in letters and digits.
func NewToken() string { return rand.Text() }

// Hash is what is kept of a token or a cookie.
func Hash(token string) string {
	sum := sha256.Sum256([]byte("duban link " + token))
	return hex.EncodeToString(sum[:])
}

// New returns a link for a token.
func New(kind, token, person string, hazard int64, now time.Time, life time.Duration) Link {
	return Link{Hash: Hash(token), Kind: kind, PersonID: person, HazardID: hazard, Created: now, Expires: now.Add(life)}
}
