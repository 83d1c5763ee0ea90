// Package quota keeps the ledger of what platforms count by the month. DingTalk's
// free edition allows an organisation 5 000 API calls and 3 000 pushes a month for
// all its apps together (document "billing model of the development platform");
// when they are used up, messages arrive without their words and none leaves.
package quota

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
)

// Use is what is counted.
type Use string

// What DingTalk counts.
const (
	Calls  Use = "calls"  // API calls that are not exempt
	Pushes Use = "pushes" // messages pushed to us, and sends through group robots
)

// Account is one count of one platform.
type Account struct {
	Platform string
	Use      Use
}

// Scarce is the share of a month's quota from which on only what cannot go another
// way uses it, and Warn the one from which on the operator hears of it.
const (
	Warn   = 0.80
	Scarce = 0.95
)

// Book adds up uses over all processes and months. It returns the totals of the
// names given.
type Book interface {
	AddUses(ctx context.Context, uses map[string]int64) (map[string]int64, error)
}

// Ledger counts what this process uses, adds it to the book now and then, and knows
// from it what all processes have used. It is safe for concurrent use; a nil Ledger
// counts nothing.
type Ledger struct {
	book   Book
	clock  clock.Clock
	loc    *time.Location
	limits map[Account]int64

	mu     sync.Mutex
	month  string
	fresh  map[Account]int64 // not in the book yet
	booked map[Account]int64
}

// NewLedger returns a ledger for accounts with their monthly limits.
func NewLedger(book Book, c clock.Clock, loc *time.Location, limits map[Account]int64) *Ledger {
	return &Ledger{book: book, clock: c, loc: loc, limits: limits, fresh: map[Account]int64{}, booked: map[Account]int64{}}
}

// Add counts one use. What has no limit is not counted.
func (l *Ledger) Add(platform string, u Use) {
	if l == nil {
		return
	}
	a := Account{platform, u}
	if _, limited := l.limits[a]; !limited {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	l.fresh[a]++
}

// turn begins a new month. What was not booked of the old one is let go.
func (l *Ledger) turn() {
	if m := l.clock.Now().In(l.loc).Format("2006-01"); m != l.month {
		l.month = m
		clear(l.fresh)
		clear(l.booked)
	}
}

// Keep adds what is fresh to the book and reads what all have used. When the book
// cannot be reached, everything is kept for the next time.
func (l *Ledger) Keep(ctx context.Context) error {
	if l == nil || len(l.limits) == 0 {
		return nil
	}
	month, fresh := l.take()
	uses := make(map[string]int64, len(l.limits))
	for a := range l.limits {
		uses[name(month, a)] = fresh[a]
	}
	totals, err := l.book.AddUses(ctx, uses)
	l.mu.Lock()
	defer l.mu.Unlock()
	if month != l.month {
		return errs.At("keep the ledger of quotas", err)
	}
	for a := range l.limits {
		if err != nil {
			l.fresh[a] += fresh[a]
		} else {
			l.booked[a] = totals[name(month, a)]
		}
	}
	return errs.At("keep the ledger of quotas", err)
}

func (l *Ledger) take() (month string, fresh map[Account]int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	fresh = maps.Clone(l.fresh)
	clear(l.fresh)
	return l.month, fresh
}

func name(month string, a Account) string {
	return fmt.Sprintf("use:%s:%s:%s", month, a.Platform, a.Use)
}

// Level is how far an account has been used this month.
type Level struct {
	Account
	Month       string // 2025-09
	Used, Limit int64
	Ends        calendar.Date // when it will be used up if it goes on so; zero: not this month
}

// Share is the part that has been used.
func (v Level) Share() float64 { return float64(v.Used) / float64(v.Limit) }

// Levels lists all accounts as of the last Keep and what this process has used since.
func (l *Ledger) Levels() []Level {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turn()
	var out []Level
	for a, limit := range l.limits {
		v := Level{Account: a, Month: l.month, Used: l.booked[a] + l.fresh[a], Limit: limit}
		v.Ends = ends(v.Used, limit, calendar.In(l.clock.Now(), l.loc))
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Level) int { return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Use, b.Use)) })
	return out
}

// ends is the day on which a limit is reached at the pace of the month so far.
func ends(used, limit int64, today calendar.Date) calendar.Date {
	if used <= 0 {
		return 0
	}
	year, month, n := today.YMD()
	day := calendar.Of(year, month, 1).Add(int(limit * int64(n) / used))
	if day > today.MonthEnd() {
		return 0
	}
	return max(day, today)
}

// Scarce reports whether a platform has so little left that what can go another way
// should.
func (l *Ledger) Scarce(platform string) bool {
	for _, v := range l.Levels() {
		if v.Platform == platform && v.Share() >= Scarce {
			return true
		}
	}
	return false
}
