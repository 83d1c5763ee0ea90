package bot

import "context"

// Recaller takes a message back that a platform has shown. platformID is the receipt's. A
// platform allows it for 24 hours, and for everybody whom the one call reached.
type Recaller interface {
	Recall(ctx context.Context, to Target, platformID string) error
}

// Reading is who of a message's readers has opened it.
type Reading struct {
	Read, Unread []string // user ids; a group's message names who has read it only
	More         bool     // the platform named the first ones only
}

// ReadTeller knows who has read a message of the last 24 hours.
type ReadTeller interface {
	Reading(ctx context.Context, to Target, platformID string) (Reading, error)
}
