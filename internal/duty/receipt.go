package duty

import "duban/internal/calendar"

// Receipt returns the assignment with what its unit explains about a slip. That is
// no report: it signs nothing, ends no period and stops no escalation.
func (a Assignment) Receipt(note string, eta calendar.Date) (Assignment, error) {
	if !a.State.Open() {
		return a, closedError(a.State)
	}
	if err := (Progress{Note: note}).check(); err != nil {
		return a, err
	}
	a.Note, a.ETA = note, eta
	return a, nil
}
