package inspect

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	lists := []Checklist{
		{Key: "daily", Name: "食堂每日检查", Aliases: []string{"食堂检查", "食堂日检"}}, {Key: "weekly", Name: "食堂每周检查", Aliases: []string{"食堂周检"}},
		{Key: "bus", Name: "校车发车检查", Aliases: []string{"校车检查", "校车"}}, {Key: "fire", Name: "消防每月检查", Aliases: []string{"消防检查", "消防月检"}},
	}
	for text, want := range map[string]string{
		"食堂检查": "daily ", "食堂检查 都正常": "daily 都正常", "食堂检查都正常": "daily 都正常", "食堂检查表": "daily ", "请看看食堂检查表": "daily ",
		"食堂检查：3 油垢，其余正常": "daily 3 油垢，其余正常", "今天食堂检查 都正常": "daily 都正常", "昨天的食堂检查 都正常": "back daily 都正常", "上周食堂周检 都正常": "back weekly 都正常",
		"食堂安全检查表": "daily weekly ", "食堂的检查表": "daily weekly ", "食堂安全检查 都正常": "daily weekly 都正常",
		"校车检查单": "bus ", "校车单": "bus ", "校车刹车坏了": "-", "校车": "-", "检查表": "all", "检查清单有哪些": "all", "安全检查表": "all",
		"消防检查": "fire ", "消防安全检查": "fire ", "食堂灶台有油垢": "-", "昨天下乡检查，晒得脱层皮": "-", "检查组走了没": "-", "": "-",
	} {
		said, ok := Find(lists, text)
		var got []string
		if said.Back {
			got = append(got, "back")
		}
		for _, c := range said.Lists {
			got = append(got, c.Key)
		}
		switch {
		case !ok:
			got = []string{"-"}
		case said.All:
			got = append(got, "all")
		default:
			got = append(got, said.Rest)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q is %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}
