package seeds

import (
	"slices"

	"duban/internal/calendar"
)

const rosterFile = "roster.yaml"

// DutyDay says who is on duty on a day, or on a day of each week: the first one is on
// duty, the others stand by in their order.
type DutyDay struct {
	Day     calendar.Date `yaml:"day"`
	Weekday string        `yaml:"weekday"`
	On      []OnDuty      `yaml:"on"`
	Note    string        `yaml:"note"`
}

// OnDuty is whoever holds a post, or a person.
type OnDuty struct {
	Post   string `yaml:"post"`
	Person string `yaml:"person"`
}

// Weekdays lists the days of the week, Monday first.
func Weekdays() []string {
	return []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
}

// Key names the entry: its day or its weekday.
func (d DutyDay) Key() string {
	if !d.Day.IsZero() {
		return d.Day.String()
	}
	return d.Weekday
}

// WeekdayNumber is 1 for Monday to 7 for Sunday, 0 for the entry of a day.
func (d DutyDay) WeekdayNumber() int { return slices.Index(Weekdays(), d.Weekday) + 1 }

const maxOnDuty = 6

func (l *loader) checkRoster() {
	days := map[string]bool{}
	for _, d := range l.set.Roster {
		key := d.Key()
		l.unique(rosterFile, days, key)
		switch {
		case d.Day.IsZero() == (d.Weekday == ""):
			l.add(rosterFile, key, "day（某一天）和 weekday（每周的某一天）要写一个，也只能写一个")
		case d.Weekday != "":
			l.oneOf(rosterFile, key, "weekday", d.Weekday, Weekdays())
		}
		if n := len(d.On); n == 0 || n > maxOnDuty {
			l.add(rosterFile, key, "on 有 %d 个人，要有 1 到 %d 个", n, maxOnDuty)
		}
		for _, who := range d.On {
			l.checkOnDuty(key, who)
		}
	}
}

func (l *loader) checkOnDuty(key string, who OnDuty) {
	switch {
	case (who.Post == "") == (who.Person == ""):
		l.add(rosterFile, key, "on 里每个人写 post（岗位）或 person（人员）之一")
	case who.Post != "":
		l.postExists(rosterFile, key, "on", who.Post)
	default:
		if !slices.ContainsFunc(l.set.Persons, func(p Person) bool { return p.ID == who.Person }) {
			l.add(rosterFile, key, "人员 %q 不在 persons 里", who.Person)
		}
	}
}
