package config

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// hidden is what a set Secret shows of itself.
const hidden = "[secret]"

// Secret is a text that cannot be printed, logged or encoded by accident; only
// Reveal gives it out. The zero value is an unset secret. The text sits behind
// a pointer so that even a Secret in an unexported field of somebody else's
// struct prints as an address.
type Secret struct{ text *string }

// NewSecret returns text, freed of surrounding white space, as a Secret. An
// empty text gives the unset Secret.
func NewSecret(text string) Secret {
	text = strings.TrimSpace(text)
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text itself, "" when unset. Call it where the text is used
// (signing, connecting) and nowhere else.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsSet reports whether there is a text.
func (s Secret) IsSet() bool { return s.text != nil }

// Equal reports whether both hold the same text. It serves tests; it does not
// run in constant time.
func (s Secret) Equal(other Secret) bool { return s.Reveal() == other.Reveal() }

// String returns a placeholder, or "" when unset.
func (s Secret) String() string {
	if s.IsSet() {
		return hidden
	}
	return ""
}

// GoString returns the placeholder for %#v.
func (s Secret) GoString() string { return fmt.Sprintf("%q", s.String()) }

// Format writes the placeholder for every verb, so that %d or %x on a struct do
// not reach the text either.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	if verb == 'q' || f.Flag('#') {
		text = s.GoString()
	}
	_, _ = io.WriteString(f, text) // fmt itself ignores the error of its writer
}

// LogValue returns the placeholder for log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns the placeholder for every text encoder.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalJSON returns the placeholder as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(fmt.Sprintf("%q", s.String())), nil }
