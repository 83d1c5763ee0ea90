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
		"22-3 60%，节后第一个工作日完成":     "2025-10-09", // 1–8 October are off
		"22-3 60%，国庆节后完成":         "2025-10-09",
		"22-3 60%，中秋前完成":          "2025-09-30", // 6 October falls into the same days off
		"22-3 60%，节前完成":           "2025-09-30",
		"22-3 60%，元旦前完成":          "2025-12-31",
		"22-3 60%，春节前完成":          "2026-02-14", // days off begin on the 15th; the 14th is worked
		"22-3 60%，本月中旬完成":         "2025-09-20",
		"22-3 60%，下旬完成":           "2025-09-30",
		"22-3 60%，下个月第一个工作日完成":    "2025-10-09",
		"22-3 60%，本月最后一个工作日完成":    "2025-09-30",
		"22-3 60%，预计十个工作日完成":      "2025-09-24",
		"22-3 60%，９月２０号完成":        "2025-09-20",
		"22-3 60%，九月二十号完成":        "2025-09-20",
		"22-3 60%，大后天完成":          "2025-09-13",
		"22-3 60%，下下周一完成":         "2025-09-22",
		"22-3 60%，年底完成":           "2025-12-31",
		"22-3 60%，期末完成":           "2026-01-31",
	} {
		_, slots := understood(t, p, text)
		if got := fmt.Sprint(slots["eta"]); got != want {
			t.Errorf("%q: eta %s, want %s", text, got, want)
		}
	}
}

// TestRanges holds how stretches are read, of absences and of lists.
func TestRanges(t *testing.T) {
	p := parser()
	for text, want := range map[string]string{
		"9月15号到19号请假，让王强代我": "2025-09-15/2025-09-19",
		"下周一到周三出差，委托王强":     "2025-09-15/2025-09-17",
		"16到18号我去开会，让王强代办":  "2025-09-16/2025-09-18",
		"明后两天不在，让王强代我":      "2025-09-11/2025-09-12",
		"国庆期间让王强代我":         "2025-10-01/2025-10-08",
		"28号到3号我休假，让王强代办":   "2025-09-28/2025-10-03",
		"下个月到期的任务":          "2025-10-01/2025-10-31",
		"这周要交的任务":           "2025-09-08/2025-09-14",
		"查一下第四季度到期的任务":      "2025-10-01/2025-12-31",
	} {
		_, slots := understood(t, p, text)
		if got := fmt.Sprint(slots["range"]); got != want {
			t.Errorf("%q: range %s, want %s (%v)", text, got, want, slots)
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
		"十七杠四完成了":        "report_progress map[status:done task_ref:map[code:17-4] text:十七杠四完成了]",
		"查16之2":          "query_task map[task_ref:map[code:16-2]]",
		"查 22条第3项":       "query_task map[task_ref:map[code:22-3]]",
		"隐患五十六怎么样了":      "query_hazard map[field:status hazard_ref:map[id:56]]",
		"隱患56怎麼樣了":       "query_hazard map[field:status hazard_ref:map[id:56]]",
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
