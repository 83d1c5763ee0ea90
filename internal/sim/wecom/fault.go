package simwecom

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// Fault is one failure of one API call. The first field that is set decides.
type Fault struct {
	Hang       bool // read the request, then stay silent until the caller gives up
	DropBefore bool // close the connection without doing anything
	DropAfter  bool // do the work, then close the connection
	Taken      bool // do the work first, so that only the answer is wrong
	Truncate   bool // promise a longer answer than is sent
	Endless    bool // never stop answering
	Body       string
	Location   string // redirect there
	Status     int    // answer with this HTTP status
	ErrCode    int    // answer with this errcode
	ErrMsg     string
}

// Fail lets the next n calls of a path (such as "/cgi-bin/message/send") fail.
// Faults of one path happen in the order in which they were asked for.
func (s *Server) Fail(path string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.faults[path] = append(s.faults[path], f)
	}
}

// Mend takes back the failures of a path that have not happened yet.
func (s *Server) Mend(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.faults, path)
}

// ExpireTokens lets the platform forget the token in force, as it may at any
// time: calls with it fail with 42001 and gettoken gives a new one.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.tokens {
		s.tokens[t] = time.Time{}
	}
	s.token = ""
}

// RevokeTokens lets the platform answer 40014 to every token issued so far.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
	s.token = ""
}

// TokenFetches returns how often gettoken was called.
func (s *Server) TokenFetches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetches
}

func (s *Server) nextFault(path string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.faults[path]
	if len(queue) == 0 {
		return Fault{}, false
	}
	s.faults[path] = queue[1:]
	return queue[0], true
}

// act carries out a fault. It returns false if the call is to go on normally.
func (s *Server) act(f Fault, w http.ResponseWriter, r *http.Request, work func() answer) {
	if f.Taken {
		work()
	}
	switch {
	case f.Truncate:
		w.Header().Set("Content-Length", "4096")
		_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"o`)
	case f.Endless:
		for block := strings.Repeat("x", 1<<16); r.Context().Err() == nil; {
			if _, err := io.WriteString(w, block); err != nil {
				return
			}
		}
	case f.Body != "":
		_, _ = io.WriteString(w, f.Body)
	case f.Location != "":
		w.Header().Set("Location", f.Location)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case f.Hang:
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	case f.DropBefore:
		hangUp(w)
	case f.DropAfter:
		work()
		hangUp(w)
	case f.Status != 0:
		w.WriteHeader(f.Status)
	default:
		msg := f.ErrMsg
		if msg == "" {
			msg = "injected"
		}
		refuse(f.ErrCode, msg).write(w)
	}
}

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}
