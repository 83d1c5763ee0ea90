package notify

import (
	"context"

	"duban/bot/render"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/remind"
	"duban/internal/slip"
)

// load gives notices what they are about, with two queries for all of them.
// What is not true any more is dropped with its reason.
func (s *telling) load(ns []notice.Notice) ([]render.Told, error) {
	f, err := SubjectsOf(s.ctx, s.tx, ns)
	if err != nil {
		return nil, err
	}
	var out []render.Told
	for _, n := range ns {
		e := render.Told{Notice: n}
		reason := ""
		switch n.Subject.Kind {
		case notice.Assignment:
			w, ok := f.Works[n.Subject.ID]
			if reason = workOver(w, ok, n); reason == "" {
				e.Work, e.Lamp, e.Own = &w, s.Times.Lamp(s.ctx, w, s.dir), s.owns(w.UnitID)
			}
		case notice.HazardSubj:
			h, ok := f.Hazards[n.Subject.ID]
			if reason = hazardOver(h, ok, n); reason == "" {
				e.Hazard, e.Own = &h, s.actor.IsSafety(h.UnitID)
			}
		case notice.SlipSubj:
			if reason = slipOver(f, n); reason == "" {
				e = s.toldSlip(f, n)
			}
		}
		if reason == "" {
			out = append(out, e)
			continue
		}
		if err := s.drop([]notice.Notice{n}, reason); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// toldSlip is an entry about a slip, with what the slip is about.
func (s *telling) toldSlip(f Facts, n notice.Notice) render.Told {
	sl := f.Slips[n.Subject.ID]
	e := render.Told{Notice: n, Slip: &sl, Own: s.owns(sl.UnitID)}
	if w, ok := f.Works[sl.Subject.ID]; ok && sl.Subject.Kind == notice.Assignment {
		e.Work, e.Lamp = &w, s.Times.Lamp(s.ctx, w, s.dir)
	}
	if h, ok := f.Hazards[sl.Subject.ID]; ok && sl.Subject.Kind == notice.HazardSubj {
		e.Hazard = &h
	}
	return e
}

// Facts are what notices are about, by id.
type Facts struct {
	Works   map[int64]duty.Work
	Hazards map[int64]hazard.Hazard
	Slips   map[int64]slip.Slip
}

// SubjectsOf reads what notices are about; of slips also what those are about.
func SubjectsOf(ctx context.Context, src Subjects, ns []notice.Notice) (Facts, error) {
	f := Facts{map[int64]duty.Work{}, map[int64]hazard.Hazard{}, map[int64]slip.Slip{}}
	about, err := f.readSlips(ctx, src, ns)
	if err != nil {
		return f, err
	}
	var workIDs, hazardIDs []int64
	for _, n := range ns {
		about = append(about, n.Subject)
	}
	for _, s := range about {
		switch s.Kind {
		case notice.Assignment:
			workIDs = append(workIDs, s.ID)
		case notice.HazardSubj:
			hazardIDs = append(hazardIDs, s.ID)
		}
	}
	list, err := src.WorkByID(ctx, workIDs...)
	if err != nil {
		return f, err
	}
	for _, w := range list {
		f.Works[w.ID] = w
	}
	found, err := src.HazardsByID(ctx, hazardIDs...)
	for _, h := range found {
		f.Hazards[h.ID] = h
	}
	return f, err
}

func (f Facts) readSlips(ctx context.Context, src Subjects, ns []notice.Notice) (about []notice.Subject, err error) {
	var ids []int64
	for _, n := range ns {
		if n.Subject.Kind == notice.SlipSubj {
			ids = append(ids, n.Subject.ID)
		}
	}
	list, err := src.SlipsByID(ctx, ids...)
	for _, sl := range list {
		f.Slips[sl.ID] = sl
		about = append(about, sl.Subject)
	}
	return about, err
}

func (s *telling) owns(unit string) bool {
	for _, u := range s.actor.Units() {
		if u == unit {
			return true
		}
	}
	return false
}

func why(n notice.Notice) remind.Reason {
	reason, _, _ := n.Rung()
	return remind.Reason(reason)
}

// chases reports whether a notice presses somebody, as opposed to telling what
// happened.
func chases(n notice.Notice) bool {
	return n.Kind == notice.Reminder || n.Kind == notice.Escalation || why(n) == urged
}

// urged is the step of what somebody urged by hand.
const urged remind.Reason = "urge"

// workOver says why a notice about a piece of work is pointless by now, "" if
// it still holds.
func workOver(w duty.Work, exists bool, n notice.Notice) string {
	switch {
	case !exists: // its item rests, has ended or was taken back
		return "gone"
	case !chases(n):
		return ""
	case w.State == duty.Closed || w.State == duty.Void:
		return "closed"
	case w.State == duty.Paused:
		return "suspended"
	case why(n) == remind.WhyReview && w.State != duty.Submitted:
		return "reviewed"
	case why(n) != remind.WhyReview && w.State == duty.Submitted:
		return "submitted"
	case why(n) == remind.WhySign && !w.SignedAt.IsZero():
		return "signed"
	}
	return ""
}

// hazardOver is workOver for hazards.
func hazardOver(h hazard.Hazard, exists bool, n notice.Notice) string {
	switch {
	case !exists:
		return "gone"
	case n.Kind == notice.HazardUpdate:
		return ""
	case !h.State.Open():
		return "closed"
	case why(n) == remind.WhySign && !h.SignedAt.IsZero():
		return "signed"
	}
	return ""
}
