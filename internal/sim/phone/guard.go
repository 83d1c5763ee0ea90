package phone

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"duban/internal/errs"
)

// csp allows our own files and pictures made in the page, nothing else.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// harden sets the headers every answer of the page carries.
func harden(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// ownPage lets only the page itself write: a custom header, which another site
// cannot set without asking, and the same origin as far as the browser tells.
func ownPage(c *gin.Context) {
	if c.GetHeader("X-Duban-Demo") != "1" || !sameOrigin(c.Request) {
		fail(c, errs.New(errs.Forbidden, "只有演示页面自己可以这样操作。请打开演示页面再试。"))
	}
}

// sameOrigin reports whether the browser says that our own page asks. Programs
// such as curl say nothing and are let through.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == r.Host
}

// fail ends the request with the error's status and its Chinese sentence.
func fail(c *gin.Context, err error) {
	_ = c.Error(err) // for the application's log
	c.AbortWithStatusJSON(status(err), gin.H{"error": errs.Say(err), "code": errs.CodeOf(err)})
}

func status(err error) int {
	switch errs.CodeOf(err) {
	case errs.Invalid:
		return http.StatusBadRequest
	case errs.NotFound:
		return http.StatusNotFound
	case errs.Forbidden:
		return http.StatusForbidden
	case errs.Conflict:
		return http.StatusConflict
	case errs.Unavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
