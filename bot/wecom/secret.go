package wecom

import "log/slog"

const redacted = "[redacted]"

// Secret is a credential that does not print: every usual way to turn it into
// text gives "[redacted]". Reveal is the only way to the value.
type Secret string

// Reveal returns the value, for the one place that must send it.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer.
func (Secret) String() string { return redacted }

// GoString implements fmt.GoStringer, so %#v does not print the value either.
func (Secret) GoString() string { return redacted }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText keeps the value out of JSON, YAML and XML.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
