package understand

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The bare wish to file is asked about and never taken for a question or a zero report.
func TestBareFiling(t *testing.T) {
	p := New(nil)
	read := func(text string) Intent {
		return p.Parse(Input{Text: text, Now: time.Date(2025, 9, 10, 9, 30, 0, 0, time.FixedZone("CST", 8*3600)), Addressed: true})
	}
	for _, text := range []string{"隐患上报", "上报隐患", "报隐患", "登记隐患", "发现隐患", "发现一处隐患", "发现一个安全隐患", "我要匿名报隐患", "有个隐患", "有隐患要上报"} {
		it := read(text)
		if it.Command != ReportHazard || it.Slots.Category != "" {
			t.Errorf("%s: %s, category %q", text, it.Command, it.Slots.Category)
		}
		if diff := cmp.Diff([]string{"desc", "location"}, it.Missing); diff != "" {
			t.Errorf("%s: missing (-want +got)\n%s", text, diff)
		}
	}
	for text, want := range map[string]Command{"未发现隐患": ZeroReport, "没发现隐患": ZeroReport, "发现隐患了吗": QueryHazard, "有隐患吗": QueryHazard, "发现隐患怎么办": Help} {
		if got := read(text).Command; got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// The bare name of several hazards is a question, with what narrows it.
func TestSetsOfHazards(t *testing.T) {
	p := New(nil)
	for text, want := range map[string]string{
		"逾期未整改的隐患":    "overdue",
		"待复查隐患":       "review",
		"未签收的隐患":      "unsigned",
		"挂牌督办的隐患":     "listed",
		"本周隐患":        "2025-09-08/2025-09-14",
		"本周新增隐患":      "2025-09-08/2025-09-14",
		"9月的隐患有哪些":    "2025-09-01/2025-09-30",
		"本周到期的隐患":     "due 2025-09-08/2025-09-14",
		"重大隐患":        "重大",
		"未销号的建筑设施类隐患": "open 建筑设施",
		"文昌中学的重大消防隐患": "文昌中学 消防 重大",
		"向阳小学上周的逾期隐患": "overdue 向阳小学 2025-09-01/2025-09-07",
		"查一下全区未整改的隐患": "open all",
		"我们学校的隐患清单":   "mine",
		"本周未发现隐患":     "zero_report",
		"上报重大隐患 墙要倒了": "report_hazard",
		"发现隐患":        "report_hazard",
		"本周隐患排查零报告":   "zero_report",
		"食堂燃气隐患整改完了":  "hazard_fix",
		"隐患56定为重大隐患":  "hazard_grade",
	} {
		it := p.Parse(Input{Text: text, Now: time.Date(2025, 9, 10, 9, 30, 0, 0, time.FixedZone("CST", 8*3600)), Addressed: true})
		got := string(it.Command)
		if it.Command == QueryHazard {
			s := it.Slots
			words := append(slices.Clone(s.Filter), s.School, s.Category, s.Level, s.Scope)
			if s.Range != nil {
				words = append(words, s.Range.From.String()+"/"+s.Range.To.String())
			}
			got = strings.Join(strings.Fields(strings.Join(words, " ")), " ")
		}
		if got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// Rooms have three or four digits, and a year is none.
func TestRooms(t *testing.T) {
	for text, want := range map[string]string{
		"实验楼1001室插座漏电":   "实验楼1001室",
		"教学楼1203教室吊扇松动":  "教学楼1203教室",
		"3号楼1205宿舍窗户破了":  "3号楼1205宿舍",
		"实验楼401室插座漏电":    "实验楼401室",
		"实验楼401插座漏电":     "实验楼401",
		"2025年食堂后厨软管老化":  "食堂后厨",
		"20250910操场围墙开裂": "操场围墙",
	} {
		if got := placeOf(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
