package render

import (
	"fmt"
	"strings"

	"duban/internal/calendar"
	"duban/internal/org"
)

// Roster shows who is on duty and who stands by, from a day on. Days with nobody are
// left out; who is told of emergencies besides is said once.
func (c Context) Roster(from calendar.Date, days int) string {
	var lines []string
	for day := from; day < from.Add(days); day = day.Add(1) {
		people := c.Dir.OnDuty(day)
		if len(people) == 0 {
			continue
		}
		line := day.Say(c.Today) + " 值班：" + c.holder(people[0])
		if len(people) > 1 {
			line += "；备班：" + c.holdersOf(people[1:])
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		when := "今天没有排值班"
		if days > 1 {
			when = fmt.Sprintf("最近 %d 天没有排值班", days)
		}
		lines = append(lines, when+"，要排请联系局办公室。")
	}
	if always := c.Dir.OnCall(); len(always) > 0 {
		lines = append(lines, "有紧急情况还会马上通知："+c.holdersOf(always)+"。")
	}
	return strings.Join(lines, "\n")
}

func (c Context) holdersOf(people []org.Holder) string {
	names := make([]string, 0, len(people))
	for _, h := range people {
		names = append(names, c.holder(h))
	}
	return strings.Join(names, "、")
}

// holder names somebody by the post and the name; a name that says the post stands alone.
func (c Context) holder(h org.Holder) string {
	switch {
	case h.Post.ID == "":
		return h.Name
	case h.Name == "" || strings.Contains(h.Name, h.Post.Title) || strings.Contains(h.Post.Title, h.Name):
		return c.Dir.PostLabel(h.Post)
	}
	return c.Dir.PostLabel(h.Post) + " " + h.Name
}
