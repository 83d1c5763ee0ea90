// Package simdingtalk is a stateful stand-in for DingTalk, for tests and the
// demo: it issues tokens, takes robot messages on every road, keeps files and
// delivers pushes. It shares no code with the adapter it checks. Nothing in it
// sleeps; all time comes from the configured clock.
package simdingtalk

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// User is a member of the organisation.
type User struct{ ID, Name string }

// Group is a group the robot is a member of.
type Group struct{ ConversationID, Title string }

// Webhook is a custom robot of a group. Secret is its signing key, empty if it
// does not ask for signatures.
type Webhook struct{ Token, Secret, ConversationID, Keyword string }

// Config describes the organisation and its one application.
type Config struct {
	ClientID     string
	ClientSecret string
	RobotCode    string // empty: ClientID
	RobotName    string
	CorpID       string
	Users        []User
	Groups       []Group
	Webhooks     []Webhook
	APIQuota     int // counted API calls a month; 0: unlimited
	PushQuota    int // pushes a month; 0: unlimited
	// BaseURL is where the handler is reached; see SetBaseURL.
	BaseURL string
	Now     func() time.Time

	EventToken, EventAESKey string // of the event subscription over HTTP
}

const (
	tokenLife   = 2 * time.Hour
	sessionLife = 90 * time.Minute
)

// Sim is the fake platform: an http.Handler for the paths of both hosts. It is
// safe for concurrent use.
type Sim struct {
	cfg Config
	mux *http.ServeMux

	mu          sync.Mutex
	base        string
	serial      int
	token       string
	tokenEnds   time.Time
	tokenCalls  int
	users       map[string]User
	groups      map[string]Group
	webhooks    map[string]*hook
	sessions    map[string]session
	files       map[string]file
	uploads     map[string]file // by media id
	flow        map[string]int
	faults      map[string][]Fault
	apiUsed     meter
	dingLeft    int  // DING by SMS or phone that are left
	dingDenied  bool // the app lacks the permission
	pushUsed    meter
	recalled    map[string]bool     // by processQueryKey
	tasks       map[int64]*workTask // work notifications
	worked      []string            // who was told what by them on which day
	readers     map[string][]string // by processQueryKey
	sent        []Sent
	subscribers map[int]func(Sent)

	template string // id of the published card template
	cards    map[string]*card
	routes   map[string]cardRoute

	login loginSide

	tickets   map[string]ticket
	streams   []*streamConn
	moved     chan struct{} // closed and made anew when connections come or go
	openCalls int
	turn      int
	handed    atomic.Int64
	strays    atomic.Int64 // acknowledgements of nothing
}

type session struct {
	userID, groupID string
	ends            time.Time
}

type file struct {
	content []byte
	kind    string
}

// New returns a fake platform.
func New(cfg Config) *Sim {
	if cfg.RobotCode == "" {
		cfg.RobotCode = cfg.ClientID
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Sim{
		cfg: cfg, mux: http.NewServeMux(), base: strings.TrimRight(cfg.BaseURL, "/"),
		users: map[string]User{}, groups: map[string]Group{}, webhooks: map[string]*hook{},
		sessions: map[string]session{}, files: map[string]file{}, uploads: map[string]file{}, flow: map[string]int{},
		faults: map[string][]Fault{}, subscribers: map[int]func(Sent){}, cards: map[string]*card{}, routes: map[string]cardRoute{},
		tasks: map[int64]*workTask{}, recalled: map[string]bool{}, readers: map[string][]string{}, tickets: map[string]ticket{}, moved: make(chan struct{}),
		apiUsed: meter{limit: cfg.APIQuota}, pushUsed: meter{limit: cfg.PushQuota},
	}
	for _, u := range cfg.Users {
		s.users[u.ID] = u
	}
	for _, g := range cfg.Groups {
		s.groups[g.ConversationID] = g
	}
	for _, w := range cfg.Webhooks {
		s.webhooks[w.Token] = &hook{Webhook: w, seen: map[string]bool{}}
	}
	s.mux.HandleFunc("POST /v1.0/oauth2/accessToken", s.issueToken)
	s.mux.HandleFunc("POST /v1.0/robot/oToMessages/batchSend", s.api(s.batchSend))
	s.mux.HandleFunc("POST /v1.0/robot/groupMessages/send", s.api(s.groupSend))
	s.mux.HandleFunc("POST /v1.0/robot/messageFiles/download", s.api(s.downloadURL))
	s.mux.HandleFunc("POST /v1.0/card/instances/createAndDeliver", s.authorised(s.createCard))
	s.mux.HandleFunc("POST /v1.0/card/callbacks/register", s.authorised(s.registerCards))
	s.mux.HandleFunc("POST /v1.0/robot/ding/send", s.api(s.ding))
	s.mux.HandleFunc("POST /v1.0/robot/otoMessages/batchRecall", s.api(s.recall))
	s.mux.HandleFunc("POST /v1.0/robot/groupMessages/recall", s.api(s.recall))
	s.mux.HandleFunc("GET /v1.0/robot/oToMessages/readStatus", s.readStatus)
	s.mux.HandleFunc("POST /v1.0/robot/groupMessages/query", s.api(s.groupReaders))
	s.mux.HandleFunc("POST /topapi/message/corpconversation/{call}", s.work)
	s.mux.HandleFunc("POST /topapi/v2/user/get", s.getUser)
	s.mux.HandleFunc("GET /oauth2/auth", s.authorize)
	s.mux.HandleFunc("POST /v1.0/oauth2/userAccessToken", s.userToken)
	s.mux.HandleFunc("GET /v1.0/contact/users/me", s.me)
	s.mux.HandleFunc("POST /topapi/user/getbyunionid", s.userOfUnion)
	s.mux.HandleFunc("POST "+uploadPath, s.upload)
	s.mux.HandleFunc("POST /robot/sendBySession", s.sendBySession)
	s.mux.HandleFunc("POST /robot/send", s.sendByWebhook)
	s.mux.HandleFunc("GET /files/{code}", s.serveFile)
	s.mux.HandleFunc("POST "+openPath, s.openStream)
	s.mux.HandleFunc("GET "+connectPath, s.connectStream)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
	})
	return s
}

// SetBaseURL tells the address the handler is reached at, which goes into
// session webhooks and file addresses. Call it once the server listens.
func (s *Sim) SetBaseURL(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimRight(base, "/")
}

// ServeHTTP answers as DingTalk would, or as an injected fault says.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	if f, broken := s.nextFault(r.URL.Path); broken {
		s.play(f, w, withBody(r, body))
		return
	}
	s.mux.ServeHTTP(w, withBody(r, body))
}

// ExpireTokens makes the platform forget the access token, as if it had been
// revoked before its time.
func (s *Sim) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = ""
}

// ExpireSessions ends every session webhook that is out.
func (s *Sim) ExpireSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// TokenCalls returns how often an access token was asked for.
func (s *Sim) TokenCalls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokenCalls
}

// FlowControl makes the platform withhold the next n direct messages to a user
// and report the user as flow-controlled.
func (s *Sim) FlowControl(userID string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flow[userID] = n
}

// next returns a fresh identifier. The caller holds the lock.
func (s *Sim) next(prefix string) string {
	s.serial++
	return fmt.Sprintf("%s%06d", prefix, s.serial)
}
