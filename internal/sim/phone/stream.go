package phone

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"duban/internal/errs"
)

// writeTimeout ends a stream whose browser no longer reads.
const writeTimeout = 10 * time.Second

// events streams the feed as server-sent events: "entry" with a cursor as id,
// "clock" with now and next, and "reset" when the browser must load the state
// anew because the record does not reach back to its cursor.
func (p *Page) events(c *gin.Context) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	default:
		fail(c, errs.New(errs.Unavailable, "打开的演示页面太多了。请关掉几个再刷新。"))
		return
	}
	cursor := c.GetHeader("Last-Event-ID")
	if cursor == "" {
		cursor = c.Query("after")
	}
	seq, ok := p.feed.parse(cursor)
	s := stream{w: c.Writer, control: http.NewResponseController(c.Writer)}
	s.start(c.Writer.Header())
	if !ok {
		_ = s.reset()
		return
	}
	_ = p.follow(c.Request.Context(), &s, seq) // the browser went away; it will be back
}

// follow writes what is published until the browser or the feed is gone.
func (p *Page) follow(ctx context.Context, s *stream, seq int64) error {
	moves := -1 // the first round tells the clock
	beat := time.NewTicker(p.beat)
	defer beat.Stop()
	for {
		b := p.feed.after(seq)
		if b.gap {
			return s.reset()
		}
		for _, e := range b.entries {
			if err := s.event("entry", p.feed.cursor(e.Seq), e); err != nil {
				return err
			}
			seq = e.Seq
		}
		if b.moves != moves {
			moves = b.moves
			if err := p.tellClock(ctx, s); err != nil {
				return err
			}
		}
		if b.closed {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.changed:
		case <-beat.C:
			moves = -1 // the clock is the sign of life
		}
	}
}

// tellClock writes the clock; a World that cannot tell it just now is asked
// again at the next beat.
func (p *Page) tellClock(ctx context.Context, s *stream) error {
	st, err := p.world.State(ctx)
	if err != nil {
		return s.comment("no clock")
	}
	return s.event("clock", "", clockOf(st))
}

type clockEvent struct {
	Now     time.Time `json:"now"`
	Running bool      `json:"running"`
	Next    time.Time `json:"next,omitzero"`
}

func clockOf(st State) clockEvent { return clockEvent{Now: st.Now, Running: st.Running, Next: st.Next} }

// stream writes server-sent events, each within a deadline of its own.
type stream struct {
	w       io.Writer
	control *http.ResponseController
}

func (s *stream) start(h http.Header) {
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
}

func (s *stream) event(name, id string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return errs.At("encode event", err)
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	return s.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", id, name, data))
}

func (s *stream) reset() error { return s.write("event: reset\ndata: {}\n\n") }

func (s *stream) comment(text string) error { return s.write(": " + text + "\n\n") }

func (s *stream) write(text string) error {
	// Writers without deadlines (tests) or without a flush say so; they work.
	_ = s.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := io.WriteString(s.w, text); err != nil {
		return err
	}
	return s.control.Flush()
}
