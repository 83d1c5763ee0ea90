package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"duban/bot"
)

// A fault is one thing that goes wrong in a round.
type fault string

// The faults.
const (
	killNode  fault = "node killed"
	killMySQL fault = "database killed"
	killRedis fault = "Redis killed"
	flush     fault = "FLUSHALL"
	cutMySQL  fault = "database cut off"
	cutRedis  fault = "Redis cut off"
	dropAfter fault = "taken, cut off"
	hang      fault = "taken, time-out"
	dropPlain fault = "not taken"
	status5xx fault = "5xx"
	tooFast   fault = "rate error"
	jump      fault = "clocks jump"
)

// faults are dealt in turn. A time-out takes ten seconds of real time and comes
// less often, see draw.
func faults() []fault {
	return []fault{killNode, killMySQL, killRedis, flush, dropAfter, cutMySQL, cutRedis, dropPlain, status5xx, tooFast, jump}
}

func without(left ...fault) []fault {
	return slices.DeleteFunc(faults(), func(f fault) bool { return slices.Contains(left, f) })
}

// between is after how many rounds a time-out takes its turn.
const between = 15

// accident is a fault with its moment and size.
type accident struct {
	fault fault
	after time.Duration // since the beginning of the round
	lasts time.Duration
	node  int
	calls int // to the platform that are hit
}

// line is what somebody writes.
type line struct {
	after    time.Duration
	platform bot.Platform
	person   string
	id       string
	text     string
	token    string // names the hazard that it files; "" for other messages
	signs    bool   // signs the oldest hazard of the school that is not signed; the text is filled in
	first    int    // the node that it reaches first
}

// plan is one round: a day, what is written on it, what goes wrong.
type plan struct {
	n         int
	day       time.Time
	moves     []time.Duration // when the clock comes to the next hour of work
	accidents []accident
	lines     []line
}

var (
	zone     = time.FixedZone("CST", 8*3600)
	firstDay = time.Date(2025, 9, 10, 0, 0, 0, 0, zone)
)

// nextDay skips weekends, on which little happens, but none that is worked on: the
// nodes would pass a whole day's work one ahead of the other.
func nextDay(d time.Time) time.Time {
	for d = d.AddDate(0, 0, 1); d.Weekday() == time.Saturday || d.Weekday() == time.Sunday; d = d.AddDate(0, 0, 1) {
		if day := d.Format(time.DateOnly); day == "2025-09-28" || day == "2025-10-11" {
			break
		}
	}
	return d
}

// within is how long a round's own part lasts; moments are drawn from it.
const within = 1200

func draw(seed uint64, n int, day time.Time) plan {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	p := plan{n: n, day: day}
	moment := func() time.Duration { return time.Duration(r.IntN(within)) * time.Millisecond }
	for i := range 3 {
		p.moves = append(p.moves, time.Duration(i*within/3+r.IntN(within/4))*time.Millisecond)
	}
	// Most accidents come while the nodes are busy.
	busy := func() time.Duration { return p.moves[r.IntN(3)] + time.Duration(r.IntN(150)-20)*time.Millisecond }
	// The first is dealt in turn, so that each comes often; up to two more are free.
	// A database that goes would leave nothing that may be flushed, see happen.
	kinds, more := []fault{faults()[n%len(faults())]}, without(flush)
	switch {
	case n%between == between-1:
		kinds[0] = hang
	case kinds[0] == flush:
		more = without(flush, killMySQL, cutMySQL)
	}
	for range r.IntN(3) {
		kinds = append(kinds, more[r.IntN(len(more))])
	}
	for _, f := range kinds {
		p.accidents = append(p.accidents, accident{f, busy(), time.Duration(100+r.IntN(600)) * time.Millisecond, r.IntN(nodes - 1), 1 + r.IntN(4)})
	}
	writers := []line{{platform: bot.WeCom, person: "wenchang-jia"}, {platform: bot.DingTalk, person: "shimatou-aq"}}
	for i := range 3 + r.IntN(3) {
		l := writers[r.IntN(len(writers))]
		l.after, l.first, l.id = moment(), r.IntN(nodes), fmt.Sprintf("9%04d%02d", n, i)
		l.token = fmt.Sprintf("%d栋%d室", 10+n, 101+i) // a second hazard at one place would be asked about
		l.text = "上报隐患 " + l.token + "灭火器压力不足"
		if i == 0 {
			l.text, l.token = fmt.Sprintf("5-4 %d%%", 1+n), ""
		}
		if i == 1 && n%6 == 5 {
			l.platform, l.person, l.text, l.token = bot.WeCom, "wenchang-jia", "教学楼着火了", ""
		}
		p.lines = append(p.lines, l)
	}
	urge := line{platform: bot.DingTalk, person: "anquan-guzhang", text: "文昌中学 催办 21-4"}
	sign := line{platform: bot.WeCom, person: "wenchang-aq", signs: true}
	for i, l := range []line{urge, sign} {
		l.after, l.first, l.id = moment(), r.IntN(nodes), fmt.Sprintf("8%04d%02d", n, i)
		p.lines = append(p.lines, l)
	}
	return p
}

func (p plan) names() string {
	var list []string
	for _, a := range p.accidents {
		list = append(list, fmt.Sprintf("%s at %s", a.fault, a.after))
	}
	return strings.Join(list, ", ")
}

func (p plan) has(f fault) bool {
	for _, a := range p.accidents {
		if a.fault == f {
			return true
		}
	}
	return false
}
