package command

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/inspect"
	"duban/internal/org"
)

// checkQuery asks who has gone through which list.
const checkQuery understand.Command = "query_inspect"

var (
	// 检查情况, 食堂检查情况, 文昌中学上周检查情况, 谁没检查.
	checkState = regexp.MustCompile(`^(?:请|帮我)?(?:看一下|看看|查看|查一下|查|看)?(.{0,20}?)(?:安全)?(检查|[周月日]检)(?:的)?(?:情况|完成情况|了没有?|做了没有?)(?:怎么样|如何)?[。？?！!]*$`)
	checkWho   = regexp.MustCompile(`^(.{0,12}?)(?:还有)?(?:谁|哪些学校|哪些单位)(?:还)?(?:没|没有|未)(检查|[周月日]检)(?:过)?[。？?！!]*$`)
	whenWords  = regexp.MustCompile(`^(今天|今日|昨天|昨日|本周|这周|上周|本月|这个月|上个?月|本学期|各校|全部|所有|我们?|我校|本校|本单位)(?:的)?`)
)

// checkAsk is a question about inspections.
type checkAsk struct {
	Unit  string
	Back  bool
	About string // what the list is about; empty: all
}

// readCheckQuery reads such a question. Whatever names something else than a time, a unit
// or a list is none.
func (s *session) readCheckQuery() (checkAsk, bool) {
	var ask checkAsk
	text := strings.TrimSpace(s.m.Text)
	g := checkState.FindStringSubmatch(text)
	if g == nil {
		g = checkWho.FindStringSubmatch(text)
	}
	if g == nil || s.actor.PersonID == "" {
		return ask, false
	}
	words := g[1]
	for range 3 {
		for _, u := range s.mentioned(words) {
			if rest, ok := cutName(u, words); ok {
				ask.Unit, words = u.ID, rest
				break
			}
		}
		m := whenWords.FindStringSubmatch(words)
		if m == nil {
			continue
		}
		ask.Back = ask.Back || strings.HasPrefix(m[1], "昨") || strings.HasPrefix(m[1], "上")
		words = words[len(m[0]):]
	}
	ask.About = strings.Trim(words, " ，,的")
	if ask.About != "" {
		ask.About += strings.TrimPrefix(g[2], "检查")
	}
	return ask, true
}

