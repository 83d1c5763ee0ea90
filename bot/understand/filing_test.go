package understand

import (
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
