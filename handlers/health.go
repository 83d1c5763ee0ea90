package handlers

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// Check is one condition for taking traffic. Run returns nil or an error whose
// text the operator may read: it contains no secret.
type Check struct {
	Name string
	Run  func(ctx context.Context) error
}

// checkTime bounds one check; they run side by side.
const checkTime = 2 * time.Second

// healthy tells that the process lives. It stays at 200 whatever the alarms say:
// a restart would mend none of them.
func (s *surface) healthy(c *gin.Context) {
	c.JSON(http.StatusOK, s.withAlarms(gin.H{"status": "ok"}))
}

// withAlarms adds what needs somebody's attention, if there is anything.
func (s *surface) withAlarms(answer gin.H) gin.H {
	if s.Alarms == nil {
		return answer
	}
	if list := s.Alarms(); len(list) > 0 {
		answer["alarms"] = list
	}
	return answer
}

// ready answers 200, or 503 with what is not as it should be.
func (s *surface) ready(c *gin.Context) {
	reasons := make([]string, len(s.Checks))
	var running sync.WaitGroup
	for i, check := range s.Checks {
		running.Go(func() {
			ctx, cancel := context.WithTimeout(c.Request.Context(), checkTime)
			defer cancel()
			if err := check.Run(ctx); err != nil {
				reasons[i] = err.Error()
			}
		})
	}
	running.Wait()
	status, checks := http.StatusOK, gin.H{}
	for i, check := range s.Checks {
		checks[check.Name] = "ok"
		if reasons[i] != "" {
			checks[check.Name] = reasons[i]
			status = http.StatusServiceUnavailable
		}
	}
	c.JSON(status, s.withAlarms(gin.H{"ready": status == http.StatusOK, "checks": checks}))
}

// metrics serves Prometheus to whoever has the operator's token.
func (s *surface) metrics(c *gin.Context) {
	if !s.AdminToken.IsSet() || s.Metrics == nil {
		c.AbortWithStatus(http.StatusNotFound)
		return
	}
	token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok || !same(token, s.AdminToken.Reveal()) {
		c.Header("WWW-Authenticate", `Bearer realm="duban"`)
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	s.Metrics.Handler().ServeHTTP(c.Writer, c.Request)
}
