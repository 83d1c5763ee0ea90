package store

import (
	"fmt"

	"duban/internal/errs"
	"duban/internal/org"
)

// dutyShiftRow is a line of the duty roster as the files say it; without post and
// person it was taken out of them.
type dutyShiftRow struct {
	ID       string `gorm:"primaryKey"`
	Day      string
	Weekday  int
	Place    int
	PostID   string
	PersonID string
}

// shifts is the table of the roster.
const shifts = "duty_shifts"

func (dutyShiftRow) TableName() string { return shifts }

// roster reads who is on duty when. It is a year of days at most, and read with the
// directory.
func (t *Tx) roster() ([]org.Shift, error) {
	type shift struct {
		Row        dutyShiftRow `gorm:"embedded"`
		PersonName string
	}
	var rows []shift
	err := t.db.Table("duty_shifts").Select("duty_shifts.*, COALESCE(persons.name, '') AS person_name").
		Joins("LEFT JOIN persons ON persons.id = duty_shifts.person_id AND persons.active = 1").
		Where("duty_shifts.post_id <> '' OR persons.id IS NOT NULL").Scan(&rows).Error
	out := make([]org.Shift, 0, len(rows))
	for _, r := range rows {
		out = append(out, org.Shift{Day: day(r.Row.Day), Weekday: r.Row.Weekday, Place: r.Row.Place, PostID: r.Row.PostID, PersonID: r.Row.PersonID, Name: r.PersonName})
	}
	return out, errs.At("load duty roster", err)
}

func shiftTable(list []org.Shift) seedTable[dutyShiftRow] {
	rows := make([]dutyShiftRow, 0, len(list))
	for _, s := range list {
		r := dutyShiftRow{Weekday: s.Weekday, Place: s.Place, PostID: s.PostID, PersonID: s.PersonID}
		if r.ID = fmt.Sprintf("weekday-%d/%d", s.Weekday, s.Place); !s.Day.IsZero() {
			r.Day = s.Day.String()
			r.ID = fmt.Sprintf("%s/%d", r.Day, s.Place)
		}
		rows = append(rows, r)
	}
	return seedTable[dutyShiftRow]{
		name: shifts, want: rows, key: func(r dutyShiftRow) string { return r.ID },
		retire: func(r dutyShiftRow) (dutyShiftRow, bool) { r.PostID, r.PersonID = "", ""; return r, true },
	}
}
