package hazard

import (
	"testing"

	"duban/internal/errs"
)

func TestWhatIsPrinted(t *testing.T) {
	for _, state := range States() {
		h := Hazard{Year: 2025, Seq: 1, Category: "消防", State: state}
		want := errs.Code("")
		if !state.Open() {
			want = errs.Conflict
		}
		if got := errs.CodeOf(h.Printable()); got != want {
			t.Errorf("%s: %q, want %q", state, got, want)
		}
		if h.Category = Untold; !errs.Is(h.Printable(), errs.Forbidden) {
			t.Errorf("%s: a sensitive matter is printed", state)
		}
	}
}
