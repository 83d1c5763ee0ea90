package understand

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
)

// Explanation tells why a message was understood as it was. It quotes the message, so it
// is for the person who asked for it and never for a log.
type Explanation struct {
	Intent
	Weighed []Reason // what spoke most for the command and against the next likeliest
}

// Reason is a feature and what it adds. A feature is a piece of the text, or "=" and what
// the rules found in it.
type Reason struct {
	Feature string  `json:"feature"`
	Adds    float64 `json:"adds"`
}

// reasons bounds how many are told.
const reasons = 8

// Explain understands a message like Parse and tells why.
func (p *Parser) Explain(in Input) Explanation {
	it := p.Parse(in)
	e := Explanation{Intent: it}
	if len(it.Guesses) == 0 {
		return e // a rule decided alone
	}
	m := p.message(in)
	guard(m) // notes what the judgement weighs
	rule, proposed := p.propose(m)
	rival := None
	for _, g := range it.Guesses {
		if g.Command != it.Command {
			rival = g.Command
			break
		}
	}
	e.Weighed = p.commands.reasons(m.features(rule, proposed.Command), string(it.Command), string(rival))
	return e
}

// reasons lists the features that speak most for one class against another.
func (m *model) reasons(features []string, class, rival string) []Reason {
	a, b := slices.Index(m.classes, class), slices.Index(m.classes, rival)
	slices.Sort(features)
	var list []Reason
	for _, f := range slices.Compact(features) {
		adds := 0.0
		for _, w := range m.weights[f] {
			switch w.class {
			case a:
				adds += float64(w.value)
			case b:
				adds -= float64(w.value)
			}
		}
		if adds != 0 {
			list = append(list, Reason{f, math.Round(adds*scale) / scale})
		}
	}
	slices.SortStableFunc(list, func(x, y Reason) int { return cmp.Compare(max(y.Adds, -y.Adds), max(x.Adds, -x.Adds)) })
	return list[:min(len(list), reasons)]
}

// MarshalJSON writes the contract's form with "confidence", "why", "guesses" and "weighed"
// beside it.
func (e Explanation) MarshalJSON() ([]byte, error) {
	plain, err := e.Intent.MarshalJSON()
	if err != nil {
		return nil, err
	}
	form := map[string]any{}
	if err := json.Unmarshal(plain, &form); err != nil {
		return nil, err
	}
	form["confidence"], form["why"] = e.Confidence, e.Why
	if len(e.Guesses) > 0 {
		form["guesses"], form["weighed"] = e.Guesses, e.Weighed
	}
	return json.Marshal(form)
}
