package org

import (
	"slices"

	"duban/internal/errs"
)

// Reach is how far an actor may go with an action, in the terms by which a query
// can be narrowed. What a query finds within it is still to be asked about with
// Can: only that knows exceptions.
type Reach struct {
	All      bool     // everything; the lists are empty then
	Sections []string // what these lead, assist or do
	Units    []string // what these do
}

// ReachOf returns the reach, or an errs.Forbidden that says whom to ask.
func ReachOf(a Actor, action Action) (Reach, error) {
	own := a.Units()
	switch scope := ScopeOf(a, action); {
	case scope == Nothing:
		return Reach{}, errs.New(errs.Forbidden, refusal(action))
	case scope == All || scope >= Directs && a.isDirector():
		return Reach{All: true}, nil
	case scope == OwnUnit:
		return Reach{Units: own}, nil
	case scope == Directs:
		return Reach{Sections: a.Charge(), Units: a.Charge()}, nil
	case scope == InCharge:
		both := append(slices.Clone(a.Charge()), own...)
		return Reach{Sections: both, Units: both}, nil
	}
	return Reach{Sections: own, Units: own}, nil
}
