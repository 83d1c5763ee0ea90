package config

import (
	"fmt"
	"os"

	"duban/internal/calendar"
)

// Calendar says where the bureau's own working days and school terms are.
type Calendar struct {
	File string // "" for the built-in calendars alone

	days  *calendar.Workdays
	terms *calendar.Terms
}

// Days returns the working days: the built-in ones amended by the file.
func (c Calendar) Days() *calendar.Workdays {
	if c.days == nil {
		return calendar.DefaultWorkdays()
	}
	return c.days
}

// Terms returns the school terms: the built-in ones amended by the file.
func (c Calendar) Terms() *calendar.Terms {
	if c.terms == nil {
		return calendar.DefaultTerms()
	}
	return c.terms
}

// putCalendar reads the file at once, so that every command refuses a broken one
// instead of reminding people on wrong days.
func putCalendar(c *Config, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return say("读不了日历文件 " + path + "（" + cause(err) + "），请检查路径和权限")
	}
	defer f.Close()
	days, terms, err := calendar.Amend(calendar.DefaultWorkdays(), calendar.DefaultTerms(), f)
	if err != nil {
		return say(fmt.Sprintf("日历文件 %s 有误，%v", path, err))
	}
	c.Calendar = Calendar{File: path, days: days, terms: terms}
	return nil
}
