package seeds

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"duban/internal/calendar"
	"duban/internal/errs"
)

// Load reads and checks the files of fsys for production. Entries marked as
// demonstration and the demo directory are left out. All mistakes found are
// reported at once as errs.Invalid, each with file, line and entry.
func Load(fsys fs.FS) (*Set, error) { return load(fsys, false) }

// LoadDemo is Load with the demonstration's units, staff and confirmations.
func LoadDemo(fsys fs.FS) (*Set, error) { return load(fsys, true) }

func load(fsys fs.FS, demo bool) (*Set, error) {
	l := &loader{fsys: fsys, raw: map[string][]byte{}, set: &Set{Demo: demo}}
	l.readOrg()
	if _, err := fs.Stat(l.fsys, checklistsFile); err == nil {
		l.set.Checklists = readList[Checklist](l, checklistsFile, "checklists")
	}
	if _, err := fs.Stat(l.fsys, rosterFile); err == nil {
		l.set.Roster = readList[DutyDay](l, rosterFile, "roster")
	}
	l.readYears()
	l.readStaff("staff.yaml", false)
	if demo {
		l.readStaff("demo/staff.yaml", true)
		l.readConfirmed("demo/confirmed.yaml", 0, true)
	}
	if len(l.problems) == 0 {
		l.check()
	}
	if len(l.problems) > 0 {
		return nil, l.err()
	}
	return l.set, nil
}

// loader gathers the set and every problem on the way.
type loader struct {
	fsys     fs.FS
	raw      map[string][]byte // file contents, to find the line of an entry
	set      *Set
	problems []error
}

func (l *loader) err() error {
	say := fmt.Sprintf("初始数据有 %d 处要改，第一处：%v。改好后再运行一次 duban seed。", len(l.problems), l.problems[0])
	return errs.With(errs.Invalid, say, errors.Join(l.problems...))
}

// read decodes a file strictly into v. It reports whether v may be used.
func (l *loader) read(name string, v any) bool {
	data, err := fs.ReadFile(l.fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		l.problems = append(l.problems, fmt.Errorf("缺少文件 %s", name))
		return false
	}
	if err != nil {
		l.problems = append(l.problems, errs.At("read "+name, err))
		return false
	}
	l.raw[name] = data
	if err := decode(data, v); err != nil {
		l.problems = append(l.problems, place(name, data, err))
		return false
	}
	return true
}

// decode is strict. The YAML library panics on some malformed input (a tag
// without a value, for one); here that is an error like any other.
func decode(data []byte, v any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("不是有效的 YAML：%v", p)
		}
	}()
	return yaml.UnmarshalWithOptions(data, v, yaml.Strict(), yaml.CustomUnmarshaler(readDate))
}

// readOptional is read for a file that need not be there.
func (l *loader) readOptional(name string, v any) bool {
	if _, err := fs.Stat(l.fsys, name); errors.Is(err, fs.ErrNotExist) {
		return false
	}
	return l.read(name, v)
}

func (l *loader) readOrg() {
	var f struct {
		Tags  []Tag  `yaml:"tags"`
		Units []Unit `yaml:"units"`
	}
	l.read("units.yaml", &f)
	s := l.set
	s.Tags = f.Tags
	for _, u := range f.Units {
		if s.Demo || !u.Demo {
			s.Units = append(s.Units, u)
		}
	}
	s.Audiences = readList[Audience](l, "audiences.yaml", "audiences")
	s.Roles = readList[Role](l, "roles.yaml", "roles")
	s.Posts = readList[Post](l, "posts.yaml", "posts")
	s.Terms = readList[Term](l, "terms.yaml", "terms")
}

// readList reads a file that holds one list under key.
func readList[T any](l *loader, name, key string) []T {
	var f map[string][]T
	if !l.read(name, &f) {
		return nil
	}
	for other := range f {
		if other != key {
			l.add(name, other, "不认识的项目，这里只写 %s", key)
		}
	}
	return f[key]
}

var yearName = regexp.MustCompile(`^[0-9]{4}$`)

func (l *loader) readYears() {
	entries, err := fs.ReadDir(l.fsys, ".")
	if err != nil {
		l.problems = append(l.problems, errs.At("list seed files", err))
	}
	for _, e := range entries {
		if e.IsDir() && yearName.MatchString(e.Name()) {
			l.readYear(e.Name())
		}
	}
	if len(l.set.Years) == 0 {
		l.problems = append(l.problems, errors.New("没有年度目录，如 2025/"))
	}
}

func (l *loader) readYear(dir string) {
	var f struct {
		Document Document  `yaml:"document"`
		Sections []Section `yaml:"sections"`
		Points   []Point   `yaml:"points"`
	}
	name := dir + "/points.yaml"
	if l.read(name, &f) && strconv.Itoa(f.Document.Year) != dir {
		l.add(name, "document", "year 是 %d，和目录名 %s 不一致", f.Document.Year, dir)
	}
	y := Year{Document: f.Document, Sections: f.Sections, Points: f.Points}
	y.Items = readList[Item](l, dir+"/items.yaml", "items")
	l.set.Years = append(l.set.Years, y)
	l.readConfirmed(dir+"/confirmed.yaml", y.Document.Year, false)
}

func (l *loader) readStaff(name string, demo bool) {
	var f struct {
		Posts    []Post    `yaml:"posts"`
		Persons  []Person  `yaml:"persons"`
		Holdings []Holding `yaml:"holdings"`
		Accounts []Account `yaml:"accounts"`
		Groups   []Group   `yaml:"groups"`
	}
	if !l.readOptional(name, &f) {
		return
	}
	s := l.set
	s.Posts = extend(s.Posts, f.Posts, func(p *Post) { p.Demo = demo })
	s.Persons = extend(s.Persons, f.Persons, func(p *Person) { p.Demo = demo })
	s.Holdings = extend(s.Holdings, f.Holdings, func(h *Holding) { h.Demo = demo })
	s.Accounts = extend(s.Accounts, f.Accounts, func(a *Account) { a.Demo = demo })
	s.Groups = extend(s.Groups, f.Groups, func(g *Group) { g.Demo = demo })
}

// readConfirmed reads confirmations; year 0 takes the year the file names.
func (l *loader) readConfirmed(name string, year int, demo bool) {
	var f struct {
		Year      int            `yaml:"year"`
		Confirmed []Confirmation `yaml:"confirmed"`
	}
	if !l.readOptional(name, &f) {
		return
	}
	if year != 0 && f.Year != year {
		l.add(name, "year", "写的是 %d 年，和目录不一致", f.Year)
	}
	l.set.Confirmations = extend(l.set.Confirmations, f.Confirmed, func(c *Confirmation) {
		c.Year, c.Demo = f.Year, demo
	})
}

func extend[T any](all, more []T, mark func(*T)) []T {
	for i := range more {
		mark(&more[i])
	}
	return append(all, more...)
}

// badDate keeps the text of a date that cannot be, so that its line is found.
type badDate struct{ text string }

func (e badDate) Error() string {
	return fmt.Sprintf("日期 %q 不对，要写成 2025-09-30 这样", e.text)
}

func readDate(d *calendar.Date, text []byte) error {
	s := strings.Trim(strings.TrimSpace(string(text)), `"'`)
	v, err := calendar.Parse(s)
	if err != nil {
		return badDate{s}
	}
	*d = v
	return nil
}
