// Package handlers is the HTTP surface: the platforms' callbacks and the
// operator's probes. A callback is verified, decoded, handed over and answered;
// what the message means is decided elsewhere.
package handlers

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/config"
	"duban/internal/obs"
)

// Receiver takes verified messages; *bot.Receiver does it.
type Receiver interface {
	// Receive returns the reply to give in the same call. An error means that the
	// platform must send the message again.
	Receive(ctx context.Context, m bot.Message) (bot.Reply, error)
}

// Followup sends what does not fit into the callback's own answer.
type Followup interface {
	Later(ctx context.Context, m bot.Message, r bot.Reply) error
}

// Options are the parts behind the surface. A nil platform is off: its paths
// do not exist.
type Options struct {
	WeCom          *WeComApp
	WeComBot       *WeComBot
	DingTalk       *DingTalkRobot
	DingTalkCards  *DingTalkCards
	Receiver       Receiver
	Followup       Followup
	DingTalkEvents *DingTalkEvents
	Contacts       Contacts // nil: changes of contacts are not followed
	Checks         []Check
	Alarms         func() map[string]string // by what they are about; must not leave the process; may be nil
	Metrics        *obs.Metrics
	AdminToken     config.Secret // unset closes /metrics
	CallbackSecret config.Secret // last path segment of the callbacks, unset for none
	Clock          clock.Clock
	Log            *slog.Logger
	Mount          func(gin.IRouter) // further routes, may be nil
	Places         *PlacePages       // nil where there are no pages
	Photos         *PhotoPages       // likewise
	PageSDK        *PageSDK          // nil without
	Logins         *Logins           // nil where the links to photos open in one browser, whoever uses it
	TrustedProxies []string          // whose word is taken for where a request comes from
}

// New returns the surface.
func New(o Options) http.Handler {
	gin.SetMode(gin.ReleaseMode) // its debug mode prints every route
	r := gin.New()
	r.ForwardedByClientIP = len(o.TrustedProxies) > 0 // nobody else is believed about where a request comes from
	r.RemoteIPHeaders = []string{"X-Forwarded-For"}
	if err := r.SetTrustedProxies(o.TrustedProxies); err != nil {
		r.ForwardedByClientIP = false // the configuration has checked them
	}
	r.HandleMethodNotAllowed = true
	r.RedirectTrailingSlash, r.RedirectFixedPath = false, false
	s := &surface{Options: o}
	r.Use(s.identify, s.recovered, s.access, headers)
	s.callbacks(r)
	r.GET("/healthz", s.healthy)
	r.GET("/readyz", s.ready)
	r.GET("/metrics", s.metrics)
	if o.Places != nil {
		s.mountPlaces(r, newPages())
	}
	if o.Photos != nil {
		s.mountPhotos(r, newPages())
		s.mountSDK(r)
	}
	if o.Mount != nil {
		o.Mount(r)
	}
	return r
}

type surface struct{ Options }

func (s *surface) callbacks(r *gin.Engine) {
	group := r.Group("/callback")
	tail := ""
	if s.CallbackSecret.IsSet() {
		tail = "/:secret"
		group.Use(s.secretPath)
	}
	if s.WeCom != nil {
		group.GET("/wecom/app"+tail, s.verifyWeCom)
		group.POST("/wecom/app"+tail, s.receiveWeCom)
	}
	if s.WeComBot != nil {
		group.GET("/wecom/bot"+tail, s.verifyWeComBot)
		group.POST("/wecom/bot"+tail, s.receiveWeComBot)
	}
	if s.DingTalk != nil {
		group.POST("/dingtalk/robot"+tail, s.receiveDingTalk)
	}
	if s.DingTalkCards != nil {
		group.POST("/dingtalk/card"+tail, s.receiveDingTalkCard)
	}
	if s.DingTalkEvents != nil {
		group.POST("/dingtalk/event"+tail, s.receiveDingTalkEvent)
	}
}

// secretPath hides the callbacks behind a segment that nobody can guess.
func (s *surface) secretPath(c *gin.Context) {
	if !same(c.Param("secret"), s.CallbackSecret.Reveal()) {
		c.AbortWithStatus(http.StatusNotFound)
	}
}

// same compares in a time that tells neither content nor length.
func same(got, want string) bool {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return want != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}
