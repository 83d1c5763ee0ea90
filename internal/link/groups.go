package link

import (
	"time"

	"duban/internal/hazard"
	"duban/internal/media"
)

// Group is photos that show the same stage of a hazard.
type Group struct {
	Name  string
	Files []media.File
}

// stages are the groups in the order they are shown.
var stages = []string{"整改前", "临时管控", "整改后"}

// Groups puts the pictures of a hazard into groups, empty ones left out.
func Groups(h hazard.Hazard, files []media.File) []Group {
	list := make([]Group, len(stages))
	for i, name := range stages {
		list[i].Name = name
	}
	for _, f := range files {
		if f.Kind == image {
			i := stageOf(h, f)
			list[i].Files = append(list[i].Files, f)
		}
	}
	var out []Group
	for _, g := range list {
		if len(g.Files) > 0 {
			out = append(out, g)
		}
	}
	return out
}

const image = "image"

// before is how long before the words that report it a photo may have come.
const before = 15 * time.Minute

// stageOf says which group a picture is in, by when it came.
func stageOf(h hazard.Hazard, f media.File) int {
	reached := func(at time.Time) bool {
		return !at.IsZero() && !f.Created.Before(at.Add(-before)) && f.Created.After(h.CreatedAt)
	}
	switch {
	case reached(h.FixedAt):
		return 2
	case reached(h.ControlledAt):
		return 1
	}
	return 0
}
