package understand

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
)

// now is the Wednesday morning on which all test messages are written.
var now = time.Date(2025, 9, 10, 9, 30, 0, 0, time.FixedZone("CST", 8*60*60))

func parser() *Parser { return New(calendar.DefaultWorkdays()) }

// row is one labelled message.
type row struct {
	file, text, command string
	slots               map[string]any
}

func corpus(t testing.TB, files ...string) []row {
	t.Helper()
	var rows []row
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			parts := strings.Split(line, "\t")
			if i == 0 || strings.HasPrefix(line, "#") {
				continue
			}
			if len(parts) != 3 {
				t.Fatalf("%s line %d has %d columns", file, i+1, len(parts))
			}
			r := row{file: file, text: parts[0], command: parts[1]}
			if parts[2] != "" {
				if err := json.Unmarshal([]byte(parts[2]), &r.slots); err != nil {
					t.Fatalf("%s line %d: %v", file, i+1, err)
				}
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// understood returns command and slots as others see them.
func understood(t testing.TB, p *Parser, text string) (string, map[string]any) {
	t.Helper()
	b, err := json.Marshal(ParseLine(p, text, View{}, now))
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var out struct {
		Command string         `json:"command"`
		Slots   map[string]any `json:"slots"`
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatalf("%q gives no JSON: %s", text, b)
	}
	return out.Command, out.Slots
}

// tally counts how a set of labelled messages is understood.
type tally struct {
	messages, commands, whole, slots, slotsRight int
	missed, alarms                               []string // danger not heard, talk taken for danger
	chatter                                      int      // talk taken for a command
}

func (c tally) share(part, whole int) float64 { return float64(part) / float64(max(whole, 1)) }

func (c tally) String() string {
	return fmt.Sprintf("%d messages: commands %.1f %%, with all slots %.1f %%, slots %.1f %%, danger missed %d, talk taken for danger %d, talk taken for a command %d",
		c.messages, 100*c.share(c.commands, c.messages), 100*c.share(c.whole, c.messages), 100*c.share(c.slotsRight, c.slots), len(c.missed), len(c.alarms), c.chatter)
}

// count understands labelled messages and compares.
func count(t testing.TB, p *Parser, rows []row, show bool) tally {
	t.Helper()
	c := tally{messages: len(rows)}
	for _, r := range rows {
		command, got := understood(t, p, r.text)
		right := command == r.command
		all := right
		for name, want := range r.slots {
			if name == "needs_pending" {
				continue
			}
			c.slots++
			if right && fits(got, name, want) {
				c.slotsRight++
			} else {
				all = false
			}
		}
		if right {
			c.commands++
		}
		if all {
			c.whole++
		}
		danger := func(s string) bool { return s == string(Emergency) || s == string(Sensitive) }
		switch {
		case danger(r.command) && !danger(command):
			c.missed = append(c.missed, r.text)
		case !danger(r.command) && danger(command):
			c.alarms = append(c.alarms, r.text)
		case r.command == string(None) && !right && command != string(Clarify):
			c.chatter++
		}
		if show && !all {
			t.Logf("%s: %q is %s %v, want %s %v", r.file, r.text, command, got, r.command, r.slots)
		}
	}
	return c
}

// TestCorpus holds how the messages are understood that rules and weights were made with.
// Floors are raised when understanding gets better, and never lowered.
func TestCorpus(t *testing.T) {
	rows := lessons(t)
	c := count(t, parser(), rows, false)
	t.Log(c)
	if c.share(c.commands, c.messages) < 0.985 || c.share(c.slotsRight, c.slots) < 0.92 || len(c.missed) > 2 {
		t.Errorf("understood less than before: %v, missed %q", c, c.missed)
	}
}

// TestHeldOut holds how messages are understood that nobody looked at while rules and
// weights were made: the honest figure. They were written by others, from the
// descriptions of the domain alone. Do not read them to mend a rule; write further ones
// into the corpus instead. Floors are raised, never lowered.
func TestHeldOut(t *testing.T) {
	files, err := filepath.Glob("testdata/heldout/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatalf("no held-out messages: %v", err)
	}
	p := parser()
	for _, f := range files {
		c := count(t, p, corpus(t, f), false)
		t.Logf("%s: %v", filepath.Base(f), c)
		if c.share(c.commands, c.messages) < 0.95 || c.share(c.slotsRight, c.slots) < 0.92 || len(c.missed) > 1 {
			t.Errorf("%s: understood less than before: %v", f, c)
		}
	}
}

// fits compares a slot with its label. "x_has" lists words that slot x must
// contain, "x_any" the values it may have.
func fits(slots map[string]any, name string, want any) bool {
	if base, ok := strings.CutSuffix(name, "_has"); ok {
		got, _ := slots[base].(string)
		for _, w := range want.([]any) {
			if !strings.Contains(got, w.(string)) {
				return false
			}
		}
		return true
	}
	if base, ok := strings.CutSuffix(name, "_any"); ok {
		return slices.Contains(want.([]any), slots[base])
	}
	got := slots[name]
	if a, ok := got.(string); ok {
		if b, ok := want.(string); ok {
			return a == b || len([]rune(b)) >= 2 && strings.Contains(a, b)
		}
	}
	if a, ok := got.(map[string]any); ok {
		if b, ok := want.(map[string]any); ok {
			for k, v := range b {
				if !fits(a, k, v) {
					return false
				}
			}
			return true
		}
	}
	if a, ok := got.([]any); ok && (name == "missing" || name == "guard") {
		for _, w := range want.([]any) {
			if !slices.Contains(a, w) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(got, want)
}

// TestTheSameTextIsUnderstoodTheSame holds that what nobody sees or means makes
// no difference.
func TestTheSameTextIsUnderstoodTheSame(t *testing.T) {
	p := parser()
	for _, r := range lessons(t) {
		want, slots := understood(t, p, r.text)
		for name, text := range map[string]string{"spaces around": "  " + r.text + "  ", "the same again": r.text} {
			got, again := understood(t, p, text)
			if got != want || !reflect.DeepEqual(slots, again) {
				t.Errorf("%s: %q gives %s %v, without %s %v", name, text, got, again, want, slots)
			}
		}
	}
}

// FuzzParse holds that nothing makes the parser panic, whatever is asked, quoted and known;
// that its answer is valid JSON; that a chance is one; and that the same text gives the
// same answer.
func FuzzParse(f *testing.F) {
	for i, r := range lessons(f) {
		if i%7 == 0 {
			f.Add(r.text, "", uint8(i))
		}
	}
	f.Add(strings.Repeat("一", 4000), "第14条还有3天到期", uint8(1))
	f.Add("\xff\xfe第\x00条", "隐患17 明日到期", uint8(2))
	f.Add("9-1 60%，12-8 完成", "", uint8(3))
	p := parser()
	view := View{Roster: testRoster(p), Items: []Item{{Code: "22-14", Point: 22, Title: "防溺水"}, {Code: "5-4", Point: 5, Title: "红色故事演讲比赛与主题班会"}}}
	questions := []*Pending{nil, {Command: ReportProgress, Missing: []string{"task_ref"}, Choices: 3}, {Command: ReportHazard, Missing: []string{"location"}},
		{Command: Extend, Missing: []string{"new_due"}}, {Command: Clarify, Missing: []string{"command"}, Choices: 2}}
	f.Fuzz(func(t *testing.T, text, quote string, state uint8) {
		if len(text) > 20_000 || len(quote) > 20_000 {
			t.Skip("longer than any message")
		}
		in := Input{Text: text, Quote: quote, Attachments: int(state % 3), Addressed: state%5 > 0, Pending: questions[int(state)%len(questions)], Now: now}
		if state%2 == 0 {
			in.View = view
		}
		a, b := p.Explain(in), p.Explain(in)
		x, err := json.Marshal(a)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if y, _ := json.Marshal(b); string(x) != string(y) {
			t.Errorf("%q: %s, then %s", text, x, y)
		}
		if a.Confidence < 0 || a.Confidence > 1 {
			t.Errorf("%q: confidence %v", text, a.Confidence)
		}
		for _, part := range p.Several(in) {
			if part.Command == "" {
				t.Errorf("%q: a part without a command", text)
			}
		}
		for _, c := range p.commands.classes {
			p.Read(in, Command(c))
		}
	})
}

// BenchmarkParse understands the labelled messages one after the other; the reciprocal is
// how many messages one core understands a second.
func BenchmarkParse(b *testing.B) {
	p, rows := parser(), lessons(b)
	for i := 0; b.Loop(); i++ {
		ParseLine(p, rows[i%len(rows)].text, View{}, now)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkLongest understands texts of 20 000 characters of the kinds that are hard to
// match.
func BenchmarkLongest(b *testing.B) {
	p := parser()
	for name, unit := range map[string]string{
		"one character": "一", "digits": "1", "codes": "22-3、", "words": "食堂后厨燃气软管老化 ", "dates": "9月10日前", "sentences": "第22条还没完成，请尽快。",
		"hazards": "隐患12 ", "questions": "怎么还没有人管？", "dialect": "冇得哒咯", "traditional": "隱患報告",
	} {
		text := strings.Repeat(unit, 20_000/len([]rune(unit)))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p.Parse(Input{Text: text, Addressed: true, Now: now})
			}
		})
	}
}
