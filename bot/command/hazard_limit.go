package command

import (
	"regexp"

	"duban/bot/understand"
	"duban/internal/hazard"
)

// inDays matches the time to fix that comes with a grade: “7天内整改”, “15个工作日”.
// A date (9月15日前) is none.
var inDays = regexp.MustCompile(`([0-9]{1,3}|[一二两三四五六七八九十]{1,3})(?:(?:个?工作日|天|日)(?:之内|以内|内)|个?工作日)`)

// fixDays is the time to fix that the words name, 0 for none. The policy says which
// there may be.
func fixDays(words string) int {
	m := inDays.FindStringSubmatch(words)
	if m == nil {
		return 0
	}
	return understand.Number(m[1])
}

// assumedLimit marks a time to fix that nobody chose.
func assumedLimit(h hazard.Hazard) string {
	if h.FixDays > 0 {
		return ""
	}
	return "（默认时限）"
}
