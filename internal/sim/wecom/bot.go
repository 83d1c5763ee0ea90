package simwecom

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"duban/bot/wecom"
)

// BotConfig describes one smart bot of an enterprise.
type BotConfig struct {
	BotID          string
	Name           string // how it is mentioned in groups
	CorpID         string
	Secret         string // of the long connection
	Token          string // of the callback
	EncodingAESKey string // of the callback, 43 characters
	Now            func() time.Time
	CallbackTime   time.Duration // default 5 s
}

// Bot is a fake smart bot: it hands messages over by callback or by its long connection
// and takes the answers. It is an http.Handler for /cgi-bin/aibot/ and /aibot/.
type Bot struct {
	cfg    BotConfig
	codec  *wecom.Codec
	mux    *http.ServeMux
	client *http.Client
	out    *Server // its record
	seq    counter

	mu    sync.Mutex
	base  string
	codes map[string]code     // response codes that were given out
	cards map[string]*botCard // by task id
	files map[string]botFile  // by id
	seen  map[string]place    // conversations that have written to it
	socketSide
}

type code struct {
	place
	ends time.Time
}

type botFile struct {
	data []byte
	ends time.Time
}

const (
	codeLife    = time.Hour
	botFileLife = 5 * time.Minute
)

// NewBot returns a fake bot that records what it shows in the enterprise's record.
func NewBot(cfg BotConfig, record *Server) (*Bot, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.CallbackTime <= 0 {
		cfg.CallbackTime = 5 * time.Second
	}
	b := &Bot{cfg: cfg, out: record, mux: http.NewServeMux(), client: &http.Client{Timeout: cfg.CallbackTime, CheckRedirect: noRedirect},
		codes: map[string]code{}, cards: map[string]*botCard{}, files: map[string]botFile{}, seen: map[string]place{}}
	b.moved = make(chan struct{})
	if cfg.Token != "" {
		codec, err := wecom.NewCodec(cfg.Token, cfg.EncodingAESKey, "")
		if err != nil {
			return nil, fmt.Errorf("fake smart bot: %w", err)
		}
		b.codec = codec
	}
	b.mux.HandleFunc("POST /cgi-bin/aibot/response", b.respond)
	b.mux.HandleFunc("GET /aibot/file/{id}", b.serveFile)
	b.mux.HandleFunc("GET /aibot/ws", b.connect)
	return b, nil
}

// SetBaseURL tells where the handler is reached.
func (b *Bot) SetBaseURL(base string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.base = strings.TrimRight(base, "/")
}

// ServeHTTP implements http.Handler.
func (b *Bot) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.mux.ServeHTTP(w, r) }

// BotIncoming is something a person writes to the bot: privately, or in a group with the
// bot mentioned.
type BotIncoming struct {
	User, Group string
	Text        string
	Images      [][]byte
	Voice       string // what was said, as the platform heard it
	Quote       string // the text that is quoted
	QuoteImage  []byte // or the picture
	Event       string // such as enter_chat
	Press       *BotPress
	Corp        string // another organisation
	MsgID       string
	Times       int // how often it is delivered; 0: once
}

