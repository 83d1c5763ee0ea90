package seeds

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"duban/internal/calendar"
)

// yearCheck checks one year's files.
type yearCheck struct {
	*loader
	year          Year
	points, items string // file names
}

func (l *loader) checkYear(y Year) {
	dir := strconv.Itoa(y.Document.Year)
	c := yearCheck{loader: l, year: y, points: dir + "/points.yaml", items: dir + "/items.yaml"}
	c.document()
	sections := c.sections()
	seen := map[string]bool{}
	for _, p := range y.Points {
		c.unique(c.points, seen, strconv.Itoa(p.No))
		c.point(p, sections)
	}
	codes := map[string]bool{}
	for _, it := range y.Items {
		c.unique(c.items, codes, it.Code)
		c.item(it)
	}
}

func (c yearCheck) document() {
	d := c.year.Document
	c.require(c.points, "document", "doc_no", d.DocNo)
	c.require(c.points, "document", "title", d.Title)
	if d.Issued.IsZero() {
		c.add(c.points, "document", "缺 issued（印发日期）")
	}
	for _, name := range d.Addressees {
		c.audienceExists("document", name)
	}
}

func (c yearCheck) audienceExists(entry, name string) {
	if _, ok := c.set.Audience(name); !ok {
		c.add(c.points, entry, "“%s”没有在 audiences.yaml 里写明", name)
	}
}

func (c yearCheck) sections() map[int]bool {
	seen := map[int]bool{}
	for _, s := range c.year.Sections {
		if s.No < 1 || seen[s.No] {
			c.add(c.points, "sections", "部分的 no %d 重复或不对", s.No)
		}
		seen[s.No] = true
	}
	return seen
}

func (c yearCheck) point(p Point, sections map[int]bool) {
	entry := strconv.Itoa(p.No)
	if p.No < 1 {
		c.add(c.points, entry, "no 要从 1 开始")
	}
	if !sections[p.Section] {
		c.add(c.points, entry, "section %d 不存在", p.Section)
	}
	c.named(c.points, entry, "title", p.Title, maxName)
	c.unitExists(c.points, entry, "lead", p.Lead)
	for _, id := range p.Co {
		c.unitExists(c.points, entry, "co", id)
		if id == p.Lead {
			c.add(c.points, entry, "主办单位 %q 又写成了协办", id)
		}
	}
	for _, name := range p.Reporters {
		c.audienceExists(entry, name)
	}
}

var codeForm = regexp.MustCompile(`^[1-9][0-9]?-[1-9][0-9]?$`)

func (c yearCheck) item(it Item) {
	if !codeForm.MatchString(it.Code) {
		c.add(c.items, it.Code, "code 要写成 条号-序号，如 9-1")
	} else if _, ok := c.year.Point(it.PointNo()); !ok {
		c.add(c.items, it.Code, "第%d条不在 points.yaml 里", it.PointNo())
	}
	c.oneOf(c.items, it.Code, "kind", it.Kind, slices.Collect(maps.Keys(Kinds())))
	c.require(c.items, it.Code, "desc", it.Desc)
	c.oneOf(c.items, it.Code, "remind", it.Remind, Profiles())
	if it.Privacy != "" {
		c.oneOf(c.items, it.Code, "privacy", it.Privacy, []string{"high"})
	}
	for _, id := range it.Units {
		c.unitExists(c.items, it.Code, "units", id)
	}
	c.due(it)
	c.metric(it)
	c.period(it)
}

func (c yearCheck) due(it Item) {
	c.date(it.Code, "due", it.Due.Date)
	c.oneOf(c.items, it.Code, "due 的 source", it.Due.Source, []string{Stated, Inferred})
	c.fits(c.items, it.Code, "due 的 text", it.Due.Text, maxName)
	if (it.Due.Source == Stated) != (it.Due.Text != "") {
		c.add(c.items, it.Code, "文件写明的期限要在 text 里引原文，推定的不写 text")
	}
	for i, s := range it.Stages {
		c.require(c.items, it.Code, "stages 的 name", s.Name)
		c.date(it.Code, fmt.Sprintf("stages 第%d个的 date", i+1), s.Date)
		c.oneOf(c.items, it.Code, "stages 的 source", s.Source, []string{Stated, Inferred})
		if s.Date > it.Due.Date {
			c.add(c.items, it.Code, "节点“%s”晚于办结期限", s.Name)
		}
	}
}

// date notes a date that is missing or outside the document's year: work points
// are annual, so another year is a slip of the pen.
func (c yearCheck) date(entry, key string, d calendar.Date) {
	if d.IsZero() {
		c.add(c.items, entry, "缺 %s 的日期", key)
	} else if d.Year() != c.year.Document.Year {
		c.add(c.items, entry, "%s %v 不在 %d 年", key, d, c.year.Document.Year)
	}
}

func (c yearCheck) metric(it Item) {
	if it.Metric == nil {
		return
	}
	c.oneOf(c.items, it.Code, "metric 的 op", it.Metric.Op, []string{">=", ">", "=", "<", "<="})
	c.require(c.items, it.Code, "metric 的 unit", it.Metric.Unit)
}

func (c yearCheck) period(it Item) {
	p := it.Period
	if p == nil {
		return
	}
	every := slices.Collect(maps.Keys(Rounds()))
	c.oneOf(c.items, it.Code, "period 的 every", p.Every, every)
	for kind, other := range p.ByKind {
		c.oneOf(c.items, it.Code, "period 的 by_kind", kind, slices.Collect(maps.Keys(UnitKinds())))
		c.oneOf(c.items, it.Code, "period 的 by_kind", other, every)
	}
	months := p.FromMonth != 0 || p.ToMonth != 0
	if months && (p.FromMonth < 1 || p.ToMonth > 12 || p.FromMonth > p.ToMonth) {
		c.add(c.items, it.Code, "period 的月份 %d–%d 不对", p.FromMonth, p.ToMonth)
	}
}
