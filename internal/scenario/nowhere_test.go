package scenario

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
	"duban/internal/sim/stage"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/testkit"
)

// told is what was heard of a play: answers and messages.
type heard struct {
	w   *world
	all strings.Builder
}

func (h *heard) say(platform bot.Platform, person, text string, photos ...stage.Photo) {
	h.w.t.Helper()
	h.all.WriteString(h.w.say(platform, person, text, photos...) + "\n")
}

func (h *heard) line(l stage.Line) {
	h.w.t.Helper()
	h.all.WriteString(h.w.line("", l) + "\n")
}

func (h *heard) ding(in simdingtalk.Incoming) {
	h.w.t.Helper()
	reply, _, err := h.w.stage.DingTalk.Deliver(h.w.ctx, h.w.stage.DingTalkCallback(), in)
	h.w.ok(err)
	if reply != nil {
		h.all.WriteString(reply.Text + "\n")
	}
}

func (h *heard) wecom(in simwecom.Incoming) {
	h.w.t.Helper()
	d, err := h.w.stage.WeCom.Deliver(h.w.ctx, h.w.stage.WeComCallback(), in)
	h.w.ok(err)
	if d.Reply != nil {
		h.all.WriteString(d.Reply.Text + "\n")
	}
}

func (h *heard) settle() {
	h.w.t.Helper()
	h.w.settle()
	h.all.WriteString(list(h.w.take()) + "\n")
}

// The people who write on each platform.
const onWeCom, onDingTalk = "wenchang-jia", "shimatou-aq"

// harm is a sensitive message about a child of that name.
func harm(child string) string { return "初二三班的" + child + "说体育老师猥亵他" }

// plays are the shapes in which something sensitive can come. Each names a child of its
// own, so that what is found says which play left it.
func plays() map[string]func(h *heard, child string) {
	both := func(play func(h *heard, p bot.Platform, who, child string)) func(h *heard, child string) {
		return func(h *heard, child string) {
			play(h, bot.WeCom, onWeCom, child)
			play(h, bot.DingTalk, onDingTalk, child)
		}
	}
	after := func(first string) func(h *heard, child string) {
		return both(func(h *heard, p bot.Platform, who, child string) {
			h.say(p, who, first)
			h.say(p, who, harm(child))
			h.say(p, who, "继续")
		})
	}
	framed := func(format string) func(h *heard, child string) {
		return both(func(h *heard, p bot.Platform, who, child string) { h.say(p, who, fmt.Sprintf(format, harm(child))) })
	}
	return map[string]func(h *heard, child string){
		"in private":                 framed("%s"),
		"as a hazard":                framed("上报隐患 %s"),
		"as an anonymous hazard":     framed("匿名上报：%s"),
		"as a complaint":             framed("投诉建议：%s"),
		"as progress":                framed("22-14 60%%，%s"),
		"with other matters":         framed("1. 22-14 60%%\n2. 食堂灶台漏气已报修\n3. %s"),
		"at the end of a long text":  framed(strings.Repeat("今天检查了各楼层的灭火器和疏散通道，情况良好。", 80) + "%s"),
		"as the matter asked for":    after("上报隐患"),
		"as the place asked for":     after("上报隐患 栏杆松动"),
		"as the complaint asked for": after("投诉建议"),
		"as the reason asked for":    after("22-14 申请延期"),
		"as the answer to a preview": after("解绑"),
		"as a query":                 framed("查一下%s"),
		"with signs nobody sees": both(func(h *heard, p bot.Platform, who, child string) {
			h.say(p, who, "初二三班的"+child+"说体育老师猥\u200b亵\u202e他")
		}),
		"about self-harm": both(func(h *heard, p bot.Platform, who, child string) {
			h.say(p, who, "初二三班的"+child+"说不想活了，要跳楼")
		}),
		"with a photo": both(func(h *heard, p bot.Platform, who, child string) { h.say(p, who, harm(child), photo(31)) }),
		"after a photo": both(func(h *heard, p bot.Platform, who, child string) {
			h.say(p, who, "", photo(32))
			h.say(p, who, harm(child))
		}),
		"delivered four times": func(h *heard, child string) {
			for range 4 {
				h.line(stage.Line{Platform: bot.WeCom, UserID: onWeCom, Text: harm(child), MsgID: "9401"})
			}
			h.ding(simdingtalk.Incoming{UserID: onDingTalk, Text: harm(child), Times: 4})
		},
		"taken back": both(func(h *heard, p bot.Platform, who, child string) {
			h.say(p, who, harm(child))
			h.say(p, who, "撤回")
			h.say(p, who, "不是，是上报隐患 "+harm(child))
		}),
		"as recognised speech": func(h *heard, child string) {
			h.wecom(simwecom.Incoming{User: onWeCom, Voice: h.w.stage.WeCom.AddMedia([]byte("amr"), "audio/amr"), Recognition: harm(child)})
			h.ding(simdingtalk.Incoming{UserID: onDingTalk, Kind: "audio", Text: harm(child), Codes: []string{h.w.stage.DingTalk.AddFile([]byte("amr"), "audio/amr")}})
		},
		"as the name of a file": func(h *heard, child string) {
			h.wecom(simwecom.Incoming{User: onWeCom, File: h.w.stage.WeCom.AddMedia([]byte("%PDF-1.4 x"), "application/pdf"), FileName: harm(child) + ".pdf"})
			h.ding(simdingtalk.Incoming{UserID: onDingTalk, Kind: "file", FileName: harm(child) + ".pdf", Codes: []string{h.w.stage.DingTalk.AddFile([]byte("%PDF-1.4 x"), "application/pdf")}})
		},
		"as what is quoted": func(h *heard, child string) {
			h.line(stage.Line{Platform: bot.DingTalk, UserID: onDingTalk, Text: "这个怎么办", Quote: harm(child)})
			h.line(stage.Line{Platform: bot.DingTalk, UserID: onDingTalk, Group: group, Text: "上报隐患", Quote: harm(child)})
		},
		"in a group": func(h *heard, child string) {
			h.line(stage.Line{Platform: bot.DingTalk, UserID: onDingTalk, Group: group, Text: harm(child)})
			h.line(stage.Line{Platform: bot.DingTalk, UserID: onDingTalk, Group: group, Text: harm(child), Photos: []stage.Photo{photo(33)}})
		},
		"by a stranger": func(h *heard, child string) {
			h.line(stage.Line{Platform: bot.WeCom, UserID: "xinlai", Text: harm(child)})
			h.all.WriteString(h.w.outsider("某人", harm(child)))
		},
		"in the answer of the officer": func(h *heard, child string) {
			h.say(bot.WeCom, onWeCom, "请联系我")
			h.settle()
			h.say(bot.WeCom, "anquan-guzhang", "收到，"+child+"的事我马上联系")
		},
		"in the answer to an alarm": func(h *heard, child string) {
			h.say(bot.WeCom, onWeCom, "有学生要跳楼")
			h.settle()
			h.say(bot.WeCom, "wenchang-xz", "收到，我马上去，是初二三班的"+child)
		},
	}
}

