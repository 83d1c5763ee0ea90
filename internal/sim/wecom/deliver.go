package simwecom

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Delivery is how a callback went.
type Delivery struct {
	Status   int   // of the last try; 0 if there was no answer
	Attempts int   // how often it was delivered
	Reply    *Sent // the passive reply, or nil
}

var errNoCodec = errors.New("fake WeCom: no callback token and key are configured")

// Deliver sends one message or event to the callback and repeats it, freshly
// encrypted, while the answer is not 200 or does not come in time, as document
// 90238 tells. A passive reply is verified, decrypted and recorded as shown to
// the sender. The error is that of the last try.
func (s *Server) Deliver(ctx context.Context, callbackURL string, ev Incoming) (Delivery, error) {
	if s.codec == nil {
		return Delivery{}, errNoCodec
	}
	inner := s.compose(&ev)
	var d Delivery
	for {
		d.Attempts++
		status, body, err := s.post(ctx, callbackURL, inner)
		d.Status = status
		if err == nil && status == http.StatusOK {
			d.Reply, err = s.passive(ev, body)
			return d, err
		}
		if d.Attempts > s.cfg.Retries || ctx.Err() != nil {
			if err == nil {
				err = fmt.Errorf("fake WeCom: callback answered %d", status)
			}
			return d, err
		}
	}
}

// post delivers inner once.
func (s *Server) post(ctx context.Context, callbackURL string, inner []byte) (int, []byte, error) {
	now, nonce := s.cfg.Now(), rand.Text()
	encrypted, err := s.codec.Encrypt(inner)
	if err != nil {
		return 0, nil, err
	}
	target, err := s.signedURL(callbackURL, now, nonce, encrypted)
	if err != nil {
		return 0, nil, err
	}
	outer := fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt><AgentID><![CDATA[%d]]></AgentID></xml>",
		s.cfg.CorpID, encrypted, s.cfg.AgentID)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader([]byte(outer)))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "text/xml")
	return s.do(req)
}

func (s *Server) do(req *http.Request) (int, []byte, error) {
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp.StatusCode, body, err
}

func (s *Server) signedURL(callbackURL string, now time.Time, nonce, encrypted string) (*url.URL, error) {
	u, err := url.Parse(callbackURL)
	if err != nil {
		return nil, err
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	q := u.Query()
	q.Set("msg_signature", s.codec.Signature(stamp, nonce, encrypted))
	q.Set("timestamp", stamp)
	q.Set("nonce", nonce)
	u.RawQuery = q.Encode()
	return u, nil
}

// passive opens the body of a 200 answer. Empty and "success" mean no reply.
func (s *Server) passive(ev Incoming, body []byte) (*Sent, error) {
	if len(body) == 0 || string(body) == "success" {
		return nil, nil
	}
	var outer struct {
		XMLName      xml.Name `xml:"xml"`
		MsgSignature string
		TimeStamp    string
		Nonce        string
	}
	if err := xml.Unmarshal(body, &outer); err != nil {
		return nil, fmt.Errorf("fake WeCom: the reply is no XML: %w", err)
	}
	inner, err := s.codec.Open(url.Values{
		"msg_signature": {outer.MsgSignature}, "timestamp": {outer.TimeStamp}, "nonce": {outer.Nonce},
	}, body)
	if err != nil {
		return nil, fmt.Errorf("fake WeCom: the reply does not verify: %w", err)
	}
	return s.showReply(ev, inner)
}

// showReply checks a decrypted reply and records it as shown to the sender.
func (s *Server) showReply(ev Incoming, inner []byte) (*Sent, error) {
	var r struct {
		XMLName      xml.Name `xml:"xml"`
		ToUserName   string
		FromUserName string
		CreateTime   int64
		MsgType      string
		Content      string
	}
	if err := xml.Unmarshal(inner, &r); err != nil {
		return nil, fmt.Errorf("fake WeCom: the reply's content is no XML: %w", err)
	}
	if !sameUser(r.ToUserName, ev.User) || r.FromUserName != s.cfg.CorpID || r.MsgType == "" {
		return nil, fmt.Errorf("fake WeCom: a %q reply from %q to %q does not answer %q", r.MsgType, r.FromUserName, r.ToUserName, ev.User)
	}
	text, _ := outgoing{MsgType: "text", Text: &content{r.Content}}.shown(maxText)
	sent := Sent{At: s.cfg.Now(), Channel: Passive, To: lower(r.ToUserName), Type: r.MsgType, Text: text}
	s.record(sent)
	return &sent, nil
}

// VerifyURL makes the check that the platform makes when the callback is saved:
// the answer must be the decrypted text and nothing else, within one second.
func (s *Server) VerifyURL(ctx context.Context, callbackURL string) error {
	if s.codec == nil {
		return errNoCodec
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	echo := strconv.FormatInt(s.cfg.Now().UnixNano(), 10)
	encrypted, err := s.codec.Encrypt([]byte(echo))
	if err != nil {
		return err
	}
	target, err := s.signedURL(callbackURL, s.cfg.Now(), rand.Text(), encrypted)
	if err != nil {
		return err
	}
	q := target.Query()
	q.Set("echostr", encrypted)
	target.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return err
	}
	status, body, err := s.do(req)
	if err != nil {
		return err
	}
	if status != http.StatusOK || string(body) != echo {
		return fmt.Errorf("fake WeCom: URL check got status %d and %d bytes that are not the echo", status, len(body))
	}
	return nil
}
