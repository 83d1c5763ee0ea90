package handlers

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/internal/login"
)

// Door is one platform's login; *wecom.Login and *dingtalk.Login are.
type Door interface {
	// Inside reports whether a browser is the platform's own.
	Inside(userAgent string) bool
	// Address is where somebody is sent to log in and come back from with state.
	Address(back, state string, inside bool) string
	// User redeems the code somebody came back with: "" for nobody of the organisation.
	// Errors are *bot.SendError, Permanent for a code that is of no use.
	User(ctx context.Context, code string) (string, error)
}

// Logins is how people log in to the pages. Nil where they do not.
type Logins struct {
	Doors  map[string]Door // by platform
	Keys   login.Keys
	Known  func(ctx context.Context, a login.Account) (bool, error)
	Public string // the address people see, without a slash at the end
	Secure bool   // the pages are reached by https alone
}

// platformNames are for people.
var platformNames = map[string]string{string(bot.WeCom): "企业微信", string(bot.DingTalk): "钉钉"}

// The cookies: who has logged in, and a login under way.
const (
	passCookie  = "duban_login"
	startCookie = "duban_login_start"
)

// redeemTime bounds how long a page waits for the platform.
const redeemTime = 10 * time.Second

// logins is Logins at work.
type logins struct {
	*surface
	Logins
	pages *pages
	tries rates // by address
}

func (s *surface) mountLogins(r *gin.Engine, p *pages) *logins {
	if s.Logins == nil {
		return nil
	}
	h := &logins{surface: s, Logins: *s.Logins, pages: p, tries: rates{burst: 60, every: 5 * time.Second}}
	group := r.Group("/login/:platform", h.often)
	group.GET("", h.begin)
	group.GET("/back", h.back)
	return h
}

func (h *logins) often(c *gin.Context) {
	if h.tries.allow(neighbourhood(c.ClientIP()), h.Clock.Now()) {
		return
	}
	c.Header("Retry-After", "60")
	h.pages.trouble(c, http.StatusTooManyRequests, trouble{Title: "请稍等", Text: "打开得太频繁了，请过一分钟再试。"})
}

// ourPages are the pages a login may lead to. Nothing else is redirected to.
var ourPages = regexp.MustCompile(`^/h/[A-Z2-7]{26}$`)

// loginAddress is where a login for a page begins.
func loginAddress(platform, page string) string {
	return "/login/" + platform + "?" + url.Values{"to": {page}}.Encode()
}

// account is whoever has logged in with this browser.
func (h *logins) account(c *gin.Context) login.Account {
	if h == nil {
		return login.Account{}
	}
	pass, err := c.Cookie(passCookie)
	if err != nil {
		return login.Account{}
	}
	a, _ := h.Keys.Account(pass, h.Clock.Now())
	return a
}

// unasked is the platform of whose own browser this is, if it may be logged in with.
func (h *logins) unasked(c *gin.Context, platforms []string) (string, bool) {
	for _, p := range platforms {
		if door := h.Doors[p]; door != nil && door.Inside(c.Request.UserAgent()) {
			return p, true
		}
	}
	return "", false
}

// begin sends a browser to the platform.
func (h *logins) begin(c *gin.Context) {
	platform, to := c.Param("platform"), c.Query("to")
	door := h.Doors[platform]
	if door == nil || !ourPages.MatchString(to) {
		h.trouble(c, http.StatusNotFound, "打不开", "请回到督办助手的消息里重新点链接。", "")
		return
	}
	start := login.Start{Platform: platform, State: rand.Text(), To: to}
	h.set(c, startCookie, "/login/", h.Keys.Begin(start, h.Clock.Now()), login.StartLife)
	c.Redirect(http.StatusSeeOther, door.Address(h.Public+"/login/"+platform+"/back", start.State, door.Inside(c.Request.UserAgent())))
}

