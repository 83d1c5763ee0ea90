package remind

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var reported = time.Date(2025, 10, 3, 2, 0, 0, 0, time.FixedZone("CST", 8*3600))

func TestShippedResponseIsTheDefault(t *testing.T) {
	f, err := os.Open("../../seeds/policies.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := LoadPolicies(f)
	if err != nil {
		t.Fatal(err)
	}
	if want := defaultResponse(); !reflect.DeepEqual(p.Response, want) {
		t.Errorf("%+v, the default is %+v", p.Response, want)
	}
}

// The whole ladder on a running server: each step at its minute, wider each time, the
// repeats after it, and one last look.
func TestResponseMinuteByMinute(t *testing.T) {
	r, now := defaultResponse(), reported
	var got []string
	for n := 0; ; {
		c, next, ok := r.Due(n, reported, now)
		if !ok {
			got = append(got, now.Sub(reported).String()+" unanswered")
			break
		}
		got = append(got, now.Sub(reported).String()+" "+string(c.To[len(c.To)-1])+" "+string(c.Ring))
		n, now = next, r.At(next, reported, now)
	}
	want := []string{"0s section ", "3m0s deputy app", "5m0s office sms", "10m0s office phone",
		"20m0s office phone", "30m0s office phone", "40m0s office phone", "50m0s office phone", "1h0m0s office phone", "1h10m0s unanswered"}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// After an hour without a server everybody is called at once, with the ring of the last
// step that was missed, and the repeats are still to come.
func TestResponseAfterAnOutage(t *testing.T) {
	r, now := defaultResponse(), reported.Add(time.Hour)
	c, next, ok := r.Due(1, reported, now)
	if !ok || next != 4 || c.Ring != RingPhone || !slices.Equal(c.To, []Callee{CallUnit, CallDuty, CallSection, CallBackup, CallDeputy, CallDirector, CallOffice}) {
		t.Errorf("%+v, then step %d", c, next)
	}
	if at := r.At(next, reported, now); !at.Equal(now.Add(10 * time.Minute)) {
		t.Errorf("the first repeat comes at %s", at)
	}
}

// A step that is taken early, because nobody was reached, does not move the others.
func TestResponseHurried(t *testing.T) {
	r, now := defaultResponse(), reported.Add(20*time.Second)
	_, next, _ := r.Due(1, reported, now)
	if next != 2 || !r.At(next, reported, now).Equal(reported.Add(5*time.Minute)) {
		t.Errorf("then %d at %s", next, r.At(next, reported, now))
	}
}

func TestRingsAreBounded(t *testing.T) {
	for most, want := range map[Ring]Ring{NoRing: NoRing, RingApp: RingApp, RingSMS: RingSMS, RingPhone: RingPhone} {
		if got := RingPhone.AtMost(most); got != want {
			t.Errorf("phone at most %q is %q", most, got)
		}
	}
	if got := RingApp.AtMost(RingPhone); got != RingApp {
		t.Errorf("app at most phone is %q", got)
	}
}

func TestUnsoundResponsesAreRefused(t *testing.T) {
	body, err := os.ReadFile("../../seeds/policies.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string][2]string{
		"第一步要马上叫人":        {"{at: 0, to: [unit, duty, section]}", "{at: 1, to: [unit, duty, section]}"},
		"第一步至少要叫":         {"{at: 0, to: [unit, duty, section]}", "{at: 0, to: [section]}"},
		"一步比一步晚":          {"{at: 5, to: [director", "{at: 2, to: [director"},
		"at 最多 30 分钟":     {"{at: 10, ring", "{at: 90, ring"},
		"不认识 \"teacher\"": {"to: [director, office]", "to: [director, teacher]"},
		"ring 只能是":        {"ring: sms}", "ring: horn}"},
		"join 应为":         {"join: 30", "join: 0"},
		"again 应写":        {"times: 5, ring: phone", "times: 400, ring: phone"},
		"hand_over 应写":    {"hand_over: {every: 10, times: 5}", "hand_over: {every: 10}"},
		"要写 shift":        {`shift: "08:00"`, "#"},
	} {
		text := strings.Replace(string(body), change[0], change[1], 1)
		if text == string(body) {
			t.Fatalf("%s: nothing was changed", what)
		}
		if _, err := LoadPolicies(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "第") {
			t.Errorf("%s: %v", what, err)
		}
	}
}
