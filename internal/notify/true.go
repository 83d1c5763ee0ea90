package notify

import (
	"context"

	"duban/bot/render"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/remind"
)

// load gives notices what they are about, with two queries for all of them.
// What is not true any more is dropped with its reason.
func (s *telling) load(ns []notice.Notice) ([]render.Told, error) {
	works, hazards, err := SubjectsOf(s.ctx, s.tx, ns)
	if err != nil {
		return nil, err
	}
	var out []render.Told
	for _, n := range ns {
		e := render.Told{Notice: n}
		reason := ""
		switch n.Subject.Kind {
		case notice.Assignment:
			w, ok := works[n.Subject.ID]
			if reason = workOver(w, ok, n); reason == "" {
				e.Work, e.Lamp, e.Own = &w, s.Times.Lamp(s.ctx, w, s.dir), s.owns(w.UnitID)
			}
		case notice.HazardSubj:
			h, ok := hazards[n.Subject.ID]
			if reason = hazardOver(h, ok, n); reason == "" {
				e.Hazard, e.Own = &h, s.actor.IsSafety(h.UnitID)
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

// SubjectsOf reads what notices are about.
func SubjectsOf(ctx context.Context, src Subjects, ns []notice.Notice) (map[int64]duty.Work, map[int64]hazard.Hazard, error) {
	var workIDs, hazardIDs []int64
	for _, n := range ns {
		switch n.Subject.Kind {
		case notice.Assignment:
			workIDs = append(workIDs, n.Subject.ID)
		case notice.HazardSubj:
			hazardIDs = append(hazardIDs, n.Subject.ID)
		}
	}
	works, hazards := map[int64]duty.Work{}, map[int64]hazard.Hazard{}
	list, err := src.WorkByID(ctx, workIDs...)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range list {
		works[w.ID] = w
	}
	found, err := src.HazardsByID(ctx, hazardIDs...)
	for _, h := range found {
		hazards[h.ID] = h
	}
	return works, hazards, err
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
