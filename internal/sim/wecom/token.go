package simwecom

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"time"
)

const (
	tokenLife = 2 * time.Hour
	banSpan   = time.Hour
)

// getToken gives the token in force, or a new one (document 91039). Wrong
// secrets are counted, and too many ban the caller for an hour.
func (s *Server) getToken(q url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fetches++
	now := s.cfg.Now()
	if now.Before(s.banned) {
		return refuse(45009, "api freq out of limit")
	}
	if q.Get("corpid") != s.cfg.CorpID {
		return refuse(40013, "invalid corpid")
	}
	if q.Get("corpsecret") != s.cfg.Secret {
		return s.wrongSecret(now)
	}
	if end := s.tokens[s.token]; s.token == "" || !now.Before(end) {
		s.token = "tok-" + rand.Text()
		s.tokens[s.token] = now.Add(tokenLife)
	}
	left := s.tokens[s.token].Sub(now)
	return reply(map[string]any{"access_token": s.token, "expires_in": int(left.Seconds())})
}

func (s *Server) wrongSecret(now time.Time) answer {
	s.wrong = append(recent(s.wrong, now, banSpan), now)
	if len(s.wrong) >= s.cfg.BanAfter {
		s.banned, s.wrong = now.Add(banSpan), nil
	}
	return refuse(40001, "invalid credential")
}

// authorised runs next if the request carries a token in force.
func (s *Server) authorised(r *http.Request, next func(*http.Request) answer) answer {
	token := r.URL.Query().Get("access_token")
	s.mu.Lock()
	end, known := s.tokens[token]
	now := s.cfg.Now()
	stranger := s.stranger
	s.mu.Unlock()
	switch {
	case stranger != "":
		return refuse(60020, "not allow to access from your ip, from ip: "+stranger+", more info at https://open.work.weixin.qq.com/devtool/query?e=60020")
	case token == "":
		return refuse(41001, "access_token missing")
	case !known:
		return refuse(40014, "invalid access_token")
	case !now.Before(end):
		return refuse(42001, "access_token expired")
	}
	return next(r)
}

// recent returns the times within span before now.
func recent(times []time.Time, now time.Time, span time.Duration) []time.Time {
	var out []time.Time
	for _, t := range times {
		if t.After(now.Add(-span)) {
			out = append(out, t)
		}
	}
	return out
}
