package command

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/org"
	"duban/internal/testkit"
	"duban/internal/testkit/script"
)

// reader is a session that can read and no more.
func reader(t *testing.T, h *harness) *session {
	t.Helper()
	dir, err := h.store.Read(t.Context()).Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &session{Engine: h.engine, ctx: t.Context(), tx: h.store.Read(t.Context()), now: h.clock.Now(), today: calendar.In(h.clock.Now(), h.engine.Loc), dir: dir,
		actor: org.Actor{PersonID: "wenchang-aq", UnitID: "s-wenchang"}}
}

// TestFixedSentencesTakeNothingElse holds that the fixed sentences leave alone all
// that the parser is known to understand.
func TestFixedSentencesTakeNothingElse(t *testing.T) {
	s := reader(t, newHarness(t, testkit.SQLite(t)))
	files, err := filepath.Glob("../understand/testdata/*/*.tsv")
	if err != nil || len(files) < 10 {
		t.Fatalf("corpus: %v, %v", files, err)
	}
	read := 0
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(f); lines.Scan(); read++ {
			text, rest, _ := strings.Cut(lines.Text(), "\t")
			s.m.Text = text
			if c, ok, err := s.readFixed(); ok || err != nil {
				t.Errorf("%s: %q (%s) is taken for %s", path, text, rest, c)
			}
		}
		_ = f.Close() // only read
	}
	if read < 2000 {
		t.Errorf("only %d lines", read)
	}
}

func TestReadDelivery(t *testing.T) {
	s := reader(t, newHarness(t, testkit.SQLite(t)))
	yes := map[string]string{ // who is missing, from, to, code, point, unit
		"送到了吗": "-", "都送到了吗？": "-", "通知都收到没有": "-", "消息发出去了没": "-",
		"昨天的提醒送到了吗": "2025-09-09 2025-09-09", "昨天早上的提醒送到没有": "2025-09-09 2025-09-09", "今天的消息都送达了吗": "2025-09-10",
		"9月8日的通知送到了吗": "2025-09-08 2025-09-08", "本周的提醒都送到了吗": "2025-09-08", "上周的通知收到了吗": "2025-09-01 2025-09-07",
		"文昌中学收到没有": "文昌中学", "文昌中学的通知收到了吗": "文昌中学", "给文昌中学的催办送到了吗": "文昌中学", "发给文昌中学的消息收到了没": "文昌中学",
		"22-14 的通知都送到了吗": "22-14", "22－14送到了吗": "22-14", "查一下22-14文昌中学收到没": "22-14 文昌中学", "第22条的通知都收到了吗": "22",
		"谁没收到": "missing", "还有谁没收到": "missing", "哪些学校没收到通知": "missing", "22-14谁没有收到？": "missing 22-14", "昨天的提醒谁没收到": "missing 2025-09-09 2025-09-09",
		"我的提醒送到了吗": "mine", "刚才的催办送到了吗": "2025-09-10",
	}
	for text, want := range yes {
		ask, ok := s.readDelivery(text)
		var got []string
		for _, part := range []struct {
			there bool
			say   string
		}{{ask.Missing, "missing"}, {!ask.From.IsZero(), ask.From.String()}, {!ask.To.IsZero(), ask.To.String()}, {ask.Code != "", ask.Code},
			{ask.Point > 0, "22"}, {ask.Unit.ID != "", ask.Unit.Label()}, {ask.Mine, "mine"}} {
			if part.there {
				got = append(got, part.say)
			}
		}
		if len(got) == 0 {
			got = []string{"-"}
		}
		if !ok || strings.Join(got, " ") != want {
			t.Errorf("%q: %v %q, want %q", text, ok, strings.Join(got, " "), want)
		}
	}
	for _, text := range []string{"收到", "收到了", "送到了", "材料收到了吗", "22-14 材料送到了", "灭火器送到了吗", "隐患照片收到没有", "经费什么时候送到", "谁没签收", "谁没报"} {
		if ask, ok := s.readDelivery(text); ok {
			t.Errorf("%q is taken for %+v", text, ask)
		}
	}
}

