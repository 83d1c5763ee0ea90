package seeding_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"duban/internal/errs"
	"duban/internal/seeding"
	"duban/seeds"
)

var update = flag.Bool("update", false, "write testdata")

// shown are the tables that come from the files alone, with ids left out that the
// database makes up.
var shown = []struct{ name, query string }{
	{"units", "SELECT sort_no, id, name, short, aliases, kind, parent, term_kind FROM units ORDER BY sort_no"},
	{"audiences", "SELECT id, label, kinds, unit_ids FROM audiences"},
	{"posts", "SELECT id, unit_id, title, role, charge, safety, on_call, rank_no FROM posts"},
	{"persons", "SELECT id, name, unit_id, active, created_at FROM persons"},
	{"holdings", "SELECT post_id, person_id, since, until FROM holdings"},
	{"accounts", "SELECT platform, corp, user_id, person_id, bound_at FROM accounts"},
	{"chat_groups", "SELECT id, platform, chat_id, webhook, title, unit_id, digest, active FROM chat_groups"},
	{"terms", "SELECT id, term, at_codes, meaning, source FROM terms"},
	{"items", "SELECT year, code, point, point_title, descr, kind, figures, metric_op, metric_target, metric_unit, every, due, due_source, due_text, " +
		"lead_id, assist_ids, audience, profile, privacy, state, confirmed_at, confirmed_by FROM items ORDER BY id"},
	{"checklists", "SELECT sort_no, id, name, aliases, place, rhythm, entries, unit_ids, zero_report, active FROM checklists ORDER BY sort_no"},
}

func TestDemoRows(t *testing.T) {
	const golden = "testdata/demo.txt"
	each(t, func(t *testing.T, b base) {
		b.apply(t, demo(t))
		var out strings.Builder
		for _, s := range shown {
			lines := b.rows(t, s.query)
			if !strings.Contains(s.query, "ORDER BY") {
				slices.Sort(lines)
			}
			fmt.Fprintf(&out, "== %s\n%s\n", s.name, strings.Join(lines, "\n"))
		}
		if *update {
			ok(t, os.WriteFile(golden, []byte(out.String()), 0o600))
		}
		want, err := os.ReadFile(golden)
		ok(t, err)
		same(t, "rows", strings.Split(out.String(), "\n"), strings.Split(string(want), "\n"))
	})
}

func TestDemoReport(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		r := b.apply(t, demo(t))
		same(t, "changed", r.Changed(), true)
		same(t, "lines", r.Lines(), []string{
			"催办规则：第1版，新存入",
			"单位：共30，新增30",
			"对象范围：共51，新增51",
			"岗位：共48，新增48",
			"人员：共22，新增22",
			"任职：共21，新增21",
			"平台账号：共23，新增23",
			"工作群：共2，新增2",
			"代号：共20，新增20",
			"督办事项：共204，新增204",
			"检查清单：共10，新增10",
			"立项确认：共26，新增26",
			"初始数据已更新。",
		})
		before := b.dump(t)
		r = b.apply(t, demo(t))
		same(t, "changed the second time", r.Changed(), false)
		same(t, "lines the second time", r.Lines(), []string{
			"催办规则：第1版，没有变化",
			"单位：共30，没有变化",
			"对象范围：共51，没有变化",
			"岗位：共48，没有变化",
			"人员：共22，没有变化",
			"任职：共21，没有变化",
			"平台账号：共23，没有变化",
			"工作群：共2，没有变化",
			"代号：共20，没有变化",
			"督办事项：共204，没有变化",
			"检查清单：共10，没有变化",
			"立项确认：共26，没有变化",
			"初始数据和上次一样，什么都没有改。",
		})
		same(t, "every row of every table", b.dump(t), before)
	})
}

