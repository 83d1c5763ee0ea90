package render

import (
	"fmt"
	"strings"

	"duban/internal/calendar"
	"duban/internal/duty"
)

// Drill says what a drill or lesson came to, as far as it was said.
func Drill(d duty.Drill, today calendar.Date) string {
	var parts []string
	if !d.Held.IsZero() {
		parts = append(parts, d.Held.Say(today))
	}
	if d.People > 0 {
		parts = append(parts, fmt.Sprintf("%d 人", d.People))
	}
	switch min, sec := d.Seconds/60, d.Seconds%60; {
	case min > 0 && sec > 0:
		parts = append(parts, fmt.Sprintf("用时 %d 分 %d 秒", min, sec))
	case min > 0:
		parts = append(parts, fmt.Sprintf("用时 %d 分钟", min))
	case sec > 0:
		parts = append(parts, fmt.Sprintf("用时 %d 秒", sec))
	}
	return strings.Join(parts, "，")
}
