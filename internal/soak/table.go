package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// table says what was done to the nodes and how they took it.
type table struct {
	rounds  int
	times   map[fault]int
	slowest map[fault]time.Duration
}

func newTable() *table { return &table{times: map[fault]int{}, slowest: map[fault]time.Duration{}} }

func (t *table) add(p plan, took time.Duration) {
	t.rounds++
	for _, a := range p.accidents {
		t.times[a.fault]++
		t.slowest[a.fault] = max(t.slowest[a.fault], took)
	}
}

func (t *table) print(w *world) {
	fmt.Printf("%-16s %7s  %s\n", "fault", "rounds", "slowest round until nothing was open")
	for _, f := range faults() {
		fmt.Printf("%-16s %7d  %s\n", f, t.times[f], t.slowest[f].Round(10*time.Millisecond))
	}
	var acked int
	for _, e := range w.books.all() {
		if e.acked {
			acked++
		}
	}
	taken, again := 0, 0
	for _, g := range w.gates {
		taken, again = taken+len(g.taken()), again+g.again
	}
	fmt.Printf("%d rounds; %d messages of people acknowledged, %d of them answered later (slowest %s)\n", t.rounds, acked, w.books.late,
		w.books.slowest.Round(100*time.Millisecond))
	fmt.Printf("%d messages taken by the platforms; repeats of kinds that may be repeated: %v; %d more known to the platform and not shown\n", taken,
		w.books.repeats, again)
	if unsure, err := w.rows(context.Background(), "SELECT kind, COUNT(*) FROM messages WHERE state = 'unknown' GROUP BY kind"); err == nil {
		fmt.Printf("of unknown fate, not repeated and shown to the operator: %s\n", strings.Join(unsure, ", "))
	}
	if len(w.books.sizes) == 0 {
		return
	}
	first, last := w.books.sizes[0], w.books.sizes[len(w.books.sizes)-1]
	fmt.Printf("the node that was never killed: %.0f to %.0f goroutines, %.0f to %.0f MiB\n", first.goroutines, last.goroutines, first.bytes/(1<<20), last.bytes/(1<<20))
}

// warm is how many rounds a process may take to reach its size.
const warm = 8

// measure notes the size of the node that is never killed.
func (w *world) measure(ctx context.Context) {
	if s, err := w.nodes[nodes-1].size(ctx); err == nil && s.goroutines > 0 {
		w.books.sizes = append(w.books.sizes, s)
	}
}

// grown compares the size after warming up with the last ones; the smaller of
// three, since one look may meet a busy moment.
func (w *world) grown() error {
	sizes := w.books.sizes
	if len(sizes) < warm+6 {
		return nil
	}
	least := func(list []size) size {
		s := list[0]
		for _, o := range list[1:] {
			s.goroutines, s.bytes = min(s.goroutines, o.goroutines), min(s.bytes, o.bytes)
		}
		return s
	}
	before, after := least(sizes[warm:warm+3]), least(sizes[len(sizes)-3:])
	if after.goroutines > before.goroutines+30 || after.bytes > 1.5*before.bytes+(32<<20) {
		return fmt.Errorf("the node that was never killed grew from %.0f to %.0f goroutines, from %.0f to %.0f MiB",
			before.goroutines, after.goroutines, before.bytes/(1<<20), after.bytes/(1<<20))
	}
	return nil
}

// crashed looks for what no fault explains in the nodes' logs.
func (w *world) crashed(context.Context) ([]string, error) {
	var broken []string
	for _, n := range w.nodes {
		text, err := os.ReadFile(n.log)
		if err != nil {
			return nil, err
		}
		for l := range strings.Lines(string(text)) {
			if slices.ContainsFunc([]string{"panic", "fatal error", "level=ERROR", `"level":"ERROR"`}, func(s string) bool { return strings.Contains(l, s) }) {
				broken = append(broken, strings.TrimSpace(l))
			}
		}
	}
	return broken, nil
}
