package command

import (
	"regexp"
	"strconv"
	"strings"

	"duban/bot/understand"
	"duban/internal/hazard"
)

// Steps in the life of a hazard whose sentences are few and fixed.
const (
	hazardFive   understand.Command = "hazard_five"   // 五落实
	hazardAnswer understand.Command = "hazard_answer" // 协调结果
)

// hazardSaid is what a fixed sentence about a hazard says.
type hazardSaid struct {
	Command understand.Command
	Hazard  int // its number
	Words   string
	Five    hazard.Five
	To      string // to whom it is given, in the words of the message
	Spot    hazard.SpotResult
}

// numbered is the number in front of a sentence, as people write it.
const numbered = `(?:隐患|YH-?)\s*(?:\d{4}-)?0*(\d{1,5})\s*号?[\s,:、]*`

var (
	saysFive   = regexp.MustCompile(`^` + numbered + `(?:五落实[\s,:]+)?((?:整改)?(?:责任人?|措施|资金|时限|预案)[\s:]+\S.*)$`)
	saysAnswer = regexp.MustCompile(`^` + numbered + `(?:的|局里)?协调(?:结果|意见)(?:是|为)?[\s:,]+(\S.*)$`)
	fivePart   = regexp.MustCompile(`(?:^|[\s,;。、])(?:整改)?(责任|措施|资金|时限|预案)人?[\s:]+`)
)

// readHazard reads a fixed sentence about a hazard.
func readHazard(text string) (hazardSaid, bool) {
	text = strings.TrimSpace(strings.ReplaceAll(plainSigns.Replace(text), "\n", ","))
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if g := saysFive.FindStringSubmatch(text); g != nil {
		return hazardSaid{Command: hazardFive, Hazard: number(g[1]), Five: readFive(g[2])}, true
	}
	if g := saysAnswer.FindStringSubmatch(text); g != nil {
		return hazardSaid{Command: hazardAnswer, Hazard: number(g[1]), Words: chineseSigns(g[2])}, true
	}
	if said, ok := readFollow(text); ok {
		return said, true
	}
	if said, ok := readUnlist(text); ok {
		return said, true
	}
	if said, ok := readSpot(text); ok {
		return said, true
	}
	return readAssign(text)
}

// readFive reads "责任 王校长,措施 …" in any order; what is not named is left out.
func readFive(words string) hazard.Five {
	at := fivePart.FindAllStringSubmatchIndex(words, -1)
	parts := map[string]string{}
	for i, m := range at {
		end := len(words)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		parts[words[m[2]:m[3]]] = chineseSigns(words[m[1]:end])
	}
	return hazard.Five{Duty: parts["责任"], Measures: parts["措施"], Money: parts["资金"], Limit: parts["时限"], Plan: parts["预案"]}
}

func chineseSigns(words string) string {
	return strings.ReplaceAll(strings.Trim(words, " ,;。、"), ",", "，")
}

// hazardSays reads the message, with a number of the last list put in its entry's
// place.
func (s *session) hazardSays() (hazardSaid, bool) {
	words, _ := s.memory.expand(s.m.Text)
	return readHazard(words)
}
