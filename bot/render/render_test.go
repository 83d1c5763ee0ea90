package render

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/slip"
	"duban/internal/supervise"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var (
	shanghai = time.FixedZone("CST", 8*60*60)
	today    = calendar.MustParse("2025-09-10") // a Wednesday
	now      = today.At(9, 30, shanghai)
)

func wording() Context {
	dir := org.NewDirectory([]org.Unit{
		{ID: "school", Name: "资阳区文昌中学", Short: "文昌中学", Kind: "middle"}, {ID: "safety", Name: "安全法规股", Short: "安全股", Kind: org.KindSection},
	}, nil)
	return Context{Dir: dir, Today: today, Days: calendar.DefaultWorkdays(), Loc: shanghai}
}

func item(code, desc string) duty.Item {
	return duty.Item{Code: code, Point: 22, PointTitle: "夯实校园安全基础", Desc: desc, Lead: "safety", State: duty.Confirmed}
}

func work(code, desc, due string, change ...func(*duty.Work)) duty.Work {
	w := duty.Work{Item: item(code, desc), Assignment: duty.Assignment{ID: 1, UnitID: "school", State: duty.Signed}}
	if due != "" {
		w.Due = calendar.MustParse(due)
	}
	for _, f := range change {
		f(&w)
	}
	return w
}

func state(s duty.State) func(*duty.Work) { return func(w *duty.Work) { w.State = s } }

func metric(v float64) func(*duty.Work) {
	return func(w *duty.Work) {
		w.Item.Metric = duty.Metric{Op: ">=", Target: 91, Unit: "%"}
		w.Value = &v
	}
}

func fire(change ...func(*hazard.Hazard)) hazard.Hazard {
	h := hazard.Hazard{ID: 1, Year: 2025, Seq: 56, UnitID: "school", Category: "用电燃气", Location: "食堂后厨", Desc: "燃气软管老化", Reporter: "jia",
		State: hazard.Reported, SignDue: today.Add(1), FixDue: calendar.MustParse("2025-09-19"), CreatedAt: now}
	for _, f := range change {
		f(&h)
	}
	return h
}

func anonymous(h *hazard.Hazard) { h.Anonymous = true }
func major(h *hazard.Hazard)     { h.LevelHint = hazard.Major }
func placeless(h *hazard.Hazard) { h.Location = "" }

func told(kind notice.Kind, step string, w *duty.Work, h *hazard.Hazard, own bool) Told {
	return Told{Notice: notice.Notice{Kind: kind, Step: step}, Work: w, Hazard: h, Own: own, Lamp: remind.BlueLamp}
}

