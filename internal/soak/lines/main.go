// Command lines lets duban hold its two long connections, DingTalk's stream and the smart
// bot's of WeCom, while they are cut, ended with notice, frozen and refused every few
// seconds and people write over both. It ends with code 1 when something was acknowledged
// twice, when something that was taken is not stored or not answered exactly once, or when
// goroutines or descriptors grew.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	length := flag.Duration("for", 3*time.Minute, "how long to cut")
	seed := flag.Uint64("seed", 0, "the order of the cuts; 0 draws one")
	flag.Parse()
	if *seed == 0 {
		*seed = rand.Uint64N(1_000_000) + 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *length, *seed); err != nil {
		fmt.Fprintf(os.Stderr, "soak of the connections, seed %d: %v\n", *seed, err)
		stop()
		os.Exit(1)
	}
}

// warm is how many cuts come before the first count of what the process holds: by then
// pools are filled and lazy things made.
const warm = 10

func run(ctx context.Context, length time.Duration, seed uint64) error {
	w, err := open(ctx)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer w.close()
	cuts := newCutter(w, seed)
	if err := w.during(ctx, func(ctx context.Context) error { return cuts.some(ctx, warm) }); err != nil {
		return err
	}
	before := held()
	end := time.Now().Add(length)
	if err := w.during(ctx, func(ctx context.Context) error { return cuts.until(ctx, end) }); err != nil {
		return err
	}
	after := held()
	fmt.Printf("seed %d: %s\n", seed, cuts)
	rows, err := w.stored(ctx)
	if err != nil {
		return err
	}
	fmt.Print(w.book.told(rows))
	fmt.Printf("goroutines %d before, %d after; descriptors %d before, %d after\n", before.goroutines, after.goroutines, before.descriptors, after.descriptors)
	if n := w.stage.DingTalk.Strays(); n > 0 {
		return fmt.Errorf("%d frames were acknowledged twice", n)
	}
	if err := w.book.check(rows); err != nil {
		return err
	}
	return before.grown(after)
}
