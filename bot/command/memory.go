package command

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/inbox"
)

// questionLife is how long an open question waits for its answer.
const questionLife = 15 * time.Minute

// listLife is how long the numbers of a list can be used.
const listLife = 24 * time.Hour

// question is what was asked back, with everything given so far.
type question struct {
	Command understand.Command `json:"command"`
	Slots   json.RawMessage    `json:"slots"`
	Missing []string           `json:"missing"`
	Choices []Listed           `json:"choices,omitempty"`
	Files   []int64            `json:"files,omitempty"`
	Text    string             `json:"text,omitempty"` // the message that raised it
	ID      string             `json:"id,omitempty"`   // of this asking, for buttons that answer it
	// Draft marks a question that was put aside: it waits for 继续, and a new
	// message is not its answer. Told says that the person knows.
	Draft bool `json:"draft,omitempty"`
	Told  bool `json:"told,omitempty"`
}

// draftLife is how long what was put aside can be taken up again.
const draftLife = 24 * time.Hour

// more is a list that was shown in part.
type more struct {
	Command understand.Command `json:"command"`
	Slots   json.RawMessage    `json:"slots"`
	Text    string             `json:"text"` // what was asked, for those that read the words
	Offset  int                `json:"offset"`
}

// Listed is an entry that can be named by its number.
type Listed = inbox.Listed

// memory is the state of this person's side of the conversation.
type memory struct {
	asked *question
	draft *question // put aside
	aside *question // open in private while the message came from a group
	list  []Listed
	more  *more
}

// dialogueKey names the conversation: always the private one, because what is
// asked in a group is answered and asked back in private.
func (s *session) dialogueKey() inbox.DialogueKey {
	return inbox.DialogueKey{Platform: string(s.m.Platform), Corp: s.m.Corp, UserID: s.m.UserID}
}

// recall loads the state; what has expired is forgotten.
func (s *session) recall() (memory, error) {
	d, err := s.tx.Dialogue(s.ctx, s.dialogueKey())
	if err != nil {
		return memory{}, err
	}
	var m memory
	if d.Pending != "" && s.now.Before(d.Expires.Add(draftLife)) {
		var q question
		switch err := json.Unmarshal([]byte(d.Pending), &q); {
		case err != nil:
		case q.Draft || !s.now.Before(d.Expires):
			q.Draft, m.draft = true, &q
		case s.inGroup(): // what is said in a group answers no private question
			m.aside = &q
		default:
			m.asked = &q
		}
	}
	m.list = inbox.UnpackList(d.List, s.now, listLife)
	if rest := inbox.UnpackMore(d.List, s.now, listLife); len(rest) > 0 {
		var part more
		if json.Unmarshal(rest, &part) == nil {
			m.more = &part
		}
	}
	return m, nil
}

// save stores the state as it is now.
func (s *session) save() error {
	d := inbox.Dialogue{Updated: s.now, List: inbox.PackList(s.memory.list, s.now)}
	if s.memory.more != nil {
		rest, _ := json.Marshal(s.memory.more)
		d.List = inbox.PackPart(s.memory.list, rest, s.now)
	}
	open := s.memory.asked
	for _, other := range []*question{s.memory.aside, s.memory.draft} {
		if open == nil {
			open = other
		}
	}
	if open != nil {
		b, _ := json.Marshal(open)
		d.Pending, d.Expires = string(b), s.now.Add(questionLife)
	}
	return s.tx.SaveDialogue(s.ctx, s.dialogueKey(), d)
}

// plainSlots drops the contract's JSON form, which cannot be read back.
type plainSlots understand.Slots

// ask stores a question about what is missing.
func (s *session) ask(missing []string, choices []Listed, files []int64) error {
	raw, _ := json.Marshal(plainSlots(s.intent.Slots))
	said := s.m.Text
	if before := s.memory.asked; before != nil && before.Command == s.command {
		files, said = append(missingFrom(files, before.Files), files...), before.Text
	}
	s.memory.draft = nil // one thing at a time: a new question takes the place of an old draft
	s.memory.asked = &question{Command: s.command, Slots: raw, Missing: missing, Choices: choices, Files: files, Text: said, ID: askingID(s.m)}
	return s.save()
}

// settled forgets the open question.
func (s *session) settled() error {
	if s.memory.asked == nil {
		return nil
	}
	s.memory.asked = nil
	return s.save()
}

