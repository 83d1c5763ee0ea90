// Package simwecom is a stateful stand-in for the WeCom platform, for the demo
// and for scenario tests: it serves the API that duban calls and delivers
// callbacks the way the platform does. It keeps the platform's rules (tokens,
// quotas, silent drops, duplicate check), takes its time from outside and never
// sleeps.
package simwecom

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"duban/bot/wecom"
)

// Config describes one enterprise with one self-built app.
type Config struct {
	CorpID         string
	AgentID        int
	Secret         string
	Token          string            // callback token
	EncodingAESKey string            // callback key, 43 characters
	Users          []string          // user ids in the app's visible range
	WebhookKeys    map[string]string // webhook key -> group name
	Now            func() time.Time  // default time.Now

	CallbackTimeout time.Duration // default 5 s, as the platform's
	Retries         int           // further deliveries after a failed one; default 3, negative: none
	BanAfter        int           // wrong secrets within an hour before the address is banned; default 20
}

// Server is the fake platform: an http.Handler for the API and the sender of
// callbacks. All methods are safe for concurrent use.
type Server struct {
	cfg    Config
	codec  *wecom.Codec
	client *http.Client
	seq    counter

	mu       sync.Mutex
	users    map[string]bool
	tokens   map[string]time.Time // every token ever issued -> its end
	token    string               // the one in force
	wrong    []time.Time          // wrong secrets of the last hour
	banned   time.Time
	fetches  int
	hits     map[string][]time.Time // per member and per webhook
	seen     map[string]duplicate
	media    map[string]medium
	faults   map[string][]Fault
	sent     []Sent
	dropped  []Sent
	watchers map[int]func(Sent)
	nextID   int
	stranger string // the caller's address, as long as it is not trusted
	closed   bool   // the app is switched off

	menu       []byte
	chats      map[string]*chat
	narrow     bool // the root department is not in the visible range
	recalled   map[string]bool
	tasks      map[string]map[string]string // by task id: what took the buttons' place, by member
	codes      map[string]cardCode
	unlicensed map[string]bool // members without an interface licence
	login      loginSide
}

// New returns a fake platform. The callback settings may be empty if nothing is
// delivered.
func New(cfg Config) (*Server, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.CallbackTimeout <= 0 {
		cfg.CallbackTimeout = 5 * time.Second
	}
	if cfg.Retries == 0 {
		cfg.Retries = 3
	}
	if cfg.BanAfter <= 0 {
		cfg.BanAfter = 20
	}
	cfg.WebhookKeys = maps.Clone(cfg.WebhookKeys)
	s := &Server{
		cfg:    cfg,
		users:  map[string]bool{},
		tokens: map[string]time.Time{}, hits: map[string][]time.Time{}, seen: map[string]duplicate{},
		media: map[string]medium{}, faults: map[string][]Fault{}, unlicensed: map[string]bool{}, recalled: map[string]bool{}, tasks: map[string]map[string]string{}, codes: map[string]cardCode{}, chats: map[string]*chat{}, watchers: map[int]func(Sent){},
		client: &http.Client{Timeout: cfg.CallbackTimeout, CheckRedirect: noRedirect},
	}
	for _, u := range cfg.Users {
		s.users[strings.ToLower(u)] = true
	}
	if cfg.Token == "" && cfg.EncodingAESKey == "" {
		return s, nil
	}
	codec, err := wecom.NewCodec(cfg.Token, cfg.EncodingAESKey, cfg.CorpID)
	if err != nil {
		return nil, fmt.Errorf("fake WeCom: %w", err)
	}
	s.codec = codec
	return s, nil
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// AddUser puts a member into the app's visible range.
func (s *Server) AddUser(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[strings.ToLower(id)] = true
}

// Unlicense takes a member's interface licence away, or gives it back.
func (s *Server) Unlicense(id string, without bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unlicensed[strings.ToLower(id)] = without
}

// RemoveUser takes a member out of the app's visible range.
func (s *Server) RemoveUser(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.users, strings.ToLower(id))
}
