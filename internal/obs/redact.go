package obs

import (
	"context"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
)

// blank replaces what must not be seen.
const blank = "[redacted]"

// secretWords make an attribute a secret when they are a word of its name, the
// words being divided by _, - or a dot. Photos and texts of people are personal,
// not secret, and are kept out of logs by not being logged.
var secretWords = map[string]bool{
	"token": true, "secret": true, "sign": true, "signature": true, "password": true, "passwd": true,
	"webhook": true, "sessionwebhook": true, "authorization": true, "cookie": true, "dsn": true,
	"aeskey": true, "apikey": true, "accesstoken": true, "ticket": true, "echostr": true, "credential": true,
}

// secretPairs are two-word names of secrets.
var secretPairs = []string{"aes_key", "api_key", "reply_url", "response_url", "response_code", "download_url"}

// isSecretName reports whether an attribute of this name is blanked.
func isSecretName(name string) bool {
	name = strings.ToLower(strings.NewReplacer("-", "_", ".", "_", " ", "_").Replace(name))
	for word := range strings.SplitSeq(name, "_") {
		if secretWords[word] {
			return true
		}
	}
	for _, pair := range secretPairs {
		if strings.HasSuffix(name, pair) {
			return true
		}
	}
	return false
}

// secretQuery finds query parameters and user parts of addresses that are
// credentials of the platforms, as they turn up in errors of HTTP clients.
var (
	secretQuery = regexp.MustCompile(`(?i)\b((?:suite_|provider_|corp)?(?:access_token|secret|key|session|response_code|msg_signature|sign|ticket|token|echostr))=[^&\s"'<>)]+`)
	userPart    = regexp.MustCompile(`([a-z][a-z0-9+]*://[^:/@\s]*):[^@/\s]+@`)
	driverDSN   = regexp.MustCompile(`\b([A-Za-z0-9_.-]+):[^@\s:]+@(tcp|unix)\(`)
)

// Clean returns text without credentials in the addresses it contains.
func Clean(text string) string {
	if !strings.ContainsAny(text, "=@") {
		return text
	}
	text = secretQuery.ReplaceAllString(text, "$1="+blank)
	text = userPart.ReplaceAllString(text, "$1:"+blank+"@")
	return driverDSN.ReplaceAllString(text, "$1:"+blank+"@$2(")
}

// redacting blanks secrets before the next handler sees them.
type redacting struct{ next slog.Handler }

func (h redacting) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h redacting) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Clean(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redact(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

func (h redacting) WithAttrs(attrs []slog.Attr) slog.Handler {
	return redacting{h.next.WithAttrs(redactAll(attrs))}
}

func (h redacting) WithGroup(name string) slog.Handler { return redacting{h.next.WithGroup(name)} }

func redactAll(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = redact(a)
	}
	return clean
}

// redact returns a without secrets, by its name and inside its text.
func redact(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(redactAll(v.Group())...)}
	}
	if isSecretName(a.Key) {
		return slog.String(a.Key, blank)
	}
	switch x := v.Any().(type) {
	case string:
		return slog.String(a.Key, Clean(x))
	case error:
		return slog.String(a.Key, Clean(x.Error()))
	case *url.URL:
		return slog.String(a.Key, Clean(x.Redacted()))
	}
	return slog.Attr{Key: a.Key, Value: v}
}
