package sealed

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

const key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

func box(t testing.TB) *Box {
	t.Helper()
	b, err := New(key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWhatIsSealedOpensForItsOwnerOnly(t *testing.T) {
	b := box(t)
	for size := range 70 {
		msg := strings.Repeat("x", size)
		frame, err := b.Seal([]byte(msg), "one")
		if err != nil {
			t.Fatal(err)
		}
		if got, owner, err := b.Open(frame, "two", "one"); err != nil || string(got) != msg || owner != "one" {
			t.Fatalf("size %d: got %q for %q, %v", size, got, owner, err)
		}
		if _, _, err := b.Open(frame, "two"); !errors.Is(err, Owner) {
			t.Fatalf("size %d: opened for somebody else: %v", size, err)
		}
	}
}

func TestKeysAreLookedAt(t *testing.T) {
	for name, bad := range map[string]string{"empty": "", "short": key[:42], "padded": key[:42] + "=", "line break": key[:42] + "\n", "not base64": strings.Repeat("?", 43)} {
		if _, err := New(bad); err == nil || strings.Contains(err.Error(), key[:20]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzFrame takes the same bytes as cipher text and as a frame that was decrypted.
func FuzzFrame(f *testing.F) {
	f.Add(bytes.Repeat([]byte{1}, 32))
	f.Add([]byte("0123456789abcdef\x00\x00\x00\x02okone" + strings.Repeat("\x07", 7)))
	f.Add([]byte("0123456789abcdef\xff\xff\xff\xffokone" + strings.Repeat("\x07", 7)))
	b := box(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, _, err := b.Open(string(data), "one"); err != nil {
			var flaw Flaw
			if !errors.As(err, &flaw) {
				t.Fatalf("an error beside the flaws: %v", err)
			}
		}
		if len(data) == 0 {
			return
		}
		if plain, err := unpad(bytes.Clone(data)); err == nil {
			if msg, _, err := split(plain, []string{"one"}); err == nil && len(msg) > len(data) {
				t.Fatalf("%d bytes out of %d", len(msg), len(data))
			}
		}
	})
}
