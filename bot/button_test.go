package bot

import "testing"

func FuzzPressed(f *testing.F) {
	for _, key := range []string{"签收 22-3", "q-ab12|确认", "q-|", "q-no bar", "q-a|b|c", ""} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		words, asked := PressedKey(key)
		if asked == "" && words != key {
			t.Errorf("%q is %q", key, words)
		}
		if asked != "" && (Button{Send: words, Asked: asked}).Key() != key {
			t.Errorf("%q is %q of %q", key, words, asked)
		}
	})
}
