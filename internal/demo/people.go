package demo

import (
	"slices"
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
		list = append(list, phone.Person{ID: p.ID, Name: within(unit, p.Name), Post: within(unit, title), Unit: name, Accounts: accounts[p.ID], Suggestions: suggestions(post, has)})
	}
	slices.SortStableFunc(list, func(a, b phone.Person) int { return rank(posts, a.ID) - rank(posts, b.ID) })
	return list
}

// within is a name without the unit it begins with, which is shown beside it.
func within(u seeds.Unit, name string) string {
	for _, prefix := range u.Names() {
		if rest, ok := strings.CutPrefix(name, prefix); ok && rest != "" {
			return rest
		}
	}
	return name
}

// rank puts first who a visitor should try to be first: a teacher, then the
// people of the schools, then the bureau.
func rank(posts map[string]seeds.Post, person string) int {
	order := []string{"", "unit_head", "section_chief", "office", "leader", "admin"}
	return slices.Index(order, posts[person].Role)
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
