package queue

import (
	"context"
	"time"
)

// Hurried tasks are carried out in this process when Redis does not take them: the
// first word of an emergency does not wait for the next sweep.
func hurried(t Task) bool { return t.Type == Tell || t.Type == Send || t.Type == Respond }

const (
	hereAtOnce = 8                // tasks carried out here beside each other
	hereTime   = 90 * time.Second // for one of them, as long as a message may take to be made and sent
)

// RunHere has hurried tasks that Redis does not take carried out by jobs. It is to be
// called before the first Wake. Whatever the rows say has been done is not done again,
// so a task that Redis took after all does no harm.
func (q *Queue) RunHere(jobs Jobs) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = &jobs
}

// here carries out a task beside the handing over of others; false leaves it to the
// sweeper.
func (q *Queue) here(t Task) bool {
	q.mu.RLock()
	jobs := q.jobs
	q.mu.RUnlock()
	if jobs == nil || !hurried(t) {
		return false
	}
	q.slots <- struct{}{}
	q.running.Go(func() {
		defer func() { <-q.slots }()
		ctx, cancel := context.WithTimeout(context.Background(), hereTime)
		defer cancel()
		result := "here"
		if err := guarded(ctx, *jobs, t); err != nil {
			result = "failed"
			q.log.WarnContext(ctx, "task left to the sweeper", "type", t.Type, "error", err)
		}
		q.metrics.QueueTask(string(t.Type), result)
	})
	return true
}
