package remind

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"duban/internal/errs"
)

func TestDefaultPolicies(t *testing.T) {
	p := policies(t)
	if p.Version != 1 || !p.Assumed {
		t.Errorf("version %d, assumed %v; want 1, true", p.Version, p.Assumed)
	}
	want := []string{"assist", "deadline", "event", "hazard_major", "hazard_ordinary", "incident", "monthly", "project", "quarterly", "quiet", "standing", "term", "weekly"}
	if got := p.Keys(); !slices.Equal(got, want) {
		t.Errorf("profiles %v, want %v", got, want)
	}
	h := p.Hours
	if got, want := fmt.Sprint(h.QuietFrom, h.QuietTo, h.Prepare, h.Morning, h.Digest, h.Weekly), "1260 420 425 510 990 Friday"; got != want {
		t.Errorf("hours %s, want %s", got, want)
	}
	pr, _ := p.Profile("project")
	if got, want := fmt.Sprintf("%s %s %d %d", pr.Ladders[StageDue].Rules[0].At, pr.Collect.Every, pr.Late, pr.Version), "-15 month 1 1"; got != want {
		t.Errorf("project %s, want %s", got, want)
	}
}

func ladder(p Profile, stage Stage) string {
	var out []string
	for _, r := range p.Ladders[stage].Rules {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", r.At, r.To, r.Kind, r.Slip)))
	}
	return strings.Join(out, ", ")
}

