package hazard

// Interest is what somebody wants to hear of a hazard. Who filed it hears of it without
// one.
type Interest string

// The interests.
const (
	Follows Interest = "follows"
	FiledIt Interest = "filed" // filed what was merged into it
	Mutes   Interest = "mutes" // wants to hear no more
	NoWish  Interest = ""      // as if nothing had been said
)

// Follower is what one person wants to hear of one hazard.
type Follower struct {
	HazardID int64
	PersonID string
	Interest Interest
}

// Audience is who hears of a hazard without answering for it.
type Audience struct {
	Reporters []string // who filed it, or what was merged into it
	Followers []string
}

// AudienceOf works out who hears of a hazard.
func AudienceOf(h Hazard, list []Follower) Audience {
	var a Audience
	reporter := h.Reporter
	for _, f := range list {
		switch {
		case f.PersonID == reporter && f.Interest == Mutes:
			reporter = ""
		case f.PersonID == h.Reporter: // hears of it already
		case f.Interest == FiledIt:
			a.Reporters = append(a.Reporters, f.PersonID)
		case f.Interest == Follows:
			a.Followers = append(a.Followers, f.PersonID)
		}
	}
	if reporter != "" {
		a.Reporters = append([]string{reporter}, a.Reporters...)
	}
	return a
}
