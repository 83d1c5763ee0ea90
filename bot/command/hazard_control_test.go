package command

import "testing"

func TestControlSaid(t *testing.T) {
	for desc, want := range map[string]string{
		"教学楼三楼栏杆松了，已经拉了警戒线":    "已经拉了警戒线",
		"外墙瓷砖掉了一块。学校已安排人看守，等修": "学校已安排人看守",
		"配电房漏水；先断电了":           "先断电了",
		"食堂燃气漏气，暂时停用":          "暂时停用",
		"操场单杠松动，临时用绳子围起来了":     "临时用绳子围起来了",
		"宿舍楼安全出口锁住了":           "",
		"消防通道被封闭，车开不进来":        "",
		"已经封闭的通道又被打开":          "",
		"墙体开裂，请尽快处理":           "",
		"安全出口锁上了，学生出不去，已经报告保安": "",
	} {
		if got := controlSaid(desc); got != want {
			t.Errorf("%s: %q, want %q", desc, got, want)
		}
	}
}