// back takes somebody who comes back from the platform.
func (h *logins) back(c *gin.Context) {
	began, _ := c.Cookie(startCookie)
	h.set(c, startCookie, "/login/", "", 0)
	start, ok := h.Keys.Resume(began, c.Query("state"), h.Clock.Now())
	if !ok || start.Platform != c.Param("platform") || h.Doors[start.Platform] == nil {
		h.outcome("foreign")
		h.trouble(c, http.StatusBadRequest, "没有登录", "这次登录不是从本页开始的，或者等得太久了。请回到督办助手的消息里重新点链接。", "")
		return
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), redeemTime)
	defer cancel()
	user, err := h.Doors[start.Platform].User(ctx, either(c.Query("authCode"), c.Query("code")))
	if err != nil {
		h.refused(c, start, err)
		return
	}
	h.enter(c, start, login.Account{Platform: start.Platform, User: user})
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// refused says that the platform did not tell who it is.
func (h *logins) refused(c *gin.Context, start login.Start, err error) {
	name := platformNames[start.Platform]
	if bot.ClassOf(err) == bot.Permanent {
		h.outcome("refused")
		h.trouble(c, http.StatusBadRequest, "没有登录", name+"没有确认是您本人，或登录码过期了。请再试一次。", loginAddress(start.Platform, start.To))
		return
	}
	h.outcome("failed")
	h.Log.ErrorContext(c.Request.Context(), "login not carried out", "platform", start.Platform, "error", err)
	h.trouble(c, http.StatusServiceUnavailable, "请稍等", name+"暂时没有回话，请过一分钟再试。", loginAddress(start.Platform, start.To))
}

// enter lets in who is on the roster.
func (h *logins) enter(c *gin.Context, start login.Start, a login.Account) {
	name := platformNames[a.Platform]
	if a.User == "" {
		h.outcome("stranger")
		h.trouble(c, http.StatusForbidden, "打不开", "您登录的"+name+"账号不属于本组织。", loginAddress(start.Platform, start.To))
		return
	}
	known, err := h.Known(c.Request.Context(), a)
	switch {
	case err != nil:
		h.outcome("failed")
		h.Log.ErrorContext(c.Request.Context(), "login not carried out", "platform", a.Platform, "error", err)
		h.trouble(c, http.StatusServiceUnavailable, "请稍等", "系统正忙，请过一分钟再打开。", "")
	case !known:
		h.outcome("stranger")
		h.trouble(c, http.StatusForbidden, "打不开", "您的"+name+"账号还没有和名册里的人对上。请先在"+name+"里给督办助手发一句话，按提示登记。", "")
	default:
		h.outcome("entered")
		h.set(c, passCookie, "/h/", h.Keys.Pass(a, h.Clock.Now()), login.Life)
		c.Redirect(http.StatusSeeOther, start.To+"?"+cameBack+"=1")
	}
}

// cameBack marks the address somebody is sent to after a login, so that a browser without
// cookies does not go round for ever.
const cameBack = "in"

func (h *logins) outcome(what string) { h.Metrics.MessageReceived("page", "login", what) }

// set puts a cookie, or takes it away again if life is nothing.
func (h *logins) set(c *gin.Context, name, path, value string, life time.Duration) {
	age := int(life.Seconds())
	if age == 0 {
		age = -1
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: name, Value: value, Path: path, MaxAge: age, HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode})
}

// trouble says why nobody is logged in; again is where to try once more.
func (h *logins) trouble(c *gin.Context, status int, title, text, again string) {
	h.pages.show(c, status, "login_problem", struct{ Title, Text, Again string }{title, text, again})
	c.Abort()
}

// choice is one platform to log in with.
type choice struct{ Name, Address string }

// ask shows a page on which to log in, or goes on at once inside a platform's own browser.
// wrong says that somebody has logged in who may not see the page.
func (h *logins) ask(c *gin.Context, platforms []string, page string, wrong bool) {
	returned := c.Query(cameBack) != ""
	if p, ok := h.unasked(c, platforms); ok && !wrong && !returned && c.Request.Method == http.MethodGet {
		c.Redirect(http.StatusSeeOther, loginAddress(p, page))
		return
	}
	view := struct {
		Wrong, Returned bool
		Choices         []choice
	}{Wrong: wrong, Returned: returned && !wrong}
	for _, p := range slices.DeleteFunc(slices.Clone(platforms), func(p string) bool { return h.Doors[p] == nil }) {
		view.Choices = append(view.Choices, choice{platformNames[p], loginAddress(p, page)})
	}
	h.pages.show(c, http.StatusOK, "login", view)
}