// offer stores a numbered list so that its entries can be named by number.
func (s *session) offer(items []Listed) error {
	if len(items) == 1 && len(s.memory.list) > 1 && s.named.Asks != "" && s.leads() {
		return nil // a leader looks at one and answers the others by their numbers
	}
	s.memory.list, s.memory.more = items, nil
	return s.save()
}

// offerPart is offer for a list of which a part was shown: 更多 shows the next
// one, and the numbers go on.
func (s *session) offerPart(items []Listed, shownBefore int, total int) error {
	if shownBefore > 0 && shownBefore == len(s.memory.list) {
		items = append(slices.Clone(s.memory.list), items...)
	}
	s.memory.list, s.memory.more = items, nil
	if next := len(items); next < total {
		raw, _ := json.Marshal(plainSlots(s.intent.Slots))
		s.memory.more = &more{Command: s.command, Slots: raw, Text: s.m.Text, Offset: next}
	}
	return s.save()
}

func (m more) slots() understand.Slots {
	var p plainSlots
	_ = json.Unmarshal(m.Slots, &p)
	return understand.Slots(p)
}

func (q question) slots() understand.Slots {
	var p plainSlots
	_ = json.Unmarshal(q.Slots, &p)
	return understand.Slots(p)
}

func (q *question) wants(what string) bool { return slices.Contains(q.Missing, what) }

// pending is what the parser must know of the open question.
func (m memory) pending() *understand.Pending {
	if m.asked == nil {
		return nil
	}
	return &understand.Pending{Command: m.asked.Command, Missing: m.asked.Missing, Choices: len(m.asked.Choices)}
}

// "2 60%", "2、完成" name entry 2 of the last list; "签收 2", "查 2" as well.
var (
	leadNumber = regexp.MustCompile(`^\s*(?:第)?(\d{1,2})(?:条|项|个)?[\s、，,：:.]+(\S.*)$`)
	// 第三个干了一半: without a separator only where it cannot be a work point.
	nthEntry   = regexp.MustCompile(`^\s*第([一二三四五六七八九十\d]{1,3})(?:个|项)[\s、，,：:.]*(\S.*)$`)
	tailNumber = regexp.MustCompile(`^\s*(签收|收到|已阅|查|查看|看)\s*(?:第)?(\d{1,2})(?:条|项|个)?\s*$`)
)

// expand puts the entry's own name in the place of its number in the last list,
// and tells which entry that is. A message that asks for nothing by number stays
// as it is.
func (m memory) expand(text string) (string, Listed) {
	if len(m.list) == 0 || m.asked != nil && len(m.asked.Choices) > 0 {
		return text, Listed{}
	}
	if g := leadNumber.FindStringSubmatch(text); g != nil {
		if e, ok := m.entry(g[1]); ok {
			return inOneWord(e, g[2]), e
		}
	}
	if g := nthEntry.FindStringSubmatch(text); g != nil {
		if e, ok := m.entry(strconv.Itoa(understand.Number(g[1]))); ok {
			return e.String() + " " + g[2], e
		}
	}
	if g := tailNumber.FindStringSubmatch(text); g != nil {
		if e, ok := m.entry(g[2]); ok {
			return g[1] + " " + e.String(), e
		}
	}
	return text, Listed{}
}

// expandLines is expand for each line of a message.
func (m memory) expandLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		lines[i], _ = m.expand(l)
	}
	return strings.Join(lines, "\n")
}

func (m memory) entry(number string) (Listed, bool) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(m.list) {
		return Listed{}, false
	}
	return m.list[n-1], true
}

// askingID names a question by the message that led to it.
func askingID(m bot.Message) string {
	sum := sha256.Sum256([]byte(string(m.Platform) + "\n" + m.Robot + "\n" + m.ID))
	return hex.EncodeToString(sum[:6])
}

// answering ties the buttons of a question to it: on a card they stay in sight long after
// something else was asked.
func (s *session) answering(r bot.Reply) bot.Reply {
	if q := s.memory.asked; q != nil && q.ID == askingID(s.m) {
		r.Buttons = slices.Clone(r.Buttons)
		for i := range r.Buttons {
			r.Buttons[i].Asked = q.ID
		}
	}
	return r
}

// outdated reports whether a button was pressed whose question is not open any more.
func (s *session) outdated() bool {
	return s.m.Asked != "" && (s.memory.asked == nil || s.memory.asked.ID != s.m.Asked)
}
