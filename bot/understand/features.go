package understand

import (
	"strings"
	"unicode/utf8"
)

// A feature of the learned judgement is a piece of the text of one to three characters,
// with what is counted or named put as one sign, or a mark "=name" of the message as a
// whole.

// signs stand for what is named, so that one number is like another.
var signs = []struct {
	re   *pattern
	sign string
}{
	{compile(`YH-?(?:20\d\d-)?\d{1,5}|隐患(?:编号)?\d{1,5}号?|\d{1,5}号(?:的)?隐患`), "Ⓗ"},
	{compile(`第?\d{1,2}条|第\d{1,2}项`), "Ⓟ"},
	{compile(`\d{1,2}-\d{1,2}`), "Ⓒ"},
	{compile(`1[3-9]\d{9}`), "Ⓣ"},
	{compile(`\d+(?:\.\d+)?%`), "Ⓥ"},
	{compile(`(?:20\d\d年)?\d{1,2}月\d{1,2}[日号]?|20\d\d[-./]\d{1,2}[-./]\d{1,2}`), "Ⓓ"},
	{compile(`\d{1,2}月份?`), "Ⓜ"},
	{compile(`\d+(?:\.\d+)?`), "Ⓝ"},
}

// signed writes the text with signs.
func signed(s string) string {
	if strings.ContainsAny(s, "0123456789") {
		for _, x := range signs {
			s = x.re.ReplaceAllString(s, x.sign)
		}
	}
	return s
}

// maxSigned bounds the bytes of text that are judged; what a message is for
// stands at its beginning.
const maxSigned = 240

// features lists what the judgement is made from; rule is the exact rule that took
// the message, if one did.
func (m *message) features(rule string, c Command) []string {
	s := signed(m.text)
	if len(s) > maxSigned {
		cut := maxSigned
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	return pieces(m.marks(rule, c), s)
}

// pieces adds the pieces of one to three characters of s to list.
func pieces(list []string, s string) []string {
	s = "^" + s + "$"
	at := make([]int, 0, len(s)+1)
	for i := range s {
		at = append(at, i)
	}
	at = append(at, len(s))
	for i := 0; i+1 < len(at); i++ {
		for n := 1; n <= 3 && i+n < len(at); n++ {
			list = append(list, s[at[i]:at[i+n]])
		}
	}
	return list
}

// hazardFeatures lists what the category of a hazard is judged from: its words, and what
// the words of the categories make of them.
func (m *message) hazardFeatures() []string {
	list := []string{"=any"}
	for _, c := range categoryScores(m.text) {
		list = append(list, "=words "+c.name)
		if c.score >= 4 {
			list = append(list, "=sure words "+c.name)
		}
	}
	if best, _ := m.category(); best != "" {
		list = append(list, "=best words "+best)
	}
	return pieces(list, signed(head(m.text, 80)))
}

// cues are the ways of saying one thing that rules know and that tell much about a
// message, whichever rule took it.
var cues = []struct {
	name  string
	words *pattern
}{
	{"approve", approveRe}, {"reject", rejectRe}, {"delay", delayRe}, {"urge", urgeRe}, {"reassign", reassignRe}, {"figures", statRe}, {"state", stateRe},
	{"open", openRe}, {"due", dueRe}, {"talk", talkOf}, {"quiet", quietRe}, {"quiet off", quietOffRe}, {"export", exportRe}, {"close", closeRe}, {"absent", absentRe},
	{"zero", zeroRe}, {"that hazard", hazardThat}, {"blocked", blockedRe}, {"delegate", delegateRe}, {"control", controlRe}, {"frame", frames},
}

// marks are what the text tells as a whole.
func (m *message) marks(rule string, c Command) []string {
	out := []string{"=any", "=rule " + rule, "=rule of " + string(c)}
	mark := func(is bool, name string) {
		if is {
			out = append(out, "="+name)
		}
	}
	n := m.runes()
	mark(n <= 3, "up to 3")
	mark(n > 3 && n <= 7, "up to 7")
	mark(n > 7 && n <= 15, "up to 15")
	mark(n > 15 && n <= 30, "up to 30")
	mark(n > 30, "long")
	mark(m.in.Attachments > 0, "attachment")
	mark(m.in.Attachments > 0 && n == 0, "attachment alone")
	mark(m.quote != "", "quote")
	mark(m.quote != "" && len(hazardIDs(m.quote)) > 0, "quote of hazard")
	mark(m.task != nil, "item")
	mark(len(m.ids) > 0, "hazard")
	mark(len(m.ids) > 1, "hazards")
	mark(m.task == nil && len(m.ids) == 0, "unnamed")
	asks, wrong, done := m.asks(), m.wrong(), m.done()
	mark(asks, "asks")
	mark(wrong, "defect")
	mark(done, "finished")
	mark(m.fixed(), "fixed")
	_, score := m.category()
	place := m.place()
	mark(score >= 4, "category")
	mark(score >= 2 && score < 4, "weak category")
	mark(place != "", "place")
	mark(place != "" && wrong, "place and defect")
	mark(place != "" && wrong && !asks, "told defect")
	mark(percentRe.MatchString(m.text), "percent")
	work := workNoun.MatchString(m.text)
	mark(work, "work noun")
	mark(work && done, "work finished")
	section, _, _ := sectionIn(m.roster, m.text, false)
	school, _, _ := schoolIn(m.roster, m.text)
	mark(section != "", "section")
	mark(school != "", "school")
	mark(len(m.dates(ahead)) > 0, "date")
	mark(otherMention.MatchString(m.text), "mention")
	mark(strings.Contains(m.text, "\n"), "lines")
	for _, c := range cues {
		mark(c.words.MatchString(m.text), c.name)
	}
	for _, kind := range m.alarms {
		mark(true, "alarm "+kind)
	}
	return out
}
