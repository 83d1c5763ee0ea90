package remind

import (
	"slices"
	"time"
)

// Callee is a sort of people who are called in an emergency. Who that is at the
// moment is for the caller to find.
type Callee string

// The callees.
const (
	CallUnit     Callee = "unit"     // heads and safety officers of the unit
	CallDuty     Callee = "duty"     // who is on duty, and who is on call for the whole bureau
	CallBackup   Callee = "backup"   // the next ones on the duty roster of the day
	CallSection  Callee = "section"  // the safety section
	CallDeputy   Callee = "deputy"   // the deputy in charge of it
	CallDirector Callee = "director" // the director
	CallOffice   Callee = "office"   // the bureau office
)

func callees() []Callee {
	return []Callee{CallUnit, CallDuty, CallBackup, CallSection, CallDeputy, CallDirector, CallOffice}
}

// Ring is how loudly somebody is called beside the ordinary message, where the
// platform can do it.
type Ring string

// The rings in the order of their loudness.
const (
	NoRing    Ring = ""
	RingApp   Ring = "app"
	RingSMS   Ring = "sms"
	RingPhone Ring = "phone"
)

// Rings lists them, the quietest first.
func Rings() []Ring { return []Ring{NoRing, RingApp, RingSMS, RingPhone} }

// AtMost is the ring, but no louder than the other.
func (r Ring) AtMost(most Ring) Ring {
	if slices.Index(Rings(), r) > slices.Index(Rings(), most) {
		return most
	}
	return r
}

// Call is one step of the ladder: when it is taken, counted from the report by the
// clock, and who is called besides everybody who was called before.
type Call struct {
	After time.Duration
	To    []Callee
	Ring  Ring
}

// Response is what happens until somebody answers an emergency. It takes no notice
// of nights, days off, quiet times or quotas.
type Response struct {
	Join  time.Duration // reports of one matter within this time belong together
	Shift Clock         // when a day of the duty roster begins; it ends a day later
	Calls []Call        // in the order of time, the first one at once
	Again time.Duration // afterwards everybody is called again after this time
	Times int           // so often at most
	Ring  Ring

	HandOver      time.Duration // a private hand-over that nobody takes is told again after this time
	HandOverTimes int           // so often at most
}

// Steps is how many steps the ladder has.
func (r Response) Steps() int { return len(r.Calls) + r.Times }

// Due returns the n-th step, counted from 0, with everybody who is called by it: those
// of the steps before it, and of those after it whose time has come while the server
// was down. next is the step to follow; ok is false when all were taken.
func (r Response) Due(n int, started, now time.Time) (c Call, next int, ok bool) {
	if n >= r.Steps() {
		return Call{}, n, false
	}
	next = n + 1
	for next < len(r.Calls) && !started.Add(r.Calls[next].After).After(now) {
		next++
	}
	c = Call{Ring: r.ring(next - 1)}
	for _, step := range r.Calls[:min(next, len(r.Calls))] {
		for _, to := range step.To {
			if !slices.Contains(c.To, to) {
				c.To = append(c.To, to)
			}
		}
	}
	return c, next, true
}

func (r Response) ring(n int) Ring {
	if n < len(r.Calls) {
		return r.Calls[n].Ring
	}
	return r.Ring
}

// At is when the n-th step is to be taken if the one before was taken now. After
// the last one there is a last look: whether nobody has answered.
func (r Response) At(n int, started, now time.Time) time.Time {
	if n < len(r.Calls) {
		return started.Add(r.Calls[n].After)
	}
	return now.Add(r.Again)
}

// defaultResponse serves policies that say nothing of emergencies, such as versions
// kept from before they could.
func defaultResponse() Response {
	return Response{
		Join: 30 * time.Minute, Shift: 8 * 60,
		Calls: []Call{
			{To: []Callee{CallUnit, CallDuty, CallSection}},
			{After: 3 * time.Minute, To: []Callee{CallBackup, CallDeputy}, Ring: RingApp},
			{After: 5 * time.Minute, To: []Callee{CallDirector, CallOffice}, Ring: RingSMS},
			{After: 10 * time.Minute, Ring: RingPhone},
		},
		Again: 10 * time.Minute, Times: 5, Ring: RingPhone,
		HandOver: 10 * time.Minute, HandOverTimes: 5,
	}
}
