package handlers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/link"
	"duban/internal/media"
)

// PhotoDesk opens links; *link.Desk does it.
type PhotoDesk interface {
	Open(ctx context.Context, token string, v link.Visitor) (link.Opened, error)
	Bind(ctx context.Context, token, browser string) error
}

// PhotoStore opens stored pictures, as they are and small.
type PhotoStore interface {
	Picture(ctx context.Context, home, sha string) (io.ReadCloser, error)
	Thumb(ctx context.Context, home, sha string) (io.ReadCloser, error)
}

// PhotoPages are the pages behind the links to photos.
type PhotoPages struct {
	Desk   PhotoDesk
	Store  PhotoStore
	Loc    *time.Location
	Secure bool // the pages are reached by https alone
}

// photoPages is PhotoPages at work.
type photoPages struct {
	*surface
	PhotoPages
	pages  *pages
	logins *logins // nil without
	views  rates   // by address: a page has many pictures
}

func (s *surface) mountPhotos(r *gin.Engine, p *pages) {
	h := &photoPages{surface: s, PhotoPages: *s.Photos, pages: p, logins: s.mountLogins(r, p), views: rates{burst: 600, every: time.Second / 5}}
	group := r.Group("/h/:token", h.often)
	for _, method := range []string{http.MethodGet, http.MethodHead} { // robots that look ahead press no button
		group.Handle(method, "", h.show)
		group.Handle(method, "/full/:file", h.picture(PhotoStore.Picture))
		group.Handle(method, "/small/:file", h.picture(PhotoStore.Thumb))
	}
	group.POST("", h.bind)
}

func (h *photoPages) often(c *gin.Context) {
	if !h.views.allow(neighbourhood(c.ClientIP()), h.Clock.Now()) {
		c.Header("Retry-After", "60")
		h.pages.trouble(c, http.StatusTooManyRequests, trouble{Title: "请稍等", Text: "打开得太频繁了，请过一分钟再试。"})
	}
}

// browserCookie tells the one browser a link opens in. It is worth nothing without a link.
const browserCookie = "duban_browser"

var browserID = regexp.MustCompile(`^[A-Z2-7]{26}$`)

func browserOf(c *gin.Context) string {
	id, err := c.Cookie(browserCookie)
	if err != nil || !browserID.MatchString(id) {
		return ""
	}
	return id
}

// open looks at the link. When it returns false the request has been answered, always
// alike: whether there is such a link is nobody's business.
func (h *photoPages) open(c *gin.Context) (link.Opened, bool) {
	o, err := h.Desk.Open(c.Request.Context(), c.Param("token"), link.Visitor{Browser: browserOf(c), Account: h.logins.account(c)})
	if err != nil {
		h.closed(c, err)
	}
	return o, err == nil
}

func (h *photoPages) closed(c *gin.Context, err error) {
	if !errs.Is(err, errs.NotFound) {
		h.Log.ErrorContext(c.Request.Context(), "link not opened", "error", err)
		h.pages.trouble(c, http.StatusServiceUnavailable, trouble{Title: "请稍等", Text: "系统正忙，请过一分钟再打开。"})
		return
	}
	h.pages.trouble(c, http.StatusNotFound, trouble{Title: "打不开", Text: errs.Say(link.ErrClosed)})
}

func (h *photoPages) show(c *gin.Context) {
	o, ok := h.open(c)
	switch {
	case ok && !o.Bound && len(o.Login) > 0:
		h.logins.ask(c, o.Login, "/h/"+c.Param("token"), o.Wrong)
	case ok && !o.Bound:
		h.pages.show(c, http.StatusOK, "unopened", nil)
	case ok:
		a := h.album(c.Param("token"), o)
		a.SDK = h.sdk(c)
		h.pages.under(c, http.StatusOK, a.SDK.scripts(h.pages.policy), "photos", a)
	}
}

// bind ties the link to the browser in which somebody pressed the button.
func (h *photoPages) bind(c *gin.Context) {
	browser := browserOf(c)
	if browser == "" {
		browser = link.NewToken()
	}
	if err := h.Desk.Bind(c.Request.Context(), c.Param("token"), browser); err != nil {
		h.closed(c, err)
		return
	}
	http.SetCookie(c.Writer, &http.Cookie{Name: browserCookie, Value: browser, Path: "/h/", MaxAge: int((24 * time.Hour).Seconds()),
		HttpOnly: true, Secure: h.Secure, SameSite: http.SameSiteLaxMode})
	c.Redirect(http.StatusSeeOther, "/h/"+c.Param("token"))
}

