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

// suggestions are first things to say, by what the person is there for; together they
// have every command. One ending in a colon is put into the input instead of being sent.
func suggestions(post seeds.Post, has bool) []string {
	switch {
	case !has:
		return []string{"上报隐患 食堂后厨燃气软管老化", "我报的隐患", "我的任务", "怎么报隐患", "撤回", "投诉建议：", "帮助"}
	case post.Role == "unit_head" && post.Safety:
		return []string{"未销号的隐患", "签收隐患1", "隐患1 已换好，请复查", "本周无隐患，零报告", "22-14 60%", "我的任务", "帮助"}
	case post.Role == "unit_head":
		return []string{"我的任务", "本周到期", "22-14 已完成", "22-14 申请延期到9月30日，因为设备没到", "委托：", "取消委托", "免打扰到明天早上8点", "恢复提醒"}
	case post.Role == "section_chief" && post.Safety:
		return []string{"未销号的隐患", "隐患1 定为重大", "隐患1 复查通过", "隐患1 销号", "隐患1 又出现了，重开", "隐患1和隐患2重复，保留1", "隐患2 作废，误报", "催一下逾期的"}
	case post.Role == "section_chief":
		return []string{"我的任务", "有没有逾期的", "同意办结 22-14", "同意延期 22-14", "22-14 转给后勤中心", "各股室完成率", "导出9月台账"}
	case post.Role == "leader":
		return []string{"有没有逾期的", "各股室完成率", "本周周报", "隐患1 挂牌督办", "隐患整改率多少", "导出隐患台账"}
	case post.Role == "office":
		return []string{"立项：各校9月30日前上报消防自查表，安全法规股牵头", "催一下逾期的", "今日日报", "各股室完成率", "导出9月台账", "帮助"}
	}
	return []string{"帮助", "解绑", "绑定："}
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
