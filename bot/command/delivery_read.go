package command

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/org"
)

// deliveryAsk is a question whether something arrived; zero fields do not narrow.
type deliveryAsk struct {
	Missing  bool          // only about those that did not get it
	From, To calendar.Date // To is included; zero: until now
	Code     string
	Point    int
	Unit     org.Unit
	Mine     bool
}

const sentThings = `(?:通知|提醒|消息|信息|催办|督办单|任务|早间消息)`

var (
	arrivedWords = regexp.MustCompile(`^(.*?)\s*的?` + sentThings + `?(?:都|全都|全部|是不是|有没有|到底)?(?:已经|已)?(?:送到|送达|收到|发到|通知到|发出去|发送成功)(?:了没有|了吗|了么|了没|没有|没|吗|么|了不)\s*[?。!]*$`)
	missingWords = regexp.MustCompile(`^(.*?)\s*的?` + sentThings + `?(?:还)?(?:有)?(?:谁|哪些人|哪个人|哪些学校|哪些单位|哪几家|哪几个学校|哪个学校|哪个单位)(?:还)?(?:没有|没|未)(?:收到|送到|送达|通知到)` + sentThings + `?\s*[?。!]*$`)
	pleaseWords  = regexp.MustCompile(`^(?:请问|请|帮我)?(?:查一下|查查|查|看一下|看看|看|问一下)?[\s,]*`)
	dateWords    = regexp.MustCompile(`^(\d{1,2})月(\d{1,2})[日号]`)
)

// readDelivery reads "昨天的提醒送到了吗", "22-14 谁没收到". Whatever names something
// else than a time, an item or a unit is no such question.
func (s *session) readDelivery(text string) (deliveryAsk, bool) {
	text, _ = s.memory.expand(strings.TrimSpace(text))
	text = strings.TrimSpace(plainSigns.Replace(text))
	var ask deliveryAsk
	g := arrivedWords.FindStringSubmatch(text)
	if g == nil {
		g, ask.Missing = missingWords.FindStringSubmatch(text), true
	}
	if g == nil || len([]rune(text)) > 40 {
		return ask, false
	}
	words := pleaseWords.ReplaceAllString(g[1], "")
	for words = trimmed(words); words != ""; words = trimmed(words) {
		rest, ok := s.readDeliveryWord(&ask, words)
		if !ok {
			return ask, false
		}
		words = rest
	}
	return ask, true
}

// trimmed drops what stands between the parts of a question.
func trimmed(words string) string {
	for _, w := range []string{"发给", "给", "的", "和", ","} {
		words = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(words), w))
	}
	return words
}

// readDeliveryWord takes one part off the front of the words.
func (s *session) readDeliveryWord(ask *deliveryAsk, words string) (rest string, ok bool) {
	for _, w := range []string{"早上", "上午", "下午", "晚上", "刚才", "刚刚", "今早"} { // of today, unless a day stands before
		if rest, ok := strings.CutPrefix(words, w); ok {
			if ask.From.IsZero() {
				ask.From = s.today
			}
			return rest, true
		}
	}
	if rest, ok := s.readDay(ask, words); ok {
		return rest, true
	}
	if g := codeRef.FindString(words); g != "" {
		ask.Code = strings.ReplaceAll(g, " ", "")
		return words[len(g):], true
	}
	if g := pointRef.FindStringSubmatch(words); g != nil && strings.Contains(g[0], "条") {
		ask.Point = count(g[1])
		return words[len(g[0]):], ask.Point > 0
	}
	for _, w := range []string{"我自己", "我"} {
		if rest, ok := strings.CutPrefix(words, w); ok {
			ask.Mine = true
			return rest, true
		}
	}
	for _, w := range []string{"各学校", "各校", "各单位", "学校", "大家", "他们", "校长们"} {
		if rest, ok := strings.CutPrefix(words, w); ok {
			return rest, true
		}
	}
	unit, name := s.unitInFront(words)
	ask.Unit = unit
	return words[len(name):], name != ""
}

func (s *session) readDay(ask *deliveryAsk, words string) (rest string, ok bool) {
	week := calendar.PeriodOf(calendar.Week, s.today)
	last := calendar.PeriodOf(calendar.Week, week.From.Add(-1))
	for _, d := range []struct {
		word     string
		from, to calendar.Date
	}{{"今天", s.today, 0}, {"昨天", s.today.Add(-1), s.today.Add(-1)}, {"前天", s.today.Add(-2), s.today.Add(-2)},
		{"本周", week.From, 0}, {"这周", week.From, 0}, {"上周", last.From, last.To}} {
		if rest, ok := strings.CutPrefix(words, d.word); ok {
			ask.From, ask.To = d.from, d.to
			return rest, true
		}
	}
	g := dateWords.FindStringSubmatch(words)
	if g == nil {
		return words, false
	}
	month, _ := strconv.Atoi(g[1])
	day, _ := strconv.Atoi(g[2])
	at := calendar.Of(s.today.Year(), time.Month(month), day)
	if at > s.today {
		at = calendar.Of(s.today.Year()-1, time.Month(month), day)
	}
	ask.From, ask.To = at, at
	return words[len(g[0]):], true
}

// unitInFront finds the unit whose name the words begin with, the longest name
// first.
func (s *session) unitInFront(words string) (org.Unit, string) {
	var found org.Unit
	longest := ""
	for _, u := range s.dir.Units() {
		for _, name := range slices.Concat([]string{u.Name, u.Short}, u.Aliases) {
			if len([]rune(name)) > 1 && len(name) > len(longest) && strings.HasPrefix(words, name) {
				found, longest = u, name
			}
		}
	}
	return found, longest
}
