package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duban/internal/clock"
	"duban/internal/config"
)

func TestTheDoctorFailsForAYearWithoutData(t *testing.T) {
	own := filepath.Join(t.TempDir(), "calendar.yaml")
	must(t, os.WriteFile(own, []byte("workdays:\n  - {year: 2027, source: 通知, off: [\"01-01\"]}\n"), 0o600))
	for _, c := range []struct {
		now, file, say string
		ok             bool
	}{
		{"2026-11-25", "", "2026 年的节假日和调休有数据（国务院办公厅关于2026年部分节假日安排的通知）；2027 年的还没有，国务院一般 11 月公布，请在 12 月前补上", true},
		{"2026-12-01", "", "2027年的节假日和调休还没有录入，暂按周一至周五算，提醒可能发错日子。请在日历文件（DUBAN_CALENDAR_FILE）里补上。", false},
		{"2026-12-01", own, "2026 年的节假日和调休有数据（国务院办公厅关于2026年部分节假日安排的通知）", true},
		{"2027-12-01", own, "2028年的节假日和调休还没有录入，暂按周一至周五算，提醒可能发错日子。请在日历文件（DUBAN_CALENDAR_FILE）里补上。", false},
		{"2028-02-29", own, "2028年的节假日和调休还没有录入，暂按周一至周五算，提醒可能发错日子。请在日历文件（DUBAN_CALENDAR_FILE）里补上。", false},
	} {
		dir := t.TempDir()
		cfg, err := config.FromEnviron([]string{"DUBAN_DATABASE_DSN=sqlite:" + filepath.Join(dir, "d.db"), "DUBAN_DATA_DIR=" + dir,
			"DUBAN_DEV_NOW=" + c.now + "T09:00:00+08:00", "DUBAN_CALENDAR_FILE=" + c.file})
		must(t, err)
		_, err = Migrate(t.Context(), cfg)
		must(t, err)
		_, err = SeedAt(t.Context(), cfg, SeedFiles{Demo: true}, clock.NewFrozen(cfg.Dev.Now))
		must(t, err)
		found := map[string]Finding{}
		well := Doctor(t.Context(), cfg, func(f Finding) { found[f.Name] = f })
		if f := found["工作日"]; f.Say != c.say || f.OK != c.ok || well != c.ok {
			t.Errorf("%s: well %v, %+v", c.now, well, f)
		}
		if f := found["校历"]; !f.OK || !strings.HasPrefix(f.Say, "提醒：") || !strings.Contains(f.Say, "小学初中") {
			t.Errorf("%s: %+v", c.now, f)
		}
	}
}