func TestProductionReport(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		same(t, "lines", b.apply(t, production(t)).Lines(), []string{
			"催办规则：第1版，新存入",
			"单位：共29，新增29",
			"对象范围：共51，新增51",
			"岗位：共46，新增46",
			"人员：共0，没有变化",
			"任职：共0，没有变化",
			"平台账号：共0，没有变化",
			"工作群：共0，没有变化",
			"代号：共20，新增20",
			"督办事项：共204，新增204（草稿，等局办公室立项确认）",
			"检查清单：共10，新增10",
			"立项确认：共0，没有变化",
			noRoster,
			"初始数据已更新。",
		})
		same(t, "everything is a draft", b.rows(t, "SELECT state, COUNT(*) FROM items GROUP BY state"), []string{"draft|204"})
		same(t, "stated deadlines", b.rows(t, "SELECT code, due, due_text FROM items WHERE due_source = 'stated' ORDER BY id"), []string{
			"9-1|2025-12-31|2025年底", "12-8|2025-09-30|9月份", "17-3|2025-09-10|第41个教师节", "17-4|2025-09-30|九月", "25-6|2025-12-31|到年底",
		})
		same(t, "targets of the document", b.rows(t, "SELECT COUNT(*) FROM items WHERE metric_op <> ''"), []string{"18"})
		for _, table := range []string{"assignments", "chases", "notices", "messages"} {
			same(t, table, b.rows(t, "SELECT COUNT(*) FROM "+table), []string{"0"})
		}
	})
}

func TestConfirmedItemsBecomeWork(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		set := demo(t)
		b.apply(t, set)
		var items, work []string
		for _, c := range set.Confirmations {
			owner, _ := set.Post(c.Owner)
			items = append(items, fmt.Sprintf("%s|confirmed|%v|%s|%d|%s", c.Item, c.Due, owner.Unit, c.On.At(9, 0, shanghai).UnixMilli(), c.By))
			part := map[string]string{}
			for _, unit := range assisting(set, c.Item) {
				part[unit] = "assist"
			}
			delete(part, owner.Unit)
			for _, unit := range c.Units {
				if part[unit] = "report"; unit == owner.Unit {
					part[unit] = "lead"
				}
			}
			for unit, does := range part {
				work = append(work, c.Item+"|"+unit+"|"+does)
			}
		}
		slices.Sort(work)
		same(t, "items", b.rows(t, "SELECT code, state, due, lead_id, confirmed_at, confirmed_by FROM items WHERE state <> 'draft' ORDER BY id"), items)
		got := b.rows(t, "SELECT DISTINCT i.code, a.unit_id, a.part FROM assignments a JOIN items i ON i.id = a.item_id")
		slices.Sort(got)
		same(t, "work", got, work)
		same(t, "work without a round", b.rows(t, "SELECT a.id FROM assignments a LEFT JOIN chases c ON c.subject_kind = 'assignment' AND c.subject_id = a.id WHERE c.id IS NULL"), []string{})
		same(t, "policies of the rounds", b.rows(t, "SELECT DISTINCT policy_version FROM chases"), []string{"1"})
		same(t, "rounds that begin in the past", b.rows(t, fmt.Sprintf("SELECT id FROM chases WHERE state = 'active' AND next_at < %d", start.UnixMilli())), []string{})
		same(t, "nobody has been told", b.rows(t, "SELECT COUNT(*) FROM notices UNION ALL SELECT COUNT(*) FROM messages"), []string{"0", "0"})
	})
}

// assisting are the units that the item's work point names as helpers.
func assisting(set *seeds.Set, code string) []string {
	y, _ := set.Year(2025)
	no, _, _ := strings.Cut(code, "-")
	n, _ := strconv.Atoi(no)
	point, _ := y.Point(n)
	return point.Co
}

// What the office did to a confirmed item is its own; confirming is not repeated.
func TestConfirmedItemsAreTheOffices(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		b.apply(t, demo(t))
		b.exec(t, "UPDATE items SET due = '2025-11-11', lead_id = 'd-houqin', descr = '局里改过' WHERE code = '22-3'")
		b.exec(t, "UPDATE items SET state = 'void' WHERE code = '23-8'")
		b.exec(t, "DELETE FROM assignments WHERE unit_id = 's-zhangjiasai'")
		before := b.dump(t)
		same(t, "changed", b.apply(t, demo(t)).Changed(), false)
		same(t, "every row of every table", b.dump(t), before)

		set := load(t, func(files fstest.MapFS) {
			edit(t, files, "2025/items.yaml", "监控视频汇聚并与公安联网", "监控视频联网")
			edit(t, files, "2025/items.yaml", "高中学校双休制执行监督", "双休制执行监督")
		})
		lines := b.apply(t, set).Lines()
		same(t, "lines", lines[9:], []string{
			"督办事项：共204，修改1",
			"检查清单：共10，没有变化",
			"立项确认：共26，没有变化",
			"注意：这些事项已经立项，文件里的改动没有采用，要改请局办公室在系统里办：2025/22-3",
			"初始数据已更新。",
		})
		same(t, "items", b.rows(t, "SELECT descr, due, lead_id, state FROM items WHERE code IN ('11-7', '22-3') ORDER BY id"), []string{
			"双休制执行监督|2025-12-26|d-jijiao|draft", "局里改过|2025-11-11|d-houqin|confirmed",
		})
	})
}

