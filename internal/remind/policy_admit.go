package remind

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"duban/internal/calendar"
)

// AdmitPolicies reads a policy file that is to become the newest version. Beyond
// what LoadPolicies asks of every file it refuses what could never be told, and a
// file without one of the profiles that are needed. A stored version is only
// loaded, never admitted again: rules that came later must not break rounds that
// run by it.
func AdmitPolicies(r io.Reader, needed ...string) (Policies, error) {
	f, err := readPolicies(r)
	if err != nil {
		return Policies{}, err
	}
	p, err := f.build()
	if err == nil {
		err = f.admit(append([]string{OrdinaryHazard, MajorHazard}, needed...))
	}
	return p, unsound(err)
}

func (f *policyFile) admit(needed []string) error {
	for _, key := range needed {
		if _, ok := f.Profiles[key]; !ok {
			return fmt.Errorf("profiles 里缺少规则 %s，用它的工作会没有人提醒", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(f.Profiles)) {
		if err := f.admitProfile(key, f.Profiles[key]); err != nil {
			return fmt.Errorf("规则 %s：%w", key, err)
		}
	}
	return nil
}

// aboutHazards are the stages only hazards have.
func aboutHazards() []Stage { return []Stage{StageControl, StageFive} }

func (f *policyFile) admitProfile(key string, part lined[profileField]) error {
	p := part.V
	isHazard := key == OrdinaryHazard || key == MajorHazard
	ladders := p.ladders()
	for _, stage := range aboutHazards() {
		if l := ladders[stage]; l != nil && !isHazard {
			return l.wrong("%s 只有隐患才有，事项永远完不成这一步", stage)
		}
	}
	switch {
	case p.WeeklyWord && !isHazard:
		return part.wrong("weekly_word 只用于隐患，事项请用 every")
	case p.Every != nil && p.Due == nil && p.Sign != nil:
		return p.Sign.wrong("每期收报的工作不签收，sign 永远轮不到")
	case p.Every != nil:
		if err := admitEvery(p.Every, p.Collect); err != nil {
			return err
		}
	}
	for _, stage := range slices.Sorted(maps.Keys(ladders)) {
		if ladders[stage] == nil {
			continue
		}
		if err := ladders[stage].V.admit(stage, p.InHolidays, f.longest(key, stage)); err != nil {
			return fmt.Errorf("%s：%w", stage, err)
		}
	}
	return nil
}

// longest is the most working days a hazard's deadline may lie ahead, 0 where the
// subject brings its own.
func (f *policyFile) longest(profile string, stage Stage) int {
	h := f.Hazard.V
	switch {
	case stage != StageDue:
		return 0
	case profile == OrdinaryHazard:
		return slices.Max(h.FixChoices)
	case profile == MajorHazard:
		return h.MajorFixDays
	}
	return 0
}

// admitEvery refuses settings that the unit does not look at, days that not every
// year has, and reminders before the collection before.
func admitEvery(l *lined[everyField], collect *lined[ladderField]) error {
	e, unit := l.V, calendar.Unit(l.V.Unit)
	switch {
	case e.Weekday.set && unit != calendar.Week:
		return l.wrong("weekday 只用于 week，写在 %s 上不起作用", unit)
	case e.Day != 0 && (unit == calendar.Week || unit == Term):
		return l.wrong("day 不用于 %s，写了不起作用", unit)
	case len(e.Dates) > 0 && unit != Term:
		return l.wrong("dates 只用于 term，写在 %s 上不起作用", unit)
	}
	for i, d := range e.Dates {
		switch {
		case d == 229:
			return l.wrong("02-29 不是每年都有，请换一天")
		case i > 0 && d == e.Dates[i-1]:
			return l.wrong("dates 里的日期重复")
		}
	}
	if len(e.Dates) < 2 {
		return nil
	}
	for _, o := range collect.V.Remind {
		if -o.N >= closest(e.Dates)*5/7 {
			return fmt.Errorf("collect：第%d行：提醒 %s 早于上一次收报，永远轮不到", o.line, o.Offset)
		}
	}
	return nil
}

// closest is the least number of days between two collections of a year.
func closest(dates []dateField) int {
	day := func(d dateField) calendar.Date { return calendar.Of(2025, monthOf(int(d)), int(d)%100) }
	least := 365 + day(dates[0]).Sub(day(dates[len(dates)-1]))
	for i := 1; i < len(dates); i++ {
		least = min(least, day(dates[i]).Sub(day(dates[i-1])))
	}
	return least
}

// admit refuses rungs that another one always stands for, that come before what
// they belong to, and hours where days are meant.
func (f ladderField) admit(stage Stage, always bool, longest int) error {
	lowest := f.RemindTo
	if lowest == "" {
		lowest = Holder
	}
	for _, o := range f.Remind {
		switch {
		case o.Hours && !always:
			return fmt.Errorf("第%d行：钟点 %s 不避夜间和休息日，只能写在 in_holidays: true 的规则里", o.line, o.Offset)
		case f.Limit != nil && f.Limit.N == 0 && !f.Limit.Hours && o.N <= 0 && !o.Hours:
			return fmt.Errorf("第%d行：时限是当天，提醒 %s 早于起算时间，永远轮不到", o.line, o.Offset)
		case longest > 0 && !o.Hours && -o.N >= longest:
			return fmt.Errorf("第%d行：提醒 %s 早于隐患最长的整改时限，永远轮不到", o.line, o.Offset)
		}
	}
	for _, r := range f.Escalate {
		switch {
		case r.At.Hours && !always:
			return fmt.Errorf("第%d行：钟点 %s 不避夜间和休息日，只能写在 in_holidays: true 的规则里", r.At.line, r.At.Offset)
		case r.To.rank() <= lowest.rank():
			return fmt.Errorf("第%d行：升级要高于被提醒的 %s，%s 永远轮不到", r.At.line, lowest, r.To)
		case stage == StageCollect && r.At.N == 0:
			return fmt.Errorf("第%d行：收报当天还不算缺，升级从 1 起", r.At.line)
		}
	}
	return nil
}