// children are names that are nowhere in the program or its data.
func children(n int) (list []string) {
	for i := range n {
		list = append(list, "欧阳"+string([]rune("甲乙丙丁戊己庚辛壬癸")[i%10])+string([]rune("晴岚")[i/10%2])+string([]rune("雯煜")[i/20%2]))
	}
	return list
}

// TestNothingSensitiveIsKeptAnywhere plays every shape, goes on for a day with all that
// follows from it, and then looks through everything that is left.
func TestNothingSensitiveIsKeptAnywhere(t *testing.T) {
	each(t, watched(setup{}), func(w *world) {
		w.settle()
		w.take()
		h, names, all := &heard{w: w}, map[string]string{}, plays()
		kids := children(len(all))
		for name, play := range all {
			child := kids[len(names)]
			names[child] = name
			play(h, child)
			h.settle()
			w.nothingOf(name, h.all.String(), child)
			h.say(bot.WeCom, onWeCom, "取消")
			h.say(bot.DingTalk, onDingTalk, "取消")
		}
		for _, who := range []string{onWeCom, "anquan-guzhang"} {
			h.say(bot.WeCom, who, "请联系我")
		}
		h.settle()
		w.until("2025-09-11 10:00")
		h.all.WriteString(list(w.take()))
		w.nothingOf("afterwards", h.all.String(), slices.Collect(maps.Keys(names))...)
	})
}

// nothingOf looks for the words of plays in everything that outlives them.
func (w *world) nothingOf(play, said string, children ...string) {
	w.t.Helper()
	for place, text := range w.places(said) {
		for _, word := range append(children, "猥亵", "体育老师") {
			if strings.Contains(text, word) {
				w.t.Errorf("%s: %q is found in the %s: %s", play, word, place, around(text, word))
			}
		}
	}
}

// around is a piece of a text with what was found in it.
func around(text, found string) string {
	i := strings.Index(text, found)
	return strings.ToValidUTF8(text[max(0, i-120):min(len(text), i+120)], "·")
}

// TestNothingSensitiveIsKeptWhileTheDatabaseIsAway looks into the queue while a message
// waits there for the database.
func TestNothingSensitiveIsKeptWhileTheDatabaseIsAway(t *testing.T) {
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		if strings.HasPrefix(dsn, "sqlite:") {
			t.Skip("SQLite is a file and never away")
		}
		database := newWire(t, hostPort.FindStringSubmatch(dsn)[1])
		w := open(t, hostPort.ReplaceAllString(dsn, "tcp("+database.Addr()+")"), testkit.Redis(t), watched(setup{roles: "web"}))
		database.Cut(true)
		child := children(1)[0]
		answer := w.line(onWeCom, stage.Line{Platform: bot.WeCom, Text: harm(child)})
		answer += w.line(onDingTalk, stage.Line{Platform: bot.DingTalk, Text: harm(child), Photos: []stage.Photo{photo(34)}})
		held := w.redisDump()
		if !regexp.MustCompile(`inbound`).MatchString(held) {
			t.Fatal("nothing is held: this proves nothing")
		}
		var logs strings.Builder
		for _, line := range w.logs.Lines(-8) {
			logs.WriteString(line.String() + "\n")
		}
		for place, text := range map[string]string{"answer": answer, "queue": held, "logs": logs.String(), "files": w.files(), "metrics": w.metrics()} {
			for _, word := range []string{child, "猥亵", "体育老师"} {
				if strings.Contains(text, word) {
					t.Errorf("%q is found in the %s: %s", word, place, around(text, word))
				}
			}
		}
		database.Cut(false)
		w.logs.Reset()
	})
}
