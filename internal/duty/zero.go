package duty

import (
	"strings"

	"duban/internal/calendar"
)

// ZeroReport reports whether the work is a periodical report that a zero report (零报告)
// answers: its item says so itself.
func (w Work) ZeroReport() bool { return w.Period != "" && strings.Contains(w.Item.Desc, "零报告") }

// Within reports whether days cover all of the period that the work is collected for.
func (a Assignment) Within(from, to calendar.Date) bool {
	return !a.Opens.IsZero() && from <= a.Opens && a.Due <= to
}
