package seeds

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestRoster(t *testing.T) {
	const good = "roster:\n  - {weekday: monday, on: [{post: p-demo}, {person: jia}]}\n  - {day: 2025-10-01, on: [{person: jia}]}\n"
	load := func(text string) (*Set, error) {
		fsys := small()
		fsys[rosterFile] = &fstest.MapFile{Data: []byte(text)}
		return LoadDemo(fsys)
	}
	set, err := load(good)
	if err != nil || len(set.Roster) != 2 || set.Roster[0].WeekdayNumber() != 1 || set.Roster[1].Key() != "2025-10-01" {
		t.Fatalf("%+v, %v", set, err)
	}
	for _, c := range []struct{ old, text, want string }{
		{"weekday: monday, ", "", `要写一个，也只能写一个`},
		{"weekday: monday", "weekday: monday, day: 2025-10-02", `要写一个，也只能写一个`},
		{"weekday: monday", "weekday: mon", `roster.yaml 第2行（mon）：weekday 写的是 "mon"`},
		{"day: 2025-10-01", "weekday: monday", `重复了`},
		{"[{person: jia}]", "[]", `roster.yaml 第3行（2025-10-01）：on 有 0 个人`},
		{"{post: p-demo}", "{post: nobody}", `roster.yaml 第2行（monday）：on 写的岗位 "nobody" 不存在`},
		{"[{person: jia}]", "[{person: yi}]", `roster.yaml 第3行（2025-10-01）：人员 "yi" 不在 persons 里`},
		{"{post: p-demo}", "{post: p-demo, person: jia}", `写 post（岗位）或 person（人员）之一`},
	} {
		if _, err := load(strings.Replace(good, c.old, c.text, 1)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
	if set, err := Default(); err != nil || len(set.Roster) != 0 {
		t.Errorf("the roster that is shipped: %v, %v", set.Roster, err)
	}
}
