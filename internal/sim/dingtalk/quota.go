package simdingtalk

import "time"

// meter counts per calendar month.
type meter struct {
	limit, used int
	month       string
}

// take counts one use and reports whether the month still had it.
func (m *meter) take(now time.Time) bool {
	if month := now.Format("2006-01"); month != m.month {
		m.month, m.used = month, 0
	}
	if m.limit > 0 && m.used >= m.limit {
		return false
	}
	m.used++
	return true
}

func (m *meter) exhaust(now time.Time) {
	m.month = now.Format("2006-01")
	m.limit = max(m.limit, m.used, 1)
	m.used = m.limit
}

// Usage is what the organisation has used this month.
type Usage struct{ APICalls, Pushes int }

// Used returns what was counted so far this month.
func (s *Sim) Used() Usage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Usage{APICalls: s.apiUsed.used, Pushes: s.pushUsed.used}
}

// ExhaustAPI uses up this month's API calls: sends and downloads are refused
// until the next month.
func (s *Sim) ExhaustAPI() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apiUsed.exhaust(s.cfg.Now())
}

// ExhaustPushes uses up this month's pushes: messages to the robot arrive with
// errorCode 20001 and without content until the next month.
func (s *Sim) ExhaustPushes() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pushUsed.exhaust(s.cfg.Now())
}
