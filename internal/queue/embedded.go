package queue

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/hibiken/asynq"

	"duban/internal/errs"
)

// Embedded is a Redis inside the process, for trying out and for one small
// school. It forgets everything when the process ends; the database does not.
type Embedded struct {
	server *miniredis.Miniredis
	secret string
	stop   context.CancelFunc
	done   chan struct{}
}

// StartEmbedded starts one on a loopback port, guarded by a random password.
func StartEmbedded() (*Embedded, error) {
	s := miniredis.NewMiniRedis()
	secret := rand.Text()
	s.RequireAuth(secret)
	if err := s.StartAddr("127.0.0.1:0"); err != nil {
		return nil, errs.At("start in-process redis", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	e := &Embedded{server: s, secret: secret, stop: cancel, done: make(chan struct{})}
	go e.age(ctx)
	return e, nil
}

// age lets keys expire, which the server does not do by itself.
func (e *Embedded) age(ctx context.Context) {
	defer close(e.done)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			e.server.FastForward(time.Second)
		}
	}
}

// Close stops it.
func (e *Embedded) Close() {
	e.stop()
	<-e.done
	e.server.Close()
}

// Flush empties it, as an operator's FLUSHALL would.
func (e *Embedded) Flush() { e.server.FlushAll() }

func (e *Embedded) options() asynq.RedisConnOpt {
	return asynq.RedisClientOpt{Addr: e.server.Addr(), Password: e.secret}
}
