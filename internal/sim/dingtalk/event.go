package simdingtalk

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Event is something that happens beside messages.
type Event struct {
	ID    string // chosen freely if empty; equal ids are the same event
	Type  string // such as user_leave_org
	Users []string
	Depts []int64
	At    time.Time // zero: now
	Corp  string    // empty: the organisation's own
	Times int       // how often it is pushed; 0 means once
}

// ErrPushFailed says that an event was not taken: the platform would push it again.
var ErrPushFailed = errors.New("event push failed")

// Join makes somebody a member, Leave ends it: nothing can be sent to who has left.
func (s *Sim) Join(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = u
}

// Leave removes a member.
func (s *Sim) Leave(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.users, id)
}

// CheckURL tries an address as the console does when a subscription is saved.
func (s *Sim) CheckURL(ctx context.Context, callbackURL string) error {
	return s.pushEvent(ctx, callbackURL, []byte(`{"EventType":"check_url"}`))
}

// DeliverEvent pushes an event to an HTTP address, sealed. It is ErrPushFailed unless the
// answer is the sealed word success.
func (s *Sim) DeliverEvent(ctx context.Context, callbackURL string, e Event) error {
	s.complete(&e)
	data, err := json.Marshal(map[string]any{"EventType": e.Type, "TimeStamp": strconv.FormatInt(e.At.UnixMilli(), 10), "UserId": e.Users,
		"DeptId": e.Depts, "CorpId": e.Corp, "eventId": e.ID})
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	for range max(e.Times, 1) {
		if err := s.pushEvent(ctx, callbackURL, data); err != nil {
			return err
		}
	}
	return nil
}

// StreamEvent hands an event to one of the connections. It is ErrPushFailed unless the
// acknowledgement says SUCCESS.
func (s *Sim) StreamEvent(ctx context.Context, e Event) error {
	s.complete(&e)
	data, err := json.Marshal(map[string]any{"timeStamp": e.At.UnixMilli(), "userId": e.Users, "deptId": e.Depts})
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	for range max(e.Times, 1) {
		c := s.pick("EVENT *")
		if c == nil {
			return ErrNoStream
		}
		a, err := c.ask(ctx, "EVENT", "*", map[string]string{"eventId": e.ID, "eventType": e.Type, "eventCorpId": e.Corp,
			"eventBornTime": strconv.FormatInt(e.At.UnixMilli(), 10)}, string(data))
		if err != nil {
			return err
		}
		var said struct{ Status string }
		if a.Code != http.StatusOK || json.Unmarshal([]byte(a.Data), &said) != nil || said.Status != "SUCCESS" {
			return fmt.Errorf("%w: acknowledged with %d %q", ErrPushFailed, a.Code, a.Data)
		}
	}
	return nil
}

func (s *Sim) complete(e *Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.ID == "" {
		e.ID = s.next("event-")
	}
	if e.At.IsZero() {
		e.At = s.cfg.Now()
	}
	if e.Corp == "" {
		e.Corp = s.cfg.CorpID
	}
}

func (s *Sim) pushEvent(ctx context.Context, callbackURL string, plain []byte) error {
	frame, err := s.seal(plain)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"encrypt": frame})
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	stamp, nonce := strconv.FormatInt(s.cfg.Now().UnixMilli(), 10), rand.Text()[:8]
	query := url.Values{"signature": {s.signEvent(stamp, nonce, frame)}, "timestamp": {stamp}, "nonce": {nonce}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, callbackURL+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("push event: %w", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("push event: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxRequest))
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: status %d", ErrPushFailed, resp.StatusCode)
	}
	return s.acceptEvent(raw)
}

// acceptEvent takes the answer to a push: sealed for the same owner, signed, and saying
// success.
func (s *Sim) acceptEvent(raw []byte) error {
	var a struct {
		Signature string `json:"msg_signature"`
		Timestamp string `json:"timeStamp"`
		Nonce     string `json:"nonce"`
		Encrypt   string `json:"encrypt"`
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("%w: answer is no JSON: %w", ErrPushFailed, err)
	}
	if a.Signature != s.signEvent(a.Timestamp, a.Nonce, a.Encrypt) {
		return fmt.Errorf("%w: answer is not signed", ErrPushFailed)
	}
	if word, err := s.unseal(a.Encrypt); err != nil || word != "success" {
		return fmt.Errorf("%w: answer says %q (%w)", ErrPushFailed, word, err)
	}
	return nil
}

func (s *Sim) signEvent(timestamp, nonce, frame string) string {
	parts := []string{s.cfg.EventToken, timestamp, nonce, frame}
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func (s *Sim) eventKey() ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(s.cfg.EventAESKey + "=")
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("no aes_key for events is configured")
	}
	return key, nil
}

func (s *Sim) seal(msg []byte) (string, error) {
	key, err := s.eventKey()
	if err != nil {
		return "", err
	}
	plain := []byte(rand.Text()[:16])
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(msg)))
	plain = append(append(plain, msg...), s.cfg.ClientID...)
	pad := 32 - len(plain)%32
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", fmt.Errorf("event cipher: %w", err)
	}
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

func (s *Sim) unseal(frame string) (string, error) {
	key, err := s.eventKey()
	if err != nil {
		return "", err
	}
	data, err := base64.StdEncoding.DecodeString(frame)
	if err != nil || len(data) < 32 || len(data)%16 != 0 {
		return "", fmt.Errorf("frame of %d bytes", len(data))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", fmt.Errorf("event cipher: %w", err)
	}
	cipher.NewCBCDecrypter(block, key[:16]).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > 32 || pad > len(data)-20 {
		return "", fmt.Errorf("padding of %d", pad)
	}
	rest := data[20 : len(data)-pad]
	size := binary.BigEndian.Uint32(data[16:20])
	if uint64(size) > uint64(len(rest)) || string(rest[size:]) != s.cfg.ClientID {
		return "", fmt.Errorf("frame for somebody else")
	}
	return string(rest[:size]), nil
}
