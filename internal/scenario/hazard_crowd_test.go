package scenario

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"duban/bot"
	"duban/internal/sim/stage"
)

// atOnce has people write at the same time, on DingTalk where they have an account
// there and on WeCom else, and returns the answers in their order.
func (w *world) atOnce(people []string, text string) []string {
	w.t.Helper()
	answers := make([]string, len(people))
	var calls sync.WaitGroup
	for i, person := range people {
		platform := bot.DingTalk
		id, ok := w.stage.UserID(person, platform)
		if !ok {
			platform = bot.WeCom
			id, _ = w.stage.UserID(person, platform)
		}
		calls.Go(func() {
			var err error
			if answers[i], err = w.stage.Say(w.ctx, stage.Line{Platform: platform, UserID: id, Text: text}); err != nil {
				w.t.Errorf("%s: %v", person, err)
			}
		})
	}
	calls.Wait()
	return answers
}

var numbered = regexp.MustCompile(`YH-2025-(\d{4})`)

// Twenty people of many units see the same and report it in the same second. Every
// report ends as a number of its own or as a question that names one; none is lost, no
// number is given twice, and who may not see the school's hazards is never told of one.
func TestTwentyPeopleReportTheSameAtOnce(t *testing.T) {
	people := []string{"wenchang-xz", "wenchang-aq", "wenchang-jia", "shimatou-xz", "shimatou-aq", "yizhizhong-xz", "yincheng-yz", "zhangjiasai-aq",
		"ju-juzhang", "ju-fuju-anquan", "ju-fuju-jiaoxue", "ban-zhuren", "ban-ducha", "jishu-admin", "anquan-guzhang", "anquan-zhiban",
		"jijiao-guzhang", "jicai-guzhang", "renshi-guzhang", "houqin-zhuren"}
	outside := []string{"shimatou-xz", "shimatou-aq", "yizhizhong-xz", "yincheng-yz", "zhangjiasai-aq", "jishu-admin", "jijiao-guzhang", "jicai-guzhang", "renshi-guzhang", "houqin-zhuren"}
	shared(t, setup{nodes: 2, roles: "web"}, func(w *world) {
		filed, asked := map[string]string{}, []string{}
		for i, a := range w.atOnce(people, "上报隐患 文昌中学 食堂后厨燃气软管老化") {
			number := numbered.FindStringSubmatch(a)
			switch {
			case number == nil:
				t.Errorf("%s got no number and no question:\n%s", people[i], a)
			case strings.HasPrefix(a, "已登记"):
				if other, twice := filed[number[1]]; twice {
					t.Errorf("%s and %s have the same number %s", other, people[i], number[1])
				}
				filed[number[1]] = people[i]
			case slices.Contains(outside, people[i]):
				t.Errorf("%s is told of what others filed:\n%s", people[i], a)
			default:
				asked = append(asked, people[i])
			}
		}
		w.same("hazards", w.query("SELECT COUNT(*) FROM hazards"), fmt.Sprint(len(filed)))
		w.same("the last number", w.query("SELECT MAX(seq) FROM hazards"), fmt.Sprint(len(filed)))
		for i, a := range w.atOnce(asked, "1") {
			if !strings.HasPrefix(a, "已补充到 YH-2025-") {
				t.Errorf("%s says that it is the same: %s", asked[i], a)
			}
		}
		w.same("reports that joined one", w.query("SELECT COUNT(*) FROM journal WHERE action = 'report_again'"), fmt.Sprint(len(asked)))
		w.same("hazards afterwards", w.query("SELECT COUNT(*) FROM hazards"), fmt.Sprint(len(filed)))
		w.settle()
		w.take()
	})
}

// Two reviewers press at once, on different nodes: one review counts, and the other
// person reads that it is done. The same for a pass against a refusal.
func TestTwoReviewersAtOnce(t *testing.T) {
	shared(t, setup{nodes: 2, roles: "web"}, func(w *world) {
		for i, what := range []string{"食堂后厨燃气软管老化", "操场围墙开裂", "宿舍楼应急灯不亮", "校门口井盖破损"} {
			n := i + 1
			if got := w.wecom("wenchang-jia", "上报隐患 "+what); !strings.HasPrefix(got, "已登记") {
				t.Fatal(got)
			}
			if got := w.wecom("wenchang-aq", fmt.Sprintf("隐患%d 已修好，请复查", n)); !strings.HasPrefix(got, "已记下") {
				t.Fatal(got)
			}
			won := 0
			for _, a := range w.atOnce([]string{"anquan-guzhang", "ban-ducha"}, fmt.Sprintf("隐患%d 复查通过", n)) {
				switch {
				case strings.Contains(a, "已经复查通过"):
				case strings.HasPrefix(a, fmt.Sprintf("YH-2025-%04d 复查通过", n)):
					won++
				default:
					t.Errorf("answer: %s", a)
				}
			}
			if won != 1 {
				t.Errorf("%d reviews of hazard %d count, want 1", won, n)
			}
		}
		w.same("reviews in the history", w.query("SELECT COUNT(*) FROM journal WHERE action = 'review_pass'"), "4")
		w.settle()
		w.take()
	})
}
