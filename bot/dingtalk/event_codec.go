package dingtalk

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"slices"
	"strconv"
	"time"

	"duban/bot/sealed"
	"duban/internal/errs"
)

// EventCodec opens the events that DingTalk pushes over HTTP and seals the answers
// (document "callback-crypto"). It is immutable and safe for concurrent use.
type EventCodec struct {
	token  Secret
	owners []string
	box    *sealed.Box
}

// NewEventCodec returns a codec for the two settings of the page 事件订阅. owners are whom
// frames may be sealed for: the client id for a subscription made in the console, the corp
// id for one made by the old API.
func NewEventCodec(token, aesKey Secret, owners ...string) (*EventCodec, error) {
	owners = slices.DeleteFunc(slices.Clone(owners), func(o string) bool { return o == "" })
	if token.Empty() || len(owners) == 0 {
		return nil, errs.New(errs.Invalid, "钉钉事件订阅的 token 没有填写。请从开放平台应用的“事件订阅”页面复制。")
	}
	box, err := sealed.New(aesKey.Reveal())
	if err != nil {
		return nil, errs.With(errs.Invalid, "钉钉事件订阅的 aes_key 应为 43 个字符。请从开放平台应用的“事件订阅”页面复制。", err)
	}
	return &EventCodec{token: token, owners: owners, box: box}, nil
}

// WithRandom returns a copy that takes the leading bytes of each frame from r. It exists
// for test vectors.
func (c *EventCodec) WithRandom(r io.Reader) *EventCodec {
	dup := *c
	dup.box = c.box.WithRandom(r)
	return &dup
}

// Signature signs a frame; see sealed.Signature.
func (c *EventCodec) Signature(timestamp, nonce, encrypted string) string {
	return sealed.Signature(c.token.Reveal(), timestamp, nonce, encrypted)
}

// Open checks and decrypts the body of a push and returns for whom it was sealed, which
// the answer must be, too. Every failure is Forbidden and names the failed check for the
// log alone.
func (c *EventCodec) Open(query url.Values, body []byte) (event []byte, owner string, err error) {
	var envelope struct{ Encrypt string }
	if json.Unmarshal(body, &envelope) != nil || envelope.Encrypt == "" {
		return nil, "", refusedEvent("envelope")
	}
	given := query.Get("signature") // some pages and pushes name it otherwise
	if given == "" {
		given = query.Get("msg_signature")
	}
	want := c.Signature(query.Get("timestamp"), query.Get("nonce"), envelope.Encrypt)
	if subtle.ConstantTimeCompare([]byte(want), []byte(given)) != 1 {
		return nil, "", refusedEvent("signature")
	}
	event, owner, err = c.box.Open(envelope.Encrypt, c.owners...)
	var flaw sealed.Flaw
	if errors.As(err, &flaw) {
		return nil, "", refusedEvent(string(flaw))
	}
	return event, owner, err
}

// sealedAnswer is the only answer that DingTalk takes for success.
type sealedAnswer struct {
	Signature string `json:"msg_signature"`
	Timestamp string `json:"timeStamp"`
	Nonce     string `json:"nonce"`
	Encrypt   string `json:"encrypt"`
}

// Success seals the answer that acknowledges a push.
func (c *EventCodec) Success(owner string, now time.Time) ([]byte, error) {
	return c.answer(owner, strconv.FormatInt(now.UnixMilli(), 10), rand.Text()[:16])
}

func (c *EventCodec) answer(owner, timestamp, nonce string) ([]byte, error) {
	encrypted, err := c.box.Seal([]byte("success"), owner)
	if err != nil {
		return nil, errs.At("seal answer", err)
	}
	return json.Marshal(sealedAnswer{c.Signature(timestamp, nonce, encrypted), timestamp, nonce, encrypted})
}

func refusedEvent(check string) error {
	return errs.With(errs.Forbidden, "这条请求没有通过钉钉事件签名校验。", errors.New(check))
}
