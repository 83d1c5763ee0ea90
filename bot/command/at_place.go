package command

import (
	"strings"

	"duban/bot/understand"
	"duban/internal/place"
)

// atPlace takes the code of a place out of the words and remembers the place. A code
// that nobody gave out, or that was stopped, is a word like any other, unless the @ in
// front shows that it was meant as one.
func (s *session) atPlace(words string) (string, error) {
	code, rest, ok := place.Typed(words)
	if _, _, about := readPlaces(words); !ok || about || s.actor.PersonID == "" {
		return words, nil
	}
	p, found, err := s.tx.PlaceByCode(s.ctx, code)
	if err != nil {
		return words, err
	}
	if !found || !p.Active() {
		if strings.Contains(strings.ToUpper(words), "@"+code) { // meant as a code: where it is will be asked for
			s.m.Text = rest
			return rest, nil
		}
		return words, nil
	}
	s.place = &p
	if rest == "" && s.asksWhere() { // the answer to where
		rest = p.Name
	}
	if rest == "" {
		rest = "上报隐患"
	}
	s.m.Text = rest
	return rest, nil
}

// unalarmed takes back a guess of danger that only a place's name raised in a sentence
// about codes ("生成二维码 食堂后厨"). What a rule says of danger stays.
func (s *session) unalarmed(words string) {
	if _, _, about := readPlaces(words); about && s.intent.Command == understand.Emergency && len(s.intent.Guesses) > 0 {
		s.intent = understand.Intent{Command: understand.None}
	}
}

func (s *session) asksWhere() bool {
	q := s.memory.asked
	return q != nil && q.Command == understand.ReportHazard && q.wants("location")
}

// fileAtPlace takes a sentence with the code of a place for a report of a hazard there,
// unless it is clearly something else.
func (s *session) fileAtPlace(in understand.Input) {
	if s.place == nil {
		return
	}
	unclear := s.intent.Command == understand.None || s.intent.Command == understand.Clarify || s.intent.Confidence < sureEnough
	if unclear && s.memory.asked == nil {
		in.Text = "上报隐患 " + strings.TrimSpace(in.Text)
		s.intent = s.Parser.Parse(in)
	}
	switch s.intent.Command {
	case understand.Emergency:
		if s.intent.Slots.Location = s.place.Name; s.place.UnitID != s.actor.UnitID {
			s.intent.Slots.Location = s.dir.Label(s.place.UnitID) + s.place.Name
		}
	case understand.ReportHazard:
		s.intent.Confidence, s.intent.Guesses = 1, nil // the code leaves no doubt
	}
}

// placed puts the place whose code was typed into the report: the place is where it
// hangs, whoever scans it, so the unit is the place's too.
func (s *session) placed() {
	if s.place == nil {
		return
	}
	slots := &s.intent.Slots
	slots.Location = s.place.Name
	if u, ok := s.dir.Unit(s.place.UnitID); ok {
		slots.School = u.Name
	}
}
