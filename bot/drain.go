package bot

import (
	"context"
	"sync"
)

// waitGroup is a sync.WaitGroup whose Wait can be given up.
type waitGroup struct{ wg sync.WaitGroup }

func (w *waitGroup) add()  { w.wg.Add(1) }
func (w *waitGroup) done() { w.wg.Done() }

func (w *waitGroup) wait(ctx context.Context) error {
	idle := make(chan struct{})
	go func() {
		w.wg.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