// A list that the files drop is not shown any more; what was said about it stays. Files
// without any list leave all as they are.
func TestChecklistsAreTheFiles(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		b.apply(t, demo(t))
		set := demo(t)
		set.Checklists = set.Checklists[1:]
		set.Checklists[0].Entries[0].Text = "从业人员健康证齐全"
		lines := b.apply(t, set).Lines()
		same(t, "line", lines[10], "检查清单：共9，修改9，停用1")
		same(t, "in use", b.rows(t, "SELECT COUNT(*) FROM checklists WHERE active = 1"), []string{"9"})
		set.Checklists = nil
		same(t, "without any", b.apply(t, set).Changed(), false)
		same(t, "brought back", b.apply(t, demo(t)).Lines()[10], "检查清单：共10，修改10")
		same(t, "in use", b.rows(t, "SELECT COUNT(*) FROM checklists WHERE active = 1"), []string{"10"})
	})
}

// load reads the demonstration's files after changes.
func load(t *testing.T, change func(fstest.MapFS)) *seeds.Set {
	t.Helper()
	files := fstest.MapFS{}
	ok(t, fs.WalkDir(seeds.Files(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(seeds.Files(), path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	}))
	change(files)
	set, err := seeds.LoadDemo(files)
	ok(t, err)
	return set
}

// edit replaces old, which has to be there.
func edit(t *testing.T, files fstest.MapFS, name, old, text string) {
	t.Helper()
	data := files[name].Data
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s has no %q", name, old)
	}
	files[name] = &fstest.MapFile{Data: bytes.ReplaceAll(data, []byte(old), []byte(text))}
}

// Next year's document is data: a folder more, nothing else.
func TestNextYear(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		b.apply(t, demo(t))
		items := b.rows(t, "SELECT * FROM items ORDER BY id")
		set := load(t, func(files fstest.MapFS) {
			for _, name := range []string{"points.yaml", "items.yaml"} {
				text := bytes.ReplaceAll(files["2025/"+name].Data, []byte("date: 2025-"), []byte("date: 2026-"))
				text = bytes.ReplaceAll(text, []byte("year: 2025"), []byte("year: 2026"))
				files["2026/"+name] = &fstest.MapFile{Data: text}
			}
			files["2026/confirmed.yaml"] = &fstest.MapFile{Data: []byte("year: 2026\nconfirmed:\n" +
				"  - {item: 22-3, owner: d-jicai-fuze, by: d-bangongshi-ducha, on: 2026-04-01, due: 2026-06-30}\n")}
		})
		lines := b.apply(t, set).Lines()
		same(t, "lines", lines[9:], []string{"督办事项：共408，新增204", "检查清单：共10，没有变化", "立项确认：共27，新增1", "初始数据已更新。"})
		same(t, "2025", b.rows(t, "SELECT * FROM items WHERE year = 2025 ORDER BY id"), items)
		same(t, "2026", b.rows(t, "SELECT state, COUNT(*) FROM items WHERE year = 2026 GROUP BY state ORDER BY state"), []string{"confirmed|1", "draft|203"})
		same(t, "led by the owner's section", b.rows(t, "SELECT code, lead_id, due FROM items WHERE year = 2026 AND state = 'confirmed'"), []string{"22-3|d-jicai|2026-06-30"})
		same(t, "reported by whom the point names", b.rows(t, "SELECT COUNT(DISTINCT a.unit_id) FROM assignments a JOIN items i ON i.id = a.item_id WHERE i.year = 2026 AND a.part <> 'assist'"), []string{"12"})
		same(t, "again", b.apply(t, set).Changed(), false)
	})
}

const noRoster = "注意：文件里没有人员名单（staff.yaml），库里已有的人员、任职和账号保持不变；第一次使用请填写名单，或让大家在聊天里绑定"