// fixedCommands is one thing to say for each fixed command, what the answer
// contains when it is carried out, and for whom of fixedPeople that is.
var fixedCommands = []struct {
	command understand.Command
	text    string
	done    string
	who     string
}{
	{delivery, "谁没收到", "以来的通知",
		"anquan-guzhang jicai-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{delivery, "送到了吗", "的通知",
		"wenchang-jia wenchang-xz wenchang-aq yizhizhong-xz anquan-guzhang jicai-guzhang ju-fuju-anquan ju-juzhang ban-ducha jishu-admin"},
	{slipQuery, "督办单", "HD-2025-001",
		"wenchang-xz wenchang-aq jicai-guzhang ju-juzhang ban-ducha"},
	{hazardFive, "隐患1 五落实：责任 王校长", "已记下：YH-2025-0001",
		"wenchang-xz wenchang-aq"},
	{hazardAnswer, "隐患1 协调结果：拨款2万", "已记下：YH-2025-0001",
		"anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{slipReceipt, "回执 23-1 因设备没到，10月15日前完成", "已记下回执",
		"wenchang-xz wenchang-aq"},
	{emergencyAck, "收到，马上到", "已",
		"wenchang-xz wenchang-aq anquan-guzhang ju-fuju-anquan"},
	{dutyRoster, "谁值班", "没有排值班",
		"wenchang-xz wenchang-aq yizhizhong-xz anquan-guzhang jicai-guzhang ju-fuju-anquan ju-juzhang ban-ducha jishu-admin"},
	{emergencyEnd, "警报解除", "已记下：文昌中学 火情 09:30，警报解除",
		"wenchang-xz wenchang-aq anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{placeCodes, "生成二维码 文昌中学 实验楼二楼走廊", "二维码：文昌中学",
		"wenchang-xz wenchang-aq anquan-guzhang ban-ducha"},
	{hazardNotice, "通知书 YH0001", "YH-2025-0001 的整改通知书马上",
		"wenchang-xz wenchang-aq anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{hazardRegister, "登记隐患2", "已登记：YH-2025-0002",
		"wenchang-xz wenchang-aq anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{hazardAssign, "隐患2 交办给校长", "已交办：YH-2025-0002",
		"wenchang-xz wenchang-aq anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{hazardFollow, "关注隐患2", "YH-2025-0002",
		"wenchang-jia wenchang-xz wenchang-aq anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{hazardUnlist, "隐患2 摘牌，已列入改造", "已摘牌：YH-2025-0002",
		"anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{hazardSpot, "回头看清单", "9月没有要回头看的隐患",
		"anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{inspection, "消防检查 都正常", "6 项都正常",
		"wenchang-jia wenchang-xz wenchang-aq yizhizhong-xz"},
	{checkQuery, "检查情况", "检查情况：",
		"wenchang-xz wenchang-aq yizhizhong-xz anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
	{hazardPhotos, "看照片 YH0001", "YH-2025-0001 没有照片",
		"wenchang-jia wenchang-xz wenchang-aq anquan-guzhang ju-fuju-anquan ju-juzhang ban-ducha"},
}

// onceOnly are commands that cannot be carried out twice in a row.
var onceOnly = []understand.Command{hazardRegister, hazardAssign, hazardUnlist}

const fixedPeople = "wenchang-jia wenchang-xz wenchang-aq yizhizhong-xz anquan-guzhang jicai-guzhang ju-fuju-anquan ju-juzhang ban-ducha jishu-admin nobody-knows-him"

// TestRolesAndFixedCommands is TestRolesAndCommands for the fixed ones.
func TestRolesAndFixedCommands(t *testing.T) {
	for _, person := range strings.Fields(fixedPeople) {
		t.Run(person, func(t *testing.T) {
			h := newHarness(t, testkit.SQLite(t))
			h.say("ban-ducha", "发黄单 23-1", false)
			h.say("ban-ducha", "确认", false)
			h.say("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", false)
			h.say("wenchang-jia", "食堂着火了", false)
			h.say("anquan-guzhang", "隐患1 定为重大", false)
			h.say("wenchang-aq", "隐患1 整改不了，缺经费", false)
			h.say("wenchang-aq", "上报隐患 车棚顶棚松动", false)
			h.say("anquan-guzhang", "隐患2 挂牌督办", false)
			h.say("anquan-guzhang", "确认", false)
			for _, c := range fixedCommands {
				want := slices.Contains(strings.Fields(c.who), person)
				answer := h.say(person, c.text, false)
				if allowed := strings.Contains(answer, c.done); allowed != want || answer == "" {
					t.Errorf("%s: %q, want allowed %v", c.text, answer, want)
				}
				if c.command == hazardAnswer { // an answer is given once
					h.say("wenchang-aq", "隐患1 整改不了，缺经费", false)
				}
				if want && slices.Contains(onceOnly, c.command) {
					h.say(person, "撤回", false)
				}
				public := h.say(person, c.text, true) // of an emergency: answered once, above
				if want && c.command != emergencyAck && public != h.engine.specs[c.command].Public {
					t.Errorf("the group sees %q", public)
				}
			}
		})
	}
}

// TestEveryFixedCommandHasAScript is TestEveryCommandHasAScript for the fixed ones,
// and holds that what the help teaches is read.
func TestEveryFixedCommandHasAScript(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-jia", "食堂着火了", false) // to be answered by who was told
	s := reader(t, h)
	s.tx, s.ctx, s.actor.PersonID = h.store.Read(t.Context()), t.Context(), "wenchang-aq"
	known := map[understand.Command]bool{}
	for _, c := range fixedCommands {
		known[c.command] = true
	}
	for _, spec := range fixedSpecs() {
		if !known[spec.Command] {
			t.Errorf("%s is not in the table of roles and commands", spec.Command)
		}
		for _, s.m.Text = range spec.Examples {
			if c, _, err := s.readFixed(); c != spec.Command || err != nil {
				t.Errorf("%s: %q is taken for %q", spec.Command, s.m.Text, c)
			}
		}
		body, err := os.ReadFile("testdata/talk/" + string(spec.Command) + ".txt")
		if err != nil {
			t.Error(err)
			continue
		}
		for _, name := range headings {
			if !script.Parse(string(body)).Covers(name) {
				t.Errorf("%s has no section %q and does not say why", spec.Command, name)
			}
		}
	}
}

func TestReadReceipt(t *testing.T) {
	for text, want := range map[string]receipt{
		"回执 3 因设备没到，10月15日前完成":      {slipRef{Entry: 3}, "因设备没到,10月15日前完成"},
		"回执3因设备没到，10月15日前完成":        {slipRef{}, ""}, // not read: it could be anything
		"3 回执：设备没到，下周五完成":           {slipRef{Entry: 3}, "设备没到,下周五完成"},
		"回执 22-3 设备没到，下周五完成":        {slipRef{Code: "22-3"}, "设备没到,下周五完成"},
		"回执：HD-2025-003，设备没到，下周五完成": {slipRef{Year: 2025, Seq: 3}, "设备没到,下周五完成"},
		"HD-003 回执 设备没到，下周五完成":      {slipRef{Seq: 3}, "设备没到,下周五完成"},
		"黄单回执 隐患56 设备没到，下周五完成":      {slipRef{Hazard: 56}, "设备没到,下周五完成"},
		"回执 因设备没到，10月15日前完成":        {slipRef{}, "因设备没到,10月15日前完成"},
		"回执因设备没到，10月15日前完成":         {slipRef{}, "因设备没到,10月15日前完成"},
		"回执 10月15日前完成，因设备没到":        {slipRef{}, "10月15日前完成,因设备没到"},
		"13-3 预收费账户开户行不给回执 弄不动":     {slipRef{}, ""},
		"家长回执收齐了":                   {slipRef{}, ""},
		"回执收齐了":                     {slipRef{}, ""},
	} {
		got, ok := readReceipt(text)
		if ok != (want.Words != "") || got != want {
			t.Errorf("%q: %v %+v, want %+v", text, ok, got, want)
		}
	}
	for words, want := range map[string]string{
		"因设备没到,10月15日前完成": "设备没到", "因为经费没批，预计月底前完成": "经费没批", "原因：人手不够，9月30日": "人手不够",
		"10月15日前完成，因设备没到": "设备没到", "10月15日前完成": "", "厂家发货晚，要等下周五到位": "厂家发货晚，要等",
	} {
		if got := because(words); got != want {
			t.Errorf("because(%q) = %q, want %q", words, got, want)
		}
	}
}
