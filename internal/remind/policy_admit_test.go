package remind

import (
	"os"
	"strings"
	"testing"

	"duban/internal/errs"
)

// The hazards every file must have, before the profile x under test, whose first
// line is the 7th: line numbers are those of policy_test.go.
const hazards = "\n  hazard_ordinary: {name: a}\n  hazard_major: {name: b, in_holidays: true}\n"

func TestWhatCouldNeverBeToldIsNotAdmitted(t *testing.T) {
	for in, want := range map[string]string{
		"    due:\n      escalate:\n        - {at: 1, to: holder}":                                                              "规则 x：due：第9行：升级要高于被提醒的 holder，holder 永远轮不到",
		"    review:\n      limit: 3\n      remind: [0]\n      remind_to: deputy\n      escalate: [{at: 3, to: section_chief}]": "规则 x：review：第11行：升级要高于被提醒的 deputy，section_chief 永远轮不到",
		"    review:\n      limit: 3\n      remind: [3]\n      remind_to: deputy\n      escalate: [{at: 3, to: deputy}]":        "规则 x：review：第11行：升级要高于被提醒的 deputy，deputy 永远轮不到",
		"    due:\n      remind: [-3, -12h]":                                                            "规则 x：due：第8行：钟点 -12h 不避夜间和休息日，只能写在 in_holidays: true 的规则里",
		"    due:\n      escalate: [{at: 4h, to: deputy}]":                                              "规则 x：due：第8行：钟点 4h 不避夜间和休息日，只能写在 in_holidays: true 的规则里",
		"    sign:\n      limit: 0\n      remind: [0]":                                                  "规则 x：sign：第9行：时限是当天，提醒 0 早于起算时间，永远轮不到",
		"    control:\n      limit: 3\n      remind: [0]":                                               "规则 x：第8行：control 只有隐患才有，事项永远完不成这一步",
		"    five:\n      limit: 3\n      remind: [0]":                                                  "规则 x：第8行：five 只有隐患才有，事项永远完不成这一步",
		"    weekly_word: true":                                                                         "规则 x：第7行：weekly_word 只用于隐患，事项请用 every",
		"    every: {unit: month}\n    collect: {remind: [-1]}\n    sign:\n      limit: 1":              "规则 x：第10行：每期收报的工作不签收，sign 永远轮不到",
		"    every: {unit: month, weekday: friday}\n    collect: {remind: [-1]}":                        "规则 x：第7行：weekday 只用于 week，写在 month 上不起作用",
		"    every: {unit: week, weekday: friday, day: 3}\n    collect: {remind: [-1]}":                 "规则 x：第7行：day 不用于 week，写了不起作用",
		"    every: {unit: month, dates: [\"06-01\"]}\n    collect: {remind: [-1]}":                     "规则 x：第7行：dates 只用于 term，写在 month 上不起作用",
		"    every: {unit: term, dates: [\"02-29\"]}\n    collect: {remind: [-1]}":                      "规则 x：第7行：02-29 不是每年都有，请换一天",
		"    every: {unit: term, dates: [\"06-01\", \"06-01\"]}\n    collect: {remind: [-1]}":           "规则 x：第7行：dates 里的日期重复",
		"    every: {unit: term, dates: [\"06-01\", \"06-08\"]}\n    collect:\n      remind: [-10, -5]": "规则 x：collect：第9行：提醒 -10 早于上一次收报，永远轮不到",
		"    every: {unit: month}\n    collect:\n      escalate: [{at: 0, to: deputy}]":                 "规则 x：collect：第9行：收报当天还不算缺，升级从 1 起",
		"    name: x\n  hazard_ordinary:\n    due:\n      remind: [-7, -3]":                             "规则 hazard_ordinary：due：第10行：提醒 -7 早于隐患最长的整改时限，永远轮不到",
		"    name: x\n  hazard_major:\n    in_holidays: true\n    due:\n      remind: [-30, -24h]":      "规则 hazard_major：due：第11行：提醒 -30 早于隐患最长的整改时限，永远轮不到",
		"    name: x\n  y: {}": "",
		"    due:\n      remind: [-3, 0, 5]\n      escalate: [{at: 1, to: section_chief}, {at: 1, to: deputy}]": "",
	} {
		file := head + in + hazards
		if strings.Contains(in, "hazard_ordinary") {
			file = head + in + "\n  hazard_major: {name: b}\n"
		} else if strings.Contains(in, "hazard_major") {
			file = head + in + "\n  hazard_ordinary: {name: a}\n"
		}
		_, err := AdmitPolicies(strings.NewReader(file))
		if want == "" {
			if err != nil {
				t.Errorf("%s\n got %s", in, errs.Say(err))
			}
			continue
		}
		if !errs.Is(err, errs.Invalid) || !strings.HasSuffix(errs.Say(err), "："+want) {
			t.Errorf("%s\n got %s\nwant %s", in, errs.Say(err), want)
		}
		if _, err := LoadPolicies(strings.NewReader(file)); err != nil { // stored before the rule came, it still runs
			t.Errorf("%s\nnot even loaded: %v", in, err)
		}
	}
}

func TestProfilesInUseMustBeThere(t *testing.T) {
	file := head + "    name: x" + hazards
	if _, err := AdmitPolicies(strings.NewReader(file), "x"); err != nil {
		t.Error(err)
	}
	for want, file := range map[string]string{
		"profiles 里缺少规则 deadline，用它的工作会没有人提醒":        file,
		"profiles 里缺少规则 hazard_ordinary，用它的工作会没有人提醒": head + "    name: x",
	} {
		if _, err := AdmitPolicies(strings.NewReader(file), "deadline"); err == nil || !strings.HasSuffix(errs.Say(err), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// What is admitted is told: every rung of the built-in file comes to pass for some
// subject.
func TestEveryRungOfTheBuiltInFileIsReached(t *testing.T) {
	f, err := os.Open("../../seeds/policies.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	pol, err := AdmitPolicies(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range pol.Keys() {
		p, _ := pol.Profile(key)
		told := map[string]bool{}
		for _, f := range lives(p) {
			for _, s := range Schedule(p, f, cals()) {
				told[string(s.Stage)+s.Offset.String()+string(s.To)+string(s.Slip)] = true
			}
		}
		for stage, l := range p.Ladders {
			for _, r := range l.Rules {
				if !told[string(stage)+r.At.String()+string(r.To)+string(r.Slip)] {
					t.Errorf("%s %s: %s to %s %s is never told", key, stage, r.At, r.To, r.Slip)
				}
			}
		}
	}
}

// lives are subjects to whom everything of a profile happens: one that nobody
// signs, one that is signed, one that waits for review, one of a period.
func lives(p Profile) []Facts {
	f := Facts{Confirmed: true, Due: d("2025-09-19"), Opens: d("2025-05-06"), Assigned: at("2025-05-06 06:00")}
	signed, submitted, recurring := f, f, f
	signed.SignedAt = at("2025-05-06 10:00")
	submitted.SubmittedAt = at("2025-09-10 10:00")
	recurring.Recurring = p.HasCollect()
	return []Facts{f, signed, submitted, recurring}
}
