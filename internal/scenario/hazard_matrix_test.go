package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/bot"
)

// Two schools with a hazard and a photo each. Whoever asks for the number, the photos,
// the list or the export sees what the own roles reach and nothing else, and reads the
// same of what is hidden as of what is not there.
func TestWhoSeesWhichHazard(t *testing.T) {
	const first, second = "食堂后厨燃气软管老化", "操场看台栏杆松动"
	sees := map[string]string{ // of the two hazards
		"wenchang-jia": "1", "wenchang-aq": "1", "wenchang-xz": "1", "shimatou-xz": "2", "shimatou-aq": "2",
		"yizhizhong-xz": "", "zhangjiasai-aq": "", "jijiao-guzhang": "", "jicai-guzhang": "", "ju-fuju-jiaoxue": "", "jishu-admin": "",
		"anquan-guzhang": "12", "ju-fuju-anquan": "12", "ju-juzhang": "12", "ban-ducha": "12",
	}
	exports := []string{"wenchang-aq", "wenchang-xz", "shimatou-xz", "shimatou-aq", "anquan-guzhang", "ju-fuju-anquan", "ju-juzhang", "ban-ducha"}
	each(t, setup{everywhere: true}, func(w *world) {
		w.wecom("wenchang-jia", "上报隐患 "+first, photo(1))
		w.dingtalk("shimatou-aq", "上报隐患 "+second, photo(2))
		w.settle()
		w.take()
		for _, platform := range []bot.Platform{bot.WeCom, bot.DingTalk} {
			for person, mine := range sees {
				for i, words := range []string{first, second} {
					n := fmt.Sprint(i + 1)
					may := strings.Contains(mine, n)
					for _, ask := range []string{"查隐患%s", "隐患%s的照片", "看照片 YH000%s", "YH-2025-000%s"} {
						got, unknown := w.say(platform, person, fmt.Sprintf(ask, n)), w.say(platform, person, fmt.Sprintf(ask, "9"))
						if shown := strings.Contains(got, words) || strings.Contains(got, "YH-2025-000"+n); shown != may {
							t.Errorf("%s on %s> "+ask+": %s", person, platform, n, got)
						}
						if !may && got != unknown {
							t.Errorf("%s on %s> "+ask+" tells that it is there: %s\nand of what is not: %s", person, platform, n, got, unknown)
						}
					}
					if got := w.say(platform, person, "未销号的隐患"); strings.Contains(got, words) != may {
						t.Errorf("%s on %s, list: %s", person, platform, got)
					}
				}
			}
			w.settle()
			for _, s := range w.take() { // the documents
				if n := strings.TrimSuffix(strings.TrimPrefix(s.Text, "照片_YH-2025-000"), ".docx"); s.Road != "file" || !strings.Contains(sees[s.To], n) {
					t.Errorf("%s got %s %s", s.To, s.Road, s.Text)
				}
			}
		}
		for person, mine := range sees {
			w.wecom(person, "导出隐患台账")
			w.settle()
			got := w.take()
			if !slices.Contains(exports, person) || mine == "" {
				if len(got) > 0 {
					t.Errorf("%s got an export: %s", person, list(got))
				}
				continue
			}
			var rows []string
			for _, r := range w.sheets(w.lastFile(bot.WeCom))["隐患台账"] {
				rows = append(rows, strings.Join(r, " "))
			}
			all := strings.Join(rows, "\n")
			if strings.Contains(all, first) != strings.Contains(mine, "1") || strings.Contains(all, second) != strings.Contains(mine, "2") {
				t.Errorf("%s exports:\n%s", person, all)
			}
			w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(time.Minute)))
			w.take()
		}
	})
}
