package wecom

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
)

func TestSplitText(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		max        int
		want       []string
	}{
		{"fits", "你好", 32, []string{"你好"}},
		{"exactly", strings.Repeat("a", 32), 32, []string{strings.Repeat("a", 32)}},
		{"one byte more", strings.Repeat("a", 33), 32, []string{"(1/2)\n" + strings.Repeat("a", 26), "(2/2)\n" + strings.Repeat("a", 7)}},
		{"at a line break", "第一行文字在此\n第二行文字在此处", 40, []string{"(1/2)\n第一行文字在此", "(2/2)\n第二行文字在此处"}},
		{"at a sentence", "第一句话说完了。第二句话也说完了", 40, []string{"(1/2)\n第一句话说完了。", "(2/2)\n第二句话也说完了"}},
		{"inside no character", strings.Repeat("督", 12), 32, []string{"(1/2)\n督督督督督督督督", "(2/2)\n督督督督"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, SplitText(tt.text, tt.max)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzSplitText(f *testing.F) {
	f.Add(strings.Repeat("\n", 20)+"00000000000000", 1)
	f.Add(strings.Repeat("一行。\n", 300), 100)
	f.Add("\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n", 1)
	f.Add(strings.Repeat("x", 900), 32)
	number := regexp.MustCompile(`^\(\d+/\d+\)\n`)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if !utf8.ValidString(text) || len(text) > 1<<16 {
			return
		}
		limit = 32 + (limit&0x7fffffff)%3000
		var joined strings.Builder
		parts := SplitText(text, limit)
		for i, part := range parts {
			if len(part) > limit || !utf8.ValidString(part) {
				t.Fatalf("part %d of %d bytes: %q", i, len(part), part)
			}
			if len(parts) > 1 {
				if !strings.HasPrefix(part, fmt.Sprintf("(%d/%d)\n", i+1, len(parts))) {
					t.Fatalf("part %d is not numbered: %q", i, part)
				}
				part = number.ReplaceAllString(part, "")
			}
			joined.WriteString(part)
		}
		strip := func(s string) string { return strings.ReplaceAll(s, "\n", "") }
		if strip(joined.String()) != strip(text) {
			t.Fatalf("lost text: %q became %q", text, parts)
		}
	})
}

func TestPartsListTypedEquivalents(t *testing.T) {
	got := Parts(bot.Reply{
		Title: "不显示", Text: " 请签收 22-3：校舍安全排查。\r\n截止 9月19日 周五。\n",
		Buttons: []bot.Button{{Label: "签收", Send: "签收 22-3"}, {Label: "第二项", Send: "第二项"}, {Label: "空"}},
	})
	want := []string{"请签收 22-3：校舍安全排查。\n截止 9月19日 周五。\n可回复：“签收 22-3” / “第二项”"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Parts(bot.Reply{Text: " \x00\n "}); got != nil {
		t.Errorf("parts of nothing: %q", got)
	}
}

func TestTextReply(t *testing.T) {
	at := time.Unix(1348831860, 0)
	got := string(TextReply("mycreate", "wx5823bf96d3bd56c7", at, "this is a test"))
	// The inner XML of vector V5.
	if want := vector(t, "v5.plain"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"end of section": {"a]]>b<c>&d", "a]]>b<c>&d"},
		"control":        {"a\x00\x08b\r\nc", "ab\nc"},
		"long":           {strings.Repeat("督", 700), strings.Repeat("督", 681) + "…"},
		"full":           {strings.Repeat("a", 2048), strings.Repeat("a", 2048)},
	} {
		var out struct{ Content string }
		if err := xml.Unmarshal(TextReply("u]]>", "c", at, tt.text), &out); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if out.Content != tt.want || len(out.Content) > MaxText {
			t.Errorf("%s: got %q", name, out.Content)
		}
	}
}

func TestSecretDoesNotPrint(t *testing.T) {
	const value = "s3cr3t-value"
	s := Secret(value)
	j, err := json.Marshal(map[string]any{"a": s, "b": ClientConfig{Secret: s}.Secret})
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "in", struct{ S Secret }{s})
	all := fmt.Sprintf("%v %s %q %#v %+v %v", s, s, s, s, struct{ S Secret }{s}, []Secret{s}) + string(j) + log.String()
	if strings.Contains(all, value) {
		t.Errorf("the secret is in %s", all)
	}
	if s.Reveal() != value {
		t.Error("Reveal lost the value")
	}
}

func TestPlainJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":"\u003cb\u003e\u0026"}`: `{"a":"<b>&"}`,
		`{"a":"\\u003c"}`:             `{"a":"\\u003c"}`,
		`{"a":"\\\u003c"}`:            `{"a":"\\<"}`,
		`{"a":"\n\"\u00e9"}`:          `{"a":"\n\"\u00e9"}`,
		`\`:                           `\`,
		`\u00`:                        `\u00`,
		``:                            ``,
	} {
		if got := string(plainJSON([]byte(in))); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
}

func FuzzPlainJSON(f *testing.F) {
	f.Add(`a<b>\u003c&\\`)
	f.Fuzz(func(t *testing.T, text string) {
		in, err := json.Marshal(text)
		if err != nil {
			return
		}
		var before, after string
		if json.Unmarshal(in, &before) != nil || json.Unmarshal(plainJSON(in), &after) != nil || before != after {
			t.Fatalf("%q became %q", before, after)
		}
	})
}

func TestPacer(t *testing.T) {
	now := time.Date(2025, 9, 1, 8, 0, 0, 0, time.UTC)
	p := newPacer(func() time.Time { return now }, quota{3, time.Minute}, quota{5, time.Hour})
	step := func(name string, n int, wantWait time.Duration, wantOK bool) {
		t.Helper()
		wait, ok := p.reserve("a", n)
		if wait != wantWait || ok != wantOK {
			t.Errorf("%s: got %v %v, want %v %v", name, wait, ok, wantWait, wantOK)
		}
	}
	step("two", 2, 0, true)
	now = now.Add(20 * time.Second)
	step("two more do not fit", 2, 40*time.Second, false)
	step("one does", 1, 0, true)
	step("full", 1, 40*time.Second, false)
	step("never", 4, 0, false)
	if _, ok := p.reserve("b", 3); !ok {
		t.Error("keys share a quota")
	}
	now = now.Add(40 * time.Second)
	step("window has slid", 2, 0, true)
	step("hour is full", 1, 59*time.Minute, false)
	now = now.Add(2 * time.Hour)
	step("after the hour", 1, 0, true)
	if len(p.hits) != 1 {
		t.Errorf("%d keys are kept", len(p.hits))
	}
}
