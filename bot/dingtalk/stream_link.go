package dingtalk

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// writeWithin bounds the writing of an acknowledgement.
const writeWithin = 5 * time.Second

// link is one connection to the gateway. Its writes may come from several goroutines;
// nothing but its reader ends it.
type link struct {
	conn   *websocket.Conn
	hand   func(ctx context.Context, l *link, f Frame) // for frames that are no matter of the connection
	log    *slog.Logger
	gone   chan struct{} // closed when the connection has ended
	ending chan struct{} // closed when the gateway says that it will
	told   sync.Once
}

func newLink(conn *websocket.Conn, hand func(context.Context, *link, Frame), log *slog.Logger) *link {
	return &link{conn: conn, hand: hand, log: log, gone: make(chan struct{}), ending: make(chan struct{})}
}

// read takes frames until the connection ends, or ctx does.
func (l *link) read(ctx context.Context) {
	defer close(l.gone)
	defer func() { _ = l.conn.CloseNow() }()
	for {
		kind, raw, err := l.conn.Read(ctx)
		if err != nil {
			return
		}
		if kind != websocket.MessageText {
			continue
		}
		f, ok := decodeFrame(raw)
		if !ok {
			l.log.WarnContext(ctx, "dingtalk stream: frame not read", "bytes", len(raw))
			continue
		}
		l.take(ctx, f)
	}
}

func (l *link) take(ctx context.Context, f Frame) {
	switch {
	case f.Kind == FrameSystem && f.Topic == topicPing:
		l.answer(ctx, answerTo(f, http.StatusOK, f.Data))
	case f.Kind == FrameSystem && f.Topic == topicDisconnect:
		l.told.Do(func() { close(l.ending) })
	case f.Kind == FrameSystem: // CONNECTED, REGISTERED and the like
	case f.Kind == FrameCallback || f.Kind == FrameEvent:
		l.hand(ctx, l, f)
	default:
		l.answer(ctx, answerTo(f, http.StatusNotFound, nil))
	}
}

// answer acknowledges. What cannot be written any more comes again by another connection.
func (l *link) answer(ctx context.Context, a ack) {
	raw, err := json.Marshal(a)
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeWithin)
	defer cancel()
	if err := l.conn.Write(ctx, websocket.MessageText, raw); err != nil {
		l.log.DebugContext(ctx, "dingtalk stream: not acknowledged", "frame", a.Headers.MessageID)
	}
}

// watch asks for signs of life and ends a connection that gives none. A dead connection
// swallows messages for as long as it seems alive.
func (l *link) watch(ctx context.Context, every, silence time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.gone:
			return
		case <-tick.C:
		}
		wait, cancel := context.WithTimeout(ctx, silence)
		err := l.conn.Ping(wait)
		cancel()
		if err != nil && ctx.Err() == nil {
			_ = l.conn.CloseNow()
			return
		}
	}
}
