package seeding

import (
	"fmt"
	"slices"
	"strings"

	"duban/internal/store"
)

// Report tells what a seeding did.
type Report struct {
	Policies struct {
		Version int
		Fresh   bool // whether the version was made just now
	}
	Changes   []store.Change // by table, in the order they were written
	Confirmed store.Change   // items the office has confirmed
	Notes     []string       // what waits or needs the operator, in Chinese
}

// Changed reports whether anything was written.
func (r Report) Changed() bool {
	return r.Policies.Fresh || r.Confirmed.Any() || slices.ContainsFunc(r.Changes, store.Change.Any)
}

// label names a table for people.
func label(table string) string {
	return map[string]string{
		"units": "单位", "audiences": "对象范围", "posts": "岗位", "persons": "人员", "holdings": "任职", "accounts": "平台账号",
		"chat_groups": "工作群", "terms": "代号", "items": "督办事项", "checklists": "检查清单", "confirmations": "立项确认", "duty_shifts": "值班表",
	}[table]
}

// Lines tells the operator in Chinese what was done, a line each.
func (r Report) Lines() []string {
	lines := []string{fmt.Sprintf("催办规则：第%d版，%s", r.Policies.Version, word(r.Policies.Fresh, "新存入", "没有变化"))}
	for _, c := range append(slices.Clone(r.Changes), r.Confirmed) {
		text := line(c)
		if c.Table == "items" && c.Created > 0 && !r.Confirmed.Any() {
			text += "（草稿，等局办公室立项确认）"
		}
		lines = append(lines, text)
	}
	for _, c := range r.Changes {
		if len(c.Kept) > 0 {
			lines = append(lines, "注意："+kept(c))
		}
	}
	for _, n := range r.Notes {
		lines = append(lines, "注意："+n)
	}
	return append(lines, word(r.Changed(), "初始数据已更新。", "初始数据和上次一样，什么都没有改。"))
}

func line(c store.Change) string {
	total := c.Created + c.Changed + c.Same + len(c.Kept)
	var did []string
	for _, part := range []struct {
		n    int
		name string
	}{{c.Created, "新增"}, {c.Changed, "修改"}, {c.Ended, "停用"}} {
		if part.n > 0 {
			did = append(did, fmt.Sprintf("%s%d", part.name, part.n))
		}
	}
	if len(did) == 0 {
		did = append(did, "没有变化")
	}
	return fmt.Sprintf("%s：共%d，%s", label(c.Table), total, strings.Join(did, "，"))
}

// kept says why entries were not applied.
func kept(c store.Change) string {
	list := strings.Join(c.Kept, "、")
	switch c.Table {
	case "items":
		return "这些事项已经立项，文件里的改动没有采用，要改请局办公室在系统里办：" + list
	case "accounts":
		return "这些人的账号已在系统里另行绑定，文件里的没有采用：" + list
	}
	return label(c.Table) + "里这些没有改动：" + list
}

func word(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}
