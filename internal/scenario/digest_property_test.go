package scenario

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/bot/render"
	"duban/bot/wecom"
	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/org"
	"duban/internal/remind"
)

// made is a source of digests out of nothing.
type made struct {
	works  []digest.Progress
	fresh  []digest.Count
	lights digest.Lights
	n      [4]int
}

func (m made) Ahead(context.Context, digest.Scope, calendar.Date, calendar.Date) ([]digest.Progress, error) {
	return m.works, nil
}
func (m made) Lights(context.Context, digest.Scope, calendar.Date, *calendar.Workdays) (digest.Lights, error) {
	return m.lights, nil
}
func (m made) Finished(context.Context, digest.Scope, time.Time) (int, error) { return m.n[0], nil }
func (m made) NewHazards(context.Context, digest.Scope, time.Time) ([]digest.Count, error) {
	return m.fresh, nil
}
func (m made) ClosedHazards(context.Context, digest.Scope, time.Time) (int, error) {
	return m.n[1], nil
}
func (m made) OpenHazards(context.Context, digest.Scope) (digest.Open, error) {
	return digest.Open{All: m.n[2], Major: m.n[3], Listed: m.n[3] / 2}, nil
}

// Whatever stands in the database, a group reads one message that no platform cuts,
// and in it neither a person, nor a school that is named in the work of others, nor
// a ranking or blame.
func TestADigestIsOneDecentMessage(t *testing.T) {
	pieces := []string{"消防", "**", "[点我](http://x)", "`", "<font color=\"warning\">", "𠮷𠮷𠮷𠮷", "😀", "\n# ", "|", "&amp;", "王强", "约谈李娜", "文昌中学", "石码头", "自查表", "食品安全", " "}
	names := []string{"王强", "李娜", "文昌中学", "石码头"}
	never := append([]string{"排名", "倒数", "第一名", "最差", "批评", "通报", "落后", "拖后腿", "欺凌"}, names...)
	dir := org.NewDirectory([]org.Unit{{ID: "ju", Kind: org.KindBureau}, {ID: "s", Name: "安全法规股" + strings.Repeat("𠮷", 60), Kind: org.KindSection},
		{ID: "a", Name: "资阳区文昌中学", Short: "文昌中学", Kind: "middle"}, {ID: "b", Name: "石码头", Kind: "primary"}},
		[]org.Holder{{PersonID: "p", Name: "王强", Post: org.Post{UnitID: "a", Role: org.UnitHead}}, {PersonID: "q", Name: "李娜", Post: org.Post{UnitID: "s", Role: org.SectionChief, Safety: true}}})
	days, loc := calendar.DefaultWorkdays(), time.FixedZone("CST", 8*3600)
	r := rand.New(rand.NewPCG(25, 11))
	for round := range 600 {
		today := calendar.MustParse("2025-09-01").Add(r.IntN(120))
		src := made{lights: digest.Lights{Red: r.IntN(6000), Yellow: r.IntN(6000)}, n: [4]int{r.IntN(3), r.IntN(99999), r.IntN(99999), r.IntN(99999)}}
		for i := range r.IntN([]int{3, 30, 5000}[round%3]) {
			p := digest.Progress{Code: fmt.Sprintf("%d-%d", 1+r.IntN(99), i), Lead: "s", Due: today.Add(r.IntN(20) - 8), Units: 1 + r.IntN(80),
				Period: []string{"", "2025-09", "2025-W37", strings.Repeat("x", 32)}[r.IntN(4)]}
			for range r.IntN(8) {
				p.Desc += pieces[r.IntN(len(pieces))]
			}
			p.Done = r.IntN(p.Units + 1)
			src.works = append(src.works, p)
		}
		for range r.IntN(25) {
			src.fresh = append(src.fresh, digest.Count{Category: strings.Repeat("类别𠮷", 1+r.IntN(5)), N: 1 + r.IntN(100)})
		}
		for _, kind := range []remind.DigestKind{remind.DailyDigest, remind.WeeklyDigest} {
			s, err := digest.Collect(t.Context(), src, dir, digest.ScopeOf(dir, "ju"), kind, today, days, loc)
			if err != nil {
				t.Fatal(err)
			}
			c, worth := digest.Build(s)
			if !worth {
				continue
			}
			title, text := render.Context{Dir: dir, Today: today, Days: days, Loc: loc}.Digest(c)
			oneMessage(t, title, text)
			for _, word := range never {
				if strings.Contains(text, word) {
					t.Fatalf("%q in\n%s", word, text)
				}
			}
		}
	}
}

// oneMessage holds that no platform cuts a digest and that nobody's character was cut.
func oneMessage(t *testing.T, title, text string) {
	t.Helper()
	if len(text) > render.MaxDigest || !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError) {
		t.Fatalf("%d bytes, or a cut character:\n%s", len(text), text)
	}
	if lines := strings.Count(text, "\n"); lines > 14 || !strings.HasSuffix(text, render.DigestDetails) {
		t.Fatalf("%d lines, or without its end:\n%s", lines, text)
	}
	reply := bot.Reply{Title: title, Text: text}
	if w, d := wecom.Parts(reply), dingtalk.Parts(reply); len(w) != 1 || len(d) != 1 || len(w[0]) > wecom.MaxText {
		t.Fatalf("%d messages on WeCom, %d on DingTalk:\n%s", len(w), len(d), text)
	}
}
