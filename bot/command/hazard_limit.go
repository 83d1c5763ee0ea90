package command

import (
	"regexp"
	"strconv"
	"strings"

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
	if n, err := strconv.Atoi(m[1]); err == nil {
		return n
	}
	return chineseNumber(m[1])
}

// chineseNumber reads a number up to 99 in Chinese, 0 if it is none.
func chineseNumber(words string) int {
	digit := func(s string) int {
		return strings.Index("零一二三四五六七八九", strings.ReplaceAll(s, "两", "二")) / len("零")
	}
	tens, ones, isTen := strings.Cut(words, "十")
	switch {
	case !isTen && len([]rune(words)) == 1:
		return digit(words)
	case !isTen || len([]rune(tens)) > 1 || len([]rune(ones)) > 1:
		return 0
	}
	n := 10
	if tens != "" {
		n = 10 * digit(tens)
	}
	if ones != "" {
		n += digit(ones)
	}
	return n
}

// assumedLimit marks a time to fix that nobody chose.
func assumedLimit(h hazard.Hazard) string {
	if h.FixDays > 0 {
		return ""
	}
	return "（默认时限）"
}
