package command

import (
	"slices"
	"time"

	"duban/internal/duty"
	"duban/internal/notice"
	"duban/internal/org"
)

// movedItem is an item as it was before it changed, and what tells that nobody has
// changed it since.
type movedItem struct {
	Was     duty.Item      `json:"was"`
	Lead    string         `json:"lead"`  // who leads it after the change
	State   duty.ItemState `json:"state"` // its state after the change
	Replan  []int64        `json:"replan,omitempty"`
	Created bool           `json:"created,omitempty"` // its work did not exist before
}

// restoreItem puts an item back under its former leader, or ends one that was just
// filed.
func (s *session) restoreItem(m movedItem, action string) error {
	items, err := s.tx.Items(s.ctx, m.Was.Year, m.Was.Code)
	if err != nil {
		return err
	}
	if len(items) != 1 || items[0].Lead != m.Lead || items[0].State != m.State {
		return errMovedOn
	}
	if m.Created {
		if err := s.endWork(items[0], action); err != nil {
			return err
		}
		m.Was.State = duty.VoidItem
	}
	if err := s.tx.SaveItem(s.ctx, m.Was); err != nil {
		return err
	}
	if err := s.note(notice.Subject{Kind: "item", ID: m.Was.ID}, action, m.Lead, m.Was.Lead, ""); err != nil {
		return err
	}
	for _, id := range m.Replan {
		if err := s.Supervise.Replan(s.ctx, s.tx, notice.Subject{Kind: notice.Assignment, ID: id}); err != nil {
			return err
		}
	}
	return nil
}

// endWork ends the work of an item that is taken back, unless somebody has begun.
func (s *session) endWork(item duty.Item, action string) error {
	works, err := s.tx.Work(s.ctx, duty.Filter{Codes: []string{item.Code}})
	if err != nil {
		return err
	}
	for _, w := range works {
		if w.ItemID != item.ID {
			continue
		}
		if w.State != duty.Assigned {
			return errMovedOn
		}
		w.State = duty.Void
		if err := s.tx.SaveAssignment(s.ctx, w.Assignment); err != nil {
			return err
		}
		if err := s.note(notice.Subject{Kind: notice.Assignment, ID: w.ID}, action, string(duty.Assigned), string(duty.Void), ""); err != nil {
			return err
		}
		if err := s.Supervise.ReplanWork(s.ctx, s.tx, w); err != nil {
			return err
		}
	}
	return nil
}

// restoreWish takes a wish for a later deadline back, or opens it again when its
// decision is taken back.
func (s *session) restoreWish(e duty.Extension, action string) error {
	open, err := s.tx.OpenExtensions(s.ctx, e.AssignmentID)
	if err != nil {
		return err
	}
	waits := slices.ContainsFunc(open, func(o duty.Extension) bool { return o.ID == e.ID })
	switch asked := e.State == duty.ExtensionOpen; {
	case asked && waits:
		e.State = duty.ExtensionTaken
		err = s.tx.SaveExtension(s.ctx, e)
	case asked || len(open) > 0:
		return errMovedOn
	default:
		e.ID, e.State, e.DecidedBy, e.DecidedAt, e.Note = 0, duty.ExtensionOpen, "", time.Time{}, ""
		_, err = s.tx.AddExtension(s.ctx, e)
	}
	if err != nil {
		return err
	}
	return s.note(notice.Subject{Kind: notice.Assignment, ID: e.AssignmentID}, action+"_extension", e.NewDue.String(), e.OldDue.String(), "")
}

// mine are the settings of a person before they were changed.
type mine struct {
	Quiet *time.Time      `json:"quiet,omitempty"`
	Stood *org.Delegation `json:"stood,omitempty"` // the delegation that ended
	Ends  bool            `json:"ends,omitempty"`  // the one that began has to end
}

func (s *session) restoreMine(m mine, action string) error {
	switch {
	case m.Quiet != nil:
		_, err := s.setQuiet(action, *m.Quiet)
		return err
	case m.Stood != nil:
		if err := s.tx.AddDelegation(s.ctx, *m.Stood, s.now); err != nil {
			return err
		}
		return s.note(personSubject, action, "", m.Stood.To, m.Stood.First.String()+"/"+m.Stood.Last.String())
	}
	if _, err := s.tx.EndDelegations(s.ctx, s.actor.PersonID); err != nil {
		return err
	}
	return s.note(personSubject, action, s.actor.PersonID, "", "")
}

// unreport forgets what is reported once a period.
func (s *session) unreport(name, action string) error {
	if err := s.tx.Forget(s.ctx, name); err != nil {
		return err
	}
	return s.note(personSubject, action, name, "", "")
}
