package journal

import "testing"

// FuzzParseHead holds that what is taken for a head is one, and reads the same when it is
// written again.
func FuzzParseHead(f *testing.F) {
	f.Add("1204:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
	f.Add("0:")
	f.Add(" 1:zz")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := ParseHead(text)
		if err != nil {
			return
		}
		if again, err := ParseHead(h.String()); err != nil || again != h || h.Number < 1 || len(h.Hash) != 64 {
			t.Errorf("%q read as %+v, then as %+v: %v", text, h, again, err)
		}
	})
}
