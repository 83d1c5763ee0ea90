package seeds

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestChecklistsFollowTheUnit(t *testing.T) {
	set, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	keys := func(unit string) (all []string) {
		for _, c := range set.ChecklistsOf(unit) {
			all = append(all, c.Key)
			if !c.Assumed {
				t.Errorf("%s is not in the document and not marked as assumed", c.Key)
			}
		}
		return all
	}
	for unit, want := range map[string][]string{
		"s-shisizhong": {"opening", "canteen-daily", "canteen-weekly", "fire-monthly", "dorm-weekly", "lab-monthly", "drowning", "guard-monthly", "building-term"},
		"s-shiyan":     {"opening", "fire-monthly", "drowning", "guard-monthly", "building-term"},
		"c-xiaoche":    {"bus"},
		"d-anquan":     nil,
		"nobody":       nil,
	} {
		if got := keys(unit); !slices.Equal(got, want) {
			t.Errorf("%s goes through %v, want %v", unit, got, want)
		}
	}
}

func TestMistakesInChecklistsNameTheLine(t *testing.T) {
	const good = "checklists:\n  - key: a\n    name: 甲检查\n    for: {tags: [canteen]}\n    rhythm: daily\n    entries:\n      - {text: 灶台, category: 食品}\n"
	for _, c := range []struct{ old, text, want string }{
		{"rhythm: daily", "rhythm: yearly", `checklists.yaml 第2行（a）：rhythm 写的是 "yearly"`},
		{"category: 食品", "category: 美食", `checklists.yaml 第7行（灶台）：category 写的是 "美食"`},
		{"category: 食品", "category: 欺凌暴力", `checklists.yaml 第7行（灶台）：category 写的是 "欺凌暴力"`},
		{"[canteen]", "[pool]", `checklists.yaml 第2行（a）：标记 "pool"`},
		{"tags: [canteen]", "", `checklists.yaml 第2行（a）：for 没有写给哪些单位用`},
		{"tags: [canteen]", "units: [nobody]", `checklists.yaml 第2行（a）：for 写的 "nobody" 不在 units.yaml 里`},
		{"key: a", "key: A", `checklists.yaml 第2行（A）：id 只能用`},
		{"name: 甲检查", "aliases: [乙]", `checklists.yaml 第2行（a）：缺 name`},
		{"name: 甲检查", "name: 甲检查\n    aliases: [甲检查]", `第2行（a）：名称“甲检查”和 a 的重了`},
		{"      - {text: 灶台, category: 食品}\n", "", `第2行（a）：entries 有 0 条`},
	} {
		fsys := small()
		fsys[checklistsFile] = &fstest.MapFile{Data: []byte(strings.Replace(good, c.old, c.text, 1))}
		_, err := Load(fsys)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
	fsys := small()
	fsys[checklistsFile] = &fstest.MapFile{Data: []byte(good)}
	if _, err := Load(fsys); err != nil {
		t.Error(err)
	}
}
