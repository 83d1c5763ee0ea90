package phone

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"duban/internal/errs"
)

// Limits of one move of the clock. Slack forgives a target that a running clock
// has just passed.
const (
	maxJump = 3 * 366 * 24 * time.Hour
	slack   = time.Minute
	advBody = 4 << 10
)

// move is a request to move the clock: exactly one field is set.
type move struct {
	To   *time.Time `json:"to"`
	By   string     `json:"by"`
	Next bool       `json:"next"`
}

// Mover moves a clock. A World is one.
type Mover interface {
	// Advance moves the clock forward to the instant and returns when everything
	// that fell due was done.
	Advance(ctx context.Context, to time.Time) error
}

// AdvanceHandler serves POST /dev/advance: {"to": RFC3339} or {"by": "24h"}
// moves the clock and {"now": RFC3339} answers when everything that fell due
// was done. It refuses to go back and requests that come from other web pages.
// The caller mounts it only where a movable clock is allowed.
func AdvanceHandler(w Mover, now func() time.Time) gin.HandlerFunc {
	return func(c *gin.Context) {
		if !sameOrigin(c.Request) {
			fail(c, errs.New(errs.Forbidden, "别的网页不能移动这里的时钟。"))
			return
		}
		m, err := readMove(c.Request.Body)
		if err == nil && m.Next {
			err = badMove()
		}
		if err != nil {
			fail(c, err)
			return
		}
		to, err := m.target(now(), time.Time{})
		if err == nil {
			err = errs.At("advance", w.Advance(c.Request.Context(), to))
		}
		if err != nil {
			fail(c, err)
			return
		}
		c.JSON(http.StatusOK, gin.H{"now": now()})
	}
}

// advance is the page's own form; it also knows {"next": true} and answers with
// the next planned time.
func (p *Page) advance(c *gin.Context) {
	m, err := readMove(c.Request.Body)
	if err != nil {
		fail(c, err)
		return
	}
	if !p.moving.TryLock() {
		fail(c, errs.New(errs.Conflict, "时间正在往前走。请等它停下来再点。"))
		return
	}
	defer p.moving.Unlock()
	st, err := p.move(c, m)
	if err != nil {
		fail(c, err)
		return
	}
	c.JSON(http.StatusOK, clockOf(st))
}

func (p *Page) move(c *gin.Context, m move) (State, error) {
	ctx := c.Request.Context()
	st, err := p.world.State(ctx)
	if err != nil {
		return st, errs.At("demo state", err)
	}
	to, err := m.target(st.Now, st.Next)
	if err != nil {
		return st, err
	}
	defer p.feed.Moved() // also after a failure: it may have gone half the way
	if err := p.world.Advance(ctx, to); err != nil {
		return st, errs.At("advance", err)
	}
	st, err = p.world.State(ctx)
	return st, errs.At("demo state", err)
}

func readMove(body io.Reader) (move, error) {
	var m move
	d := json.NewDecoder(io.LimitReader(body, advBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, errs.With(errs.Invalid, `看不懂要去的时间。请写 {"to":"2025-09-11T08:30:00+08:00"} 或 {"by":"24h"}。`, err)
	}
	set := 0
	for _, is := range []bool{m.To != nil, m.By != "", m.Next} {
		if is {
			set++
		}
	}
	if set != 1 {
		return m, badMove()
	}
	return m, nil
}

func badMove() error {
	return errs.New(errs.Invalid, `请只写一种去法：{"to":"2025-09-11T08:30:00+08:00"} 或 {"by":"24h"}。`)
}

// target returns the instant to go to, never before now and at most maxJump on.
func (m move) target(now, next time.Time) (time.Time, error) {
	to, err := m.aim(now, next)
	switch {
	case err != nil:
		return to, err
	case to.Before(now.Add(-slack)):
		return to, errs.New(errs.Invalid, "时间只能往前走。要回到过去，请重新启动演示。")
	case to.After(now.Add(maxJump)):
		return to, errs.New(errs.Invalid, "一次最多往前走三年。请分几次走。")
	case to.Before(now):
		return now, nil
	}
	return to, nil
}

func (m move) aim(now, next time.Time) (time.Time, error) {
	switch {
	case m.To != nil:
		return m.To.In(now.Location()), nil
	case m.Next && next.IsZero():
		return now, errs.New(errs.Conflict, "接下来没有安排好的推送。可以直接走到某一天。")
	case m.Next:
		return next, nil
	}
	by, err := time.ParseDuration(m.By)
	if err != nil {
		return now, errs.With(errs.Invalid, `看不懂要走多久。请写小时数，比如 "24h"。`, err)
	}
	return now.Add(by), nil
}
