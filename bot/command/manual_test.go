package command

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"duban/bot/understand"
	"duban/internal/org"
	"duban/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

const manualFile = "../../docs/commands.zh-CN.md"

// TestManual holds docs/commands.zh-CN.md to the table that the help and the permissions
// are made from. With -update it writes the file.
func TestManual(t *testing.T) {
	got := manual(inChapters(append(specs(), fixedSpecs()...)))
	if *update {
		if err := os.WriteFile(manualFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(manualFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("run go test ./bot/command -run TestManual -update\n-file +table:\n%s", diff)
	}
}

// roleNames is how the manual calls the roles, in its columns' order.
var roleNames = []struct {
	role org.Role
	name string
}{
	{org.Reporter, "教师、职工"}, {org.UnitHead, "校长、安全专干"}, {org.SectionChief, "股室负责人"}, {org.Leader, "局领导"}, {org.Office, "局办公室"}, {org.Admin, "管理员"},
}

func manual(list []Spec) string {
	var b strings.Builder
	b.WriteString(manualHead)
	chapter := ""
	for _, s := range list {
		if s.Chapter != chapter {
			chapter = s.Chapter
			fmt.Fprintf(&b, "\n## %s\n", chapter)
		}
		fmt.Fprintf(&b, "\n### %s\n\n怎么说：%s\n\n", s.Name, s.Usage)
		for _, e := range s.Examples {
			fmt.Fprintf(&b, "    %s\n", e)
		}
		fmt.Fprintf(&b, "\n谁能用：%s\n", whoMay(s))
		if s.Public != "" {
			fmt.Fprintf(&b, "\n在群里@助手时，群里只显示“%s”\n", s.Public)
		}
	}
	b.WriteString(manualTail)
	return b.String()
}

func whoMay(s Spec) string {
	if s.Stranger {
		return "所有人，没绑定的也可以。"
	}
	if s.Action == "" {
		return "绑定过的所有人。"
	}
	var out []string
	for _, r := range roleNames {
		if reach := reachNames[org.Permission(r.role, s.Action)]; reach != "" {
			out = append(out, r.name+"（"+reach+"）")
		}
	}
	return strings.Join(out, "、") + "。"
}

var reachNames = map[org.Scope]string{
	org.OwnUnit: "本单位", org.Led: "本股室牵头的", org.Directs: "分管的", org.InCharge: "本单位和分管的", org.Sections: "本股室牵头、协办的", org.All: "全部",
}

const manualHead = `# 督办助手能办什么

<!-- 由命令表生成，不要手改：go test ./bot/command -run TestManual -update -->

用平常的话说就行，不用背格式；下面的写法最稳当。句子里写上编号（如 22-3、第22条、隐患56）最清楚，写事项的名字也可以。
说得不清楚时，助手会反问，最多给三个选项，回复数字即可；15 分钟没回，先存为草稿，回复“继续”接着办。
日期都会用“9月19日 周五”的写法再说一遍，说错了马上回复“不对，是……”。

紧急情况（着火、伤人、溺水、中毒等）直接说，助手会马上告诉您拨什么电话，并通知学校负责人和安全法规股；不要等回复，先拨 119、120、110。
涉及未成年人受侵害的，助手不记录任何内容，会告诉您找谁。
`

const manualTail = `
## 在对话里随时能说的

| 说 | 作用 |
|---|---|
| 更多 | 看清单的下一页 |
| 1、2、3 或“第二个” | 选反问里的一项 |
| 1 60%、签收 2、查 3 | 按刚才清单里的序号办 |
| 确认 / 取消 | 办理或放弃要确认的事 |
| 继续 | 接着办刚才放下的事 |
| 不对，是23条 | 更正刚才那一步 |
| 撤回 | 撤回最后做的一件事：10 分钟内不留痕迹，24 小时内留下“已撤回”的记录 |
| 请联系我 | 在敏感情况的回复之后，请专人私下联系您 |
`

// TestExamplesAreUnderstood holds that what the help teaches is what the robot
// understands, without a doubt.
func TestExamplesAreUnderstood(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	for _, s := range specs() {
		for _, e := range s.Examples {
			it := h.engine.Parser.Parse(understand.Input{Text: e, Addressed: true, Now: h.clock.Now().In(h.engine.Loc)})
			if it.Command != s.Command || it.Confidence < 0.8 {
				t.Errorf("%s: %q is taken for %s (%.2f)", s.Command, e, it.Command, it.Confidence)
			}
		}
	}
}
