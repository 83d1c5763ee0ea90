// Package login is what a browser holds of somebody who has logged in with a platform:
// signed words that name an account and nothing else. What the account may see is asked
// anew with each page.
package login

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Account is somebody on a platform, in the organisation that is configured for it.
type Account struct {
	Platform string `json:"p"`
	User     string `json:"u"`
}

// Start is a login under way.
type Start struct {
	Platform string `json:"p"`
	State    string `json:"s"` // what the platform brings back, so that nobody is logged in by a foreign page
	To       string `json:"t"` // the page it was begun for
}

// How long a login may take, and how long it lasts: people share computers.
const (
	StartLife = 10 * time.Minute
	Life      = 2 * time.Hour
)

// Keys signs. All nodes sign with the same key.
type Keys struct{ Key string }

// Pass returns the words that say who uses a browser.
func (k Keys) Pass(a Account, now time.Time) string { return k.seal("pass", a, now.Add(Life)) }

// Account reads a pass; ok is false for one that is not ours or too old.
func (k Keys) Account(pass string, now time.Time) (a Account, ok bool) {
	ok = k.open("pass", pass, now, &a)
	return a, ok && a.User != ""
}

// Begin returns the words that remember a login under way.
func (k Keys) Begin(s Start, now time.Time) string { return k.seal("start", s, now.Add(StartLife)) }

// Resume reads what a login under way was begun with, if state is what the platform was
// given.
func (k Keys) Resume(began, state string, now time.Time) (s Start, ok bool) {
	ok = k.open("start", began, now, &s) && s.State != "" && hmac.Equal([]byte(s.State), []byte(state))
	return s, ok
}

// longest bounds what is looked at: an account is at most 129 bytes.
const longest = 1024

type sealed struct {
	Ends int64           `json:"e"` // s
	Body json.RawMessage `json:"b"`
}

func (k Keys) seal(purpose string, v any, ends time.Time) string {
	body, _ := json.Marshal(v) // plain structs of texts
	whole, _ := json.Marshal(sealed{ends.Unix(), body})
	text := base64.RawURLEncoding.EncodeToString(whole)
	return text + "." + k.sign(purpose, text)
}

func (k Keys) open(purpose, words string, now time.Time, v any) bool {
	text, signature, _ := strings.Cut(words, ".")
	if k.Key == "" || len(words) > longest || !hmac.Equal([]byte(signature), []byte(k.sign(purpose, text))) {
		return false
	}
	whole, err := base64.RawURLEncoding.DecodeString(text)
	var s sealed
	return err == nil && json.Unmarshal(whole, &s) == nil && now.Before(time.Unix(s.Ends, 0)) && json.Unmarshal(s.Body, v) == nil
}

func (k Keys) sign(purpose, text string) string {
	mac := hmac.New(sha256.New, []byte(k.Key))
	mac.Write([]byte("login|" + purpose + "|" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}
