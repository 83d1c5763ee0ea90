package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/notice"
)

// good are records in which every promise was kept, with something of everything:
// a morning of unknown fate that arrived all the same, whose escalation came again;
// one that did not arrive; a digest in two parts; two messages of the same words on
// two days; an emergency by both platforms; answers in the call, later and lost.
func good() records {
	const taken, sent, unknown = string(notice.Taken), notice.MsgSent, notice.MsgUnknown
	row := func(id int64, key, kind, platform, to, state, reason, text, day string) message {
		return message{id: id, key: key, kind: kind, platform: platform, to: to, state: state, reason: reason, title: "督办", text: text, day: day}
	}
	got := func(platform, to, text, day string) letter {
		return letter{platform: platform, to: to, text: text, day: day}
	}
	heard := func(id string, shown int) entry {
		return entry{line: line{platform: bot.WeCom, id: id, text: "5-4 60%"}, acked: true, done: true, answered: shown > 0, shown: shown}
	}
	long := "今日督办：" + strings.Repeat("文昌中学", 50)
	return records{
		intents: []intent{
			{1, "reminder", "a", taken, "", 1}, {2, "escalation", "a", taken, "in_doubt", 2}, {3, "escalation", "b", taken, "", 3},
			{4, "emergency", "c", taken, "", 7}, {5, "reminder", "b", string(notice.Dropped), "closed", 0}, {6, "escalation", "b", string(notice.Pending), "told_today", 0},
			{7, "work_update", "b", taken, "", 8}, {8, "work_update", "b", taken, "", 9}, {9, "reminder", "d", taken, "", 11},
		},
		messages: []message{
			row(1, "morning:a:10@wecom", "morning", "wecom", "a", unknown, "crash", "早上好，9月10日：两件", "10"),
			row(2, "morning:a:11@wecom", "morning", "wecom", "a", sent, "", "早上好，9月11日：一件", "11"),
			row(3, "notice:3@dingtalk", "escalation", "dingtalk", "b", sent, "", "安全科有一项超期", "10"),
			row(4, "digest:g:10", "digest", "wecom", "g", sent, "", long, "10"),
			row(5, "answer:wecom:app:m2", "answer", "wecom", "a", sent, "", "已更新 5-4", "10"),
			row(6, "notice:4@wecom", "emergency", "wecom", "c", sent, "", "教学楼着火", "10"),
			row(7, "notice:4@dingtalk", "emergency", "dingtalk", "c", sent, "", "教学楼着火", "10"),
			row(8, "notice:7@wecom", "work_update", "wecom", "b", sent, "", "催办：21-4", "10"),
			row(9, "notice:8@wecom", "work_update", "wecom", "b", sent, "", "催办：21-4", "11"),
			row(10, "answer:wecom:app:m3", "answer", "wecom", "a", unknown, "crash", "已更新 5-5", "10"),
			row(11, "morning:d:10@wecom", "morning", "wecom", "d", unknown, "crash", "早上好，9月10日：一件", "10"),
		},
		tellings: []telling{{1, 1}, {2, 1}, {2, 2}, {3, 3}, {4, 6}, {4, 7}, {7, 8}, {8, 9}, {9, 11}},
		letters: []letter{
			got("wecom", "a", "早上好，9月10日：**两件**", "10"), got("wecom", "a", "早上好，9月11日：一件", "11"), got("dingtalk", "b", "督办\n安全科有一项超期", "10"),
			got("wecom", "g", "(1/2)\n"+long[:600], "10"), got("wecom", "g", "(2/2)\n"+long[600:], "10"), got("wecom", "a", "已更新 5-4", "10"),
			got("wecom", "c", "教学楼着火", "10"), got("dingtalk", "c", "教学楼着火", "10"), got("wecom", "b", "催办：21-4", "10"), got("wecom", "b", "催办：21-4", "11"),
			{platform: "wecom", to: "a", text: "已更新 5-4，谢谢", day: "10", answer: true},
		},
		heard: []entry{heard("m1", 1), heard("m2", 0), heard("m3", 0), {line: line{platform: bot.WeCom, id: "m4"}, acked: true}},
	}
}

func TestGoodRecords(t *testing.T) {
	v := judge(good())
	for _, f := range v.broken {
		t.Errorf("found in good records: %s", f)
	}
	if got := *v.told["escalation"]; got != (tally{rows: 3, taken: 2, again: 1, waiting: 1}) {
		t.Errorf("escalations: %+v", got)
	}
	if got := *v.kinds["morning"]; got != (tally{rows: 3, taken: 2, unknown: 2}) {
		t.Errorf("mornings: %+v", got)
	}
	if got := *v.told["emergency"]; got != (tally{rows: 1, taken: 1}) {
		t.Errorf("an emergency by both platforms is no repeat: %+v", got)
	}
}

