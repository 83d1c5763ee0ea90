package hazard

import "testing"

func TestAlike(t *testing.T) {
	canteen := func(desc string) Hazard { return Hazard{Location: "食堂", Category: "食品", Desc: desc} }
	other := func(h Hazard, change func(*Hazard)) Hazard { change(&h); return h }
	for _, c := range []struct {
		name string
		a, b Hazard
		want bool
	}{
		{"the same words", canteen("食堂冰箱里有过期的肉"), canteen("食堂冰箱里有过期的肉"), true},
		{"the same thing in other words", canteen("食堂冰箱里有过期的肉"), canteen("食堂的冰箱不制冷"), true},
		{"another thing in the same place", canteen("食堂冰箱里有过期的肉"), canteen("食堂油烟机漏油"), false},
		{"one character names the thing", Hazard{Location: "三楼走廊", Category: "建筑设施", Desc: "三楼走廊灯不亮"}, Hazard{Location: "三楼走廊", Category: "建筑设施", Desc: "灯坏了"}, true},
		{"damage alone is no thing", Hazard{Location: "操场", Category: "建筑设施", Desc: "操场围墙裂了"}, Hazard{Location: "操场", Category: "建筑设施", Desc: "操场地砖裂了"}, false},
		{"another place", canteen("冰箱里有过期的肉"), other(canteen("冰箱里有过期的肉！"), func(h *Hazard) { h.Location = "小卖部" }), false},
		{"another category", canteen("冰箱漏电"), other(canteen("冰箱里有过期的肉"), func(h *Hazard) { h.Category = "用电燃气" }), false},
		{"no place told", other(canteen("冰箱坏了"), func(h *Hazard) { h.Location = "" }), other(canteen("冰箱不制冷"), func(h *Hazard) { h.Location = "" }), false},
		{"no category fits", other(canteen("冰箱坏了"), func(h *Hazard) { h.Category = Other }), other(canteen("冰箱不制冷"), func(h *Hazard) { h.Category = Other }), false},
		{"nothing but the place", canteen("食堂"), canteen("食堂油烟机漏油"), false},
	} {
		if got := Alike(c.a, c.b); got != c.want {
			t.Errorf("%s: Alike(%q, %q) = %v", c.name, c.a.Desc, c.b.Desc, got)
		}
		if Alike(c.a, c.b) != Alike(c.b, c.a) {
			t.Errorf("%s: depends on the order", c.name)
		}
	}
}
