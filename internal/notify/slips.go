package notify

import (
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/slip"
	"duban/internal/supervise"
)

// slipOver says why a notice about a slip is pointless by now, "" if it still
// holds. A slip is over with its work, however that ended.
func slipOver(m supervise.Matters, n notice.Notice) string {
	sl, ok := m.Slips[n.Subject.ID]
	if !ok {
		return "gone"
	}
	if reason := ended(m, sl.Subject); reason != "" {
		return reason
	}
	switch answered := sl.State == slip.Answered; {
	case sl.State == slip.Withdrawn:
		return "undone"
	case n.Kind == notice.Receipt && !answered:
		return "undone"
	case n.Kind != notice.Receipt && answered:
		return "answered"
	}
	return ""
}

// ended says why nothing has to be explained about a subject any more.
func ended(m supervise.Matters, s notice.Subject) string {
	switch s.Kind {
	case notice.Assignment:
		w, ok := m.Work(s)
		switch {
		case !ok:
			return "gone"
		case w.State == duty.Closed || w.State == duty.Void:
			return "closed"
		case w.State == duty.Paused:
			return "suspended"
		case w.State == duty.Submitted:
			return "submitted"
		}
	case notice.HazardSubj:
		h, ok := m.Hazard(s)
		switch {
		case !ok || h.Category == hazard.Untold:
			return "gone"
		case !h.State.Open():
			return "closed"
		case h.State == hazard.Fixed || h.State == hazard.Verified:
			return "submitted"
		}
	}
	return ""
}
