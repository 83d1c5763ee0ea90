package command

import (
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
)

// stageFiles writes down what part of a hazard's life files show.
func (s *session) stageFiles(subject notice.Subject, ids []int64) error {
	if subject.Kind != notice.HazardSubj || len(ids) == 0 {
		return nil
	}
	stage, err := s.stage(subject.ID)
	if err != nil || stage == "" {
		return err
	}
	return s.tx.StageFiles(s.ctx, stage, ids...)
}

// stage follows from the command the files came with. Those that came without
// words follow what was done just before.
func (s *session) stage(id int64) (media.Stage, error) {
	switch s.command {
	case understand.ReportHazard, understand.HazardReopen, inspection:
		return media.Before, nil
	case understand.HazardFix:
		return fixStage[s.intent.Slots.Status], nil
	case understand.HazardReview:
		return media.Check, nil
	}
	a, at, err := s.lastAct()
	if err != nil || a == nil || s.now.Sub(at) > together || s.act != nil {
		return "", err
	}
	switch {
	case a.Filed == id || a.Command == understand.ReportHazard:
		return media.Before, nil
	case a.Command == understand.HazardReview:
		return media.Check, nil
	case a.Command != understand.HazardFix:
		return "", nil
	}
	h, ok, err := s.tx.HazardByID(s.ctx, id)
	if err != nil || !ok {
		return "", err
	}
	return lateStage(h), nil
}

var fixStage = map[string]media.Stage{"fixed": media.After, "done": media.After, "controlled": media.Control}

// lateStage is that of a photo which follows the words about a fix.
func lateStage(h hazard.Hazard) media.Stage {
	switch {
	case h.State == hazard.Fixed:
		return media.After
	case !h.ControlledAt.IsZero():
		return media.Control
	}
	return ""
}
