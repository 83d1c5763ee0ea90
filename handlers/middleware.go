package handlers

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"

	"github.com/gin-gonic/gin"

	"duban/internal/obs"
)

// requestHeader carries the id by which a request is found in the logs.
const requestHeader = "X-Request-Id"

var saneID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// identify gives the request an id: the proxy's, if it is one, else a new one.
func (s *surface) identify(c *gin.Context) {
	id := c.GetHeader(requestHeader)
	if !saneID.MatchString(id) {
		id = rand.Text()
	}
	c.Header(requestHeader, id)
	c.Request = c.Request.WithContext(obs.With(c.Request.Context(), slog.String(obs.RequestID, id)))
}

// recovered turns a defect into a 500, so that the platform sends again and the
// process lives.
func (s *surface) recovered(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.Log.ErrorContext(c.Request.Context(), "request panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		c.AbortWithStatus(http.StatusInternalServerError)
	}()
	c.Next()
}

// access logs a request without its query, which holds signatures, and without
// the secret end of its path.
func (s *surface) access(c *gin.Context) {
	started := s.Clock.Now()
	c.Next()
	path := c.FullPath()
	if path == "" {
		path = "(no such path)"
	}
	level := slog.LevelInfo
	if path == "/healthz" || path == "/readyz" || path == "/metrics" {
		level = slog.LevelDebug
	}
	s.Log.Log(c.Request.Context(), level, "request", "method", c.Request.Method, "path", path, "status", c.Writer.Status(),
		"took", s.Clock.Now().Sub(started).String())
}

// headers keep browsers from doing anything clever with what they get. Pages
// set a stricter or wider policy of their own.
func headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
}
