package remind

import (
	"fmt"
	"slices"
	"time"
)

type responseSection struct {
	Join     int        `yaml:"join"`
	Shift    clockField `yaml:"shift"`
	Calls    []callPart `yaml:"calls"`
	Again    againPart  `yaml:"again"`
	HandOver againPart  `yaml:"hand_over"`
}

type callPart struct {
	At   int      `yaml:"at"`
	To   []Callee `yaml:"to"`
	Ring Ring     `yaml:"ring"`
}

type againPart struct {
	Every int  `yaml:"every"`
	Times int  `yaml:"times"`
	Ring  Ring `yaml:"ring"`
}

// Bounds of what a policy may say: somebody whose life is in danger does not wait for
// longer, and nobody is called all night by mistake.
const (
	maxFirst   = 30  // minutes until the last named step
	maxMinutes = 120 // between two calls
	maxCalls   = 12
)

// response reads how an emergency is answered. A file that says nothing of it gets the
// defaults.
func (f *policyFile) response() (Response, error) {
	s := f.Emergency.V
	if f.Emergency.line == 0 {
		return defaultResponse(), nil
	}
	r := Response{Join: minutes(s.Join), Shift: s.Shift.Clock, Again: minutes(s.Again.Every), Times: s.Again.Times, Ring: s.Again.Ring,
		HandOver: minutes(s.HandOver.Every), HandOverTimes: s.HandOver.Times}
	within := func(n, most int) bool { return n >= 1 && n <= most }
	switch {
	case s.Shift.line == 0:
		return r, f.Emergency.wrong("emergency 要写 shift，值班从几点到第二天几点")
	case !within(s.Join, 60):
		return r, f.Emergency.wrong("emergency 的 join 应为 1 至 60 分钟")
	case !within(s.Again.Every, maxMinutes) || !within(s.Again.Times, maxCalls) || !slices.Contains(Rings(), s.Again.Ring):
		return r, f.Emergency.wrong("emergency 的 again 应写 every（1 至 %d 分钟）、times（1 至 %d 次），ring 只能是 app、sms、phone", maxMinutes, maxCalls)
	case !within(s.HandOver.Every, maxMinutes) || !within(s.HandOver.Times, maxCalls):
		return r, f.Emergency.wrong("emergency 的 hand_over 应写 every（1 至 %d 分钟）和 times（1 至 %d 次）", maxMinutes, maxCalls)
	}
	for i, c := range s.Calls {
		if err := c.sound(i, s.Calls); err != nil {
			return r, f.Emergency.wrong("emergency 的 calls 第 %d 步：%w", i+1, err)
		}
		r.Calls = append(r.Calls, Call{After: minutes(c.At), To: c.To, Ring: c.Ring})
	}
	if len(r.Calls) == 0 || len(r.Calls) > maxCalls {
		return r, f.Emergency.wrong("emergency 的 calls 应有 1 至 %d 步", maxCalls)
	}
	return r, nil
}

func (c callPart) sound(i int, all []callPart) error {
	switch {
	case i == 0 && c.At != 0:
		return fmt.Errorf("第一步要马上叫人，at 应为 0")
	case i == 0 && !(slices.Contains(c.To, CallUnit) && slices.Contains(c.To, CallDuty)):
		return fmt.Errorf("第一步至少要叫 unit（本单位）和 duty（值班）")
	case i > 0 && c.At <= all[i-1].At:
		return fmt.Errorf("at 应一步比一步晚")
	case c.At > maxFirst:
		return fmt.Errorf("at 最多 %d 分钟", maxFirst)
	case !slices.Contains(Rings(), c.Ring):
		return fmt.Errorf("ring 只能是 app、sms、phone，不写就不响铃")
	}
	for _, l := range c.To {
		if !slices.Contains(callees(), l) {
			return fmt.Errorf("不认识 %q，可以写 unit、duty、backup、section、deputy、director、office", l)
		}
	}
	return nil
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }
