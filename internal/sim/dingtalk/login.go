package simdingtalk

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// codeTime is how long a code of the login lasts.
const codeTime = 5 * time.Minute

// loginSide is what the platform knows of people who log in to pages.
type loginSide struct {
	pages   []string // addresses registered in the console
	visitor string   // whoever uses the browser that asks next
	corp    string
	codes   map[string]loginCode
	tokens  map[string]string // user token -> union id
}

type loginCode struct {
	user, corp string
	ends       time.Time
}

// RegisterPages sets the addresses that people may come back to after a login.
func (s *Sim) RegisterPages(addresses ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login.pages = addresses
}

// LogIn says who uses the browsers from now on. corp is another organisation, "" for ours.
func (s *Sim) LogIn(user, corp string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login.visitor, s.login.corp = user, corp
	if corp == "" {
		s.login.corp = s.cfg.CorpID
	}
}

// unionID is the person's id over all organisations.
func unionID(user string) string { return "union-" + user }

// authorize serves the page that sends people back with a code (document "obtain identity
// credentials").
func (s *Sim) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	defer s.mu.Unlock()
	back, err := url.Parse(q.Get("redirect_uri"))
	registered := false
	for _, p := range s.login.pages {
		registered = registered || p == q.Get("redirect_uri")
	}
	if err != nil || !registered || q.Get("client_id") != s.cfg.ClientID || q.Get("response_type") != "code" || q.Get("scope") == "" || q.Get("prompt") != "consent" {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<p>url 不在回调域名列表</p>"))
		return
	}
	code := s.next("login-")
	if s.login.codes == nil {
		s.login.codes, s.login.tokens = map[string]loginCode{}, map[string]string{}
	}
	s.login.codes[code] = loginCode{s.login.visitor, s.login.corp, s.cfg.Now().Add(codeTime)}
	to := back.Query()
	to.Set("authCode", code)
	to.Set("state", q.Get("state"))
	back.RawQuery = to.Encode()
	w.Header().Set("Location", back.String())
	w.WriteHeader(http.StatusFound)
}

// userToken serves userAccessToken: a code is good once (document "obtain user token").
func (s *Sim) userToken(w http.ResponseWriter, r *http.Request) {
	var in struct{ ClientID, ClientSecret, Code, GrantType string }
	_ = json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.login.codes[in.Code]
	delete(s.login.codes, in.Code)
	switch {
	case in.ClientID != s.cfg.ClientID || in.ClientSecret != s.cfg.ClientSecret:
		refuse(w, http.StatusBadRequest, "invalidClientIdOrSecret", "无效的clientId或者clientSecret")
	case in.GrantType != "authorization_code" || !ok || !s.cfg.Now().Before(c.ends):
		refuse(w, http.StatusBadRequest, "invalidParameter.authCode.notFound", "authCode 不存在或已过期")
	default:
		token := s.next("user-token-")
		s.login.tokens[token] = unionID(c.user)
		answer(w, http.StatusOK, map[string]any{"accessToken": token, "refreshToken": s.next("refresh-"), "expireIn": 7200, "corpId": c.corp})
	}
}

// me serves the caller's own profile by a user token.
func (s *Sim) me(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	union, ok := s.login.tokens[r.Header.Get("x-acs-dingtalk-access-token")]
	if !ok {
		refuse(w, http.StatusBadRequest, "InvalidAuthentication", "不合法的access_token")
		return
	}
	answer(w, http.StatusOK, map[string]any{"nick": "某人", "unionId": union, "openId": s.next("open-"), "avatarUrl": ""})
}

// userOfUnion serves getbyunionid.
func (s *Sim) userOfUnion(w http.ResponseWriter, r *http.Request) {
	var in struct {
		UnionID string `json:"unionid"`
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	s.mu.Lock()
	defer s.mu.Unlock()
	token := r.URL.Query().Get("access_token")
	user := strings.TrimPrefix(in.UnionID, unionID(""))
	_, known := s.users[user]
	switch {
	case token == "" || token != s.token || !s.cfg.Now().Before(s.tokenEnds):
		errcode(w, 40014, "不合法的access_token")
	case !known:
		errcode(w, 60121, "找不到该用户")
	default:
		answer(w, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "result": map[string]any{"contact_type": 0, "userid": user}})
	}
}
