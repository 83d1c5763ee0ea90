package place

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadList(t *testing.T) {
	list, problems := ReadList("\ufeff单位,地点\r\n文昌中学，实验楼二楼走廊\r\n# 还没有量\r\n\r\n石码头小学\t校门口\n\"文昌中学\",\"食堂 后厨\",\n只有一样\n,没有单位\n")
	if diff := cmp.Diff([]Wanted{{2, "文昌中学", "实验楼二楼走廊"}, {5, "石码头小学", "校门口"}, {6, "文昌中学", "食堂 后厨"}}, list); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"第 7 行要写成“单位,地点”", "第 8 行要写成“单位,地点”"}, problems); diff != "" {
		t.Error(diff)
	}
	if _, problems := ReadList(strings.Repeat("文昌中学,门\n", maxList+1)); len(problems) != 1 {
		t.Errorf("%v", problems)
	}
}
