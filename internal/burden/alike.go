package burden

import (
	"regexp"
	"unicode"
)

// alikeFrom is the likeness from which words ask for the same thing. It is set by
// the pairs of the test: rather a warning too many, it costs one word.
const alikeFrom = 0.6

// asking are the words with which anything is asked for; they say nothing of what.
var asking = regexp.MustCompile(`各(?:中小学|学校|校|中学|小学|幼儿园|园|单位|股室)|(?:请|要求|及时|认真|全面|按时|尽快|前|于|在)|` +
	`上报|报送|填报|报告|提交|收集|汇总|统计|上交|报备|开展|组织|做好|完成|落实|情况|工作|有关|相关|一次|一下|本学期|今年|本月|本周|每(?:月|周|季度|学期|年|天)|` +
	`\d+年|\d+月份?|\d+[日号]|[春夏秋冬]季学期|的|了|与|和|及|并`)

// Alike reports whether two collections ask for the same by their words: the pairs
// of neighbouring characters and the characters that they share, without the words
// of asking.
func Alike(a, b string) bool { return likeness(core(a), core(b)) >= alikeFrom }

// core is what a collection is about.
func core(words string) []rune {
	var out []rune
	for _, r := range asking.ReplaceAllString(words, "") {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			out = append(out, unicode.ToLower(r))
		}
	}
	if len(out) > 1 && out[0] == '报' { // 报安全台账
		out = out[1:]
	}
	return out
}

func likeness(a, b []rune) float64 {
	if len(a) < 2 || len(b) < 2 {
		return 0
	}
	return (shared(pairs(a), pairs(b)) + shared(single(a), single(b))) / 2
}

func pairs(rs []rune) map[string]bool {
	out := map[string]bool{}
	for i := range len(rs) - 1 {
		out[string(rs[i:i+2])] = true
	}
	return out
}

func single(rs []rune) map[string]bool {
	out := map[string]bool{}
	for _, r := range rs {
		out[string(r)] = true
	}
	return out
}

// shared is the share of what both have in what either has.
func shared(a, b map[string]bool) float64 {
	n := 0
	for k := range a {
		if b[k] {
			n++
		}
	}
	return 2 * float64(n) / float64(len(a)+len(b))
}
