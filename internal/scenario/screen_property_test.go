package scenario

import (
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
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/supervise"
)

// However much there is and whatever it says, a leader reads one message with three
// decisions at most, and every entry is shown or counted.
func TestALeadersScreenIsOneMessage(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 12))
	words := func() string {
		return strings.Repeat([]string{"消防", "𠮷😀", "**", "\n", "食堂后厨燃气软管老化，"}[r.IntN(5)], r.IntN(60))
	}
	today := calendar.MustParse("2025-09-10")
	c := render.Context{Dir: org.NewDirectory([]org.Unit{{ID: "a", Name: "资阳区第一职业中等专业学校附属小学", Kind: "primary"}}, nil), Today: today, Days: calendar.DefaultWorkdays(), Loc: time.UTC}
	kinds := []notice.Kind{notice.Escalation, notice.Reminder, notice.Alarm, notice.WorkUpdate, notice.Waiting, notice.NewHazard}
	steps := []string{"overdue/red", "overdue/yellow", "overdue", "review", "due_soon"}
	for range 1500 {
		var told []render.Told
		for i := range r.IntN(40) {
			e := render.Told{Notice: notice.Notice{ID: int64(i + 1), Kind: kinds[r.IntN(len(kinds))], Step: steps[r.IntN(len(steps))], Text: words()}, Own: r.IntN(3) == 0}
			switch r.IntN(3) {
			case 0:
				e.Work = &duty.Work{Assignment: duty.Assignment{ID: int64(i), UnitID: "a", Due: today, Note: words(), State: duty.Signed}, Item: duty.Item{Code: "22-3", Desc: words()}}
			case 1:
				e.Hazard = &hazard.Hazard{ID: int64(i), Year: 2025, Seq: i, UnitID: "a", Location: words(), Desc: words(), Life: hazard.Life{Blocked: words()}}
			}
			told = append(told, e)
		}
		var w render.Waiting
		for i := range r.IntN(4) {
			w.Wishes = append(w.Wishes, supervise.Wish{Work: duty.Work{Assignment: duty.Assignment{ID: int64(i), UnitID: "a"}, Item: duty.Item{Desc: words()}},
				Extension: duty.Extension{AskedAt: today.At(0, 0, time.UTC), OldDue: today, NewDue: today, Reason: words()}})
			w.HandedUp = append(w.HandedUp, hazard.Hazard{ID: int64(i), UnitID: "a", Desc: words()})
		}
		all := render.Urgent(told, w)
		p := render.Screen{Now: render.Standing{Red: r.IntN(9999), Yellow: r.IntN(9999), Major: r.IntN(99), Hazards: true}, On: today.Add(-1)}
		p.Fill(all)
		if n := len(p.Decisions) + p.Waiting + p.Own + p.Others; n != len(all) || len(all) < len(told) || len(p.Decisions) > render.MaxDecisions {
			t.Fatalf("%d of %d entries are shown or counted", n, len(all))
		}
		title, text := c.Screen(p)
		if !utf8.ValidString(text) {
			t.Fatalf("a cut character:\n%s", text)
		}
		reply := bot.Reply{Title: title, Text: text}
		if ws, ds := wecom.Parts(reply), dingtalk.Parts(reply); len(ws) != 1 || len(ds) != 1 {
			t.Fatalf("%d messages on WeCom, %d on DingTalk:\n%s", len(ws), len(ds), text)
		}
	}
}
