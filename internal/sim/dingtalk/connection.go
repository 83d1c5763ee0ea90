package simdingtalk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"
)

// streamConn is one client at the gateway.
type streamConn struct {
	sim    *Sim
	conn   *websocket.Conn
	topics map[string]bool
	ending bool // guarded by sim.mu
	frozen atomic.Bool
	gone   chan struct{} // closed when it has ended

	mu      sync.Mutex
	waiting map[string]chan streamAck
}

// streamAck is what a client answers a frame with.
type streamAck struct {
	Code    int
	Message string
	Data    string
	Headers struct{ MessageID string }
}

var errStreamGone = errors.New("stream connection ended")

// read takes acknowledgements until the connection ends. Whatever else a client sends is
// an offence: nothing can be sent through the stream.
func (c *streamConn) read() {
	defer close(c.gone)
	for {
		_, raw, err := c.conn.Read(context.Background())
		if err != nil {
			return
		}
		var a streamAck
		if json.Unmarshal(raw, &a) != nil || a.Headers.MessageID == "" || a.Code == 0 {
			_ = c.conn.Close(websocket.StatusPolicyViolation, "nothing but acknowledgements")
			return
		}
		c.mu.Lock()
		answer := c.waiting[a.Headers.MessageID]
		delete(c.waiting, a.Headers.MessageID)
		c.mu.Unlock()
		if answer == nil {
			c.sim.strays.Add(1)
			continue
		}
		answer <- a
	}
}

// ask sends a frame and waits for its acknowledgement.
func (c *streamConn) ask(ctx context.Context, kind, topic string, extra map[string]string, data string) (streamAck, error) {
	h := c.headers(topic)
	maps.Copy(h, extra)
	answer := make(chan streamAck, 1)
	c.mu.Lock()
	if c.waiting == nil {
		c.waiting = map[string]chan streamAck{}
	}
	c.waiting[h["messageId"]] = answer
	c.mu.Unlock()
	if err := c.send(ctx, map[string]any{"specVersion": "1.0", "type": kind, "headers": h, "data": data}); err != nil {
		return streamAck{}, err
	}
	if kind == "CALLBACK" {
		c.sim.handed.Add(1)
	}
	select {
	case a := <-answer:
		return a, nil
	case <-c.gone:
		return streamAck{}, errStreamGone
	case <-ctx.Done():
		return streamAck{}, fmt.Errorf("%s not acknowledged: %w", topic, ctx.Err())
	}
}

func (c *streamConn) headers(topic string) map[string]string {
	c.sim.mu.Lock()
	defer c.sim.mu.Unlock()
	return map[string]string{
		"appId": "sim-app", "connectionId": "sim-connection", "contentType": "application/json",
		"messageId": c.sim.next("frame-"), "time": strconv.FormatInt(c.sim.cfg.Now().UnixMilli(), 10), "topic": topic,
	}
}

func (c *streamConn) send(ctx context.Context, frame map[string]any) error {
	raw, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	if err := c.conn.Write(ctx, websocket.MessageText, raw); err != nil {
		return fmt.Errorf("send frame: %w", err)
	}
	return nil
}
