package command

import (
	"fmt"
	"strings"
	"testing"

	"duban/internal/calendar"
	"duban/internal/hazard"
	"duban/internal/store"
	"duban/internal/testkit"
)

func TestSearchWords(t *testing.T) {
	for words, want := range map[string]string{
		"食堂燃气软管": "食堂 燃气 软管", "应急灯": "应急灯", "操场东围墙": "操场 东围墙", "食堂那个软管": "食堂 软管", "的": "", "100%": "10 0%",
		"一二三四五六七八九十甲乙丙丁戊己庚辛壬癸": "一二 三四 五六 七八 九十 甲乙 丙丁 戊己",
	} {
		if got := strings.Join(searchWords(words), " "); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}

// What was filed long ago is found by its words, by those alone who may see it.
func TestOldHazardsAreFoundByTheirWords(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", false)
	h.say("shimatou-aq", "上报隐患 体育馆看台扶手松动", false)
	err := h.store.Within(t.Context(), func(tx *store.Tx) error {
		for i := range mostListed + 5 {
			unit := "wenchang"
			if i%2 == 0 {
				unit = "shimatou"
			}
			if _, err := tx.AddHazard(t.Context(), hazard.Hazard{Year: 2025, UnitID: unit, Category: "消防", Location: "食堂后厨", Desc: fmt.Sprintf("灭火器%d过期", i),
				State: hazard.Reported, CreatedAt: h.clock.Now().Add(1), FixDue: calendar.Of(2025, 9, 19)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ who, says, want string }{
		{"anquan-guzhang", "燃气软管那个隐患怎么样了", "YH-2025-0001 "},
		{"anquan-guzhang", "燃气软管那个定为重大", "YH-2025-0001 定为重大隐患"},
		{"anquan-guzhang", "体育馆看台扶手那个隐患怎么样了", "YH-2025-0002 "},
		{"wenchang-jia", "体育馆看台扶手那个隐患怎么样了", "没有找到您可以查看的"},
	} {
		if got := h.say(c.who, c.says, false); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s> %s\n%s", c.who, c.says, got)
		}
	}
}
