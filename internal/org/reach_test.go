package org

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"duban/internal/errs"
)

// TestReachCoversWhatIsPermitted compares the reach with the permissions it
// stands for: whatever an actor may export lies within it.
func TestReachCoversWhatIsPermitted(t *testing.T) {
	want := map[string]Reach{
		"head":     {Units: []string{"school"}},
		"chief":    {Sections: []string{"section"}, Units: []string{"section"}},
		"deputy":   {Sections: []string{"section", "bureau"}, Units: []string{"section", "bureau"}},
		"director": {All: true},
		"office":   {All: true},
	}
	for name, a := range actors() {
		got, err := ReachOf(a, ExportData)
		if w, may := want[name]; may != (err == nil) || cmp.Diff(w, got) != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if err != nil && (errs.CodeOf(err) != errs.Forbidden || errs.Say(err) == "") {
			t.Errorf("%s is refused without a sentence: %v", name, err)
		}
	}
}