// frame is the JSON of a message. own gives each file a key of its own.
func (b *Bot) frame(in *BotIncoming, own bool) map[string]any {
	if in.MsgID == "" {
		in.MsgID = "bot-" + strconv.FormatInt(b.seq.next(), 10)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	from := map[string]any{"userid": in.User}
	if in.Corp != "" {
		from["corpid"] = in.Corp
	}
	at, kind := in.place(), "single"
	if at.group {
		kind = "group"
	}
	if !in.entering() { // opening a chat is not writing in it
		b.seen[at.to] = at
	}
	c := rand.Text()
	b.codes[c] = code{place: at, ends: b.cfg.Now().Add(codeLife)}
	f := map[string]any{"msgid": in.MsgID, "aibotid": b.cfg.BotID, "chattype": kind, "from": from, "create_time": b.cfg.Now().Unix(),
		"response_url": b.base + "/cgi-bin/aibot/response?response_code=" + c}
	if in.Group != "" {
		f["chatid"] = in.Group
	}
	b.content(f, in, own)
	return f
}

// content fills in what the message says. The caller holds the lock.
func (b *Bot) content(f map[string]any, in *BotIncoming, own bool) {
	text := in.Text
	if in.Group != "" {
		text = strings.TrimSpace("@" + b.cfg.Name + " " + text)
	}
	words := map[string]any{"msgtype": "text", "text": map[string]any{"content": text}}
	switch {
	case in.Press != nil:
		f["msgtype"], f["event"] = "event", in.Press.event()
	case in.Event != "":
		f["msgtype"], f["event"] = "event", map[string]any{"eventtype": in.Event}
	case in.Voice != "":
		f["msgtype"], f["voice"] = "voice", map[string]any{"content": in.Voice}
	case len(in.Images) == 1 && text == "":
		f["msgtype"], f["image"] = "image", b.image(in.Images[0], own)
	case len(in.Images) > 0:
		items := []map[string]any{}
		if text != "" {
			items = append(items, words)
		}
		for _, data := range in.Images {
			items = append(items, map[string]any{"msgtype": "image", "image": b.image(data, own)})
		}
		f["msgtype"], f["mixed"] = "mixed", map[string]any{"msg_item": items}
	default:
		f["msgtype"], f["text"] = "text", words["text"]
	}
	switch {
	case in.QuoteImage != nil:
		f["quote"] = map[string]any{"msgtype": "image", "image": b.image(in.QuoteImage, own)}
	case in.Quote != "":
		f["quote"] = map[string]any{"msgtype": "text", "text": map[string]any{"content": in.Quote}}
	}
}

// image puts an encrypted file on the platform.
func (b *Bot) image(data []byte, own bool) map[string]any {
	key, out := b.cfg.EncodingAESKey, map[string]any{}
	if own {
		raw := make([]byte, 32)
		_, _ = rand.Read(raw) // never fails
		key = strings.TrimRight(base64.StdEncoding.EncodeToString(raw), "=")
		out["aeskey"] = key
	}
	id := rand.Text()
	b.files[id] = botFile{encrypted(key, data), b.cfg.Now().Add(botFileLife)}
	out["url"] = b.base + "/aibot/file/" + id
	return out
}

func encrypted(key string, data []byte) []byte {
	secret, err := base64.StdEncoding.DecodeString(key + "=")
	if err != nil {
		panic("fake smart bot: " + err.Error()) // the test's own key
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		panic("fake smart bot: " + err.Error())
	}
	pad := 32 - len(data)%32
	plain := append(bytes.Clone(data), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, secret[:aes.BlockSize]).CryptBlocks(plain, plain)
	return plain
}

func (b *Bot) serveFile(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	f, ok := b.files[r.PathValue("id")]
	ok = ok && b.cfg.Now().Before(f.ends)
	b.mu.Unlock()
	if !ok {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(f.data)
}

// Deliver hands a message to the callback and returns what its answer showed.
func (b *Bot) Deliver(ctx context.Context, callbackURL string, in BotIncoming) (shown *Sent, status int, err error) {
	inner, err := json.Marshal(b.frame(&in, false))
	if err != nil {
		return nil, 0, err
	}
	for i := range max(in.Times, 1) {
		var s *Sent
		if s, status, err = b.post(ctx, callbackURL, in, inner); err != nil {
			return shown, status, err
		}
		if i == 0 {
			shown = s
		}
	}
	return shown, status, nil
}

func (b *Bot) post(ctx context.Context, callbackURL string, in BotIncoming, inner []byte) (*Sent, int, error) {
	if b.codec == nil {
		return nil, 0, errNoCodec
	}
	encrypted, err := b.codec.Encrypt(inner)
	if err != nil {
		return nil, 0, err
	}
	outer, _ := json.Marshal(map[string]string{"encrypt": encrypted})
	stamp, nonce := strconv.FormatInt(b.cfg.Now().Unix(), 10), rand.Text()
	q := url.Values{"msg_signature": {b.codec.Signature(stamp, nonce, encrypted)}, "timestamp": {stamp}, "nonce": {nonce}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, callbackURL+"?"+q.Encode(), bytes.NewReader(outer))
	if err != nil {
		return nil, 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	code, body, err := (&Server{client: b.client}).do(req)
	if err != nil || code != http.StatusOK || len(body) == 0 {
		return nil, code, err
	}
	s, err := b.passive(in, nonce, body)
	return s, code, err
}

// passive opens the answer to a callback and shows it.
func (b *Bot) passive(in BotIncoming, nonce string, body []byte) (*Sent, error) {
	var outer struct {
		Encrypt, MsgSignature, Nonce string
		Timestamp                    int64
	}
	if err := json.Unmarshal(body, &outer); err != nil {
		return nil, fmt.Errorf("fake smart bot: the answer is no JSON: %w", err)
	}
	if outer.Nonce != nonce {
		return nil, errors.New("fake smart bot: the answer does not carry the request's nonce")
	}
	inner, err := b.codec.Unwrap(url.Values{"msg_signature": {outer.MsgSignature}, "timestamp": {strconv.FormatInt(outer.Timestamp, 10)}, "nonce": {outer.Nonce}}, outer.Encrypt)
	if err != nil {
		return nil, fmt.Errorf("fake smart bot: the answer does not verify: %w", err)
	}
	return b.passively(in, inner)
}

// VerifyURL makes the check of saving the callback.
func (b *Bot) VerifyURL(ctx context.Context, callbackURL string) error {
	s := &Server{cfg: Config{Now: b.cfg.Now}, codec: b.codec, client: b.client}
	return s.VerifyURL(ctx, callbackURL)
}
