package main

import (
	"fmt"
	"slices"
	"strings"

	"duban/internal/notice"
)

// promise is what may be found broken.
type promise string

// The promises.
const (
	noIntentLost   promise = "an intent has no fate"
	sentArrives    promise = "called sent, never taken"
	ordinaryOnce   promise = "ordinary, taken more than once"
	urgentArrives  promise = "urgent, never taken"
	replyOnce      promise = "answered more than once"
	replyComes     promise = "acknowledged, never answered"
	nothingUnknown promise = "taken, and no row knows it"
)

// finding is a promise that was broken, and where.
type finding struct {
	promise promise
	about   string
}

func (f finding) String() string { return string(f.promise) + ": " + f.about }

// mayRepeat are the kinds that rather come twice than not at all (ADR 0005).
func mayRepeat(kind string) bool {
	return slices.Contains([]notice.Kind{notice.Emergency, notice.SensitiveTip, notice.NewHazard, notice.Escalation, notice.Slip, notice.Alarm, notice.Document}, notice.Kind(kind))
}

// urgentIntent are the intents that must be told at least once.
func urgentIntent(kind string) bool { return mayRepeat(kind) && notice.Kind(kind) != notice.Document }

// verdict is what the comparison of records says.
type verdict struct {
	broken []finding
	kinds  map[string]*tally // messages by kind
	told   map[string]*tally // intents by kind
}

// tally counts one kind.
type tally struct{ rows, taken, again, unknown, waiting, dropped int }

// judging is one comparison.
type judging struct {
	records
	verdict
	came   map[int64]int // arrivals by message
	byID   map[int64]message
	twins  map[string]int    // arrivals by intent of a message, on whatever platform
	toldBy map[int64][]int64 // messages by intent
}

// judge compares what was intended with what arrived.
func judge(r records) verdict {
	j := &judging{records: r, byID: map[int64]message{}, twins: map[string]int{}, toldBy: map[int64][]int64{}}
	j.kinds, j.told = map[string]*tally{}, map[string]*tally{}
	var strangers []letter
	j.came, strangers = arrivals(r.messages, r.letters)
	for _, l := range strangers {
		j.find(nothingUnknown, "%s to %s: %s", l.platform, l.to, begin(l.text))
	}
	for _, m := range r.messages {
		j.byID[m.id] = m
		j.twins[base(m.key)] += j.came[m.id]
	}
	for _, t := range r.tellings {
		j.toldBy[t.intent] = append(j.toldBy[t.intent], t.message)
	}
	j.judgeMessages()
	for _, n := range r.intents {
		j.judgeIntent(n)
	}
	for _, e := range r.heard {
		j.judgeReply(e)
	}
	return j.verdict
}

func (j *judging) find(p promise, format string, args ...any) {
	j.broken = append(j.broken, finding{p, fmt.Sprintf(format, args...)})
}

// base is a message's key without the platform: what a fall-back to the other
// platform shares with the first try.
func base(key string) string {
	b, _, _ := strings.Cut(key, "@")
	return b
}

// lettersLike says when letters came that begin as a message does, on whatever
// platform, and which part each is.
func (j *judging) lettersLike(m message) (out []string) {
	for _, l := range j.letters {
		if text, _ := whole(l.text); l.to == m.to && strings.HasPrefix(text, begin(m.text)) {
			mark, _, _ := strings.Cut(l.text, "\n")
			out = append(out, fmt.Sprintf("%s %s %.12q", l.platform, l.at.In(zone).Format("01-02 15:04:05"), mark))
		}
	}
	return out
}

func (m message) String() string {
	return fmt.Sprintf("message %d %s (%s %s, %d tries) by %s to %s: %s", m.id, m.kind, m.state, m.reason, m.attempts, m.platform, m.to, begin(m.text))
}

// judgeMessages holds rows against arrivals. Platforms are counted together for
// ordinary messages: a fall-back must not repeat what came by the first.
func (j *judging) judgeMessages() {
	seen := map[string]bool{}
	for _, m := range j.messages {
		t := count(j.kinds, m.kind)
		came := j.came[m.id]
		t.rows++
		t.taken += came
		if m.state == notice.MsgUnknown {
			t.unknown++
		}
		if came > 1 {
			t.again += came - 1
		}
		if (m.state == notice.MsgFailed || m.state == notice.MsgUnknown) && m.reason == "" {
			j.find(noIntentLost, "ended without a reason: %s", m)
		}
		if m.state == notice.MsgSent && came == 0 {
			j.find(sentArrives, "%s", m)
		}
		if n := j.twins[base(m.key)]; n > 1 && !mayRepeat(m.kind) && !seen[base(m.key)] {
			j.find(ordinaryOnce, "%d times: %s\n    %s", n, m, strings.Join(j.lettersLike(m), "; "))
			seen[base(m.key)] = true
		}
	}
}

// judgeIntent follows an intent to the messages that told it, and to where those
// arrived.
func (j *judging) judgeIntent(n intent) {
	t := count(j.told, n.kind)
	t.rows++
	say := fmt.Sprintf("notice %d %s for %s (%s %s)", n.id, n.kind, n.person, n.state, n.reason)
	came := j.cameOf(n)
	t.taken += min(came, 1)
	t.again += max(came-1, 0)
	switch n.state {
	case string(notice.Pending):
		t.waiting++
	case string(notice.Dropped):
		t.dropped++
		if n.reason == "" {
			j.find(noIntentLost, "dropped without a reason: %s", say)
		}
	default:
		if _, ok := j.byID[n.message]; !ok {
			j.find(noIntentLost, "told by no message: %s", say)
		} else if came == 0 && urgentIntent(n.kind) && !j.underway(n) {
			j.find(urgentArrives, "%s", say)
		}
	}
	if came > 1 && !mayRepeat(n.kind) {
		j.find(ordinaryOnce, "%d times: %s", came, say)
	}
}

// cameOf counts the arrivals of an intent in all messages that told it, on all
// platforms. An emergency goes by all platforms at once, which is no repeat.
func (j *judging) cameOf(n intent) int {
	keys, came := map[string]bool{}, 0
	for _, id := range j.toldBy[n.id] {
		k := base(j.byID[id].key)
		switch {
		case n.kind == string(notice.Emergency):
			came = max(came, j.came[id])
		case !keys[k]:
			came += j.twins[k]
		}
		keys[k] = true
	}
	return came
}

// underway says that the intent's message has still to leave.
func (j *judging) underway(n intent) bool {
	state := j.byID[n.message].state
	return state == notice.MsgQueued || state == notice.MsgSending
}

// judgeReply counts the answers to what somebody wrote: in the call or as a
// message of its own.
func (j *judging) judgeReply(e entry) {
	later, unknown, waiting := 0, false, false
	for _, m := range j.messages {
		if strings.HasPrefix(m.key, "answer:"+string(e.platform)+":") && strings.HasSuffix(m.key, ":"+e.id) {
			later += j.came[m.id]
			unknown = unknown || m.state == notice.MsgUnknown
			waiting = waiting || j.underway(intent{message: m.id})
		}
	}
	say := fmt.Sprintf("%s %s %q: %d in the call, %d as a message", e.platform, e.id, e.text, e.shown, later)
	switch {
	case e.shown+later > 1:
		j.find(replyOnce, "%s", say)
	case e.done && e.shown+later == 0 && !unknown && !waiting:
		j.find(replyComes, "%s", say)
	}
}

func count(m map[string]*tally, kind string) *tally {
	if m[kind] == nil {
		m[kind] = &tally{}
	}
	return m[kind]
}
