package understand

import (
	"fmt"
	"testing"
)

// TestDateConventions holds how dates are read: a deadline lies ahead and
// includes its day, next week is the calendar's, working days leave today out.
// Today is Wednesday, 10 September 2025.
func TestDateConventions(t *testing.T) {
	p := parser()
	for text, want := range map[string]string{
		"22-3 60%，周五前完成":          "2025-09-12",
		"22-3 60%，预计下周三能到":        "2025-09-17",
		"22-3 60%，月底完成":           "2025-09-30",
		"22-3 60%，预计3个工作日完成":      "2025-09-15",
		"22-3 60%，国庆前完成":          "2025-09-30",
		"22-3 60%，预计下个月15号完成":     "2025-10-15",
		"22-3 60%，预计9月20日完成":      "2025-09-20",
		"22-3 60%，明天能完成":          "2025-09-11",
		"22-3 60%，后天完成":           "2025-09-12",
		"22-3 60%，预计2025年12月1日完成": "2025-12-01",
	} {
		_, slots := understood(t, p, text)
		if got := fmt.Sprint(slots["eta"]); got != want {
			t.Errorf("%q: eta %s, want %s", text, got, want)
		}
	}
}

// TestReferences holds the four ways in which a number can be meant.
func TestReferences(t *testing.T) {
	p := parser()
	for text, want := range map[string]string{
		"查 20-3":         "query_task map[task_ref:map[code:20-3]]",
		"查第20条":          "query_task map[task_ref:map[point:20]]",
		"查隐患20":          "query_hazard map[hazard_ref:map[id:20]]",
		"20号隐患整改了吗":      "query_hazard map[field:status hazard_ref:map[id:20]]",
		"查 YH-2025-0056": "query_hazard map[hazard_ref:map[id:56]]",
		"YH56怎么样了":       "query_hazard map[field:status hazard_ref:map[id:56]]",
	} {
		command, slots := understood(t, p, text)
		if got := fmt.Sprint(command, " ", slots); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestAnOpenQuestionIsAnswered holds short answers in the light of what was
// asked.
func TestAnOpenQuestionIsAnswered(t *testing.T) {
	p := parser()
	choices := &Pending{Command: ReportProgress, Missing: []string{"task_ref"}, Choices: 3}
	for _, c := range []struct {
		text    string
		pending *Pending
		want    Command
	}{
		{"2", choices, Select}, {"第二个", choices, Select}, {"取消", choices, Cancel}, {"算了", choices, Cancel},
		{"是", &Pending{Command: ReportHazard, Missing: []string{"confirm"}}, Confirm},
		{"我的任务", choices, QueryTask}, {"食堂着火了", choices, Emergency}, {"帮助", choices, Help},
	} {
		got := p.Parse(Input{Text: c.text, Addressed: true, Pending: c.pending, Now: now})
		if got.Command != c.want {
			t.Errorf("%q while %s is asked: %s, want %s", c.text, c.pending.Command, got.Command, c.want)
		}
	}
}
