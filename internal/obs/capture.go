package obs

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// Line is one captured log line. Attrs holds "group.name" to the printed value.
type Line struct {
	Level   slog.Level
	Message string
	Attrs   map[string]string
}

// String returns the line as "LEVEL message name=value …", names sorted.
func (l Line) String() string {
	names := make([]string, 0, len(l.Attrs))
	for name := range l.Attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", l.Level, l.Message)
	for _, name := range names {
		fmt.Fprintf(&b, " %s=%s", name, l.Attrs[name])
	}
	return b.String()
}

// LogCapture is a slog.Handler that keeps all lines of every level, for tests
// that ask what was logged. Make it with NewLogCapture.
type LogCapture struct {
	kept   *lines
	prefix string
	attrs  []slog.Attr // with their prefix
}

// lines is shared by a capture and all handlers derived from it.
type lines struct {
	mu  sync.Mutex
	all []Line
}

// NewLogCapture returns an empty capture.
func NewLogCapture() *LogCapture { return &LogCapture{kept: &lines{}} }

// Logger returns a logger into the capture, with context attributes and
// redaction as in production.
func (c *LogCapture) Logger() *slog.Logger { return slog.New(Wrap(c)) }

// Enabled takes every level.
func (c *LogCapture) Enabled(context.Context, slog.Level) bool { return true }

// Handle keeps the record.
func (c *LogCapture) Handle(_ context.Context, r slog.Record) error {
	line := Line{Level: r.Level, Message: r.Message, Attrs: map[string]string{}}
	for _, a := range c.attrs {
		flatten(line.Attrs, "", a)
	}
	r.Attrs(func(a slog.Attr) bool {
		flatten(line.Attrs, c.prefix, a)
		return true
	})
	c.kept.mu.Lock()
	defer c.kept.mu.Unlock()
	c.kept.all = append(c.kept.all, line)
	return nil
}

// flatten puts an attribute, or those of a group, under its full name.
func flatten(into map[string]string, prefix string, a slog.Attr) {
	v := a.Value.Resolve()
	if v.Kind() != slog.KindGroup {
		into[prefix+a.Key] = v.String()
		return
	}
	if a.Key != "" {
		prefix += a.Key + "."
	}
	for _, member := range v.Group() {
		flatten(into, prefix, member)
	}
}

// WithAttrs returns a handler into the same capture.
func (c *LogCapture) WithAttrs(attrs []slog.Attr) slog.Handler {
	d := *c
	d.attrs = slices.Clone(c.attrs)
	for _, a := range attrs {
		d.attrs = append(d.attrs, slog.Attr{Key: c.prefix + a.Key, Value: a.Value})
	}
	return &d
}

// WithGroup returns a handler into the same capture.
func (c *LogCapture) WithGroup(name string) slog.Handler {
	d := *c
	if name != "" {
		d.prefix += name + "."
	}
	return &d
}

// Lines returns the lines of at least the level, oldest first.
func (c *LogCapture) Lines(atLeast slog.Level) []Line {
	c.kept.mu.Lock()
	defer c.kept.mu.Unlock()
	var found []Line
	for _, l := range c.kept.all {
		if l.Level >= atLeast {
			found = append(found, l)
		}
	}
	return found
}

// Reset forgets all lines, after a test has asked for errors it expected.
func (c *LogCapture) Reset() {
	c.kept.mu.Lock()
	defer c.kept.mu.Unlock()
	c.kept.all = nil
}

// failer is the part of testing.TB that FailOnError needs.
type failer interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
}

// FailOnError fails the test at its end for every line of level ERROR.
func (c *LogCapture) FailOnError(t failer) {
	t.Helper()
	t.Cleanup(func() {
		t.Helper()
		for _, l := range c.Lines(slog.LevelError) {
			t.Errorf("unexpected log line: %s", l)
		}
	})
}
