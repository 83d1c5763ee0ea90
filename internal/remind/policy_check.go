package remind

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"duban/internal/calendar"
)

// maxDays bounds every number of days, so that a slip of the finger is refused
// and no search through the calendar runs long.
const maxDays = 400

// build checks the file as a whole and turns it into policies.
func (f *policyFile) build() (Policies, error) {
	p := Policies{Version: f.Version.V, Assumed: f.Assumed, profiles: map[string]Profile{}}
	if f.Version.V < 1 {
		return p, f.Version.wrong("version 应为 1 或更大")
	}
	var err error
	if p.Hours, err = f.hours(); err != nil {
		return p, err
	}
	if p.Hazard, err = f.hazard(); err != nil {
		return p, err
	}
	if p.Receipt, err = f.receipt(); err != nil {
		return p, err
	}
	if p.Response, err = f.response(); err != nil {
		return p, err
	}
	lamp := LampRule(f.Lamp.V)
	if lamp.Blue < 1 || lamp.BlueRecurring < 1 || lamp.Behind < 1 {
		return p, f.Lamp.wrong("lamp 的三个数都应大于 0")
	}
	if len(f.Profiles) == 0 {
		return p, fmt.Errorf("profiles 是空的")
	}
	for _, key := range slices.Sorted(maps.Keys(f.Profiles)) {
		pr, err := buildProfile(key, f.Profiles[key])
		if err != nil {
			return p, fmt.Errorf("规则 %s：%w", key, err)
		}
		pr.Version, pr.Hours, pr.Lamp = f.Version.V, p.Hours, lamp
		p.profiles[key] = pr
	}
	return p, nil
}

func (f *policyFile) hours() (Hours, error) {
	c := f.Clock.V
	h := Hours{QuietFrom: c.QuietFrom.Clock, QuietTo: c.QuietTo.Clock, Prepare: c.Prepare.Clock,
		Morning: c.Morning.Clock, Digest: c.Digest.Clock, Weekly: c.Weekly.day}
	ordered := []clockField{c.QuietTo, c.Prepare, c.Morning, c.Digest, c.QuietFrom}
	for i, at := range ordered {
		if at.line == 0 || !c.Weekly.set {
			return h, f.Clock.wrong("clock 要写全 quiet_from、quiet_to、prepare、morning、digest、weekly")
		}
		if i > 0 && at.Clock <= ordered[i-1].Clock {
			return h, fmt.Errorf("第%d行：时刻的先后应为 quiet_to、prepare、morning、digest、quiet_from", at.line)
		}
	}
	return h, nil
}

func (f *policyFile) hazard() (HazardRule, error) {
	h := HazardRule(f.Hazard.V)
	switch {
	case len(h.FixChoices) == 0 || !slices.IsSorted(h.FixChoices) || h.FixChoices[0] < 1:
		return h, f.Hazard.wrong("hazard 的 fix_choices 应为从小到大的天数")
	case !slices.Contains(h.FixChoices, h.FixDefault):
		return h, f.Hazard.wrong("hazard 的 fix_default 应是 fix_choices 中的一个")
	case h.FixChoices[len(h.FixChoices)-1] > maxDays || h.MajorFixDays < 1 || h.MajorFixDays > maxDays:
		return h, f.Hazard.wrong("hazard 的天数应为 1 至 %d", maxDays)
	case h.SpotOneIn < 0 || h.SpotMost < 0 || h.SpotOneIn > maxSpot || h.SpotMost > maxSpot:
		return h, f.Hazard.wrong("hazard 的 spot_one_in 和 spot_most 应为 1 至 %d，不写按 %d 和 %d", maxSpot, defaultSpotOneIn, defaultSpotMost)
	}
	h.SpotOneIn, h.SpotMost = cmp.Or(h.SpotOneIn, defaultSpotOneIn), cmp.Or(h.SpotMost, defaultSpotMost)
	return h, nil
}

// What serves policies that say nothing of spot checks, and what bounds those that do.
const (
	defaultSpotOneIn = 10
	defaultSpotMost  = 30
	maxSpot          = 1000
)

// defaultReceipt serves policies that say nothing of slips.
const defaultReceipt = 2

func (f *policyFile) receipt() (int, error) {
	r := f.Slip.V.Receipt
	switch {
	case r == nil:
		return defaultReceipt, nil
	case r.Hours || r.N < 1 || r.N > maxDays:
		return 0, fmt.Errorf("第%d行：slip 的 receipt 应为 1 至 %d 个工作日", r.line, maxDays)
	}
	return r.N, nil
}

