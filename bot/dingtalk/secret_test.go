package dingtalk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretNeverPrints(t *testing.T) {
	const plain = "s3cr3t-value"
	s := NewSecret(" " + plain + "\n")
	if s.Reveal() != plain {
		t.Fatalf("Reveal = %q", s.Reveal())
	}
	type holder struct{ inner Secret }
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%t"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", &s)
		fmt.Fprintf(&out, verb+"\n", holder{s})
		fmt.Fprintf(&out, verb+"\n", []Secret{s})
		fmt.Fprintf(&out, verb+"\n", ClientConfig{ClientSecret: s})
	}
	encoded, err := json.Marshal(map[string]any{"secret": s})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "secret", s, "holder", holder{s})
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", s, "holder", holder{s})
	hex := fmt.Sprintf("%x", plain)
	for _, leak := range []string{plain, hex, strings.ToUpper(hex)} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("secret shows as %s in\n%s", leak, out.String())
		}
	}
}

func TestRedact(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"query", "call /robot/send?access_token=abc123&timestamp=1&sign=xyz failed", "call /robot/send?access_token=[redacted]&timestamp=1&sign=[redacted] failed"},
		{"session", "sendBySession?session=deadbeef", "sendBySession?session=[redacted]"},
		{"json", `{"appSecret":"abc","x":1}`, `{"appSecret":"[redacted]","x":1}`},
		{"given", "token KNOWN is wrong", "token [redacted] is wrong"},
		{"harmless", "sign not match", "sign not match"},
	}
	for _, tt := range tests {
		if got := redact(tt.in, "KNOWN", ""); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := redact(strings.Repeat("长", 300)); len([]rune(got)) != maxErrorText+1 {
		t.Errorf("length %d", len([]rune(got)))
	}
}
