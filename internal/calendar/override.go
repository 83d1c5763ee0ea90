package calendar

import (
	"errors"
	"fmt"
	"io"

	"github.com/goccy/go-yaml"
)

// overrideFile is the bureau's own calendar file.
type overrideFile struct {
	Workdays []yearField `yaml:"workdays"`
	Covers   coversField `yaml:"covers"`
	Terms    []termField `yaml:"terms"`
}

// Amend returns both calendars amended by the bureau's own file in r:
// {workdays: [{year, source, off, work}], covers: {from, to}, terms: [...]}, every
// part of it optional. Of the working days what the file names wins day by day, so
// that it can add a year or correct one day. Of the terms the file alone decides
// about the kinds it names on the days it covers. Errors name the line.
func Amend(days *Workdays, terms *Terms, r io.Reader) (*Workdays, *Terms, error) {
	var f overrideFile
	err := decode(yaml.NewDecoder(r, yaml.Strict()), &f)
	if errors.Is(err, io.EOF) {
		return nil, nil, fmt.Errorf("文件是空的")
	} else if err != nil {
		return nil, nil, placed(err, 0)
	}
	days, err = f.amendDays(days)
	if err != nil {
		return nil, nil, err
	}
	if len(f.Terms) == 0 && f.Covers == (coversField{}) {
		return days, terms, nil
	}
	l, err := termsFile{f.Covers, f.Terms}.layer()
	if err != nil {
		return nil, nil, err
	}
	return days, terms.with(l), nil
}

func (f overrideFile) amendDays(days *Workdays) (*Workdays, error) {
	out, lines := days.clone(), map[int]int{}
	for _, y := range f.Workdays {
		if first, twice := lines[y.Year]; twice {
			return nil, at(y.line, "%d 年在第%d行已经写过，请并成一项", y.Year, first)
		}
		lines[y.Year] = y.line
		if err := out.amend(y.yearFile); err != nil {
			return nil, placed(err, y.line)
		}
	}
	return out, nil
}