// texts are all that is said, by name.
func texts() map[string]string {
	c := wording()
	out := map[string]string{}
	both := func(title, text string) string { return "[" + title + "]\n" + text }
	morning := func(title, text string, _ int) string { return both(title, text) }

	soon := work("22-3", "消防设施检测维保", "2025-09-12")
	late := work("9-1", "普惠性幼儿园覆盖率达标", "2025-09-03", state(duty.InProgress), metric(88.5), func(w *duty.Work) {
		w.Note, w.ETA = "两所园在办手续，预计下周三能到位", calendar.MustParse("2025-09-17")
		w.Item.DueSource = duty.Stated
	})
	period := work("22-14", "防溺水", "2025-09-12", state(duty.Assigned), func(w *duty.Work) { w.Period = "2025-W37" })
	out["list"] = c.WorkList([]Entry{{Work: soon, Lamp: remind.BlueLamp}, {Work: late, Lamp: remind.RedLamp}, {Work: period, Lamp: remind.GreenLamp},
		{Work: work("5-4", "没有期限的事", "")}}, 1, true)
	out["own list"] = c.WorkList([]Entry{{Work: soon, Lamp: remind.BlueLamp}}, 9, false)
	out["detail"] = c.WorkDetail(Entry{Work: late, Lamp: remind.RedLamp})
	for name, due := range map[string]string{"today": "2025-09-10", "tomorrow": "2025-09-11", "on a day off": "2025-10-01", "far": "2025-12-31",
		"next year": "2026-01-05", "yesterday": "2025-09-09", "on the weekend before": "2025-09-06", "last year": "2024-12-31"} {
		out["due "+name] = c.DueText(calendar.MustParse(due))
	}
	for _, s := range []duty.State{duty.Assigned, duty.Signed, duty.InProgress, duty.Submitted, duty.Returned, duty.Closed} {
		out["progress "+string(s)] = Progress(work("1-1", "x", "2025-09-30", state(s), func(w *duty.Work) { w.Percent = 60 }))
	}
	out["progress blocked"] = Progress(work("1-1", "x", "2025-09-30", func(w *duty.Work) { w.Status = duty.Blocked }))
	for _, key := range []string{"2025-W37", "2025-09", "2025-Q3", "2025-H2", "2025-2026-1", "2025", "other"} {
		out["period "+key] = PeriodName(key)
	}

	h := fire()
	out["morning, one entry"] = morning(c.Morning([]Told{told(notice.Reminder, "due_soon", &soon, nil, true)}))
	out["morning of a chief"] = morning(c.Morning([]Told{
		told(notice.Escalation, "overdue/red", &late, nil, false), told(notice.Escalation, "missed", &period, nil, false),
		told(notice.NewHazard, "", nil, &h, false), told(notice.Reminder, "review", &soon, nil, false),
	}))
	out["morning of an officer"] = morning(c.Morning([]Told{
		told(notice.Reminder, "unsigned", nil, &h, true), told(notice.Reminder, "promised_eta", &late, nil, true), told(notice.Reminder, "unsigned", &period, nil, true),
	}))
	var many []Told
	for range 13 {
		many = append(many, told(notice.Reminder, "due_soon", &soon, nil, true))
	}
	out["morning, thirteen entries"] = morning(c.Morning(many))
	blocked := fire(func(h *hazard.Hazard) { h.Blocked = "缺经费" })
	wish := duty.Extension{AskedAt: now.AddDate(0, 0, -5), OldDue: soon.Due, NewDue: calendar.MustParse("2025-09-30"), Reason: "验收排期"}
	screen := Screen{Now: Standing{Red: 3, Yellow: 2, Major: 1, Hazards: true}, Before: Standing{Red: 2, Yellow: 3, Major: 1}, On: today.Add(-1)}
	alarm := Told{Notice: notice.Notice{Kind: notice.Alarm, Text: "文昌中学 张三 还没有绑定账号，提醒送不到，请协助绑定。"}}
	screen.Fill(Urgent([]Told{told(notice.Escalation, "overdue", &period, nil, false), told(notice.Escalation, "overdue/red", &late, nil, false),
		told(notice.Reminder, "due_soon", &soon, nil, true), told(notice.Reminder, "review", &period, nil, false), told(notice.HazardUpdate, "", nil, &h, false)},
		Waiting{Wishes: []supervise.Wish{{Work: work("22-3", "消防设施检测维保", "2025-09-12", func(w *duty.Work) { w.ID = 7 }), Extension: wish}}, HandedUp: []hazard.Hazard{blocked}}))
	out["screen of a leader"] = both(c.Screen(screen))
	few := Screen{Now: Standing{Yellow: 2}, On: today.Add(-1), Before: Standing{Yellow: 2}}
	few.Fill([]Told{told(notice.Reminder, "due_soon", &soon, nil, true)})
	out["screen without a decision"] = both(c.Screen(few))
	first := Screen{Now: Standing{Red: 1, Hazards: true}}
	first.Fill(Urgent([]Told{alarm, told(notice.Reminder, "review", &soon, nil, false)}, Waiting{}))
	out["screen of the office"] = both(c.Screen(first))
	out["single"] = both(c.Single(told(notice.Reminder, "overdue", nil, &h, true)))

	out["hazard filed"] = c.HazardFiled(h, []string{"文昌中学安全专干"}, 2)
	am := fire(anonymous, major, placeless)
	out["hazard filed, anonymous and major"] = c.HazardFiled(am, nil, 0)
	out["hazard"] = c.HazardDetail(h, 1)
	out["hazards"] = c.HazardList([]hazard.Hazard{h, am}, 1)
	out["hazard alert"] = c.HazardAlert(h, "文昌中学教师甲", 1)
	out["hazard alert, anonymous"] = c.HazardAlert(am, "文昌中学教师甲", 0)

	for _, kind := range []string{"fire", "gas", "drowning", "traffic", "food_poisoning", "violence", "self_harm", "medical", "other"} {
		out["emergency "+kind] = EmergencyReply(kind, []string{"文昌中学校长", "安全股值班员"})
		out["emergency alert "+kind] = c.EmergencyAlert(kind, "school", "食堂", "文昌中学教师甲", "食堂着火了", now)
	}
	out["emergency with nobody to tell"] = EmergencyReply("fire", nil)
	out["emergency in a group"] = EmergencyGroup(true)
	out["sensitive"] = SensitiveReply("安全股值班员")
	out["sensitive with no officer"] = SensitiveReply("")
	out["sensitive in a group"] = SensitiveGroup(true)
	out["hand-over"] = c.HandOver("school", "文昌中学教师甲")

	ahead := []digest.Progress{
		{Code: "22-14", Desc: "防溺水", Lead: "safety", Period: "2025-W37", Due: today, Units: 3, Done: 1},
		{Code: "22-3", Desc: "消防设施检测维保要求逐校完成并留存记录备查", Lead: "safety", Due: calendar.MustParse("2025-09-12"), Units: 12},
		{Code: "21-4", Desc: "应急演练", Lead: "safety", Period: "2025-09", Due: calendar.MustParse("2025-09-09"), Units: 11, Done: 8},
		{Code: "99-2", Desc: "约谈某某", Lead: "safety", Due: calendar.MustParse("2025-09-11"), Units: 4, Unnamed: true},
	}
	for name, s := range map[string]digest.Snapshot{
		"daily":  {Kind: remind.DailyDigest, Today: today, Works: ahead, Lights: digest.Lights{Red: 2, Yellow: 1}, ClosedHazards: 1, Finished: 1, NewHazards: []digest.Count{{Category: "消防", N: 2}, {Category: "食品", N: 1}}, Open: digest.Open{All: 5, Major: 1, Listed: 1}},
		"weekly": {Kind: remind.WeeklyDigest, Today: calendar.MustParse("2025-09-26"), Lights: digest.Lights{Red: 2}, Open: digest.Open{All: 5}, Tomorrow: digest.Day{Date: calendar.MustParse("2025-09-27")}},
		"before a make-up day": {Kind: remind.DailyDigest, Today: calendar.MustParse("2025-09-27"), Finished: 1,
			Tomorrow: digest.Next(calendar.MustParse("2025-09-27"), calendar.DefaultWorkdays())},
		"before the holidays": {Kind: remind.DailyDigest, Today: calendar.MustParse("2025-09-30"), Finished: 1,
			Tomorrow: digest.Next(calendar.MustParse("2025-09-30"), calendar.DefaultWorkdays())},
	} {
		s.To, s.Soon = s.Today.Add(5), s.Today.Add(2)
		d, ok := digest.Build(s)
		if !ok {
			continue
		}
		c.Today = s.Today
		out["digest "+name] = both(c.Digest(d))
	}
	return out
}

