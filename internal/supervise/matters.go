package supervise

import (
	"context"

	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/response"
	"duban/internal/slip"
)

// Matters are what notices and rounds are about, by id. What does not exist any more
// is missing.
type Matters struct {
	Works   map[int64]duty.Work
	Hazards map[int64]hazard.Hazard
	Slips   map[int64]slip.Slip

	Responses map[int64]response.Response // by their incidents
}

// MatterTx reads works and hazards.
type MatterTx interface {
	WorkByID(ctx context.Context, ids ...int64) ([]duty.Work, error)
	HazardsByID(ctx context.Context, ids ...int64) ([]hazard.Hazard, error)
}

// SlipMatterTx reads slips as well.
type SlipMatterTx interface {
	MatterTx
	SlipsByID(ctx context.Context, ids ...int64) ([]slip.Slip, error)
	ResponsesByID(ctx context.Context, incidents ...int64) ([]response.Response, error)
}

// MattersOf reads what notices are about, with a query for each sort; of slips also
// what those are about.
func MattersOf(ctx context.Context, tx SlipMatterTx, ns []notice.Notice) (Matters, error) {
	var slips, incidents []int64
	of := make([]notice.Subject, 0, len(ns))
	for _, n := range ns {
		if of = append(of, n.Subject); n.Subject.Kind == notice.SlipSubj {
			slips = append(slips, n.Subject.ID)
		} else if n.Subject.Kind == notice.IncidentSubj {
			incidents = append(incidents, n.Subject.ID)
		}
	}
	list, err := tx.SlipsByID(ctx, slips...)
	if err != nil {
		return Matters{}, err
	}
	found := make(map[int64]slip.Slip, len(list))
	for _, sl := range list {
		found[sl.ID], of = sl, append(of, sl.Subject)
	}
	m, err := matters(ctx, tx, of)
	m.Slips = found
	if err != nil || len(incidents) == 0 {
		return m, err
	}
	rounds, err := tx.ResponsesByID(ctx, incidents...)
	m.Responses = make(map[int64]response.Response, len(rounds))
	for _, r := range rounds {
		m.Responses[r.Incident] = r
	}
	return m, err
}

// matters reads works and hazards; other sorts are passed over.
func matters(ctx context.Context, tx MatterTx, of []notice.Subject) (Matters, error) {
	var workIDs, hazardIDs []int64
	for _, s := range of {
		switch s.Kind {
		case notice.Assignment:
			workIDs = append(workIDs, s.ID)
		case notice.HazardSubj:
			hazardIDs = append(hazardIDs, s.ID)
		}
	}
	m := Matters{Works: map[int64]duty.Work{}, Hazards: map[int64]hazard.Hazard{}}
	works, err := tx.WorkByID(ctx, workIDs...)
	if err != nil {
		return m, err
	}
	for _, w := range works {
		m.Works[w.ID] = w
	}
	hazards, err := tx.HazardsByID(ctx, hazardIDs...)
	for _, h := range hazards {
		m.Hazards[h.ID] = h
	}
	return m, err
}

// About is what a notice is about in the end: of a slip its work or hazard.
func (m Matters) About(n notice.Notice) notice.Subject {
	if n.Subject.Kind == notice.SlipSubj {
		return m.Slips[n.Subject.ID].Subject
	}
	return n.Subject
}

// Work returns the work that a subject is.
func (m Matters) Work(s notice.Subject) (duty.Work, bool) {
	w, ok := m.Works[s.ID]
	return w, ok && s.Kind == notice.Assignment
}

// Hazard returns the hazard that a subject is.
func (m Matters) Hazard(s notice.Subject) (hazard.Hazard, bool) {
	h, ok := m.Hazards[s.ID]
	return h, ok && s.Kind == notice.HazardSubj
}
