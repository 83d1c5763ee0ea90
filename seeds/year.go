package seeds

import (
	"strconv"
	"strings"

	"duban/internal/calendar"
)

// Year is one year's document (工作要点) with its sections, points and items.
type Year struct {
	Document Document
	Sections []Section
	Points   []Point
	Items    []Item
}

// Document says which paper the items come from.
type Document struct {
	Year       int           `yaml:"year"`
	DocNo      string        `yaml:"doc_no"`
	Title      string        `yaml:"title"`
	Issuers    []string      `yaml:"issuers"`
	Issued     calendar.Date `yaml:"issued"`
	Addressees []string      `yaml:"addressees"` // names of audiences
	Notes      []string      `yaml:"notes"`      // oddities of the text as received
}

// Section is a chapter of the document.
type Section struct {
	No    int    `yaml:"no"`
	Name  string `yaml:"name"` // 一, 二, …
	Title string `yaml:"title"`
}

// Point is a numbered work point. Who leads, assists and reports is assumed
// unless Assumed is false.
type Point struct {
	No        int      `yaml:"no"`
	Section   int      `yaml:"section"`
	Title     string   `yaml:"title"`
	Received  string   `yaml:"received"` // the title as received, where it differs
	Lead      string   `yaml:"lead"`     // unit id
	Co        []string `yaml:"co"`       // unit ids
	Reporters []string `yaml:"reporters"`
	Assumed   bool     `yaml:"assumed"`
}

// Item is one supervised item. It is a draft until the office confirms it
// (a Confirmation here, or 立项确认 later).
type Item struct {
	Code    string   `yaml:"code"` // point-number, such as 9-1; unique within a year
	Kind    string   `yaml:"kind"`
	Desc    string   `yaml:"desc"` // our words
	Fig     []string `yaml:"fig"`  // figures and phrases quoted literally
	Metric  *Metric  `yaml:"metric"`
	Period  *Period  `yaml:"period"`
	Due     Due      `yaml:"due"`
	Stages  []Stage  `yaml:"stages"`
	Remind  string   `yaml:"remind"`  // reminder profile
	Privacy string   `yaml:"privacy"` // "" or high: no names, no cases, never in a group
	Units   []string `yaml:"units"`   // reporting units, when not all of the point's
	Note    string   `yaml:"note"`
}

// PointNo is the number before the dash of the code.
func (i Item) PointNo() int {
	before, _, _ := strings.Cut(i.Code, "-")
	n, _ := strconv.Atoi(before)
	return n
}

// Metric is a numeric target. A missing Value waits for the office.
type Metric struct {
	Op      string   `yaml:"op"` // >=, >, =, <, <=
	Value   *float64 `yaml:"value"`
	Unit    string   `yaml:"unit"`
	Parts   int      `yaml:"parts"`   // as many figures must each meet it; 0 means one
	Assumed bool     `yaml:"assumed"` // the number is not in the document
}

// Period says how often a recurring item comes round. Every is assumed where the
// document says nothing (Stated empty) or nothing exact (定期, 持续).
type Period struct {
	Stated    string            `yaml:"stated"`  // the document's word
	Every     string            `yaml:"every"`   // day, week, month, quarter, half_year, term, year, event
	ByKind    map[string]string `yaml:"by_kind"` // another Every for a kind of unit
	FromMonth int               `yaml:"from_month"`
	ToMonth   int               `yaml:"to_month"`
	Text      string            `yaml:"text"`
}

// Due is when an item must be done. Source tells whether the document says so.
type Due struct {
	Date   calendar.Date `yaml:"date"`
	Source string        `yaml:"source"` // stated, inferred
	Text   string        `yaml:"text"`   // the document's words; only with stated
}

// Stage is a node on the way of a project.
type Stage struct {
	Name   string        `yaml:"name"`
	Date   calendar.Date `yaml:"date"`
	Source string        `yaml:"source"`
}

// The sources of a date.
const (
	Stated   = "stated"
	Inferred = "inferred"
)

// Point returns the point with the number.
func (y Year) Point(no int) (Point, bool) {
	return find(y.Points, func(p Point) bool { return p.No == no })
}

// Item returns the item with the code.
func (y Year) Item(code string) (Item, bool) {
	return find(y.Items, func(i Item) bool { return i.Code == code })
}

// Kinds maps the kinds of item to the words people read.
func Kinds() map[string]string {
	return map[string]string{
		"target": "指标", "recurring": "周期性", "register": "台账清单", "mechanism": "制度机制",
		"project": "工程项目", "event": "活动节点", "program": "专项行动",
	}
}

// Rounds maps the values of Period.Every to the words people read.
func Rounds() map[string]string {
	return map[string]string{
		"day": "每天", "week": "每周", "month": "每月", "quarter": "每季度", "half_year": "每半年",
		"term": "每学期", "year": "每年", "event": "随事随报",
	}
}

// Profiles lists the names of the reminder profiles an item may use; what they
// do is set in policies.yaml.
func Profiles() []string {
	return []string{"weekly", "monthly", "quarterly", "term", "deadline", "project", "event", "standing", "incident", "quiet"}
}
