package config

import (
	"path/filepath"
	"strings"
	"testing"

	"duban/internal/calendar"
)

func TestTheCalendarFileAmendsTheBuiltInOnes(t *testing.T) {
	path := write(t, "calendar.yaml", "workdays:\n  - {year: 2027, source: x, work: [\"01-02\"]}\n")
	for name, c := range map[string]*Config{
		"environment": mustLoad(t, "", "DUBAN_CALENDAR_FILE="+path),
		"file":        mustLoad(t, write(t, "duban.yaml", "calendar:\n  file: "+path+"\n")),
	} {
		if d := c.Calendar.Days(); !d.Known(2027) || !d.Known(2025) || !d.IsWorkday(calendar.MustParse("2027-01-02")) {
			t.Errorf("%s: years %v", name, d.Years())
		}
		if c.Calendar.File != path || !c.Calendar.Terms().Known("senior", calendar.MustParse("2026-06-01")) {
			t.Errorf("%s: %q, or the built-in terms are gone", name, c.Calendar.File)
		}
	}
	if c := mustLoad(t, ""); c.Calendar.Days().Known(2027) {
		t.Error("2027 is known without a file")
	}
}

func TestABrokenCalendarFileIsRefusedNamingFileAndLine(t *testing.T) {
	path := write(t, "calendar.yaml", "workdays:\n  - year: 2027\n    source: x\n    off: [\"02-30\"]\n")
	_, err := Load("", []string{"DUBAN_CALENDAR_FILE=" + path})
	if want := "DUBAN_CALENDAR_FILE：日历文件 " + path + " 有误，第4行："; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
	gone := filepath.Join(t.TempDir(), "none.yaml")
	_, err = Load("", []string{"DUBAN_CALENDAR_FILE=" + gone})
	if want := "读不了日历文件 " + gone + "（文件不存在），请检查路径和权限"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

// The example in the documentation is a sound file.
func TestCalendarExample(t *testing.T) {
	c := mustLoad(t, "", "DUBAN_CALENDAR_FILE="+filepath.Join(root, "docs/operator/calendar.example.yaml"))
	if gaps := c.Calendar.Terms().Gaps([]string{"senior", "special"}, calendar.MustParse("2026-12-01")); len(gaps) > 0 {
		t.Errorf("gaps %v", gaps)
	}
}
