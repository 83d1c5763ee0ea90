package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"duban/internal/notice"
)

// table says what was done to the nodes and how they took it.
type table struct {
	rounds  int
	planned map[fault]int
	slowest map[fault]time.Duration
}

func newTable() *table { return &table{planned: map[fault]int{}, slowest: map[fault]time.Duration{}} }

func (t *table) add(p plan, took time.Duration) {
	t.rounds++
	for _, a := range p.accidents {
		t.planned[a.fault]++
		t.slowest[a.fault] = max(t.slowest[a.fault], took)
	}
}

// print says what happened. Faults of calls to a platform count calls, the others
// moments.
func (t *table) print(ctx context.Context, w *world) {
	fmt.Printf("%-18s %8s %8s  %s\n", "fault", "planned", "struck", "slowest round until nothing was open")
	for _, f := range append(faults(), hang) {
		fmt.Printf("%-18s %8d %8d  %s\n", f, t.planned[f], w.books.struck[f], t.slowest[f].Round(10*time.Millisecond))
	}
	v := judge(w.last)
	printTally("message", v.kinds)
	printTally("intent", v.told)
	e := v.told[string(notice.Escalation)]
	if e != nil {
		fmt.Printf("escalations: %d, of them %d arrived; %d repeats; %d became pointless before or after, for a named reason\n", e.rows, e.taken, e.again, e.dropped)
	}
	t.printPeople(ctx, w)
	if len(w.books.sizes) > 0 {
		first, last := w.books.sizes[0], w.books.sizes[len(w.books.sizes)-1]
		fmt.Printf("the node that was never killed: %.0f to %.0f goroutines, %.0f to %.0f MiB\n", first.goroutines, last.goroutines, first.bytes/(1<<20), last.bytes/(1<<20))
	}
}

func printTally(what string, kinds map[string]*tally) {
	fmt.Printf("%-18s %8s %8s %8s %8s %8s %8s\n", what, "rows", "arrived", "repeats", "unknown", "dropped", "waiting")
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		c := kinds[k]
		fmt.Printf("  %-16s %8d %8d %8d %8d %8d %8d\n", k, c.rows, c.taken, c.again, c.unknown, c.dropped, c.waiting)
	}
}

func (t *table) printPeople(ctx context.Context, w *world) {
	var acked, inCall int
	for _, e := range w.books.all() {
		if e.acked {
			acked++
		}
		inCall += e.shown
	}
	again := 0
	for _, g := range w.gates {
		again += g.again
	}
	fmt.Printf("%d rounds; %d messages of people acknowledged, %d answered in the call, %d later (slowest %s); %d repeats known to the platform and not shown\n",
		t.rounds, acked, inCall, w.books.late, w.books.slowest.Round(100*time.Millisecond), again)
	for what, q := range map[string]string{
		"messages of unknown fate, not repeated and shown to the operator": "SELECT kind, reason, COUNT(*) FROM messages WHERE state = 'unknown' GROUP BY kind, reason",
		"messages that failed": "SELECT kind, reason, COUNT(*) FROM messages WHERE state = 'failed' GROUP BY kind, reason",
		"intents dropped":      "SELECT kind, reason, COUNT(*) FROM notices WHERE state = 'dropped' GROUP BY kind, reason",
	} {
		if list, err := w.rows(ctx, q); err == nil {
			fmt.Printf("%s: %s\n", what, strings.Join(list, ", "))
		}
	}
	if lines, open, err := w.sealed(ctx); err == nil {
		fmt.Printf("the journal verifies: %d lines, %d not sealed\n", lines, open)
	}
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
