package understand

import "testing"

func testRoster(p *Parser) *Roster {
	return p.Roster([]Unit{
		{Name: "基础教育股", Aliases: []string{"基教股", "基教"}},
		{Name: "计财股", Aliases: []string{"财务"}},
		{Name: "校车办"},
		{Name: "资阳区文昌中学", Aliases: []string{"文昌中学", "文昌"}, School: true},
		{Name: "益阳市石码头小学", Aliases: []string{"石码头小学"}, School: true},
		{Name: "张家塞中心小学", Aliases: []string{"张家塞"}, School: true},
		{Name: "益阳市第六中学", Aliases: []string{"六中"}, School: true},
	}, []Person{{Name: "王强", Post: "文昌中学安全专干"}, {Name: "欧阳静"}})
}

// TestNamesAsPeopleWriteThem holds that units and people are known in full, short, by an
// everyday word and by their sound, and that names which differ by what tells them apart
// are not taken for each other.
func TestNamesAsPeopleWriteThem(t *testing.T) {
	p := parser()
	r := testRoster(p)
	for _, c := range []struct {
		text string
		want Party
	}{
		{"基教股", Party{Dept: "基础教育股"}},
		{"几教股那边", Party{Dept: "基础教育股"}},       // typed by its sound
		{"机财股", Party{Dept: "计财股"}},           // same sound
		{"财务那边", Party{Dept: "计财股"}},          // an everyday word
		{"校车办", Party{Dept: "校车办"}},           // in no list of usual sections
		{"文昌中学", Party{School: "文昌中学"}},       // as it was written
		{"文仓中学", Party{School: "文昌中学"}},       // no -ng, as spoken in the south
		{"石马头小学", Party{School: "石码头小学"}},     // same sound
		{"张家寨中心小学", Party{School: "张家塞中心小学"}}, // one other character
		{"益阳市第九中学", Party{School: "益阳市第九中学"}}, // not the sixth: the number tells
		{"南洞庭小学", Party{School: "南洞庭小学"}},     // unknown, known by its form
		{"王墙", Party{Person: "王强"}},           // same sound
		{"欧阳静老师", Party{Person: "欧阳静"}},       // a surname of two characters
		{"文昌中学安全专干", Party{Person: "王强"}},     // whoever holds the post
		{"罗湘", Party{Person: "罗湘"}},           // nobody told us of
	} {
		got, _, _ := partyIn(r, p.normalize(c.text))
		if got != c.want {
			t.Errorf("%q is %+v, want %+v", c.text, got, c.want)
		}
	}
	for _, text := range []string{"周三之前", "黄灯的", "这个月", "学校", "各校", "高年级"} {
		if got, _, _ := partyIn(r, p.normalize(text)); !got.IsZero() {
			t.Errorf("%q is taken for %+v", text, got)
		}
	}
}
