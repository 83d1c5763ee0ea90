package login

import (
	"strings"
	"testing"
	"time"
)

func TestPass(t *testing.T) {
	now := time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)
	ours, who := Keys{Key: "k"}, Account{"wecom", "zhangsan"}
	pass := ours.Pass(who, now)
	for name, c := range map[string]struct {
		keys Keys
		pass string
		now  time.Time
		ok   bool
	}{
		"ours":           {ours, pass, now, true},
		"nearly over":    {ours, pass, now.Add(Life - time.Second), true},
		"over":           {ours, pass, now.Add(Life), false},
		"another house":  {Keys{Key: "x"}, pass, now, false},
		"no key":         {Keys{}, Keys{}.Pass(who, now), now, false},
		"changed":        {ours, "A" + pass, now, false},
		"no signature":   {ours, strings.Split(pass, ".")[0], now, false},
		"a login begun":  {ours, ours.Begin(Start{Platform: "wecom", State: "s"}, now), now, false},
		"nobody":         {ours, ours.Pass(Account{Platform: "wecom"}, now), now, false},
		"nothing":        {ours, "", now, false},
		"only a point":   {ours, ".", now, false},
		"endless":        {ours, strings.Repeat("A", 1<<20), now, false},
		"signature long": {ours, pass + "A", now, false},
	} {
		a, ok := c.keys.Account(c.pass, c.now)
		if ok != c.ok || ok && a != who {
			t.Errorf("%s: %v %v", name, a, ok)
		}
	}
}

func TestResume(t *testing.T) {
	now := time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)
	ours, start := Keys{Key: "k"}, Start{"dingtalk", "STATE", "/h/ABC"}
	began := ours.Begin(start, now)
	for name, c := range map[string]struct {
		began, state string
		now          time.Time
		ok           bool
	}{
		"ours":                {began, "STATE", now, true},
		"another state":       {began, "OTHER", now, false},
		"no state":            {began, "", now, false},
		"begun without state": {ours.Begin(Start{Platform: "dingtalk"}, now), "", now, false},
		"over":                {began, "STATE", now.Add(StartLife), false},
		"a pass":              {ours.Pass(Account{"dingtalk", "u"}, now), "STATE", now, false},
		"nothing":             {"", "", now, false},
	} {
		s, ok := ours.Resume(c.began, c.state, c.now)
		if ok != c.ok || ok && s != start {
			t.Errorf("%s: %v %v", name, s, ok)
		}
	}
}

func FuzzOpen(f *testing.F) {
	now := time.Date(2025, 9, 10, 9, 0, 0, 0, time.UTC)
	ours := Keys{Key: "k"}
	f.Add(ours.Pass(Account{"wecom", "zhangsan"}, now))
	f.Add(ours.Begin(Start{"wecom", "s", "/h/A"}, now))
	f.Add(".")
	f.Fuzz(func(t *testing.T, words string) {
		if a, ok := (Keys{Key: "other"}).Account(words, now); ok {
			t.Errorf("taken as %v", a)
		}
	})
}
