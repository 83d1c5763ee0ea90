package queue

import (
	"context"
	"slices"
	"sync"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/org"
	"duban/internal/remind"
)

// Runs knows the groups and which timed jobs have run.
type Runs interface {
	DigestGroups(ctx context.Context) ([]org.Group, error)
	Ran(ctx context.Context, name string) (bool, error)
}

// Schedule knows what is due by the clock: each group's digest, once a day the look
// at the calendars, and at night the look after files.
type Schedule struct {
	Runs  func(ctx context.Context) Runs
	Hours func(ctx context.Context) (remind.Hours, error)
	Cal   remind.Calendars
	Files bool // look after files at night; a dry run has none
	mu    sync.Mutex
	over  map[string]bool // what has run; a memory that saves looking it up
}

// DigestRun and CheckRun name the runs that a job records when it has run.
func DigestRun(group, day string) string { return "digest:" + group + ":" + day }

// CheckRun names the daily look at the calendars.
func CheckRun(day string) string { return "check:" + day }

// TidyRun names the nightly look after files.
func TidyRun(day string) string { return "tidy:" + day }

// nightly is when files are looked after: nobody waits for the store then.
const nightly = 3

// Due implements Times. A digest is due from its time of day until the quiet
// hours begin; later that day it would be old news.
func (s *Schedule) Due(ctx context.Context, now time.Time) ([]Task, error) {
	hours, err := s.Hours(ctx)
	if err != nil {
		return nil, err
	}
	today := calendar.In(now, s.Cal.Loc)
	day := today.String()
	var tasks []Task
	if s.Files && !now.Before(today.At(nightly, 0, s.Cal.Loc)) {
		if tasks, err = s.unlessRan(ctx, tasks, TidyRun(day), Task{Type: Tidy, ID: TidyRun(day), Day: day}); err != nil {
			return nil, err
		}
	}
	if !now.Before(hours.Prepare.On(today, s.Cal.Loc)) {
		if tasks, err = s.unlessRan(ctx, tasks, CheckRun(day), Task{Type: Check, ID: CheckRun(day), Day: day}); err != nil {
			return nil, err
		}
	}
	if remind.DigestOn(today, hours, s.Cal) == remind.NoDigest || now.Before(hours.Digest.On(today, s.Cal.Loc)) ||
		remind.QuietUntil(now, hours, s.Cal).After(now) {
		return tasks, nil
	}
	groups, err := s.Runs(ctx).DigestGroups(ctx)
	if err != nil {
		return nil, errs.At("find digest groups", err)
	}
	for _, g := range groups {
		name := DigestRun(g.ID, day)
		if tasks, err = s.unlessRan(ctx, tasks, name, Task{Type: Digest, ID: name, Names: []string{g.ID}, Day: day}); err != nil {
			return nil, err
		}
	}
	return tasks, nil
}

func (s *Schedule) unlessRan(ctx context.Context, tasks []Task, name string, t Task) ([]Task, error) {
	if s.known(name) {
		return tasks, nil
	}
	ran, err := s.Runs(ctx).Ran(ctx, name)
	if err != nil {
		return nil, err
	}
	if !ran {
		return append(tasks, t), nil
	}
	s.remember(name)
	return tasks, nil
}

func (s *Schedule) known(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over[name]
}

// remember keeps the memory small: names carry their day, so old ones are never
// asked for again.
func (s *Schedule) remember(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over == nil || len(s.over) > 1000 {
		s.over = map[string]bool{}
	}
	s.over[name] = true
}

// Next implements Times.
func (s *Schedule) Next(ctx context.Context, after time.Time) (time.Time, error) {
	hours, err := s.Hours(ctx)
	if err != nil {
		return time.Time{}, err
	}
	today := calendar.In(after, s.Cal.Loc)
	check := hours.Prepare.On(today, s.Cal.Loc)
	if !check.After(after) {
		check = hours.Prepare.On(today.Add(1), s.Cal.Loc)
	}
	next := []time.Time{check, s.digestAfter(after, hours)}
	if s.Files {
		night := today.At(nightly, 0, s.Cal.Loc)
		if !night.After(after) {
			night = today.Add(1).At(nightly, 0, s.Cal.Loc)
		}
		next = append(next, night)
	}
	return slices.MinFunc(next, time.Time.Compare), nil
}

// NextDigest returns the next time at which groups get a digest.
func (s *Schedule) NextDigest(ctx context.Context, after time.Time) (time.Time, error) {
	hours, err := s.Hours(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return s.digestAfter(after, hours), nil
}

func (s *Schedule) digestAfter(after time.Time, hours remind.Hours) time.Time {
	for d := calendar.In(after, s.Cal.Loc); ; d = d.Add(1) {
		at := hours.Digest.On(d, s.Cal.Loc)
		if at.After(after) && remind.DigestOn(d, hours, s.Cal) != remind.NoDigest {
			return at
		}
	}
}
