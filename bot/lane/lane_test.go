package lane

import (
	"context"
	"sync"
	"testing"
)

func TestEqualKeysKeepTheirOrder(t *testing.T) {
	ls := New()
	var mu sync.Mutex
	got := map[string][]int{}
	for i := range 400 {
		for _, key := range []string{"a", "b", "c"} {
			if !ls.Put(t.Context(), key, func() { mu.Lock(); got[key] = append(got[key], i); mu.Unlock() }) {
				t.Fatal("not taken")
			}
		}
	}
	ls.Close()
	for key, list := range got {
		for i, v := range list {
			if i != v {
				t.Fatalf("%s: job %d came as number %d", key, v, i)
			}
		}
		if len(list) != 400 {
			t.Errorf("%s: %d of 400 jobs", key, len(list))
		}
	}
}

func TestAFullLaneGivesUpWithTheContext(t *testing.T) {
	ls := New()
	block := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	for range room + 1 {
		ls.Put(ctx, "a", func() { <-block })
	}
	cancel()
	taken := 0
	for range 50 { // at most what the lane still had room for
		if ls.Put(ctx, "a", func() {}) {
			taken++
		}
	}
	if taken > 1 {
		t.Errorf("%d jobs were taken by a full lane", taken)
	}
	close(block)
	ls.Close()
}
