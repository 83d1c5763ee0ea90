package remind

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// LoadPolicies reads a policy file (see seeds/policies.yaml). A file that is not
// sound is refused with errs.Invalid and a Chinese sentence naming the line.
func LoadPolicies(r io.Reader) (Policies, error) {
	f, err := readPolicies(r)
	if err != nil {
		return Policies{}, err
	}
	p, err := f.build()
	return p, unsound(err)
}

func readPolicies(r io.Reader) (policyFile, error) {
	var f policyFile
	if err := decode(yaml.NewDecoder(r, yaml.Strict()), &f); err != nil {
		return f, errs.With(errs.Invalid, "催办规则文件读不懂："+yaml.FormatError(err, false, false), err)
	}
	return f, nil
}

func unsound(err error) error {
	if err == nil {
		return nil
	}
	return errs.With(errs.Invalid, "催办规则文件有误："+err.Error(), err)
}

// decode turns the panics of the YAML library on malformed input into errors.
func decode(dec *yaml.Decoder, v any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("malformed YAML: %v", p)
		}
	}()
	return dec.Decode(v)
}

type policyFile struct {
	Version lined[int]           `yaml:"version"`
	Assumed bool                 `yaml:"assumed"`
	Clock   lined[clockSection]  `yaml:"clock"`
	Lamp    lined[lampSection]   `yaml:"lamp"`
	Hazard  lined[hazardSection] `yaml:"hazard"`
	Slip    lined[slipSection]   `yaml:"slip"`

	Emergency lined[responseSection] `yaml:"emergency"`

	Profiles map[string]lined[profileField] `yaml:"profiles"`
}

// lined is a part of the file with the line it begins on.
type lined[T any] struct {
	V    T
	line int
}

// UnmarshalYAML implements yaml.NodeUnmarshaler.
func (l *lined[T]) UnmarshalYAML(n ast.Node) error {
	l.line = lineOf(n)
	return yaml.NodeToValue(n, &l.V, yaml.Strict())
}

// wrong is an error about the part.
func (l lined[T]) wrong(format string, args ...any) error {
	if l.line == 0 { // it is not there
		return fmt.Errorf(format, args...)
	}
	return fmt.Errorf("第%d行：%w", l.line, fmt.Errorf(format, args...))
}

type clockSection struct {
	QuietFrom clockField   `yaml:"quiet_from"`
	QuietTo   clockField   `yaml:"quiet_to"`
	Prepare   clockField   `yaml:"prepare"`
	Morning   clockField   `yaml:"morning"`
	Digest    clockField   `yaml:"digest"`
	Weekly    weekdayField `yaml:"weekly"`
}

type lampSection struct {
	Blue          int `yaml:"blue"`
	BlueRecurring int `yaml:"blue_recurring"`
	Behind        int `yaml:"behind"`
}

type slipSection struct {
	Receipt *offsetField `yaml:"receipt"`
}

type hazardSection struct {
	FixChoices   []int `yaml:"fix_choices"`
	FixDefault   int   `yaml:"fix_default"`
	MajorFixDays int   `yaml:"major_fix_days"`
	SpotOneIn    int   `yaml:"spot_one_in"`
	SpotMost     int   `yaml:"spot_most"`
}

type profileField struct {
	Name       string              `yaml:"name"`
	Every      *lined[everyField]  `yaml:"every"`
	Late       int                 `yaml:"late"`
	Rest       int                 `yaml:"rest"`
	InHolidays bool                `yaml:"in_holidays"`
	Persistent bool                `yaml:"persistent"`
	WeeklyWord bool                `yaml:"weekly_word"`
	Report     *lined[ladderField] `yaml:"report"`
	Control    *lined[ladderField] `yaml:"control"`
	Five       *lined[ladderField] `yaml:"five"`
	Sign       *lined[ladderField] `yaml:"sign"`
	Collect    *lined[ladderField] `yaml:"collect"`
	Due        *lined[ladderField] `yaml:"due"`
	Review     *lined[ladderField] `yaml:"review"`
}

