package notice

import (
	"fmt"
	"strings"
)

// Ring is the road of a call that rings beside the ordinary message.
const Ring = "ding"

// RingRoad is how the platform is named by which a call rings, in the app or louder.
func RingRoad(kind string) string { return Ring + "/" + kind }

// Rings reports whether a message rings beside the ordinary one.
func (m Message) Rings() bool { return strings.HasPrefix(m.Platform, Ring+"/") }

// Work is the road of DingTalk's work notifications, for people whom the robot cannot
// write to.
const Work = "work/dingtalk"

// PlatformOf is the platform behind a road: most are named alike.
func PlatformOf(road string) string {
	if road == Work || strings.HasPrefix(road, Ring+"/") {
		return "dingtalk"
	}
	return road
}

// Unanswered is the Step of a notice that nobody has answered a call, and Closing of one
// that the incident is over.
const (
	Unanswered = "unanswered"
	Closing    = "closing"
)

// Roads lists by what a notice of its own message may go: one message for each.
func Roads() []string { return []string{"wecom", "dingtalk", Ring} }

// MessageKey names the message of a single notice on a road.
func MessageKey(notice int64, road string) string { return fmt.Sprintf("notice:%d@%s", notice, road) }

// CallStep is the Step of a notice that calls somebody to an incident: the how manieth
// call, counted from 0, and how loudly it rings.
func CallStep(n int, ring string) string { return fmt.Sprintf("call/%d/%s", n, ring) }

// Call takes apart the step of a call; ok is false for every other notice.
func (n Notice) Call() (step int, ring string, ok bool) {
	rest, ok := strings.CutPrefix(n.Step, "call/")
	if !ok {
		return 0, "", false
	}
	number, ring, _ := strings.Cut(rest, "/")
	_, err := fmt.Sscan(number, &step)
	return step, ring, err == nil
}
