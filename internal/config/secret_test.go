package config

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const leak = "s3cr3t-value"

func TestSecretRevealsOnlyOnDemand(t *testing.T) {
	s := NewSecret("  " + leak + "\n")
	if s.Reveal() != leak || !s.IsSet() {
		t.Fatalf("Reveal() = %q, IsSet() = %v; want the trimmed text", s.Reveal(), s.IsSet())
	}
	if u := NewSecret(" \n"); u.IsSet() || u.Reveal() != "" || u.String() != "" {
		t.Errorf("blank text made a set secret: %v", u)
	}
	if !s.Equal(NewSecret(leak)) || s.Equal(NewSecret("other")) || s.Equal(Secret{}) {
		t.Error("Equal does not compare the texts")
	}
}

func TestSecretIsHiddenFromEveryVerb(t *testing.T) {
	s := NewSecret(leak)
	type outer struct {
		S  Secret
		P  *Secret
		M  map[string]Secret
		in Secret // fmt may not call methods here
	}
	o := outer{S: s, P: &s, M: map[string]Secret{"k": s}, in: s}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p", "%08b"} {
		for _, value := range []any{s, &s, o, &o, []Secret{s}, o.in} {
			if got := fmt.Sprintf(verb, value); leaks(got) {
				t.Errorf("fmt %s of %T shows the secret: %s", verb, value, got)
			}
		}
	}
	if got := fmt.Sprintf("%v|%s|%q|%#v", s, s, s, s); got != `[secret]|[secret]|"[secret]"|"[secret]"` {
		t.Errorf("placeholder = %s", got)
	}
}

func TestWholeConfigShowsNoSecret(t *testing.T) {
	c := mustLoad(t, "", allSecrets()...)
	var shown bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		fmt.Fprintf(&shown, verb, c)
		fmt.Fprintf(&shown, verb, *c)
	}
	for _, encode := range []func(any) ([]byte, error){json.Marshal, yaml.Marshal, func(v any) ([]byte, error) { return xml.Marshal(v.(*Config).WeCom) }} {
		text, err := encode(c)
		if err != nil {
			t.Fatalf("encoding: %v", err)
		}
		shown.Write(text)
	}
	for _, h := range []slog.Handler{slog.NewJSONHandler(&shown, nil), slog.NewTextHandler(&shown, nil)} {
		slog.New(h).Info("config", "config", c, "copy", *c, "wecom", c.WeCom, "token", c.Admin.Token)
	}
	if got := shown.String(); leaks(got) {
		t.Errorf("a secret was shown: %.400s", got)
	}
	if !strings.Contains(shown.String(), hidden) {
		t.Error("nothing was shown at all; the test proves nothing")
	}
}

// leaks reports whether text holds a secret of these tests, plainly or in hex.
func leaks(text string) bool {
	low := strings.ToLower(text)
	return strings.Contains(low, "s3cr3t") || strings.Contains(low, fmt.Sprintf("%x", "s3cr3t")) ||
		strings.Contains(low, strings.ToLower(testAESKey[:20]))
}

// testAESKey is made up for these tests.
const testAESKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

// allSecrets returns an environment in which every secret is set.
func allSecrets() []string {
	environ := []string{
		"DUBAN_WECOM_CORP_ID=ww1", "DUBAN_WECOM_AGENT_ID=1000002", "DUBAN_DINGTALK_CLIENT_ID=ding1",
		"DUBAN_DINGTALK_CORP_ID=dingcorp", "DUBAN_WECOM_BOT_ID=bot1",
	}
	for _, key := range Keys() {
		if !key.Secret {
			continue
		}
		value := leak + strings.ToLower(strings.ReplaceAll(key.Env, "_", "-"))
		switch {
		case strings.HasSuffix(key.Env, "AES_KEY"):
			value = testAESKey
		case key.Env == "DUBAN_DATABASE_DSN":
			value = "mysql:duban:" + leak + "@tcp(db:3306)/duban"
		case strings.HasSuffix(key.Env, "_WEBHOOKS"):
			value = "office=" + leak + ",schools=" + leak
		case key.Env == "DUBAN_REDIS_URL":
			value = "redis://:" + leak + "@redis:6379/0"
		}
		environ = append(environ, key.Env+"="+value)
	}
	return environ
}

func mustLoad(t *testing.T, path string, environ ...string) *Config {
	t.Helper()
	c, err := Load(path, environ)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return c
}
