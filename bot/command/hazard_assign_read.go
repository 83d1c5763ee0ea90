package command

import (
	"regexp"
	"strings"

	"duban/bot/understand"
)

// Giving a hazard to somebody of its unit.
const (
	hazardRegister understand.Command = "hazard_register" // 登记
	hazardAssign   understand.Command = "hazard_assign"   // 交办
)

// which is a hazard's number anywhere in a sentence.
const which = `((?:隐患|YH-?)\s*(?:\d{4}-)?\d{1,5}\s*号?|\d{1,5}\s*号隐患)`

var (
	saysRegister = regexp.MustCompile(`^(?:请|帮我|麻烦)?(?:把|将)?(?:登记(?:一下)?\s*` + which + `|` + which + `[\s,:、]*(?:已|予以|可以)?登记(?:一下|入账)?)[。!]*$`)
	saysAssign   = regexp.MustCompile(`^(?:请|麻烦)?(?:把|将)?` + which + `[\s,:、]*(?:(?:交办|转派|转交|移交|分派|指派|交|转|派|分)给|交办|指派)\s*(.*)$`)
	saysBy       = regexp.MustCompile(`^(?:请|麻烦)?(?:把|将)?` + which + `[\s,:、]*由\s*(\S{1,30}?)\s*(?:负责)?(?:整改|处理|办理|负责)(.*)$`)

	saysMoved = regexp.MustCompile(`^(?:请|麻烦)?(?:把|将)?` + which + `[\s,:、]*改派给?\s*(\S.*)$`)

	receiverEnd = regexp.MustCompile(`(?:限期?|在|来|去|负责|整改|处理|办理|维修|跟进)+$`)
	asDate      = regexp.MustCompile(`\d{1,2}月\d{1,2}[日号]?|\d{1,2}[日号](?:之?前|以前)|(?:本|这|下)?(?:周|星期|礼拜)[一二三四五六日天](?:之?前|以前)|(?:月|周|年)底`)
	digits      = regexp.MustCompile(`\d+`)
)

// lastNumber is the number of "YH-2025-0056", "隐患56", "56号隐患".
func lastNumber(words string) int {
	all := digits.FindAllString(words, -1)
	if len(all) == 0 {
		return 0
	}
	return whole(all[len(all)-1])
}

// readAssign reads "登记隐患56" and "隐患56 交办给 王强,7天内整改".
func readAssign(text string) (hazardSaid, bool) {
	if g := saysRegister.FindStringSubmatch(text); g != nil {
		return hazardSaid{Command: hazardRegister, Hazard: lastNumber(g[1] + g[2])}, true
	}
	if g := saysBy.FindStringSubmatch(text); g != nil {
		return hazardSaid{Command: hazardAssign, Hazard: lastNumber(g[1]), To: g[2], Words: chineseSigns(g[3])}, true
	}
	if g := saysAssign.FindStringSubmatch(text); g != nil {
		to, rest := receiver(g[2])
		return hazardSaid{Command: hazardAssign, Hazard: lastNumber(g[1]), To: to, Words: chineseSigns(rest)}, true
	}
	return hazardSaid{}, false
}

// movesHazard turns "隐患37改派给王强", which is read as work or as progress, into the
// assignment that it is.
func (s *session) movesHazard() bool {
	if _, ok := readMoved(s.m.Text); !ok {
		return false
	}
	s.command, s.intent.Command, s.intent.Slots = hazardAssign, hazardAssign, understand.Slots{}
	return true
}

func readMoved(text string) (hazardSaid, bool) {
	g := saysMoved.FindStringSubmatch(strings.TrimSpace(plainSigns.Replace(text)))
	if g == nil {
		return hazardSaid{}, false
	}
	to, rest := receiver(g[2])
	return hazardSaid{Command: hazardAssign, Hazard: lastNumber(g[1]), To: to, Words: chineseSigns(rest)}, true
}

// receiver parts "王强,7天内整改" into who and what else is said.
func receiver(words string) (to, rest string) {
	if at := strings.IndexAny(words, ",;。:!"); at >= 0 {
		words, rest = words[:at], words[at:]
	}
	for _, re := range []*regexp.Regexp{inDays, asDate} {
		if at := re.FindStringIndex(words); at != nil {
			words, rest = words[:at[0]], words[at[0]:]+rest
		}
	}
	to = strings.TrimSpace(words)
	to = strings.TrimSpace(receiverEnd.ReplaceAllString(to, ""))
	return strings.ReplaceAll(to, " ", ""), rest
}
