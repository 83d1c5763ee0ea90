// Command soak lets real nodes work on a MariaDB and a Redis of its own while
// nodes, servers and platforms are killed, cut off and made to refuse at random
// moments, and follows every intent to what the fake platforms took. It ends with
// code 1 and the seed when a promise was broken. The same seed makes the same plan;
// what the processes make of it differs from run to run, which is the point.
package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 60, "how many rounds to play")
	seed := flag.Uint64("seed", 0, "the plan; 0 draws one")
	limit := flag.Duration("limit", 4*time.Minute+20*time.Second, "begin no further round after this time")
	least := flag.Int("least", 50, "with fewer rounds in that time the run has failed")
	flag.Parse()
	if *seed == 0 {
		*seed = rand.Uint64N(1_000_000) + 1
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *seed, *rounds, *least, *limit); err != nil {
		fmt.Fprintf(os.Stderr, "soak: %v\nrepeat with: make soak SEED=%d\n", err, *seed)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, seed uint64, rounds, least int, limit time.Duration) error {
	fmt.Printf("seed %d\n", seed)
	w, err := open(ctx)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	defer w.close()
	t := newTable()
	end := time.Now().Add(limit)
	day := firstDay
	for n := range rounds {
		if time.Now().After(end) {
			break
		}
		p := draw(seed, n, day)
		took, err := w.play(ctx, p)
		t.add(p, took)
		if err == nil {
			err = w.check(ctx)
		}
		if err != nil {
			return fmt.Errorf("round %d, %s, %s: %w", n+1, p.day.Format(time.DateOnly), p.names(), err)
		}
		w.measure(ctx)
		day = nextDay(day)
	}
	if err := w.afterwards(ctx, day); err != nil {
		return err
	}
	t.print(ctx, w)
	found, err := w.prove(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("planted afterwards and found: %s\n", strings.Join(found, ", "))
	if t.rounds < least {
		return fmt.Errorf("only %d rounds within %s, want %d", t.rounds, limit, least)
	}
	return w.grown()
}
