package command

import (
	"cmp"
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/duty"
)

// DrillBook keeps what drills and lessons came to.
type DrillBook interface {
	AddDrill(ctx context.Context, d duty.Drill) error
	Drills(ctx context.Context, assignments ...int64) ([]duty.Drill, error)
}

const figure = `([\d零一二两三四五六七八九十百千]{1,8})`

var (
	drillWords = regexp.MustCompile(`演练|演习|拉动|安全教育|安全课|班会`)
	drilled    = regexp.MustCompile(`演练|演习`)
	heldOn     = regexp.MustCompile(`(\d{1,2})月(\d{1,2})[日号]?`)
	attendants = regexp.MustCompile(figure + `(?:余|多)?(?:名|位)?(?:师生|学生|老师|教师|教职工|人|同学)`)
	lasted     = regexp.MustCompile(figure + `分(?:钟)?` + figure + `秒|` + figure + `分钟|(?:用时?|历时|耗时|用了)` + figure + `分`)
	seconds    = regexp.MustCompile(figure + `秒`)
	clockTime  = regexp.MustCompile(`\d{1,2}[:：点]\d{0,2}分?`)
)

// putDrill keeps the figures of a drill or lesson beside its report. Whoever gives none
// is not asked for any.
func (s *session) putDrill(w duty.Work, p duty.Progress) ([]string, error) {
	if w.Period == "" || p.Status == duty.NotStarted || p.Status == duty.Blocked || !drillWords.MatchString(w.Item.Desc) && !drillWords.MatchString(s.m.Text) {
		return nil, nil
	}
	d := s.readDrill(s.m.Text)
	if d.IsZero() {
		return nil, nil
	}
	d.Report, d.Assignment = s.act.Report, w.ID
	lines := []string{"记录：" + render.Drill(d, s.today)}
	if !d.Held.IsZero() && d.Held < w.Opens {
		lines = append(lines, "这个日期在本期开始（"+w.Opens.Say(s.today)+"）之前，报错了请发“撤回”。")
	}
	return lines, s.tx.AddDrill(s.ctx, d)
}

// generic are the words of a drill's item that say nothing of its kind.
var generic = strings.NewReplacer("应急", "", "演练", "", "安全", "", "疏散", "", "开展", "", "定期", "")

// drillWork are the running drills of the asker's unit that a sentence about one may mean
// although the item is called otherwise: 消防演练 is an 应急演练. A drill of a kind of its
// own (食品安全应急演练) is meant only where its kind is named.
func (s *session) drillWork() ([]duty.Work, error) {
	works, err := s.findWork(understand.TaskRef{}, true)
	if err != nil {
		return nil, err
	}
	var own, any []duty.Work
	for _, w := range works {
		switch kind := generic.Replace(w.Item.Desc); {
		case w.Period == "" || !strings.Contains(w.Item.Desc, "演练") || !w.State.Open():
		case kind == "":
			any = append(any, w)
		case strings.Contains(s.m.Text, kind):
			own = append(own, w)
		}
	}
	if len(own) > 0 {
		return own, nil
	}
	return any, nil
}

// drillRef is the reference of a report, which means the unit's drill if it is about one
// and no item is called so.
func (s *session) drillRef(ref *understand.TaskRef) (*understand.TaskRef, error) {
	if ref == nil || ref.Keyword == "" || ref.Code != "" || ref.Point > 0 || !drilled.MatchString(s.m.Text) {
		return ref, nil
	}
	named, err := s.findWork(*ref, true)
	if err != nil || len(named) > 0 {
		return ref, err
	}
	works, err := s.drillWork()
	if err != nil || len(works) != 1 {
		return ref, err
	}
	return &understand.TaskRef{Code: works[0].Item.Code}, nil
}

// readDrill reads when it was held, how many took part and how long it took. A day to
// come is a plan and no record.
func (s *session) readDrill(words string) duty.Drill {
	d := duty.Drill{Held: s.heldOn(words)}
	if d.Held > s.today {
		return duty.Drill{}
	}
	if g := attendants.FindStringSubmatch(words); g != nil {
		d.People = understand.Number(g[1])
	}
	if f := s.intent.Slots.Figure; d.People == 0 && f != nil && strings.ContainsAny(f.Unit, "人名位") {
		d.People = int(f.N)
	}
	words = clockTime.ReplaceAllString(words, " ")
	if g := lasted.FindStringSubmatch(words); g != nil {
		d.Seconds = 60 * understand.Number(cmp.Or(g[1], g[3], g[4]))
		if g[2] != "" {
			d.Seconds += understand.Number(g[2])
		}
	} else if g := seconds.FindStringSubmatch(words); g != nil {
		d.Seconds = understand.Number(g[1])
	}
	return d
}

func (s *session) heldOn(words string) calendar.Date {
	for word, back := range map[string]int{"前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0, "明天": -1, "后天": -2} {
		if strings.Contains(words, word) {
			return s.today.Add(-back)
		}
	}
	g := heldOn.FindStringSubmatch(words)
	if g == nil {
		return 0
	}
	month, _ := strconv.Atoi(g[1])
	day, _ := strconv.Atoi(g[2])
	d := calendar.Of(s.today.Year(), time.Month(month), day)
	if d.Sub(s.today) > 180 { // said in January of last December
		d = calendar.Of(s.today.Year()-1, time.Month(month), day)
	}
	return d
}

// drillLines are the records of a piece of work.
func (s *session) drillLines(w duty.Work) (string, error) {
	if w.Period == "" {
		return "", nil
	}
	list, err := s.tx.Drills(s.ctx, w.ID)
	lines := ""
	for _, d := range list {
		lines += "\n记录：" + render.Drill(d, s.today)
	}
	return lines, err
}
