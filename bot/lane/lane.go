// Package lane does work side by side, and what belongs together in its order: words that
// follow a photo must not overtake it.
package lane

import (
	"context"
	"hash/fnv"
	"sync"
)

const (
	count = 16
	room  = 64 // jobs that may wait in one lane before who puts them does
)

// Lanes run jobs; those with equal keys one after the other, as they were put. Safe for
// concurrent use.
type Lanes struct {
	queues [count]chan func()
	done   sync.WaitGroup
}

// New starts the lanes. Close ends them.
func New() *Lanes {
	ls := &Lanes{}
	for i := range ls.queues {
		queue := make(chan func(), room)
		ls.queues[i] = queue
		ls.done.Go(func() {
			for job := range queue {
				job()
			}
		})
	}
	return ls
}

// Put hands a job to the lane of its key and reports whether it was taken: it is not when
// the lane is full until ctx ends.
func (ls *Lanes) Put(ctx context.Context, key string, job func()) bool {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	select {
	case ls.queues[h.Sum32()%count] <- job:
		return true
	case <-ctx.Done():
		return false
	}
}

// Close waits for what was taken. Nothing may be put afterwards.
func (ls *Lanes) Close() {
	for _, q := range ls.queues {
		close(q)
	}
	ls.done.Wait()
}
