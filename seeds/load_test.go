package seeds

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"duban/internal/errs"
)

// small is the least set of files that loads, with two years.
func small() fstest.MapFS {
	year := func(y string) (points, items string) {
		points = "document: {year: " + y + ", doc_no: 一号, title: 工作要点, issued: " + y + "-03-31, addressees: [各校]}\n" +
			"sections:\n  - {no: 1, name: 一, title: 安全}\n" +
			"points:\n  - {no: 1, section: 1, title: 责任, lead: d-a, co: [d-b], reporters: [各校]}\n"
		items = "items:\n" +
			"  - code: 1-1\n    kind: target\n    desc: 覆盖率\n    metric: {op: \">=\", value: 91, unit: \"%\"}\n" +
			"    due: {date: " + y + "-12-31, source: stated, text: 年底}\n    remind: deadline\n" +
			"  - code: 1-2\n    kind: project\n    desc: 建设\n    due: {date: " + y + "-12-19, source: inferred}\n" +
			"    stages: [{name: 开工, date: " + y + "-06-30, source: inferred}]\n    remind: project\n"
		return points, items
	}
	files := map[string]string{
		"units.yaml": "tags:\n  - {id: canteen, name: 有食堂}\nunits:\n  - {id: ju, name: 教育局, kind: bureau}\n" +
			"  - {id: d-a, name: 甲股, kind: section, parent: ju}\n  - {id: d-b, name: 乙股, short: 乙, kind: section, parent: ju}\n" +
			"  - {id: s-x, name: 某小学, kind: primary, parent: ju, term: primary_middle, tags: [canteen]}\n" +
			"  - {id: s-demo, name: 样例小学, kind: primary, parent: ju, term: primary_middle, demo: true}\n",
		"audiences.yaml": "audiences:\n  - {name: 各校, aliases: [各学校], select: {kinds: [primary]}}\n",
		"roles.yaml": "roles:\n  - {key: reporter, name: 教师}\n  - {key: unit_head, name: 校长}\n  - {key: section_chief, name: 股长}\n" +
			"  - {key: leader, name: 局长}\n  - {key: office, name: 办公室}\n  - {key: admin, name: 管理员}\n",
		"posts.yaml": "posts:\n  - {id: p-a, unit: d-a, title: 甲股股长, role: section_chief}\n  - {id: p-ju, unit: ju, title: 局长, role: leader, charge: [ju]}\n",
		"terms.yaml": "terms:\n  - name: 七不放行\n    words: [七不放行]\n    at: {2025: [1-1]}\n    meaning: \"\"\n",
		"demo/staff.yaml": "posts:\n  - {id: p-demo, unit: s-demo, title: 校长, role: unit_head}\npersons:\n  - {id: jia, name: 甲, unit: s-demo}\n" +
			"holdings:\n  - {person: jia, post: p-demo, from: 2025-02-17}\naccounts:\n  - {person: jia, platform: wecom, user_id: jia}\n" +
			"groups:\n  - {id: g, name: 群, platform: wecom, via: webhook, ref: k, scope: ju}\n",
		"demo/confirmed.yaml": "year: 2025\nconfirmed:\n  - {item: 1-1, owner: p-a, by: p-a, on: 2025-09-01, due: 2025-12-31, units: [s-x]}\n",
	}
	files["2025/points.yaml"], files["2025/items.yaml"] = year("2025")
	files["2026/points.yaml"], files["2026/items.yaml"] = year("2026")
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

// edit replaces the first old by text in a file of fsys.
func edit(t *testing.T, fsys fstest.MapFS, name, old, text string) {
	t.Helper()
	data := string(fsys[name].Data)
	if !strings.Contains(data, old) {
		t.Fatalf("%s has no %q", name, old)
	}
	fsys[name] = &fstest.MapFile{Data: []byte(strings.Replace(data, old, text, 1))}
}

func TestLoadSeveralYears(t *testing.T) {
	s, err := Load(small())
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Years) != 2 || s.Years[0].Document.Year != 2025 || s.Years[1].Document.Year != 2026 {
		t.Errorf("years are %+v", s.Years)
	}
	if got, _ := s.Resolve("各学校"); len(got) != 1 || got[0] != "s-x" {
		t.Errorf("各学校 are %v, want s-x alone in production", got)
	}
}

