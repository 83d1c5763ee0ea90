package main

import (
	"fmt"
	"strings"
	"sync"
)

// The roads.
const (
	stream = "stream"
	socket = "socket"
)

// fate is what became of one message.
type fate struct {
	road    string
	taken   bool // acknowledged by duban, or answered on the spot
	answers int
}

// book keeps what was written and what came of it, by who wrote: each person writes once.
type book struct {
	mu      sync.Mutex
	fates   map[string]*fate
	repeats map[string]int // frames that were not acknowledged, by road
	written int
}

func newBook() *book { return &book{fates: map[string]*fate{}, repeats: map[string]int{}} }

// next names the next person.
func (b *book) next() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.written++
	return fmt.Sprintf("writer-%d", b.written)
}

// of returns a person's fate. The caller holds the lock.
func (b *book) of(user string) *fate {
	if b.fates[user] == nil {
		b.fates[user] = &fate{}
	}
	return b.fates[user]
}

func (b *book) taken(user, road string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f := b.of(user)
	f.road, f.taken = road, true
}

func (b *book) unknown(user, road string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of(user).road = road
}

func (b *book) repeated(road string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.repeats[road]++
}

// answered notes an answer; what goes to anybody else is no answer.
func (b *book) answered(user string) {
	if !strings.HasPrefix(user, "writer-") {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of(user).answers++
}

// total is how many answers there are.
func (b *book) total() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, f := range b.fates {
		n += f.answers
	}
	return n
}

// told sums up.
func (b *book) told(stored map[string]int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out strings.Builder
	for _, road := range []string{stream, socket} {
		var taken, unknown, kept, answers, again int
		for user, f := range b.fates {
			if f.road != road {
				continue
			}
			answers += f.answers
			again += max(0, f.answers-1)
			if f.taken {
				taken++
			} else if unknown++; stored[user] > 0 {
				kept++
			}
		}
		fmt.Fprintf(&out, "%s: %d messages taken, %d frames handed over again, %d cut before their answer (%d of them read), %d answers, %d of them again\n",
			road, taken, b.repeats[road], unknown, kept, answers, again)
	}
	return out.String()
}

// check holds that what was taken is stored once and answered once, and that what was cut
// is answered exactly if it was stored. An answer over the socket whose acknowledgement was
// lost may have been shown, and is given again: nothing else would bring it.
func (b *book) check(stored map[string]int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var wrong []string
	for user, f := range b.fates {
		rows := stored[user]
		switch {
		case f.taken && rows == 0:
			wrong = append(wrong, user+" was taken and not stored")
		case rows > 1:
			wrong = append(wrong, fmt.Sprintf("%s is stored %d times", user, rows))
		case f.road == socket && rows == 1 && f.answers == 2:
		case f.answers != rows:
			wrong = append(wrong, fmt.Sprintf("%s on the %s is stored %d times and answered %d times", user, f.road, rows, f.answers))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d messages went wrong: %s", len(wrong), strings.Join(wrong[:min(10, len(wrong))], "; "))
	}
	return nil
}
