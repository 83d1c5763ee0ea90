package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"duban/internal/errs"
	"duban/internal/place"
)

// PlaceDesk is where forms go; *command.Engine does it.
type PlaceDesk interface {
	// PlaceAt returns the place of a code, errs.NotFound if it leads nowhere.
	PlaceAt(ctx context.Context, token string) (place.Seen, error)
	// FileForm carries out what was filled in; errs.Invalid says what to fill in
	// differently.
	FileForm(ctx context.Context, token string, f place.Form) (place.Receipt, error)
}

// PlacePages are the pages behind the codes on the walls.
type PlacePages struct {
	Desk    PlaceDesk
	Tickets place.Tickets
	Public  string // the address people see, as in https://duban.example.edu.cn
}

// placePages is PlacePages at work.
type placePages struct {
	*surface
	PlacePages
	pages   *pages
	uploads uploads
	origin  *http.CrossOriginProtection
	views   rates // by address
	senders rates // by address: a school has one for all its phones
	places  rates // by place
}

// mountPlaces adds the pages of the codes.
func (s *surface) mountPlaces(r *gin.Engine, p *pages) {
	h := &placePages{surface: s, PlacePages: *s.Places, pages: p, uploads: newUploads(), origin: http.NewCrossOriginProtection(),
		views:   rates{burst: 240, every: time.Second},
		senders: rates{burst: 60, every: 10 * time.Second},
		places:  rates{burst: 40, every: time.Minute}}
	if h.Public != "" {
		_ = h.origin.AddTrustedOrigin(h.Public) // a proxy may change the host; an odd address is only not trusted
	}
	r.GET("/q/:token", h.show)
	r.HEAD("/q/:token", h.show)
	r.POST("/q/:token", h.file)
}

// formTime bounds what the form costs once it is read.
const formTime = 20 * time.Second

func (h *placePages) show(c *gin.Context) {
	if !h.views.allow(neighbourhood(c.ClientIP()), h.Clock.Now()) {
		h.pages.tooMany(c)
		return
	}
	if seen, ok := h.find(c); ok {
		h.form(c, http.StatusOK, seen, place.Form{}, "")
	}
}

// find looks the place up. When it returns false the request has been answered.
func (h *placePages) find(c *gin.Context) (place.Seen, bool) {
	// Its own address may be told to this house alone: browsers send no origin else,
	// by which forms of other pages are told apart.
	c.Header("Referrer-Policy", "same-origin")
	seen, err := h.Desk.PlaceAt(c.Request.Context(), c.Param("token"))
	switch {
	case errs.Is(err, errs.NotFound):
		h.pages.trouble(c, http.StatusNotFound, trouble{"打不开", errs.Say(err) + "发现隐患请直接告诉学校老师，或在督办助手里发“上报隐患 地点 问题”。", true})
	case err != nil:
		h.failed(c, err)
		h.pages.trouble(c, http.StatusServiceUnavailable, trouble{"请稍等", "系统正忙，请过一分钟再扫一次。", true})
	}
	return seen, err == nil
}

func (h *placePages) failed(c *gin.Context, err error) {
	h.Log.ErrorContext(c.Request.Context(), "form not carried out", "error", err)
}

// form shows the form, filled in as it was.
func (h *placePages) form(c *gin.Context, status int, seen place.Seen, f place.Form, problem string) {
	h.pages.show(c, status, "form", struct {
		Place           place.Seen
		Form            place.Form
		Ticket, Problem string
		MaxPhotos       int
	}{seen, f, h.Tickets.Issue(c.Param("token"), h.Clock.Now()), problem, place.MaxPhotos})
}

// file takes a form that was sent.
func (h *placePages) file(c *gin.Context) {
	if err := h.origin.Check(c.Request); err != nil {
		closeAfter(c)
		h.pages.trouble(c, http.StatusForbidden, trouble{"没有登记", "这份表单不是从本页发出的。请重新扫码再报。", true})
		return
	}
	now := h.Clock.Now()
	if !h.senders.allow(neighbourhood(c.ClientIP()), now) {
		h.pages.tooMany(c)
		return
	}
	seen, ok := h.find(c)
	if !ok {
		closeAfter(c)
		return
	}
	if !h.places.allow(strconv.FormatInt(seen.ID, 10), now) {
		h.pages.tooMany(c)
		return
	}
	f, done, err := h.uploads.take(c)
	defer done()
	var out place.Receipt
	if err == nil {
		out, err = h.carryOut(c, f)
	} else {
		closeAfter(c)
	}
	h.answer(c, seen, f, out, err)
}

var errOldForm = errs.New(errs.Invalid, "这一页放得太久了，还没有登记。请再按一次“上报”。")

func (h *placePages) carryOut(c *gin.Context, f place.Form) (place.Receipt, error) {
	if !h.Tickets.Good(f.Once, c.Param("token"), h.Clock.Now()) {
		return place.Receipt{}, errOldForm
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), formTime)
	defer cancel()
	return h.Desk.FileForm(ctx, c.Param("token"), f)
}

// answer says what became of a form. What was not filed comes back filled in, but for the
// photos, which no page can choose.
func (h *placePages) answer(c *gin.Context, seen place.Seen, f place.Form, out place.Receipt, err error) {
	again := ""
	if len(f.Photos) > 0 {
		again = "照片要重新选。"
	}
	outcome := "answered"
	if err != nil {
		outcome = "not_stored"
	}
	h.Metrics.MessageReceived("page", "form", outcome)
	switch {
	case err == nil:
		h.pages.show(c, http.StatusOK, "answer", struct {
			place.Receipt
			Grave bool
		}{out, out.Outcome != place.Filed})
	case errs.Is(err, errs.NotFound): // stopped meanwhile
		h.pages.trouble(c, http.StatusNotFound, trouble{"打不开", errs.Say(err), true})
	case errs.Is(err, errs.Invalid):
		h.form(c, http.StatusUnprocessableEntity, seen, f, errs.Say(err)+again)
	case err == errBusy:
		h.form(c, http.StatusServiceUnavailable, seen, f, errs.Say(err))
	default:
		h.failed(c, err)
		h.form(c, http.StatusServiceUnavailable, seen, f, "系统正忙，没有登记。请过一分钟再按一次“上报”。"+again)
	}
}