func buildProfile(key string, part lined[profileField]) (Profile, error) {
	f := part.V
	p := Profile{Key: key, Name: f.Name, Late: f.Late, Rest: f.Rest, InHolidays: f.InHolidays,
		Persistent: f.Persistent, Word: f.WeeklyWord, Ladders: map[Stage]Ladder{}}
	if f.Late < 0 || f.Rest < 0 || f.Late > maxDays || f.Rest > maxDays {
		return p, part.wrong("late 和 rest 应为 0 至 %d", maxDays)
	}
	if (f.Every == nil) != (f.Collect == nil) {
		return p, part.wrong("every 和 collect 要一起写")
	}
	if f.Every != nil {
		var err error
		if p.Collect, err = buildEvery(f.Every); err != nil {
			return p, err
		}
	}
	ladders := f.ladders()
	for _, stage := range slices.Sorted(maps.Keys(ladders)) {
		field := ladders[stage]
		if field == nil {
			continue
		}
		l, err := buildLadder(field, stage, span(p.Collect.Every))
		if err != nil {
			return p, fmt.Errorf("%s：%w", stage, err)
		}
		p.Ladders[stage] = l
	}
	return p, nil
}

// span is the least number of working days a period of the unit surely has; a
// reminder earlier than that would come before the period opens.
func span(u calendar.Unit) int {
	return map[calendar.Unit]int{calendar.Week: 5, calendar.Month: 15, calendar.Quarter: 50,
		calendar.HalfYear: 100, calendar.Year: 200, Term: 80}[u]
}

// build merges reminders and escalations into one ladder and refuses rungs that
// are out of order, said twice or never reached.
func buildLadder(part *lined[ladderField], stage Stage, span int) (Ladder, error) {
	var l Ladder
	f := &part.V
	ownDate := stage == StageDue || stage == StageCollect
	if ownDate != (f.Limit == nil) {
		return l, part.wrong("due 和 collect 不写 limit，其他都要写")
	}
	if f.Limit != nil {
		if l.Limit = f.Limit.Offset; l.Limit.N < 0 {
			return l, fmt.Errorf("第%d行：limit 不能是负数", f.Limit.line)
		}
	}
	if f.RemindTo != "" && f.RemindTo.rank() < 0 {
		return l, part.wrong("remind_to %q 不是级别", f.RemindTo)
	}
	if err := f.checkReminders(); err != nil {
		return l, err
	}
	if i := slices.IndexFunc(f.Escalate, func(r rungField) bool { return r.At.line == 0 }); i >= 0 {
		return l, part.wrong("升级第%d级没有写 at", i+1)
	}
	if err := f.checkRungs(); err != nil {
		return l, err
	}
	to := f.RemindTo
	if to == "" {
		to = Holder
	}
	for _, o := range f.Remind {
		l.Rules = append(l.Rules, Rule{At: o.Offset, To: to, Kind: Reminder})
	}
	for _, r := range f.Escalate {
		l.Rules = append(l.Rules, Rule{At: r.At.Offset, To: r.To, Kind: Escalation, Slip: r.Slip})
	}
	slices.SortStableFunc(l.Rules, func(a, b Rule) int { return a.At.hours() - b.At.hours() })
	return l, f.checkReach(stage, span)
}

func (f *ladderField) checkReminders() error {
	for i, o := range f.Remind {
		if i > 0 && o.hours() <= f.Remind[i-1].hours() {
			return fmt.Errorf("第%d行：提醒 %s 应晚于前一个，不能重复", o.line, o.Offset)
		}
	}
	return nil
}

func (f *ladderField) checkRungs() error {
	for i, r := range f.Escalate {
		line := r.At.line
		switch {
		case r.To.rank() < 0:
			return fmt.Errorf("第%d行：级别 %q 不认识", line, r.To)
		case r.Slip.rank() < 0:
			return fmt.Errorf("第%d行：slip %q 不认识，应为 yellow 或 red", line, r.Slip)
		case r.At.N < 0:
			return fmt.Errorf("第%d行：升级不能早于到期", line)
		}
		if i == 0 {
			continue
		}
		switch prev := f.Escalate[i-1]; {
		case r.At.hours() < prev.At.hours():
			return fmt.Errorf("第%d行：升级 %s 早于前一级", line, r.At.Offset)
		case r.To.rank() < prev.To.rank():
			return fmt.Errorf("第%d行：升级只能往上走，%s 排在 %s 后面永远轮不到", line, r.To, prev.To)
		case r.To == prev.To && (r.Slip.rank() <= prev.Slip.rank() || r.At.hours() == prev.At.hours()):
			return fmt.Errorf("第%d行：%s 重复告知", line, r.To)
		}
	}
	return nil
}

// checkReach refuses reminders before their clock starts.
func (f *ladderField) checkReach(stage Stage, span int) error {
	for _, o := range f.Remind {
		switch {
		case stage == StageCollect && -o.N >= span:
			return fmt.Errorf("第%d行：提醒 %s 早于这一期开始，永远轮不到", o.line, o.Offset)
		case f.Limit != nil && -o.hours() >= f.Limit.hours() && o.N < 0:
			return fmt.Errorf("第%d行：提醒 %s 早于起算时间，永远轮不到", o.line, o.Offset)
		case stage == StageCollect && o.Hours:
			return fmt.Errorf("第%d行：收报按工作日提醒，不用小时", o.line)
		}
	}
	return nil
}

// String returns the offset as the policy file writes it.
func (o Offset) String() string {
	if o.Hours {
		return fmt.Sprintf("%dh", o.N)
	}
	return fmt.Sprintf("%d", o.N)
}