// TestTexts compares everything that is said, whole, with the golden files; read
// their difference as a reader would before accepting it with -update.
func TestTexts(t *testing.T) {
	got := texts()
	for name, text := range got {
		path := filepath.Join("testdata", strings.NewReplacer(" ", "_", ",", "").Replace(name)+".golden")
		if *update {
			if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if text+"\n" != string(want) {
			t.Errorf("%s:\n%s\nwant:\n%s", name, text, want)
		}
	}
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil || len(files) != len(got) {
		t.Errorf("%d golden files for %d texts (%v)", len(files), len(got), err)
	}
}

// However long the entries are, the day's message is one message on WeCom, and the
// numbers that can be answered are those that are shown.
func TestAMorningIsOneMessage(t *testing.T) {
	c := wording()
	for _, long := range []int{5, 60, 200, 300} {
		var entries []Told
		for i := range 12 {
			w := work("22-3", strings.Repeat("长", long), "2025-09-12")
			e := told(notice.Reminder, "due_soon", &w, nil, true)
			if i%2 == 1 {
				e.Notice.Kind = notice.Slip
				e.Slip = &slip.Slip{Year: 2025, Seq: i, Colour: slip.Red, UnitID: w.UnitID, ReceiptDue: today.Add(2)}
			}
			entries = append(entries, e)
		}
		_, text, shown := c.Morning(entries)
		last := fmt.Sprintf("\n%d. ", shown)
		if len(text) > 2048 || shown < 1 || shown > MaxMorning || !strings.Contains(text, last) || strings.Contains(text, fmt.Sprintf("\n%d. ", shown+1)) {
			t.Errorf("%d bytes, %d shown:\n%s", len(text), shown, text)
		}
		if !strings.Contains(text, fmt.Sprintf("还有 %d 件", 12-shown)) {
			t.Errorf("the rest is not counted:\n%s", text)
		}
	}
}

// TestAnonymousMeansAnonymous holds that no text about an anonymous hazard names
// who filed it.
func TestAnonymousMeansAnonymous(t *testing.T) {
	const who = "文昌中学教师甲"
	c, h := wording(), fire(anonymous)
	title, morning, _ := c.Morning([]Told{told(notice.NewHazard, "", nil, &h, false)})
	for name, text := range map[string]string{"alert": c.HazardAlert(h, who, 1), "detail": c.HazardDetail(h, 1), "list": c.HazardList([]hazard.Hazard{h}, 1),
		"morning": title + morning, "filed": c.HazardFiled(h, nil, 0)} {
		if strings.Contains(text, who) || strings.Contains(text, "jia") {
			t.Errorf("the %s names the reporter:\n%s", name, text)
		}
	}
}

// TestWhatGroupsAreToldRepeatsNothing holds that the public lines are the same
// whatever happened.
func TestWhatGroupsAreToldRepeatsNothing(t *testing.T) {
	for _, line := range []string{EmergencyGroup(true), SensitiveGroup(true)} {
		if strings.Contains(line, "%") || len([]rune(line)) > 60 || strings.Contains(line, "\n") {
			t.Errorf("%q is no plain sentence", line)
		}
	}
}

// TestDatesCarryTheWeekday holds that every date people read is absolute with its
// weekday, so that a misunderstanding is seen.
func TestDatesCarryTheWeekday(t *testing.T) {
	for name, text := range texts() {
		for i := 0; ; {
			at := strings.Index(text[i:], "日 ")
			if at < 0 {
				break
			}
			i += at + len("日 ")
			if strings.Contains(text[max(0, i-20):i], "月") && !strings.HasPrefix(text[i:], "周") {
				t.Errorf("%s: a date without weekday in %q", name, text)
			}
		}
	}
	if got := fmt.Sprint(wording().DueText(0)); got != "未定期限" {
		t.Errorf("no date: %q", got)
	}
}