// album is what the page shows of a hazard: no names, who filed it least of all.
type album struct {
	Number, Where, State, Words, Until string
	Login                              bool // opened by logging in, not by the first browser
	SDK                                *sdk // nil without
	Groups                             []albumGroup
}

type albumGroup struct {
	Name   string
	Photos []albumPhoto
}

type albumPhoto struct {
	ID                      int64 // 0: not there yet
	Name, Time, Full, Thumb string
}

func (h *photoPages) album(token string, o link.Opened) album {
	today := calendar.In(h.Clock.Now(), h.Loc)
	place := o.Hazard.Location
	if place == "" {
		place = "地点未填"
	}
	a := album{Number: o.Hazard.Number(), Where: o.Unit + " · " + place, State: o.Hazard.Category + " · " + o.Hazard.State.Say(),
		Words: o.Hazard.Desc + "\n上报：" + calendar.In(o.Hazard.CreatedAt, h.Loc).Say(today), Until: o.Until.In(h.Loc).Format("15:04"), Login: len(o.Login) > 0}
	for _, g := range link.Groups(o.Files) {
		group := albumGroup{Name: g.Name}
		for i, f := range g.Files {
			p := albumPhoto{Name: fmt.Sprintf("%s第 %d 张", g.Name, i+1), Time: f.Created.In(h.Loc).Format("2006-01-02 15:04")}
			if f.State == media.Stored {
				id := strconv.FormatInt(f.ID, 10)
				p.ID, p.Full, p.Thumb = f.ID, "/h/"+token+"/full/"+id, "/h/"+token+"/small/"+id
			}
			group.Photos = append(group.Photos, p)
		}
		a.Groups = append(a.Groups, group)
	}
	return a
}

// downloadTime bounds how slowly a picture may be taken.
const downloadTime = 2 * time.Minute

// picture sends one picture of the link's hazard, and of no other.
func (h *photoPages) picture(from func(s PhotoStore, ctx context.Context, home, sha string) (io.ReadCloser, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		o, ok := h.open(c)
		if !ok {
			return
		}
		f, ok := pictureOf(o, c.Param("file"))
		if !ok {
			h.closed(c, link.ErrClosed)
			return
		}
		r, err := from(h.Store, c.Request.Context(), f.Home, f.SHA256)
		if err != nil {
			h.closed(c, err)
			return
		}
		defer r.Close()
		h.send(c, r, fmt.Sprintf("%s-%d", o.Hazard.Number(), f.ID))
	}
}

// pictureOf finds a picture among those that the page shows.
func pictureOf(o link.Opened, id string) (media.File, bool) {
	for _, g := range link.Groups(o.Files) {
		for _, f := range g.Files {
			if o.Bound && f.State == media.Stored && strconv.FormatInt(f.ID, 10) == id {
				return f, true
			}
		}
	}
	return media.File{}, false
}

// endings are the pictures that are shown; of other content nothing leaves.
var endings = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}

func (h *photoPages) send(c *gin.Context, r io.Reader, name string) {
	content := bufio.NewReader(r)
	start, _ := content.Peek(512) // a short picture is one too
	kind := http.DetectContentType(start)
	ending, ok := endings[kind]
	if !ok {
		h.closed(c, link.ErrClosed)
		return
	}
	head := c.Writer.Header()
	head.Set("Content-Type", kind)
	head.Set("Content-Disposition", `inline; filename="`+strings.ToLower(name)+ending+`"`)
	head.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'") // browsers put a picture on a page with a style
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		return
	}
	deadline := http.NewResponseController(c.Writer) // not every writer has one (tests)
	_ = deadline.SetWriteDeadline(clock.System{}.Now().Add(downloadTime))
	defer func() { _ = deadline.SetWriteDeadline(time.Time{}) }() // the connection serves more
	if _, err := io.Copy(c.Writer, content); err != nil {
		h.Log.DebugContext(c.Request.Context(), "picture not sent whole", "error", err)
	}
}