func TestDefaultLadder(t *testing.T) {
	want := "-7 holder reminder, -3 holder reminder, -1 holder reminder, 0 holder reminder, " +
		"1 section_chief escalation, 3 deputy escalation yellow, 5 leader_office escalation, 10 leader_office escalation red"
	if got := ladder(profile(t, "deadline"), StageDue); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

const head = `version: 1
clock: {quiet_from: "21:00", quiet_to: "07:00", prepare: "07:05", morning: "08:30", digest: "16:30", weekly: friday}
lamp: {blue: 7, blue_recurring: 1, behind: 20}
hazard: {fix_choices: [3, 7], fix_default: 7, major_fix_days: 30}
profiles:
  x:
`

func TestUnsoundPoliciesAreRefusedNamingTheLine(t *testing.T) {
	for in, want := range map[string]string{
		strings.Replace(head, "30}", "30, spot_most: -1}", 1) + "    name: x":                                                     "第4行：hazard 的 spot_one_in 和 spot_most 应为 1 至 1000，不写按 10 和 30",
		head + "    due:\n      remind: [-3, -7]":                                                                                 "规则 x：due：第8行：提醒 -7 应晚于前一个，不能重复",
		head + "    due:\n      remind: [-3, -3]":                                                                                 "规则 x：due：第8行：提醒 -3 应晚于前一个，不能重复",
		head + "    due:\n      remind: [soon]":                                                                                   "第8行：soon 不是时限，应为工作日数（如 -3）或小时数（如 4h）",
		head + "    due:\n      escalate:\n        - {at: 3, to: deputy}\n        - {at: 1, to: leader_office}":                   "规则 x：due：第10行：升级 1 早于前一级",
		head + "    due:\n      escalate:\n        - {at: 1, to: deputy}\n        - {at: 3, to: section_chief}":                   "规则 x：due：第10行：升级只能往上走，section_chief 排在 deputy 后面永远轮不到",
		head + "    due:\n      escalate:\n        - {at: 1, to: deputy}\n        - {at: 3, to: deputy}":                          "规则 x：due：第10行：deputy 重复告知",
		head + "    due:\n      escalate:\n        - {at: 1, to: deputy, slip: red}\n        - {at: 3, to: deputy, slip: yellow}": "规则 x：due：第10行：deputy 重复告知",
		head + "    due:\n      escalate:\n        - {at: 1, to: mayor}":                                                          "规则 x：due：第9行：级别 \"mayor\" 不认识",
		head + "    due:\n      escalate:\n        - {at: 1, to: deputy, slip: blue}":                                             "规则 x：due：第9行：slip \"blue\" 不认识，应为 yellow 或 red",
		head + "    due:\n      escalate:\n        - {at: -1, to: deputy}":                                                        "规则 x：due：第9行：升级不能早于到期",
		head + "    due:\n      escalate:\n        - {to: deputy}":                                                                "规则 x：due：第8行：升级第1级没有写 at",
		head + "    due:\n      limit: 3":                                                                                         "规则 x：due：第8行：due 和 collect 不写 limit，其他都要写",
		head + "    sign:\n      remind: [0]":                                                                                     "规则 x：sign：第8行：due 和 collect 不写 limit，其他都要写",
		head + "    sign:\n      limit: 1\n      remind: [-1]":                                                                    "规则 x：sign：第9行：提醒 -1 早于起算时间，永远轮不到",
		head + "    every: {unit: week, weekday: friday}\n    collect:\n      remind: [-7]":                                       "规则 x：collect：第9行：提醒 -7 早于这一期开始，永远轮不到",
		head + "    every: {unit: week, weekday: friday}":                                                                         "规则 x：第7行：every 和 collect 要一起写",
		head + "    every: {unit: week}\n    collect: {}":                                                                         "规则 x：第7行：每周收报要写 weekday",
		head + "    every: {unit: month, day: 31}\n    collect: {}":                                                               "规则 x：第7行：day 应为 1 至 28，不写表示最后一个工作日",
		head + "    every: {unit: fortnight}\n    collect: {}":                                                                    "规则 x：第7行：every 的 unit \"fortnight\" 不认识",
		strings.Replace(head, `"07:05"`, `"09:05"`, 1) + "    name: x":                                                            "第2行：时刻的先后应为 quiet_to、prepare、morning、digest、quiet_from",
		strings.Replace(head, `"07:05"`, `"7点"`, 1) + "    name: x":                                                               "第2行：\"7点\" 不是时刻，应为 \"08:30\" 的样子",
		strings.Replace(head, "fix_default: 7", "fix_default: 5", 1) + "    name: x":                                              "第4行：hazard 的 fix_default 应是 fix_choices 中的一个",
		head + "    late: 99999999":                                                                                               "规则 x：第7行：late 和 rest 应为 0 至 400",
		strings.Replace(head, "major_fix_days: 30", "major_fix_days: 0", 1) + "    name: x":                                       "第4行：hazard 的天数应为 1 至 400",
		strings.Replace(head, "blue: 7", "blue: 0", 1) + "    name: x":                                                            "第3行：lamp 的三个数都应大于 0",
		strings.Replace(head, `, weekly: friday`, "", 1) + "    name: x":                                                          "第2行：clock 要写全 quiet_from、quiet_to、prepare、morning、digest、weekly",
		head + "    review:\n      limit: 1\n      remind_to: mayor\n      remind: [0]":                                           "规则 x：review：第8行：remind_to \"mayor\" 不是级别",
		strings.Replace(head, "version: 1", "version: 0", 1) + "    name: x":                                                      "第1行：version 应为 1 或更大",
		"slip: {receipt: 0}\n" + head + "    name: x":                                                                             "第1行：slip 的 receipt 应为 1 至 400 个工作日",
		"slip: {receipt: 4h}\n" + head + "    name: x":                                                                            "第1行：slip 的 receipt 应为 1 至 400 个工作日",
	} {
		_, err := LoadPolicies(strings.NewReader(in))
		if !errs.Is(err, errs.Invalid) || !strings.HasSuffix(errs.Say(err), "："+want) {
			t.Errorf("%s\n got %s\nwant %s", strings.TrimPrefix(in, head), errs.Say(err), want)
		}
	}
	if _, err := LoadPolicies(strings.NewReader(head + "    snooze: 3")); err == nil || !strings.Contains(errs.Say(err), "[7:") {
		t.Errorf("an unknown key: %v", err)
	}
	if p, err := LoadPolicies(strings.NewReader(head + "    name: x")); err != nil || p.Receipt != 2 {
		t.Errorf("the head alone is sound, got %v, receipt %d", err, p.Receipt)
	}
	if p, err := LoadPolicies(strings.NewReader("slip: {receipt: 3}\n" + head + "    name: x")); err != nil || p.Receipt != 3 {
		t.Errorf("receipt %d, %v", p.Receipt, err)
	}
	if p, err := LoadPolicies(strings.NewReader(head + "    name: x")); err != nil || p.Hazard.SpotOneIn != 10 || p.Hazard.SpotMost != 30 {
		t.Errorf("spot checks: %+v, %v", p.Hazard, err)
	}
}

func FuzzLoadPolicies(f *testing.F) {
	if b, err := os.ReadFile("../../seeds/policies.yaml"); err == nil {
		f.Add(string(b))
	}
	f.Add(head + "    due: {remind: [-3h, 0], escalate: [{at: 1, to: deputy}]}")
	f.Add(head + "    sign: !x")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := LoadPolicies(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, key := range p.Keys() { // whatever is accepted can be planned with
			pr, _ := p.Profile(key)
			Schedule(pr, item("2025-09-19"), cals())
			Instances(pr, d("2025-03-01"), d("2026-03-01"), cals(), Who{})
		}
	})
}
