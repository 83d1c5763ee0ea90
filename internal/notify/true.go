package notify

import (
	"duban/bot/render"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/supervise"
)

// load gives notices what they are about, with a query for each sort for all of
// them. What is not true any more is dropped with its reason.
func (s *telling) load(ns []notice.Notice) ([]render.Told, error) {
	m, err := supervise.MattersOf(s.ctx, s.tx, ns)
	if err != nil {
		return nil, err
	}
	var out []render.Told
	for _, n := range ns {
		reason := over(m, n)
		if reason == "" && s.unseen(m, n) {
			reason = "not_allowed"
		}
		if reason != "" {
			if err := s.drop([]notice.Notice{n}, reason); err != nil {
				return nil, err
			}
			continue
		}
		out = append(out, s.told(m, n))
	}
	return out, nil
}

// unseen reports whether a notice is about a hazard that its reader follows and may not
// see any more.
func (s *telling) unseen(m supervise.Matters, n notice.Notice) bool {
	h, ok := m.Hazard(n.Subject)
	return ok && n.Step == notice.Followed && org.Can(s.actor, org.ViewHazard, s.dir.HazardSubject(h.UnitID, h.Reporter)) != nil
}

// told is an entry with what it is about.
func (s *telling) told(m supervise.Matters, n notice.Notice) render.Told {
	e, about := render.Told{Notice: n}, m.About(n)
	if w, ok := m.Work(about); ok {
		e.Work, e.Lamp, e.Own = &w, s.Times.Lamp(s.ctx, w, s.dir), s.owns(w.UnitID)
	}
	if h, ok := m.Hazard(about); ok {
		e.Hazard, e.Own = &h, s.actor.IsSafety(h.UnitID)
	}
	if r, ok := m.Responses[n.Subject.ID]; ok && n.Subject.Kind == notice.IncidentSubj {
		e.Response = &r
	}
	if sl, ok := m.Slips[n.Subject.ID]; ok && n.Subject.Kind == notice.SlipSubj {
		e.Slip, e.Own = &sl, s.owns(sl.UnitID)
	}
	return e
}

// over says why a notice is pointless by now, "" if it still holds.
func over(m supervise.Matters, n notice.Notice) string {
	switch n.Subject.Kind {
	case notice.Assignment:
		w, ok := m.Work(n.Subject)
		return workOver(w, ok, n)
	case notice.HazardSubj:
		h, ok := m.Hazard(n.Subject)
		return hazardOver(h, ok, n)
	case notice.SlipSubj:
		return slipOver(m, n)
	case notice.IncidentSubj:
		r, ok := m.Responses[n.Subject.ID]
		return incidentOver(r, ok, n)
	}
	return ""
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
	case n.Step == notice.News && !h.State.Open(): // how it ended was said at once
		return "closed"
	case n.Kind == notice.HazardUpdate:
		return ""
	case !h.State.Open():
		return "closed"
	case why(n) == remind.WhySign && !h.SignedAt.IsZero():
		return "signed"
	}
	return ""
}
