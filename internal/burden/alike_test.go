package burden

import "testing"

func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"上报消防自查表", "上报消防自查表", true},
		{"上报消防自查表", "各校报送消防安全自查表", true},
		{"上报消防自查表", "请各中小学9月30日前提交消防自查表", true},
		{"各校上报食堂从业人员健康证", "收集食堂人员健康证情况", true},
		{"统计2025年秋季学期学生人数", "上报学生人数", true},
		{"石码头小学 上报门卫名单", "石码头小学上报门卫人员名单", true},
		{"报安全台账", "每月5日前报安全台账", true},
		{"报冬季消防自查", "消防自查", true},
		{"Wi-Fi 密码清单", "wi-fi密码清单", true},

		{"上报消防自查表", "上报食堂自查表", false},
		{"上报消防自查表", "报防火演练方案", false},
		{"上报门卫名单", "上报校车名单", false},
		{"报食堂整改方案", "报食堂自查方案", false},
		{"防溺水", "防溺水宣传材料", false},
		{"校车台账", "校车驾驶员名单", false},
		{"教师培训名单", "教师节庆祝名单", false},
		{"营养餐资金使用", "困难学生资助资金使用", false},
		{"应急演练", "教师节庆祝与正面宣传", false},
		{"请各校上报情况", "各校按时上报", false}, // says nothing of what
		{"", "上报消防自查表", false},
	} {
		if got := Alike(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: alike %v, likeness %.2f", c.a, c.b, got, likeness(core(c.a), core(c.b)))
		}
		if Alike(c.a, c.b) != Alike(c.b, c.a) {
			t.Errorf("%q and %q: depends on the order", c.a, c.b)
		}
	}
}
