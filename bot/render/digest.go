package render

import (
	"fmt"
	"strings"

	"duban/internal/digest"
	"duban/internal/remind"
)

// MaxDigest bounds a digest in bytes, so that it is one message on every road:
// WeCom cuts a text at 2048, markdown at 4096; DingTalk takes 15000 and more.
const MaxDigest = 2000

// Digest words what a group is told. A list too long for one message loses whole
// lines from its end, which are counted instead.
func (c Context) Digest(d digest.Content) (title, text string) {
	for {
		title, text = c.digest(d)
		if len(text) <= MaxDigest || len(d.Ahead) == 0 {
			return title, text
		}
		d.Ahead, d.More = d.Ahead[:len(d.Ahead)-1], d.More+1
	}
}

func (c Context) digest(d digest.Content) (title, text string) {
	title, since, ahead := "督办日报", "今天", "近期到期"
	if d.Kind == remind.WeeklyDigest {
		title, since, ahead = "督办周报", "本周", "今天到下周末到期"
	}
	lines := []string{fmt.Sprintf("📋 %s　%s", title, d.Today.Say(d.Today)), states(d, since)}
	if len(d.Ahead) > 0 {
		lines = append(lines, ahead+"：")
	}
	for _, p := range d.Ahead {
		lines = append(lines, "· "+c.ahead(p))
	}
	if d.More > 0 && len(d.Ahead) > 0 {
		lines = append(lines, fmt.Sprintf("· 另有 %d 项", d.More))
	}
	lines = append(lines, missing(d), hazards(d, since), tomorrow(d), DigestDetails)
	return title, strings.Join(spoken(lines), "\n")
}

// DigestDetails ends a group's digest.
const DigestDetails = "明细请私聊我，发“我的任务”或“本周到期”。"

// spoken are the lines that say something.
func spoken(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l != "" {
			out = append(out, l)
		}
	}
	return out
}

// states counts what stands how.
func states(d digest.Content, since string) string {
	var parts []string
	if lights := Lights(d.Lights); lights != "" {
		parts = append(parts, lights)
	}
	var due []string
	if d.DueToday > 0 {
		due = append(due, fmt.Sprintf("今天到期 %d 项", d.DueToday))
	}
	if d.DueWeek > d.DueToday {
		due = append(due, fmt.Sprintf("本周到期 %d 项", d.DueWeek))
	}
	if len(due) > 0 {
		parts = append(parts, strings.Join(due, "，"))
	}
	if d.Finished > 0 {
		parts = append(parts, fmt.Sprintf("%s报结 %d 件", since, d.Finished))
	}
	return strings.Join(parts, "；")
}

// Lights says how many items have a red or a yellow lamp, "" for none.
func Lights(l digest.Lights) string {
	var parts []string
	if l.Red > 0 {
		parts = append(parts, fmt.Sprintf("红灯 %d 项", l.Red))
	}
	if l.Yellow > 0 {
		parts = append(parts, fmt.Sprintf("黄灯 %d 项", l.Yellow))
	}
	return strings.Join(parts, "，")
}

func (c Context) ahead(p digest.Progress) string {
	due := p.Due.Say(c.Today)
	if p.Due == c.Today {
		due = "今天"
	}
	return fmt.Sprintf("%s　%s · %s牵头", due, digestName(p), Cut(c.Dir.Label(p.Lead), 12))
}

func digestName(p digest.Progress) string {
	name := p.Code + " " + Cut(p.Desc, 18)
	if p.Period != "" {
		name += "（" + PeriodName(p.Period) + "）"
	}
	return name
}

// missing tells in one line how many have not reported, never who.
func missing(d digest.Content) string {
	var parts []string
	for _, p := range d.Missing {
		parts = append(parts, fmt.Sprintf("%s %d 个单位还差 %d 个", digestName(p), p.Units, p.Units-p.Done))
	}
	switch {
	case len(parts) == 0:
		return ""
	case d.Unlisted > 0:
		parts = append(parts, fmt.Sprintf("另有 %d 项", d.Unlisted))
	}
	return "还没报齐：" + strings.Join(parts, "；") + "。"
}

// maxKinds bounds the categories that are named.
const maxKinds = 5

func hazards(d digest.Content, since string) string {
	var parts, kinds []string
	total := 0
	for i, n := range d.NewHazards {
		if total += n.N; i < maxKinds {
			kinds = append(kinds, fmt.Sprintf("%s %d", Cut(n.Category, 8), n.N))
		}
	}
	if len(d.NewHazards) > maxKinds {
		kinds = append(kinds, "等")
	}
	if total > 0 {
		parts = append(parts, fmt.Sprintf("%s新报 %d 条（%s）", since, total, strings.Join(kinds, "、")))
	}
	if d.ClosedHazards > 0 {
		parts = append(parts, fmt.Sprintf("%s销号 %d 条", since, d.ClosedHazards))
	}
	if d.Open.All > 0 && (len(parts) > 0 || d.Kind == remind.WeeklyDigest) {
		parts = append(parts, openWords(d.Open))
	}
	if len(parts) == 0 {
		return ""
	}
	return "隐患：" + strings.Join(parts, "；")
}

func tomorrow(d digest.Content) string {
	day := d.Tomorrow
	switch {
	case day.MakeUp:
		return fmt.Sprintf("提醒：明天（%s）调休补班。", day.Date.Say(d.Today))
	case day.Off:
		return fmt.Sprintf("提醒：明天（%s）放假。", day.Date.Say(d.Today))
	}
	return ""
}

func openWords(o digest.Open) string {
	var among []string
	if o.Major > 0 {
		among = append(among, fmt.Sprintf("重大 %d 条", o.Major))
	}
	if o.Listed > 0 {
		among = append(among, fmt.Sprintf("挂牌督办 %d 条", o.Listed))
	}
	words := fmt.Sprintf("未销号 %d 条", o.All)
	if len(among) > 0 {
		words += "，其中" + strings.Join(among, "、")
	}
	return words
}
