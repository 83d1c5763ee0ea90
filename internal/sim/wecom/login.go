package simwecom

import (
	"crypto/rand"
	"crypto/sha1"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// codeTime is how long a code of the login lasts (document 96442).
const codeTime = 5 * time.Minute

// loginSide is what the platform knows of people who log in to pages.
type loginSide struct {
	domain  string // the app's trusted domain, with its port
	visitor string // whoever uses the browser that asks next
	member  bool
	codes   map[string]loginCode
	ticket  string // for pages
	tickets int
	ends    time.Time
}

type loginCode struct {
	user   string
	member bool
	ends   time.Time
}

// TrustDomain sets the domain pages may come back to after a login.
func (s *Server) TrustDomain(domain string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login.domain = domain
}

// LogIn says who uses the browsers from now on: a member, visible to the app or not, or
// somebody of another enterprise.
func (s *Server) LogIn(user string, member bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login.visitor, s.login.member = user, member
}

// authorize serves the page that sends people back with a code (documents 96441 and 98151).
// scan is the page for browsers outside WeCom.
func (s *Server) authorize(r *http.Request, scan bool) answer {
	q := r.URL.Query()
	page := func(code int, words string) answer {
		return answer{status: http.StatusOK, kind: "text/html; charset=utf-8", body: fmt.Appendf(nil, "<p>%d %s</p>", code, words)}
	}
	back, err := url.Parse(q.Get("redirect_uri"))
	s.mu.Lock()
	defer s.mu.Unlock()
	inside := strings.Contains(strings.ToLower(r.UserAgent()), "wxwork")
	switch {
	case q.Get("appid") != s.cfg.CorpID:
		return page(40013, "invalid corpid")
	case q.Get("agentid") != strconv.Itoa(s.cfg.AgentID):
		return page(40056, "invalid agentid")
	case err != nil || back.Host == "" || back.Host != s.login.domain:
		return page(50001, "redirect_uri does not match the trusted domain")
	case !scan && (q.Get("response_type") != "code" || q.Get("scope") != "snsapi_base" || !inside):
		return page(40058, "open in WeCom")
	case scan && q.Get("login_type") != "CorpApp":
		return page(40058, "invalid login_type")
	case len(q.Get("state")) > 128 || strings.ContainsFunc(q.Get("state"), func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z')
	}):
		return page(40058, "invalid state")
	}
	code := rand.Text()
	if s.login.codes == nil {
		s.login.codes = map[string]loginCode{}
	}
	s.login.codes[code] = loginCode{s.login.visitor, s.login.member, s.cfg.Now().Add(codeTime)}
	to := back.Query()
	to.Set("code", code)
	to.Set("state", q.Get("state"))
	back.RawQuery = to.Encode()
	return answer{status: http.StatusFound, kind: "text/html; charset=utf-8", headers: map[string]string{"Location": back.String()}}
}

// getUserInfo serves auth/getuserinfo (document 96442): a code is good once. A member is
// named whether the app may see him or not.
func (s *Server) getUserInfo(r *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := r.URL.Query().Get("code")
	c, ok := s.login.codes[id]
	delete(s.login.codes, id)
	switch {
	case !ok || !s.cfg.Now().Before(c.ends):
		return refuse(40029, "invalid code")
	case c.member:
		return reply(map[string]any{"userid": c.user})
	}
	return reply(map[string]any{"openid": c.user})
}

const pageTicketLife = 2 * time.Hour

// getPageTicket serves get_jsapi_ticket (document 90506), 400 an hour.
func (s *Server) getPageTicket(*http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.cfg.Now()
	if s.login.tickets++; s.login.tickets > 400 {
		return refuse(45009, "api freq out of limit")
	}
	if s.login.ticket == "" || !now.Before(s.login.ends) {
		s.login.ticket, s.login.ends = rand.Text(), now.Add(pageTicketLife)
	}
	return reply(map[string]any{"ticket": s.login.ticket, "expires_in": int(s.login.ends.Sub(now).Seconds())})
}

// PageTickets counts how often a ticket was asked for.
func (s *Server) PageTickets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.login.tickets
}

// TakesPage reports whether the platform's script would take a page's signature.
func (s *Server) TakesPage(corp, timestamp, nonce, signature, address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := sha1.Sum([]byte("jsapi_ticket=" + s.login.ticket + "&noncestr=" + nonce + "&timestamp=" + timestamp + "&url=" + address))
	return corp == s.cfg.CorpID && s.login.ticket != "" && signature == fmt.Sprintf("%x", sum)
}
