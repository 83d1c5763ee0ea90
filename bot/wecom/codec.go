package wecom

import (
	"crypto/subtle"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"duban/bot/sealed"
	"duban/internal/errs"
)

// MaxBody is the largest callback body that is looked at. Real ones are a few
// kilobytes.
const MaxBody = 1 << 20

// Codec verifies, opens and seals callbacks of one app. It is immutable and safe
// for concurrent use. With an empty receiveID it serves an 智能机器人, whose
// frames carry no receiver (document 101033).
type Codec struct {
	token     string
	receiveID string
	box       *sealed.Box
}

// NewCodec returns a codec for the three settings of the app's callback page.
// receiveID is the corp id for a self-built app. No error text contains the
// token or the key.
func NewCodec(token, encodingAESKey, receiveID string) (*Codec, error) {
	if token == "" {
		return nil, errs.New(errs.Invalid, "企业微信回调 Token 没有填写。请从应用“接收消息”页面复制。")
	}
	box, err := sealed.New(encodingAESKey)
	if err != nil {
		return nil, errs.With(errs.Invalid, "企业微信 EncodingAESKey 应为 43 个字符。请从应用“接收消息”页面复制。", err)
	}
	return &Codec{token: token, receiveID: receiveID, box: box}, nil
}

// WithRandom returns a copy that takes the sixteen leading bytes of each sealed
// frame from r. It exists for test vectors.
func (c *Codec) WithRandom(r io.Reader) *Codec {
	dup := *c
	dup.box = c.box.WithRandom(r)
	return &dup
}

// Signature returns the lower-case hex signature over token, timestamp, nonce
// and the encrypted text (document 90968).
func (c *Codec) Signature(timestamp, nonce, encrypted string) string {
	return sealed.Signature(c.token, timestamp, nonce, encrypted)
}

// Unwrap checks the signature in query (msg_signature, timestamp, nonce) over
// encrypted and decrypts it. Every failure is ErrRejected.
func (c *Codec) Unwrap(query url.Values, encrypted string) ([]byte, error) {
	if len(encrypted) > MaxBody {
		return nil, reject("too_large")
	}
	want := c.Signature(query.Get("timestamp"), query.Get("nonce"), encrypted)
	if subtle.ConstantTimeCompare([]byte(want), []byte(query.Get("msg_signature"))) != 1 {
		return nil, reject("signature")
	}
	plain, _, err := c.box.Open(encrypted, c.receiveID)
	var flaw sealed.Flaw
	if errors.As(err, &flaw) {
		return nil, reject(string(flaw))
	}
	return plain, err
}

// VerifyURL answers the check that the platform makes when the callback is
// saved: the returned text is the whole response body, and it is due within one
// second (document 90238).
func (c *Codec) VerifyURL(query url.Values) (string, error) {
	plain, err := c.Unwrap(query, query.Get("echostr"))
	return string(plain), err
}

// envelope is the outer XML of a callback. Nothing in it is signed but Encrypt,
// so nothing else is read.
type envelope struct {
	XMLName xml.Name `xml:"xml"`
	Encrypt string   `xml:"Encrypt"`
}

// Open returns the decrypted inner XML of a callback body. Every failure is
// ErrRejected.
func (c *Codec) Open(query url.Values, body []byte) ([]byte, error) {
	if len(body) > MaxBody {
		return nil, reject("too_large")
	}
	var env envelope
	if err := unmarshalPlain(body, &env); err != nil {
		return nil, reject("envelope")
	}
	return c.Unwrap(query, env.Encrypt)
}

// Encrypt returns msg as the base64 text that goes into an envelope.
func (c *Codec) Encrypt(msg []byte) (string, error) {
	return c.box.Seal(msg, c.receiveID)
}

// Seal returns the outer XML of a passive reply (document 90238). The nonce is
// ours to choose for an app; the request's own will do.
func (c *Codec) Seal(inner []byte, now time.Time, nonce string) ([]byte, error) {
	encrypted, err := c.Encrypt(inner)
	if err != nil {
		return nil, errs.At("seal reply", err)
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	return fmt.Appendf(nil,
		"<xml><Encrypt>%s</Encrypt><MsgSignature>%s</MsgSignature><TimeStamp>%s</TimeStamp><Nonce>%s</Nonce></xml>",
		cdata(encrypted), c.Signature(stamp, nonce, encrypted), stamp, cdata(nonce)), nil
}