// Forgetting one's own data folder on an upgrade must not send everybody away.
func TestProductionAfterDemoLeavesPeopleAlone(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		b.apply(t, demo(t))
		before := b.dump(t)
		lines := b.apply(t, production(t)).Lines()
		same(t, "lines", lines[1:], []string{
			"单位：共29，没有变化", "对象范围：共51，修改16", "岗位：共46，没有变化", "人员：共0，没有变化", "任职：共0，没有变化", "平台账号：共0，没有变化",
			"工作群：共0，没有变化", "代号：共20，没有变化", "督办事项：共204，没有变化", "检查清单：共10，修改7", "立项确认：共0，没有变化", noRoster, "初始数据已更新。",
		})
		after := b.dump(t)
		for _, table := range []string{"units", "posts", "persons", "holdings", "accounts", "chat_groups", "items", "assignments", "chases"} {
			same(t, table, after[table], before[table])
		}
	})
}

func TestDirectoryOfTheDemo(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		b.apply(t, demo(t))
		dir, err := b.Read(ctx).Directory(ctx)
		ok(t, err)
		got := map[string][]string{}
		for _, h := range dir.Director() {
			got["director"] = append(got["director"], h.PersonID)
		}
		for _, h := range dir.Deputies("d-anquan") {
			got["deputy"] = append(got["deputy"], h.PersonID)
		}
		for _, h := range dir.Deputies("d-bangongshi") {
			got["deputy of the office"] = append(got["deputy of the office"], h.PersonID)
		}
		for _, h := range dir.OnCall() {
			got["on call"] = append(got["on call"], h.PersonID)
		}
		for _, h := range dir.Safety("s-wenchang") {
			got["safety"] = append(got["safety"], h.PersonID)
		}
		for _, h := range dir.Safety("s-dongmenkou") {
			got["vacant"] = append(got["vacant"], h.PersonID)
		}
		same(t, "people", got, map[string][]string{
			"director": {"ju-juzhang"}, "deputy": {"ju-fuju-anquan"}, "on call": {"anquan-zhiban", "ju-fuju-anquan"}, "safety": {"wenchang-aq"},
		})
	})
}

func TestPoliciesThatChange(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		b.apply(t, demo(t))
		rounds := b.rows(t, "SELECT * FROM chases ORDER BY id")
		changed := bytes.Replace(seeds.Policies(), []byte("morning: \"08:30\""), []byte("morning: \"08:45\""), 1)
		r, err := b.seeder().Apply(ctx, demo(t), changed)
		ok(t, err)
		same(t, "line", r.Lines()[0], "催办规则：第2版，新存入")
		same(t, "changed", r.Changed(), true)
		same(t, "running rounds keep theirs", b.rows(t, "SELECT * FROM chases ORDER BY id"), rounds)
		same(t, "versions", b.rows(t, "SELECT version FROM policies ORDER BY version"), []string{"1", "2"})
	})
}

func TestUnsoundPoliciesStoreNothing(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		before := b.dump(t)
		_, err := b.seeder().Apply(ctx, demo(t), []byte("version: 1\nprofiles: {deadline: {name: 期限, due: {remind: [x]}}}\n"))
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("got %v, want invalid", err)
		}
		same(t, "rows", b.dump(t), before)
	})
}

// Four nodes start at once on an empty database.
func TestNodesThatSeedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		set := demo(t)
		wrote := 0
		for _, r := range b.atOnce(t, set) {
			if r.Policies.Fresh {
				wrote++
			}
		}
		same(t, "nodes that stored the policies", wrote, 1)
		together := b.dump(t)
		each(t, func(t *testing.T, alone base) {
			if alone.Dialect() == b.Dialect() {
				alone.apply(t, set)
				same(t, "rows", together, alone.dump(t))
			}
		})
	})
}

// The nodes find everything seeded but the confirmations.
func TestNodesThatConfirmAtOnce(t *testing.T) {
	each(t, func(t *testing.T, b base) {
		set := demo(t)
		words := set.Confirmations
		set.Confirmations = nil
		b.apply(t, set)
		set.Confirmations = words
		confirmed := 0
		for _, r := range b.atOnce(t, set) {
			confirmed += r.Confirmed.Created
		}
		same(t, "confirmed", confirmed, 26)
		same(t, "lines of history", b.rows(t, "SELECT COUNT(*) FROM journal WHERE action = 'confirm'"), []string{"26"})
	})
}

// atOnce applies the set on four nodes at the same time.
func (b base) atOnce(t *testing.T, set *seeds.Set) []seeding.Report {
	t.Helper()
	reports, list := make([]seeding.Report, 4), make([]error, 4)
	var wg sync.WaitGroup
	for i := range list {
		wg.Go(func() { reports[i], list[i] = b.seeder().Apply(ctx, set, seeds.Policies()) })
	}
	wg.Wait()
	ok(t, errors.Join(list...))
	return reports
}
