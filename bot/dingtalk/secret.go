package dingtalk

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"unicode/utf8"
)

const hidden = "[redacted]"

// Secret holds a credential that no formatting verb, logger or encoder shows.
// The value sits behind a pointer, because fmt ignores methods of unexported
// fields and would print a plain string inside a private struct.
type Secret struct{ value *string }

// NewSecret wraps s without surrounding white space: a stray line break from a
// pasted credential is the classical cause of failed authentication.
func NewSecret(s string) Secret {
	s = strings.TrimSpace(s)
	return Secret{value: &s}
}

// Reveal returns the credential itself. Use it only to sign or to send.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no credential.
func (s Secret) Empty() bool { return s.Reveal() == "" }

// String hides the value.
func (Secret) String() string { return hidden }

// GoString hides the value from %#v.
func (Secret) GoString() string { return hidden }

// Format hides the value from every verb, also from unsuitable ones.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the value from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value from JSON, YAML and other encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// credential finds what the platform's texts may echo: query parameters and
// JSON fields that carry credentials.
var credential = regexp.MustCompile(
	`(?i)("?\b(?:access_?token|session|sign|app_?secret|client_?secret|ticket|signature|downloadUrl)"?\s*[=:]\s*"?)[^\s"&,;}]+`)

const maxErrorText = 200

// redact removes the given secrets and everything that looks like a credential
// from a text of the platform and shortens it for logs.
func redact(text string, secrets ...string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, hidden)
		}
	}
	text = credential.ReplaceAllString(strings.ToValidUTF8(text, "?"), "${1}"+hidden)
	if utf8.RuneCountInString(text) > maxErrorText {
		text = string([]rune(text)[:maxErrorText]) + "…"
	}
	return text
}
