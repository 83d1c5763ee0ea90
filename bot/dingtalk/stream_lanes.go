package dingtalk

import (
	"context"
	"hash/fnv"
	"net/http"
	"sync"
)

const (
	laneCount = 16
	laneRoom  = 64 // frames that may wait in one lane before the reader does
)

// lanes deal with frames side by side, those of one sender in their order: words that
// follow a photo must not overtake it, also not over a second connection.
type lanes struct {
	queues [laneCount]chan job
	done   sync.WaitGroup
}

type job struct {
	ctx  context.Context
	link *link
	f    Frame
}

func newLanes(serve func(job)) *lanes {
	ls := &lanes{}
	for i := range ls.queues {
		queue := make(chan job, laneRoom)
		ls.queues[i] = queue
		ls.done.Go(func() {
			for j := range queue {
				serve(j)
			}
		})
	}
	return ls
}

// put hands a frame to its lane. A frame that finds no room before ctx ends is not
// acknowledged, and so comes again.
func (ls *lanes) put(ctx context.Context, l *link, f Frame) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(f.lane))
	select {
	case ls.queues[h.Sum32()%laneCount] <- job{context.WithoutCancel(ctx), l, f}:
	case <-ctx.Done():
	}
}

// close waits for what was taken. Nothing may be put afterwards.
func (ls *lanes) close() {
	for _, q := range ls.queues {
		close(q)
	}
	ls.done.Wait()
}

// serve deals with one frame and acknowledges it. What was not stored is not acknowledged,
// an event is asked for again.
func (s *Stream) serve(j job) {
	said, err := s.cfg.Handle(j.ctx, j.f)
	switch {
	case err == nil:
		j.link.answer(j.ctx, answerTo(j.f, http.StatusOK, taken(j.f, said)))
	case j.f.Kind == FrameEvent:
		j.link.answer(j.ctx, answerTo(j.f, http.StatusOK, later))
	}
}
