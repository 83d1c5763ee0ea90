package app

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/store"
)

// almanac watches what the calendars do not know. The kinds of school there are
// come from the database now and then, so that the probe of life needs none.
type almanac struct {
	mu    sync.Mutex
	kinds []string
}

// learn takes over the kinds of school that have terms.
func (a *almanac) learn(dir *org.Directory) {
	var kinds []string
	for _, u := range dir.Units() {
		if u.TermKind != "" {
			kinds = append(kinds, u.TermKind)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kinds = kinds
}

// gaps lists what is missing on a day: years first, then kinds of school.
func (k *core) gaps(today calendar.Date) []calendar.Gap {
	k.almanac.mu.Lock()
	defer k.almanac.mu.Unlock()
	return append(k.cal.Days.Gaps(today), k.cal.Terms.Gaps(k.almanac.kinds, today)...)
}

// watchCalendars learns the kinds of school and shows the gaps of today. Every
// process does it by itself: one that has just started must not look healthy
// because another one raised the alarm this morning.
func (k *core) watchCalendars(ctx context.Context) error {
	dir, err := k.store.Read(ctx).Directory(ctx)
	if err != nil {
		return err
	}
	k.almanac.learn(dir)
	years, kinds := tally(k.gaps(calendar.In(k.clock.Now(), k.cal.Loc)))
	k.metrics.CalendarMissing(years, kinds)
	return nil
}

func tally(gaps []calendar.Gap) (years, kinds int) {
	for _, g := range gaps {
		if g.Year != 0 {
			years++
		} else {
			kinds++
		}
	}
	return years, kinds
}

// alarm is what the probes say about the calendars, "" if all is known.
func (k *core) alarm() string {
	today := calendar.In(k.clock.Now(), k.cal.Loc)
	return gapLine(k.gaps(today), today)
}

// gapLine puts gaps into one line for people: what is missing, what happens
// meanwhile and what to do.
func gapLine(gaps []calendar.Gap, today calendar.Date) string {
	var years, kinds []string
	for _, g := range gaps {
		if g.Year != 0 {
			years = append(years, fmt.Sprintf("%d年", g.Year))
		} else {
			kinds = append(kinds, termKind(g.Kind)+since(g.Since, today))
		}
	}
	var parts []string
	if len(years) > 0 {
		parts = append(parts, strings.Join(years, "、")+"的节假日和调休还没有录入，暂按周一至周五算，提醒可能发错日子")
	}
	if len(kinds) > 0 {
		parts = append(parts, strings.Join(kinds, "、")+"没有校历，放假时也会催学校")
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "；") + "。请在日历文件（DUBAN_CALENDAR_FILE）里补上。"
}

func since(day, today calendar.Date) string {
	if day <= today {
		return ""
	}
	return "（" + day.Say(today) + "起）"
}

// termKind names a kind of school calendar.
func termKind(kind string) string {
	names := map[string]string{"primary_middle": "小学初中", "kindergarten": "幼儿园", "senior": "普通高中", "vocational": "职业学校", "special": "特殊教育学校"}
	if name, ok := names[kind]; ok {
		return name
	}
	return kind
}

// raiseAlarm tells what the calendars do not know: one line in the morning message
// of the administrators and the office, each working day (also one that is only
// assumed to be) until it is mended.
func (k *core) raiseAlarm(ctx context.Context, tx *store.Tx, dir *org.Directory, today calendar.Date, line string) error {
	if line == "" || !k.cal.Days.IsWorkday(today) {
		return nil
	}
	k.log.ErrorContext(ctx, "calendar incomplete", "gaps", line)
	return k.tellOperators(ctx, tx, dir, today, "calendar", line)
}

// tellOperators puts a line into the morning message of the administrators and the
// office, once a day for each thing it is about.
func (k *core) tellOperators(ctx context.Context, tx *store.Tx, dir *org.Directory, today calendar.Date, about, line string) error {
	now := k.clock.Now()
	at, err := k.desk.Morning(ctx, now)
	if err != nil {
		return err
	}
	var list []notice.Notice
	for _, p := range append(dir.Admins(), dir.Office()...) {
		list = append(list, notice.Notice{Kind: notice.Alarm, Urgency: notice.Merged, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: now,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("%s:%s:%s", about, today, p.PersonID), Weight: 95, Text: line})
	}
	_, err = tx.AddNotices(ctx, list)
	return err
}

func outcomeOf(line string) string {
	if line == "" {
		return "complete"
	}
	return "incomplete"
}
