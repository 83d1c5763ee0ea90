package dingtalk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"duban/internal/errs"
)

const (
	maxPast   = time.Hour       // DingTalk document "receive message": one hour
	maxFuture = 5 * time.Minute // our own, narrower: clocks differ by less
)

// Verifier checks that a robot push comes from DingTalk.
type Verifier struct {
	secret Secret
	now    func() time.Time
}

// NewVerifier returns a verifier for the application's client secret. An empty
// secret is refused, because everybody could sign with it.
func NewVerifier(secret Secret, now func() time.Time) (*Verifier, error) {
	if secret.Empty() {
		return nil, errs.New(errs.Invalid, "没有配置钉钉应用的 ClientSecret，请先在配置里填写。")
	}
	if now == nil {
		now = time.Now
	}
	return &Verifier{secret: secret, now: now}, nil
}

// Verify checks the headers "timestamp" (Unix milliseconds) and "sign"
// (DingTalk document "receive message"). The error has the code Forbidden and
// names the failed check for the log, never the expected value.
//
// The signature does not cover the body: the caller must also use TLS, and
// Decode compares robot and organisation with the configuration.
func (v *Verifier) Verify(header http.Header) error {
	stamp := strings.TrimSpace(header.Get("timestamp"))
	sign := strings.TrimSpace(header.Get("sign"))
	if stamp == "" || sign == "" {
		return refused("timestamp or sign header is missing")
	}
	millis, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return refused("timestamp header is not a number")
	}
	now := v.now().UnixMilli()
	if millis < now-maxPast.Milliseconds() {
		return refused("timestamp is too old")
	}
	if millis > now+maxFuture.Milliseconds() {
		return refused("timestamp lies in the future")
	}
	if !hmac.Equal([]byte(sign), []byte(signature(v.secret.Reveal(), stamp))) {
		return refused("sign header does not match")
	}
	return nil
}

// signature is Base64(HMAC-SHA256(key, timestamp + "\n" + key)), used for pushes
// and for custom robots with signing.
func signature(key, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(timestamp + "\n" + key))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func refused(check string) error {
	return errs.With(errs.Forbidden, "这条请求没有通过钉钉签名校验。", errors.New(check))
}