// queryInspect tells for each list which units have gone through it in the running period:
// plain statements in the order of the directory.
func (s *session) queryInspect() (bot.Reply, error) {
	ask, _ := s.readCheckQuery()
	lists, err := s.tx.Checklists(s.ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if ask.About != "" {
		said, ok := inspect.Find(lists, ask.About+"检查")
		if !ok {
			said, ok = inspect.Find(lists, ask.About)
		}
		if !ok {
			return bot.Reply{}, errNotFound("没有“%s检查”这张清单。发“检查情况”看全部。", render.Cut(ask.About, 12))
		}
		lists = said.Lists
	}
	units, err := s.unitsToView(ask.Unit)
	if err != nil {
		return bot.Reply{}, err
	}
	return s.checkStates(lists, units, ask)
}

// unitsToView are the units whose inspections the asker may see, in the order of the
// directory.
func (s *session) unitsToView(unit string) ([]org.Unit, error) {
	var out []org.Unit
	for _, u := range s.dir.Units() {
		if (unit == "" || u.ID == unit) && org.Can(s.actor, org.ViewChecks, s.dir.HazardSubject(u.ID, "")) == nil {
			out = append(out, u)
		}
	}
	if len(out) == 0 {
		return nil, org.Can(org.Actor{}, org.ViewChecks, org.Subject{Unit: "?"})
	}
	return out, nil
}

// ofPeriod is a list with the units that go through it in one period.
type ofPeriod struct {
	list   inspect.Checklist
	period inspect.Period
	units  []org.Unit
}

func (s *session) checkStates(lists []inspect.Checklist, units []org.Unit, ask checkAsk) (bot.Reply, error) {
	var parts []ofPeriod
	var f inspect.Filter
	for _, l := range lists {
		for _, p := range s.periodsOf(l, units, ask) {
			parts, f.Lists, f.Periods = append(parts, p), append(f.Lists, l.Key), append(f.Periods, p.period.Key)
		}
	}
	if len(parts) == 0 {
		return bot.Reply{}, org.Can(org.Actor{}, org.ViewChecks, org.Subject{Unit: "?"})
	}
	if len(units) <= 20 { // else nearly all units are meant
		for _, u := range units {
			f.Units = append(f.Units, u.ID)
		}
	}
	records, err := s.tx.Inspections(s.ctx, f)
	if err != nil {
		return bot.Reply{}, err
	}
	head, end := "检查情况：", ""
	if len(units) == 1 {
		head = units[0].Label() + "的检查情况："
	} else if len(lists) > maxDetailed {
		end = "\n看是哪些单位请写清单名称，例如“" + shortest(parts[0].list) + "情况”。"
	}
	var lines []string
	for _, p := range parts {
		if len(units) == 1 {
			lines = append(lines, s.ownLine(p, records))
		} else {
			lines = append(lines, s.checkLine(p, records, end == ""))
		}
	}
	return bot.Reply{Title: "检查情况", Text: head + "\n" + strings.Join(lines, "\n") + end}, nil
}

// periodsOf are the running periods of a list: schools of several kinds may have several.
// What is inspected when something happens has none.
func (s *session) periodsOf(l inspect.Checklist, units []org.Unit, ask checkAsk) []ofPeriod {
	var out []ofPeriod
	for _, u := range units {
		if !slices.Contains(l.Units, u.ID) || l.Rhythm == inspect.Event {
			continue
		}
		p := s.checkPeriod(l, checkup{Unit: u.ID, Back: ask.Back})
		at := slices.IndexFunc(out, func(o ofPeriod) bool { return o.period.Key == p.Key })
		if at < 0 {
			at, out = len(out), append(out, ofPeriod{list: l, period: p})
		}
		out[at].units = append(out[at].units, u)
	}
	return out
}

// maxDetailed is for how many lists the units are named: more make a table.
const maxDetailed = 2

// ownLine tells what one unit said about a list.
func (s *session) ownLine(p ofPeriod, records []inspect.Record) string {
	said := "还没有"
	if r, ok := p.recordOf(p.units[0].ID, records); ok {
		said = "已查，" + render.Outcome(r)
	}
	return fmt.Sprintf("· %s（%s）：%s", p.list.Name, p.period.Name, said)
}

// checkLine tells how many units have gone through a list, and which.
func (s *session) checkLine(p ofPeriod, records []inspect.Record, named bool) string {
	var done, open []string
	for _, u := range p.units {
		switch r, ok := p.recordOf(u.ID, records); {
		case !ok:
			open = append(open, u.Label())
		case len(r.Found) == 0 && r.Fine:
			done = append(done, u.Label())
		default:
			done = append(done, u.Label()+"（"+render.Outcome(r)+"）")
		}
	}
	line := fmt.Sprintf("· %s（%s）：%d 个单位，已查 %d 个", p.list.Name, p.period.Name, len(p.units), len(done))
	if named && len(done) > 0 {
		line += "\n　已查：" + someOf(done)
	}
	if named && len(open) > 0 {
		line += "\n　还没有：" + someOf(open)
	}
	return line
}

func (p ofPeriod) recordOf(unit string, records []inspect.Record) (inspect.Record, bool) {
	for _, r := range records {
		if r.List == p.list.Key && r.Period == p.period.Key && r.Unit == unit {
			return r, true
		}
	}
	return inspect.Record{}, false
}

// maxNamed is how many units a line names.
const maxNamed = 20

// someOf lists names, the first of many.
func someOf(names []string) string {
	more := ""
	if len(names) > maxNamed {
		more = fmt.Sprintf(" 等 %d 个", len(names))
	}
	return strings.Join(names[:min(len(names), maxNamed)], "、") + more
}
