package dingtalk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"duban/internal/errs"
)

const vectorStamp = 1577262236757

func TestSignatureVectors(t *testing.T) {
	stamp := strconv.Itoa(vectorStamp)
	if got := signature("this is a secret", stamp); got != "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA=" {
		t.Errorf("push signature = %s", got)
	}
	custom := signature("this is secret", stamp)
	if custom != "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=" {
		t.Errorf("custom robot signature = %s", custom)
	}
	if got := (url.Values{"sign": {custom}}).Encode(); got != "sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D" {
		t.Errorf("as query = %s", got)
	}
}

func TestVerify(t *testing.T) {
	const good = "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA="
	stamp := strconv.Itoa(vectorStamp)
	at := time.UnixMilli(vectorStamp)
	tests := []struct {
		name, stamp, sign string
		now               time.Time
		want              string // part of the error; "" passes
	}{
		{"right", stamp, good, at, ""},
		{"blank around", " " + stamp, good + "\n", at, ""},
		{"an hour old", stamp, good, at.Add(time.Hour), ""},
		{"older than an hour", stamp, good, at.Add(time.Hour + time.Millisecond), "too old"},
		{"five minutes ahead", stamp, good, at.Add(-5 * time.Minute), ""},
		{"further ahead", stamp, good, at.Add(-5*time.Minute - time.Millisecond), "in the future"},
		{"other signature", stamp, "x" + good[1:], at, "does not match"},
		{"signature of another time", "1577262236758", good, at, "does not match"},
		{"url-encoded", stamp, url.QueryEscape(good), at, "does not match"},
		{"no signature", stamp, "", at, "missing"},
		{"no timestamp", "", good, at, "missing"},
		{"no number", "today", good, at, "not a number"},
		{"beyond int64", "99999999999999999999", good, at, "not a number"},
		{"least int64", "-9223372036854775808", good, at, "too old"},
		{"greatest int64", "9223372036854775807", good, at, "in the future"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v, err := NewVerifier(NewSecret("this is a secret"), func() time.Time { return tt.now })
			if err != nil {
				t.Fatal(err)
			}
			h := http.Header{}
			h.Set("timestamp", tt.stamp)
			h.Set("sign", tt.sign)
			err = v.Verify(h)
			if tt.want == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error = %v, want %q", err, tt.want)
			}
			if !errs.Is(err, errs.Forbidden) {
				t.Errorf("code = %s", errs.CodeOf(err))
			}
			if strings.Contains(err.Error(), good) || strings.Contains(err.Error(), "this is a secret") {
				t.Errorf("error shows a secret: %v", err)
			}
		})
	}
}

func TestNewVerifierRefusesAnEmptySecret(t *testing.T) {
	for _, secret := range []Secret{{}, NewSecret(""), NewSecret(" \n")} {
		if _, err := NewVerifier(secret, time.Now); !errs.Is(err, errs.Invalid) {
			t.Errorf("error = %v", err)
		}
	}
}
