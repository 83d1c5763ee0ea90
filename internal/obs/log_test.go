package obs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLoggerAddsTheContext(t *testing.T) {
	var out bytes.Buffer
	log := NewLogger(&out, "warn", "JSON")
	ctx := With(context.Background(), slog.String(RequestID, "r1"), slog.String(MessageID, "m1"))
	ctx = With(ctx, slog.String(MessageID, "m2"), slog.Int("try", 2))
	log.InfoContext(ctx, "not shown")
	log.With("part", "x").WarnContext(ctx, "held", "n", 1)
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("not one JSON line: %v in %q", err, out.String())
	}
	delete(got, "time")
	want := map[string]any{"level": "WARN", "msg": "held", "part": "x", "n": 1.0, RequestID: "r1", MessageID: "m2", "try": 2.0}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}

func TestLevelsAndFormats(t *testing.T) {
	for _, tc := range []struct {
		level, format string
		want          string
	}{
		{"debug", "text", "level=DEBUG msg=d\nlevel=INFO msg=i\n"},
		{"info", "", "level=INFO msg=i\n"},
		{"unknown", "text", "level=INFO msg=i\n"},
		{"error", "text", ""},
	} {
		var out bytes.Buffer
		log := NewLogger(&out, tc.level, tc.format)
		log.Debug("d")
		log.Info("i")
		var lines strings.Builder
		for line := range strings.Lines(out.String()) {
			_, line, _ = strings.Cut(line, " ") // the time
			lines.WriteString(line)
		}
		if lines.String() != tc.want {
			t.Errorf("%s/%s: %q, want %q", tc.level, tc.format, lines.String(), tc.want)
		}
	}
}

func TestContextsDoNotShareAttributes(t *testing.T) {
	base := With(context.Background(), slog.String("a", "1"))
	left := With(base, slog.String("b", "left"))
	right := With(base, slog.String("b", "right"))
	if got := Attrs(left)[1].Value.String() + Attrs(right)[1].Value.String(); got != "leftright" {
		t.Errorf("siblings see %q", got)
	}
	if len(Attrs(base)) != 1 {
		t.Errorf("the parent changed: %v", Attrs(base))
	}
}

func TestSecretsAreBlanked(t *testing.T) {
	c := NewLogCapture()
	log := c.Logger()
	const s = "s3cr3t"
	log.With("access_token", s, "wecom.corp-secret", s).WithGroup("req").Info("GET /x?key="+s,
		"sign", s, "msg_signature", s, "webhook", s, "EncodingAES_Key", s, "reply_url", s, "Authorization", s,
		"url", "https://h/cgi-bin/x?access_token="+s+"&debug=1", slog.Group("db", "dsn", s, "user", "u"),
		"err", fmt.Errorf("post: %w", errors.New(`Get "https://h/gettoken?corpid=ww1&corpsecret=`+s+`": refused`)),
		"parsed", &url.URL{Scheme: "https", User: url.UserPassword("u", s), Host: "h", RawQuery: "session=" + s},
		"signed_items", 3, "keyword", "k", "design", "d")
	want := []Line{{Level: slog.LevelInfo, Message: "GET /x?key=[redacted]", Attrs: map[string]string{
		"access_token": blank, "wecom.corp-secret": blank, "req.sign": blank, "req.msg_signature": blank, "req.webhook": blank,
		"req.EncodingAES_Key": blank, "req.reply_url": blank, "req.Authorization": blank, "req.db.dsn": blank, "req.db.user": "u",
		"req.url":          "https://h/cgi-bin/x?access_token=[redacted]&debug=1",
		"req.err":          `post: Get "https://h/gettoken?corpid=ww1&corpsecret=[redacted]": refused`,
		"req.parsed":       "https://u:[redacted]@h?session=[redacted]",
		"req.signed_items": "3", "req.keyword": "k", "req.design": "d"}}}
	if diff := cmp.Diff(want, c.Lines(slog.LevelDebug)); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"nothing here":             "nothing here",
		"进度=80%":                   "进度=80%",
		"redis://:pw@h:6379/0":     "redis://:[redacted]@h:6379/0",
		"dial duban:p/w@tcp(h:1)/": "dial duban:[redacted]@tcp(h:1)/",
		"a?response_code=xyz b":    "a?response_code=[redacted] b",
		"monkey=1":                 "monkey=1",
		"x?Token=abc&sign=%2B%3D":  "x?Token=[redacted]&sign=[redacted]",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// fakeT records what FailOnError does to a test.
type fakeT struct {
	cleanups []func()
	errors   []string
}

func (f *fakeT) Helper()           {}
func (f *fakeT) Cleanup(fn func()) { f.cleanups = append(f.cleanups, fn) }
func (f *fakeT) Errorf(format string, a ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, a...))
}

func TestFailOnError(t *testing.T) {
	c, f := NewLogCapture(), &fakeT{}
	c.FailOnError(f)
	log := c.Logger()
	log.Error("expected")
	c.Reset()
	log.Warn("only a warning")
	log.With("n", 7).Error("boom", "err", errors.New("why"))
	for _, fn := range f.cleanups {
		fn()
	}
	if diff := cmp.Diff([]string{"unexpected log line: ERROR boom err=why n=7"}, f.errors); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}
