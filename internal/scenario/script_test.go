package scenario

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	"duban/internal/testkit/script"
)

// onMySQL are the scripts that are played on MySQL as well: those that write most
// kinds of rows. The commands themselves are tested on both, script by script.
var onMySQL = []string{"report_progress", "hazard_fix", "create_task", "delegate"}

// TestScripts plays the conversations that the commands are held to through the whole
// program and both fake platforms: signed, encrypted, stored, answered. Every word must
// be the same, but for what a platform's form changes.
func TestScripts(t *testing.T) {
	paths, err := filepath.Glob("../../bot/command/testdata/talk/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name, whole := strings.TrimSuffix(filepath.Base(path), ".txt"), script.Parse(string(body))
		for platform, s := range map[bot.Platform]script.Script{bot.WeCom: whole.ForWeCom(), bot.DingTalk: whole} {
			t.Run(name+"/"+string(platform), func(t *testing.T) {
				run := onSQLite
				if slices.Contains(onMySQL, name) {
					run = each
				}
				run(t, setup{everywhere: true}, func(w *world) { newPlayer(w, platform).play(s) })
			})
		}
	}
}

// player speaks for everybody in a script, all of them on one platform.
type player struct {
	*world
	on      bot.Platform
	shown   simdingtalk.Sent // the last answer on DingTalk
	notices string           // id of the last notice looked at
}

func newPlayer(w *world, on bot.Platform) *player {
	p := &player{world: w, on: on}
	w.stage.DingTalk.Subscribe(func(s simdingtalk.Sent) {
		if s.Road == simdingtalk.RoadBody {
			p.shown = s
		}
	})
	p.told()
	return p
}

func (p *player) play(s script.Script) {
	p.t.Helper()
	for _, section := range s.Sections {
		for _, turn := range section.Turns {
			p.turn(section.Name, turn)
		}
	}
	p.settle()
	for _, s := range p.take() {
		if s.Road == "group" && !strings.HasPrefix(s.Text, "📋") {
			p.t.Errorf("a group was told: %s", s.Text)
		}
	}
}

func (p *player) turn(section string, turn script.Turn) {
	p.t.Helper()
	switch {
	case turn.Clock != "":
		loc, err := time.LoadLocation("Asia/Shanghai")
		p.ok(err)
		at, err := time.ParseInLocation("2006-01-02 15:04", turn.Clock, loc)
		p.ok(err)
		p.clock.Set(at) // nothing falls due: what the clock brings has tests of its own
	case turn.Deliver:
		p.settle()
		p.take()
		p.told()
	case turn.Said != nil:
		got, want := p.answered(*turn.Said), p.form(turn)
		if got != want {
			p.t.Errorf("%s: %s\nanswer:\n%s\nwant:\n%s", section, turn.Source, got, want)
		}
		if got, want := p.told(), p.named(strings.Join(turn.Told, "\n")); got != want {
			p.t.Errorf("%s: %s\ntold:\n%s\nwant:\n%s", section, turn.Source, got, want)
		}
	}
}

// answered says a line and returns what its reader sees, with the buttons.
func (p *player) answered(said script.Said) string {
	p.t.Helper()
	line := stage.Line{Platform: p.on, UserID: said.Person, Text: said.Text, Quote: said.Quote}
	if id, ok := p.stage.UserID(said.Person, p.on); ok {
		line.UserID = id
	}
	if said.Group {
		line.Group = "cid-demo-anquan"
	}
	for i := range said.Photos {
		line.Photos = append(line.Photos, photo(uint8(40*i+len(said.Text))))
	}
	if p.on == bot.WeCom && said.Photos > 0 {
		return p.photoOnly(line)
	}
	p.shown = simdingtalk.Sent{}
	answer := p.line(said.Person, line)
	for _, b := range p.shown.Buttons {
		answer += fmt.Sprintf("\n[%s=%s]", b.Label, b.Content)
	}
	return fold(answer)
}

// form is a golden answer in the platform's form: WeCom texts have no buttons and say
// what may be typed instead.
func (p *player) form(t script.Turn) string {
	answer := t.Answer
	if len(t.Buttons) > 0 && p.on == bot.WeCom {
		var words []string
		for _, b := range t.Buttons {
			words = append(words, "“"+b.Send+"”")
		}
		answer += "\n可回复：" + strings.Join(words, " / ")
	}
	if p.on == bot.DingTalk {
		for _, b := range t.Buttons {
			answer += fmt.Sprintf("\n[%s=%s]", b.Label, b.Send)
		}
	}
	return p.named(fold(answer))
}

// named puts the platform's name where a golden text names the other.
func (p *player) named(text string) string {
	if p.on == bot.DingTalk {
		return strings.ReplaceAll(text, "（企业微信）", "（钉钉）")
	}
	return text
}

// halfWidth undoes what keeps a text from becoming markdown.
var halfWidth = strings.NewReplacer("＊", "*", "＿", "_", "＃", "#", "＞", ">", "＜", "<", "［", "[", "］", "]", "～", "~", "｜", "|", "．", ".")

// fold drops how lines are set in from the left.
func fold(text string) string {
	lines := strings.Split(halfWidth.Replace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.Trim(l, " \u3000\u00a0")
	}
	return strings.Join(lines, "\n")
}

// told lists whom the program has ordered to be told since the last time.
func (p *player) told() string {
	p.t.Helper()
	var out []string
	for _, row := range p.rows("SELECT id, person_id, kind, text FROM notices WHERE id > " + cmp.Or(p.notices, "0") + " ORDER BY id") {
		parts := strings.SplitN(row, "|", 4)
		p.notices = parts[0]
		out = append(out, script.Told(parts[1], parts[2], parts[3]))
	}
	return strings.Join(out, "\n")
}
