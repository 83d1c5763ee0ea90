package command

import (
	"encoding/json"
	"regexp"
	"strings"

	"duban/bot/understand"
	"duban/internal/inspect"
	"duban/internal/org"
)

// inspection is the command of the checklists: looking at one, and saying what was found.
const inspection understand.Command = "inspect"

// What may be missing in an answer to a checklist.
const (
	whichList  = "check_list"
	whichUnit  = "check_unit"
	whatFound  = "check_found" // the list was shown
	whichEntry = "check_entry" // words that name no entry
	sameFound  = "check_same"  // it sounds like an open hazard
	photoOf    = "check_photo"
	restFine   = "check_rest" // nobody said that the rest is in order
)

// checkup is what is known so far of an answer to a checklist.
type checkup struct {
	List   string         `json:"list,omitempty"`
	Unit   string         `json:"unit,omitempty"`
	Back   bool           `json:"back,omitempty"` // about the period before
	Words  string         `json:"words,omitempty"`
	Answer inspect.Answer `json:"answer"`
	Same   map[int]int64  `json:"same,omitempty"` // exceptions by place: the hazard they are added to, 0 for none
	Only   []string       `json:"only,omitempty"` // the lists it may mean
}

var (
	// aboutChecks are in every sentence about lists, so that others cost no query.
	aboutChecks = regexp.MustCompile(`检|巡查|清单`)
	// otherWork are words that speak of items, hazards or questions.
	otherWork = regexp.MustCompile(`\d-\d{1,3}(?:[^\d]*(?:完成|%|签收|延期|报结))|%|报隐患|隐患[号#]?\s*\d|[Yy][Hh]|回执|签收|延期|立项|牵头|台账|[?？吗]|什么|怎么|多久|多少|情况[。！!]*$`)
	finished  = regexp.MustCompile(`^(?:已经?|都|全部)?(?:做|查|检查)?(?:完成?|好|过)了?[\s:：,，。]*`)
	entryNo   = regexp.MustCompile(`^第?(\d{1,2})(?:项|条|号)?[。.]?$`)
	noEntry   = regexp.MustCompile(`^(?:0|都?不(?:是|在)(?:清单)?(?:里|上)?(?:的)?|没有|另外登记|单独登记|其他|别的)[。.]?$`)
)

// readInspection reports whether a message is about a checklist: it names one, or answers
// what was asked about one.
func (s *session) readInspection() (bool, error) {
	if s.actor.PersonID == "" || s.intent.Chance(understand.Sensitive) >= maybeDanger/2 {
		return false, nil
	}
	if q := s.checkAsked(); q != nil && s.answersCheck(q) {
		return true, nil
	}
	if !aboutChecks.MatchString(s.m.Text) || otherWork.MatchString(s.m.Text) {
		return false, nil
	}
	lists, err := s.tx.Checklists(s.ctx)
	if err != nil {
		return false, err
	}
	said, _, ok := s.aboutList(lists)
	if !ok || said.All || said.Rest == "" {
		return ok, nil
	}
	a := inspect.Read(len(said.Lists[0].Entries), said.Rest)
	return a.Fine || len(a.Exceptions) > 0 || s.command == understand.ReportHazard || s.command == understand.None, nil
}

// checkAsked is the open question if it is about a checklist.
func (s *session) checkAsked() *question {
	if q := s.memory.asked; q != nil && q.Command == inspection {
		return q
	}
	return nil
}

// aboutList reads a sentence about lists; a school named in front says whose.
func (s *session) aboutList(lists []inspect.Checklist) (said inspect.Said, unit string, ok bool) {
	words := strings.TrimSpace(s.m.Text)
	for _, u := range s.mentioned(words) {
		if rest, ok := cutName(u, words); ok {
			unit, words = u.ID, strings.TrimLeft(rest, " ,，:：的")
			break
		}
	}
	said, ok = inspect.Find(lists, words)
	if rest := finished.ReplaceAllString(said.Rest, ""); rest == "" && said.Rest != "" {
		return said, unit, false // it only says that a check is over
	} else {
		said.Rest = rest
	}
	return said, unit, ok
}

// cutName takes a unit's longest name off the front of the words.
func cutName(u org.Unit, words string) (rest string, ok bool) {
	longest := ""
	for _, name := range append([]string{u.Name, u.Short}, u.Aliases...) {
		if name != "" && len(name) > len(longest) && strings.HasPrefix(words, name) {
			longest = name
		}
	}
	return words[len(longest):], longest != ""
}

// answersCheck reports whether words answer what was asked about a list in words of
// their own. Choices are read like everywhere.
func (s *session) answersCheck(q *question) bool {
	words := strings.TrimSpace(s.m.Text)
	switch s.command {
	case understand.Cancel, understand.Deny:
		return q.wants(photoOf) || q.wants(restFine) // what was said is stored already
	case understand.Help, understand.Undo:
		return false
	}
	unclear := s.command == understand.None || s.command == understand.Clarify || s.command == understand.Select || s.command == understand.Confirm
	switch {
	case words == "":
		return len(s.m.Attachments) > 0 && !q.wants(restFine)
	case len(q.Choices) > 0:
		return false
	case q.wants(whichEntry):
		return entryNo.MatchString(words) || noEntry.MatchString(words) || unclear
	case !q.wants(whatFound) && !q.wants(restFine) || asking.MatchString(words) || otherWork.MatchString(words):
		return false
	}
	a := inspect.Read(maxEntries, words)
	return a.Fine || len(a.Exceptions) > 0 || unclear || q.wants(whatFound) && s.command == understand.ReportHazard
}

// maxEntries is how many entries a list has at most.
const maxEntries = 20

// known is what the open question about a list has gathered.
func (q question) known() checkup {
	var c checkup
	_ = json.Unmarshal([]byte(q.slots().Text), &c)
	return c
}

// askCheck keeps what is known and asks for more.
func (s *session) askCheck(c checkup, what string, choices []Listed) error {
	ids, err := s.keepFiles(noSubject)
	if err != nil {
		return err
	}
	raw, _ := json.Marshal(c)
	s.intent.Slots = understand.Slots{Text: string(raw)}
	s.m.Attachments = nil // they are kept with the question now
	return s.ask([]string{what}, choices, ids)
}