// TestBrokenRecords plants one thing at a time and wants it found, and nothing else.
func TestBrokenRecords(t *testing.T) {
	taken := func(text string) letter { return letter{platform: "wecom", to: "a", text: text, day: "10"} }
	for _, c := range []struct {
		name  string
		plant func(r *records)
		want  []promise
	}{
		{"called sent and not taken", func(r *records) { r.letters = slices.Delete(r.letters, 1, 2) }, []promise{sentArrives}},
		{"of unknown fate and not taken", func(r *records) { r.letters = slices.Delete(r.letters, 0, 1) }, nil},
		{"a morning twice, once in doubt", func(r *records) { r.letters = append(r.letters, r.letters[0]) }, []promise{ordinaryOnce, ordinaryOnce}},
		{"a digest twice", func(r *records) { r.letters = append(r.letters, r.letters[3]) }, []promise{ordinaryOnce}},
		{"only the end of a digest twice", func(r *records) { r.letters = append(r.letters, r.letters[4]) }, nil},
		{"one of two alike twice", func(r *records) { r.letters = append(r.letters, r.letters[9]) }, []promise{ordinaryOnce, ordinaryOnce}},
		{"one of two alike twice, the other not", func(r *records) { r.letters[8].day = "11" }, []promise{sentArrives, ordinaryOnce, ordinaryOnce}},
		{"by both platforms after a fall-back", func(r *records) {
			twin := r.messages[7]
			twin.id, twin.key, twin.platform = 20, "notice:7@dingtalk", "dingtalk"
			r.messages = append(r.messages, twin)
			r.letters = append(r.letters, letter{platform: "dingtalk", to: "b", text: twin.text, day: "10"})
		}, []promise{ordinaryOnce, ordinaryOnce}},
		{"a reminder told again in another message", func(r *records) { r.tellings = append(r.tellings, telling{1, 2}) }, []promise{ordinaryOnce}},
		{"an emergency twice", func(r *records) { r.letters = append(r.letters, r.letters[6]) }, nil},
		{"an escalation in doubt, not told again", func(r *records) {
			r.messages[2].state, r.messages[2].reason, r.letters = notice.MsgUnknown, "crash", slices.Delete(r.letters, 2, 3)
		}, []promise{urgentArrives}},
		{"an escalation that still waits", func(r *records) {
			r.messages[2].state, r.letters = notice.MsgQueued, slices.Delete(r.letters, 2, 3)
		}, nil},
		{"an answer in the call and later", func(r *records) { r.heard[1].shown = 1 }, []promise{replyOnce}},
		{"an answer later twice", func(r *records) { r.letters = append(r.letters, r.letters[5]) }, []promise{ordinaryOnce, replyOnce}},
		{"no answer at all", func(r *records) { r.heard[0].shown = 0 }, []promise{replyComes}},
		{"no answer and no reason", func(r *records) { r.messages[9].reason = "" }, []promise{noIntentLost}},
		{"dropped in silence", func(r *records) { r.intents[4].reason = "" }, []promise{noIntentLost}},
		{"told by a message that is gone", func(r *records) { r.intents[8].message = 99 }, []promise{noIntentLost}},
		{"taken, and the row is gone", func(r *records) { r.letters = append(r.letters, taken("早上好，9月12日")) }, []promise{nothingUnknown}},
	} {
		r := good()
		c.plant(&r)
		var got []promise
		for _, f := range judge(r).broken {
			got = append(got, f.promise)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: found %q, want %q", c.name, got, c.want)
		}
	}
}

// TestFlaws: what is planted after a run can be planted in records that have
// everything, and is found.
func TestFlaws(t *testing.T) {
	for _, f := range flaws() {
		r := good()
		r.intents = append(r.intents, intent{21, "reminder", "a", string(notice.Taken), "", 2})
		r.tellings = append(r.tellings, telling{21, 2})
		if v := judge(r); len(v.broken) > 0 {
			t.Fatal(v.broken)
		}
		c := r.clone()
		if !f.plant(&c) {
			t.Errorf("%s: no place for it", f.name)
		} else if v := judge(c); !slices.ContainsFunc(v.broken, func(b finding) bool { return b.promise == f.promise }) {
			t.Errorf("%s: found %v", f.name, v.broken)
		}
		if v := judge(r); len(v.broken) > 0 {
			t.Errorf("%s: planting it changed the records it was copied from: %v", f.name, v.broken)
		}
	}
}

// TestPlanIsItsSeeds: the same seed makes the same plan, and within fifty rounds
// every fault is dealt several times.
func TestPlanIsItsSeeds(t *testing.T) {
	times := map[fault]int{}
	for n := range 50 {
		p := draw(7, n, firstDay)
		if again := draw(7, n, firstDay); fmt.Sprint(p) != fmt.Sprint(again) {
			t.Fatalf("round %d differs", n)
		}
		for _, a := range p.accidents {
			times[a.fault]++
		}
	}
	for _, f := range append(faults(), hang) {
		if times[f] < 3 {
			t.Errorf("%s: dealt %d times", f, times[f])
		}
	}
}
