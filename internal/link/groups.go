package link

import (
	"slices"

	"duban/internal/media"
)

// Group is photos that show the same stage of a hazard.
type Group struct {
	Name  string
	Files []media.File
}

// stages are the groups in the order they are shown. What is not known counts as
// the state before.
var stages = []struct {
	name string
	of   []media.Stage
}{
	{"整改前", []media.Stage{media.Before, ""}},
	{"临时管控", []media.Stage{media.Control}},
	{"整改后", []media.Stage{media.After}},
	{"复查时", []media.Stage{media.Check}},
}

// Groups puts the pictures of a hazard into groups, empty ones left out.
func Groups(files []media.File) []Group {
	var out []Group
	for _, stage := range stages {
		g := Group{Name: stage.name}
		for _, f := range files {
			if f.Picture() && slices.Contains(stage.of, f.Stage) {
				g.Files = append(g.Files, f)
			}
		}
		if len(g.Files) > 0 {
			out = append(out, g)
		}
	}
	return out
}
