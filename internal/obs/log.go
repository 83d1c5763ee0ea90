// Package obs is what the operator sees: structured logs that carry the request
// and message they belong to and never a secret, and Prometheus metrics.
package obs

import (
	"context"
	"io"
	"log/slog"
	"strings"
)

// NewLogger returns a logger that writes to w. Level is debug, info, warn or
// error (anything else counts as info); format is json, or text for everything
// else. Attributes put into the context by With are added to each line, and
// attributes that look like secrets are blanked.
func NewLogger(w io.Writer, level, format string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: l}
	var h slog.Handler = slog.NewTextHandler(w, options)
	if strings.EqualFold(format, "json") {
		h = slog.NewJSONHandler(w, options)
	}
	return slog.New(Wrap(h))
}

// Wrap puts the context attributes and the redaction before any handler.
func Wrap(h slog.Handler) slog.Handler { return contextual{redacting{h}} }

// The names of the attributes that tie lines together.
const (
	RequestID = "request_id" // one HTTP request
	MessageID = "message_id" // one message of a person, over all redeliveries
	TaskID    = "task_id"    // one queued task
)

type contextKey struct{}

// With returns a context whose log lines carry the attributes, besides those it
// has already. A name given again replaces the earlier value.
func With(ctx context.Context, attrs ...slog.Attr) context.Context {
	merged := make([]slog.Attr, 0, len(attrs)+4)
	for _, a := range Attrs(ctx) {
		if !named(attrs, a.Key) {
			merged = append(merged, a)
		}
	}
	return context.WithValue(ctx, contextKey{}, append(merged, attrs...))
}

// Attrs returns what With has put into the context. The slice must not be changed.
func Attrs(ctx context.Context) []slog.Attr {
	attrs, _ := ctx.Value(contextKey{}).([]slog.Attr)
	return attrs
}

func named(attrs []slog.Attr, key string) bool {
	for _, a := range attrs {
		if a.Key == key {
			return true
		}
	}
	return false
}

// contextual adds the attributes of the context to each record.
type contextual struct{ next slog.Handler }

func (h contextual) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h contextual) Handle(ctx context.Context, r slog.Record) error {
	if attrs := Attrs(ctx); len(attrs) > 0 {
		r = r.Clone() // the record may be shared with other handlers
		r.AddAttrs(attrs...)
	}
	return h.next.Handle(ctx, r)
}

func (h contextual) WithAttrs(attrs []slog.Attr) slog.Handler {
	return contextual{h.next.WithAttrs(attrs)}
}

func (h contextual) WithGroup(name string) slog.Handler { return contextual{h.next.WithGroup(name)} }