func (f profileField) ladders() map[Stage]*lined[ladderField] {
	return map[Stage]*lined[ladderField]{
		StageReport: f.Report, StageControl: f.Control, StageFive: f.Five, StageSign: f.Sign,
		StageCollect: f.Collect, StageDue: f.Due, StageReview: f.Review,
	}
}

type everyField struct {
	Unit    string       `yaml:"unit"`
	Day     int          `yaml:"day"`
	Weekday weekdayField `yaml:"weekday"`
	Dates   []dateField  `yaml:"dates"`
}

type ladderField struct {
	Limit    *offsetField  `yaml:"limit"`
	Remind   []offsetField `yaml:"remind"`
	RemindTo Role          `yaml:"remind_to"`
	Escalate []rungField   `yaml:"escalate"`
}

type rungField struct {
	At   offsetField `yaml:"at"`
	To   Role        `yaml:"to"`
	Slip Slip        `yaml:"slip"`
}

// The scalar fields below remember their line for the messages.

type offsetField struct {
	Offset
	line int
}

func (o *offsetField) UnmarshalYAML(n ast.Node) error {
	o.line = lineOf(n)
	text := n.String()
	digits, hours := strings.CutSuffix(strings.Trim(text, `"'`), "h")
	v, err := strconv.Atoi(digits)
	if err != nil || v < -1000 || v > 1000 {
		return fmt.Errorf("第%d行：%s 不是时限，应为工作日数（如 -3）或小时数（如 4h）", o.line, text)
	}
	o.Offset = Offset{N: v, Hours: hours}
	return nil
}

type clockField struct {
	Clock
	line int
}

func (c *clockField) UnmarshalYAML(n ast.Node) error {
	c.line = lineOf(n)
	t, err := time.Parse("15:04", strings.Trim(n.String(), `"'`))
	if err != nil {
		return fmt.Errorf("第%d行：%s 不是时刻，应为 \"08:30\" 的样子", c.line, n.String())
	}
	c.Clock = Clock(t.Hour()*60 + t.Minute())
	return nil
}

type weekdayField struct {
	day time.Weekday
	set bool
}

func (w *weekdayField) UnmarshalYAML(n ast.Node) error {
	names := []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}
	i := slices.Index(names, strings.Trim(n.String(), `"'`))
	if i < 0 {
		return fmt.Errorf("第%d行：%s 不是星期，应为 monday 至 sunday", lineOf(n), n.String())
	}
	*w = weekdayField{time.Weekday(i), true}
	return nil
}

type dateField int

func (d *dateField) UnmarshalYAML(n ast.Node) error {
	t, err := time.Parse("01-02", strings.Trim(n.String(), `"'`))
	if err != nil {
		return fmt.Errorf("第%d行：%s 不是日期，应为 \"06-27\" 的样子", lineOf(n), n.String())
	}
	*d = dateField(int(t.Month())*100 + t.Day())
	return nil
}

func lineOf(n ast.Node) int { return n.GetToken().Position.Line }

func buildEvery(l *lined[everyField]) (Collect, error) {
	e := l.V
	c := Collect{Every: calendar.Unit(e.Unit), Day: e.Day, Weekday: e.Weekday.day}
	for _, d := range e.Dates {
		c.Dates = append(c.Dates, int(d))
	}
	switch c.Every {
	case calendar.Week:
		if !e.Weekday.set {
			return c, l.wrong("每周收报要写 weekday")
		}
	case calendar.Month, calendar.Quarter, calendar.HalfYear, calendar.Year:
		if c.Day < 0 || c.Day > 28 {
			return c, l.wrong("day 应为 1 至 28，不写表示最后一个工作日")
		}
	case Term:
		if len(c.Dates) == 0 || !slices.IsSorted(c.Dates) {
			return c, l.wrong("每学期收报要写 dates，从早到晚")
		}
	default:
		return c, l.wrong("every 的 unit %q 不认识", e.Unit)
	}
	return c, nil
}
