package demo

import (
	"strings"

	"duban/bot"
	"duban/internal/sim/phone"
	"duban/internal/sim/stage"
	"duban/seeds"
)

// people lists everybody who has an account, with the post they hold.
func people(set *seeds.Set) []phone.Person {
	posts := map[string]seeds.Post{}
	for _, h := range set.Holdings {
		if p, ok := set.Post(h.Post); ok && h.To.IsZero() {
			posts[h.Person] = p
		}
	}
	accounts := map[string][]phone.Account{}
	for _, a := range set.Accounts {
		accounts[a.Person] = append(accounts[a.Person], phone.Account{Platform: bot.Platform(a.Platform), UserID: a.UserID})
	}
	var list []phone.Person
	for _, p := range set.Persons {
		if len(accounts[p.ID]) == 0 {
			continue
		}
		unit, _ := set.Unit(p.Unit)
		post, has := posts[p.ID]
		title := "教师"
		if has {
			title = post.Title
		}
		name := unit.Short
		if name == "" {
			name = unit.Name
		}
		list = append(list, phone.Person{ID: p.ID, Name: p.Name, Post: title, Unit: name, Accounts: accounts[p.ID], Suggestions: suggestions(post, has)})
	}
	return list
}

// suggestions are first things to say, by what the person is there for. One
// ending in a colon is put into the input instead of being sent.
func suggestions(post seeds.Post, has bool) []string {
	switch {
	case !has:
		return []string{"上报隐患 食堂后厨燃气软管老化", "我报的隐患", "帮助"}
	case post.Role == "unit_head":
		return []string{"我的任务", "本周到期", "22-14 已完成", "未销号的隐患", "上报隐患 教学楼二楼走廊灯不亮"}
	case post.Role == "section_chief":
		return []string{"我的任务", "本周到期", "有没有逾期的", "未销号的隐患"}
	case post.Role == "leader":
		return []string{"有没有逾期的", "本周到期", "未销号的隐患"}
	}
	return []string{"我的任务", "有没有逾期的", "帮助"}
}

func groups(set *seeds.Set) []phone.Group {
	var list []phone.Group
	for _, g := range set.Groups {
		id := g.ID
		if g.Via != "webhook" {
			id = g.Ref
		}
		list = append(list, phone.Group{Platform: bot.Platform(g.Platform), ID: id, Title: g.Name})
	}
	return list
}

// unmentioned takes the mention off: the platform's push carries its own.
func unmentioned(m phone.SendRequest) string {
	if m.Group == "" {
		return m.Text
	}
	return strings.TrimSpace(strings.ReplaceAll(m.Text, "@"+stage.RobotName, ""))
}