func TestLoadDemoAddsTheDemonstration(t *testing.T) {
	s, err := LoadDemo(small())
	if err != nil {
		t.Fatal(err)
	}
	if !s.Demo || len(s.Units) != 5 || len(s.Persons) != 1 || len(s.Confirmations) != 1 {
		t.Errorf("got %+v", s)
	}
	if c := s.Confirmations[0]; c.Year != 2025 || !c.Demo {
		t.Errorf("confirmation is %+v", c)
	}
}

func TestProductionStaffAndConfirmationsAreOptionalFiles(t *testing.T) {
	fsys := small()
	fsys["staff.yaml"] = &fstest.MapFile{Data: []byte("persons:\n  - {id: yi, name: 乙, unit: d-a}\n")}
	fsys["2026/confirmed.yaml"] = &fstest.MapFile{Data: []byte("year: 2026\nconfirmed:\n  - {item: 1-2, owner: p-a, by: p-a, on: 2026-04-01, due: 2026-11-30}\n")}
	s, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Persons) != 1 || s.Persons[0].Demo || len(s.Confirmations) != 1 || s.Confirmations[0].Year != 2026 {
		t.Errorf("persons %+v, confirmations %+v", s.Persons, s.Confirmations)
	}
}

func TestBadFiles(t *testing.T) {
	const units, posts, points, items = "units.yaml", "posts.yaml", "2025/points.yaml", "2025/items.yaml"
	const staff, confirmed = "demo/staff.yaml", "demo/confirmed.yaml"
	tests := []struct {
		name, file, old, text string
		want                  string // the first problem
	}{
		{"unknown key", items, "remind: deadline", "reminder: deadline", `2025/items.yaml 第7行：unknown field "reminder"`},
		{"unknown list", "terms.yaml", "terms:", "words:", `terms.yaml 第1行（words）：不认识的项目，这里只写 terms`},
		{"not YAML", units, "tags: [canteen]", "tags: [canteen", `units.yaml 第7行：',' or ']' must be specified`},
		{"key twice", items, "    kind: target\n", "    kind: target\n    kind: event\n", `2025/items.yaml 第4行：mapping key "kind" already defined at [3:5]`},
		{"no such day", items, "2025-12-31", "2025-02-30", `2025/items.yaml 第6行：日期 "2025-02-30" 不对，要写成 2025-09-30 这样`},
		{"not a date", items, "2025-12-19", "年底", `2025/items.yaml 第11行：日期 "年底" 不对，要写成 2025-09-30 这样`},
		{"another year", items, "2025-12-19", "2026-12-19", `2025/items.yaml 第8行（1-2）：due 2026-12-19 不在 2025 年`},
		{"directory of another year", points, "year: 2025", "year: 2024", `2025/points.yaml 第1行（document）：year 是 2024，和目录名 2025 不一致`},
		{"item twice", items, "code: 1-2", "code: 1-1", `2025/items.yaml 第8行（1-1）：重复了，每个只能写一次`},
		{"item of no point", items, "code: 1-2", "code: 7-2", `2025/items.yaml 第8行（7-2）：第7条不在 points.yaml 里`},
		{"code in another form", items, "code: 1-2", "code: 1.2", `2025/items.yaml 第8行（1.2）：code 要写成 条号-序号，如 9-1`},
		{"unknown profile", items, "remind: project", "remind: hourly", `2025/items.yaml 第8行（1-2）：remind 写的是 "hourly"，只能是 [deadline event incident monthly project quarterly quiet standing term weekly] 之一`},
		{"unknown kind", items, "kind: project", "kind: dream", `2025/items.yaml 第8行（1-2）：kind 写的是 "dream"，只能是 [event mechanism program project recurring register target] 之一`},
		{"inferred date with a quote", items, "source: inferred}", "source: inferred, text: 年底}", `2025/items.yaml 第8行（1-2）：文件写明的期限要在 text 里引原文，推定的不写 text`},
		{"stage after the end", items, "2025-06-30", "2025-12-30", `2025/items.yaml 第8行（1-2）：节点“开工”晚于办结期限`},
		{"metric without unit", items, `unit: "%"`, `unit: ""`, `2025/items.yaml 第2行（1-1）：缺 metric 的 unit`},
		{"lead that is no unit", points, "lead: d-a", "lead: d-z", `2025/points.yaml 第5行（1）：lead 写的 "d-z" 不在 units.yaml 里`},
		{"lead assisting itself", points, "co: [d-b]", "co: [d-a]", `2025/points.yaml 第5行（1）：主办单位 "d-a" 又写成了协办`},
		{"unknown audience", points, "reporters: [各校]", "reporters: [各大学]", `2025/points.yaml 第5行（1）：“各大学”没有在 audiences.yaml 里写明`},
		{"unknown section", points, "section: 1", "section: 4", `2025/points.yaml 第5行（1）：section 4 不存在`},
		{"unit twice", units, "id: d-b", "id: d-a", `units.yaml 第6行（d-a）：重复了，每个只能写一次`},
		{"name of two units", units, "short: 乙", "short: 甲股", `units.yaml 第6行（d-b）：名称“甲股”和 d-a 的重了，说到它时分不清是谁`},
		{"parent that is not there", units, "id: d-a, name: 甲股, kind: section, parent: ju", "id: d-a, name: 甲股, kind: section, parent: jv", `units.yaml 第5行（d-a）：parent 写的 "jv" 不在 units.yaml 里`},
		{"parents in a circle", units, "name: 甲股, kind: section, parent: ju", "name: 甲股, kind: section, parent: d-a", `units.yaml 第5行（d-a）：parent 绕成了圈`},
		{"two roots", units, "kind: section, parent: ju", "kind: section", `units.yaml 第3行（units）：没有 parent 的单位应当只有一个（局本身），现在有 2 个`},
		{"undeclared tag", units, "tags: [canteen]", "tags: [pool]", `units.yaml 第7行（s-x）：标记 "pool" 没有在 units.yaml 的 tags 里写明`},
		{"id in Chinese", units, "id: s-x", "id: 某小学", `units.yaml 第7行（某小学）：id 只能用小写字母、数字和连字符，以字母开头`},
		{"unknown role", posts, "role: section_chief", "role: king", `posts.yaml 第2行（p-a）：role 写的是 "king"，只能是 [admin leader office reporter section_chief unit_head] 之一`},
		{"leader in charge of nothing", posts, ", charge: [ju]", "", `posts.yaml 第3行（p-ju）：leader 要写 charge（分管单位），其他角色不写`},
		{"charge of somebody else", posts, "role: section_chief", "role: section_chief, charge: [d-a]", `posts.yaml 第2行（p-a）：leader 要写 charge（分管单位），其他角色不写`},
		{"title that is too long", posts, "甲股股长", strings.Repeat("长", 65), `posts.yaml 第2行（p-a）：title 有 65 个字，最多 64 个`},
		{"id that is too long", units, "id: d-b", "id: d-" + strings.Repeat("b", 63), `units.yaml 第6行（d-` + strings.Repeat("b", 63) + `）：id 有 65 个字，最多 64 个`},
		{"holding twice", staff, "from: 2025-02-17}", "from: 2025-02-17}\n  - {person: jia, post: p-demo, from: 2025-02-17}", `demo/staff.yaml 第9行（jia）：任职 p-demo 从 2025-02-17 起写了两处`},
		{"two accounts on a platform", staff, "user_id: jia}", "user_id: jia}\n  - {person: jia, platform: wecom, user_id: yi}", `demo/staff.yaml 第9行（jia）：在 wecom 上写了两个账号，只能有一个`},
		{"group of no unit", staff, "scope: ju", "scope: jv", `demo/staff.yaml 第10行（g）：scope 写的 "jv" 不在 units.yaml 里`},
		{"post of no unit", posts, "unit: d-a", "unit: d-z", `posts.yaml 第2行（p-a）：unit 写的 "d-z" 不在 units.yaml 里`},
		{"role left out", "roles.yaml", "  - {key: admin, name: 管理员}\n", "", `roles.yaml 第1行（roles）：缺角色 admin`},
		{"term of no item", "terms.yaml", "[1-1]", "[5-5]", `terms.yaml 第2行（七不放行）：2025年没有 5-5 这一项`},
		{"meaning without source", "terms.yaml", `meaning: ""`, `meaning: 随便猜的`, `terms.yaml 第2行（七不放行）：写了 meaning 就要写 source（出自哪份文件）`},
		{"holding of nobody", staff, "person: jia, post", "person: bing, post", `demo/staff.yaml 第6行（bing）：人员 "bing" 不在 persons 里`},
		{"holding of no post", staff, "post: p-demo", "post: p-z", `demo/staff.yaml 第8行（jia）：post 写的岗位 "p-z" 不存在`},
		{"unknown platform", staff, "platform: wecom, user_id", "platform: qq, user_id", `demo/staff.yaml 第8行（jia）：platform 写的是 "qq"，只能是 [dingtalk wecom] 之一`},
		{"group to nowhere", staff, "ref: k", `ref: ""`, `demo/staff.yaml 第10行（g）：缺 ref`},
		{"confirmed later than stated", confirmed, "due: 2025-12-31", "due: 2026-01-05", `demo/confirmed.yaml 第3行（1-1）：文件写明的期限是 2025-12-31，不能确认得更晚`},
		{"confirmed by nobody", confirmed, "by: p-a", "by: p-z", `demo/confirmed.yaml 第3行（1-1）：by 写的岗位 "p-z" 不存在`},
		{"confirmed item of another year", confirmed, "year: 2025", "year: 2031", `demo/confirmed.yaml 第3行（1-1）：2031年没有 1-1 这一项`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fsys := small()
			edit(t, fsys, tt.file, tt.old, tt.text)
			_, err := LoadDemo(fsys)
			if !errs.Is(err, errs.Invalid) {
				t.Fatalf("got %v, want an invalid set", err)
			}
			first, _, _ := strings.Cut(errors.Unwrap(err).Error(), "\n")
			if first != tt.want {
				t.Errorf("first problem\n got %s\nwant %s", first, tt.want)
			}
		})
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	fsys := small()
	edit(t, fsys, "units.yaml", "kind: primary", "kind: palace")
	edit(t, fsys, "2026/items.yaml", "remind: project", "remind: never")
	_, err := Load(fsys)
	want := "初始数据有 2 处要改，第一处：units.yaml 第7行（s-x）：kind 写的是 \"palace\"，" +
		"只能是 [bureau center_school company development_center kindergarten middle primary section senior vocational] 之一。改好后再运行一次 duban seed。"
	if got := errs.Say(err); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestMissingFiles(t *testing.T) {
	fsys := small()
	delete(fsys, "posts.yaml")
	delete(fsys, "2026/items.yaml")
	_, err := Load(fsys)
	if got := errors.Unwrap(err).Error(); got != "缺少文件 posts.yaml\n缺少文件 2026/items.yaml" {
		t.Errorf("got %s", got)
	}
	_, err = Load(fstest.MapFS{})
	if err == nil || !strings.HasSuffix(errors.Unwrap(err).Error(), "没有年度目录，如 2025/") {
		t.Errorf("got %v", err)
	}
}

// The decoder must survive whatever an editor leaves behind.
func FuzzItemsFile(f *testing.F) {
	f.Add(string(small()["2025/items.yaml"].Data))
	f.Add("items: !0\n0") // once a panic of the YAML library
	f.Add("items: [{code: 1-1, due: {date: 2025-13-01}}]")
	f.Fuzz(func(t *testing.T, text string) {
		fsys := small()
		fsys["2025/items.yaml"] = &fstest.MapFile{Data: []byte(text)}
		if s, err := Load(fs.FS(fsys)); (s == nil) == (err == nil) {
			t.Errorf("set %v with error %v", s, err)
		}
	})
}
