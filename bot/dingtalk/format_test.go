package dingtalk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"duban/bot"
)

func TestMarkdown(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"line breaks", "一\n二", "一  \n  二"},
		{"empty lines make one gap", "一\n\n\n二", "一\n\n二"},
		{"blank line of spaces", "一\n  \n二", "一\n\n二"},
		{"special characters", "*a* _b_ #c >d [e](f) `g` ~h~ i|j k\\l <m>", "＊a＊ ＿b＿ ＃c ＞d ［e］(f) ｀g｀ ～h～ i｜j k＼l ＜m＞"},
		{"image", "![x](http://h/p.png)", "!［x］(http://h/p.png)"},
		{"dtmd", "dtmd://dingtalkclient/sendMessage?content=x 点DTMD://a", "dtmd：//dingtalkclient/sendMessage?content=x 点DTMD：//a"},
		{"client page", "dingtalk://dingtalkclient/page/link?url=x", "dingtalk：//dingtalkclient/page/link?url=x"},
		{"web address stays", "见 https://a.example/x_y?b=1&c=2#d。", "见 https://a.example/x_y?b=1&c=2#d。"},
		{"named web address dies", "[点我](https://a.example/x)", "［点我］(https://a.example/x)"},
		{"web address in brackets", "<https://a.example/x>", "＜https://a.example/x＞"},
		{"heading by underline", "标题\n---\n===", "标题  \n  －－－  \n  ＝＝＝"},
		{"indent is no code", "    x\n\ty", "　　x  \n  　y"},
		{"bullets", "- a\n+ b\n-5度", "－ a  \n  － b  \n  -5度"},
		{"numbers stay", "2. 甲\n5. 乙\n3.5倍", "2． 甲  \n  5． 乙  \n  3.5倍"},
		{"entity", "&lt;b&gt; A&B &#60;", "＆lt;b＆gt; A&B &＃60;"},
		{"item code", "22-3 完成 43/45（95.6%）", "22-3 完成 43/45（95.6%）"},
	}
	for _, tt := range tests {
		if got := markdown(tt.in); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

func TestSendLink(t *testing.T) {
	got := sendLink("完成 T1+2&3=4%")
	want := "dtmd://dingtalkclient/sendMessage?content=%E5%AE%8C%E6%88%90%20T1%2B2%263%3D4%25"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func buttons(n int) []bot.Button {
	var list []bot.Button
	for i := range n {
		list = append(list, bot.Button{Label: fmt.Sprintf("第%d项", i+1), Send: fmt.Sprintf("选 %d", i+1)})
	}
	return list
}

func TestBodyReply(t *testing.T) {
	tests := []struct {
		name string
		in   bot.Reply
		want string
	}{
		{"nothing", bot.Reply{}, `{"msgtype":"empty"}`},
		{"blank only", bot.Reply{Title: "x", Text: " \n"}, `{"msgtype":"empty"}`},
		{"text", bot.Reply{Text: "已登记：隐患56\n<谢谢> dtmd://x"}, `{"msgtype":"text","text":{"content":"已登记：隐患56\n<谢谢> dtmd：//x"}}`},
		{"markdown", bot.Reply{Title: "到期\n提醒", Text: "22-3\n今天到期"}, `{"msgtype":"markdown","markdown":{"title":"到期 提醒","text":"22-3  \n  今天到期"}}`},
		{"buttons", bot.Reply{Title: "请选", Text: "哪一项？", Buttons: []bot.Button{{Label: "第1项", Send: "选 1"}, {Send: "选 2"}, {Label: "没有内容"}}},
			`{"msgtype":"actionCard","actionCard":{"title":"请选","text":"哪一项？","btnOrientation":"0","btns":[` +
				`{"title":"第1项","actionURL":"dtmd://dingtalkclient/sendMessage?content=%E9%80%89%201"},` +
				`{"title":"选 2","actionURL":"dtmd://dingtalkclient/sendMessage?content=%E9%80%89%202"}]}}`},
		{"a card without title takes the first line", bot.Reply{Text: "哪一项？\n请选", Buttons: buttons(1)},
			`{"msgtype":"actionCard","actionCard":{"title":"哪一项？","text":"哪一项？  \n  请选","btnOrientation":"0","btns":[` +
				`{"title":"第1项","actionURL":"dtmd://dingtalkclient/sendMessage?content=%E9%80%89%201"}]}}`},
	}
	for _, tt := range tests {
		if got := string(BodyReply(tt.in)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestBodyReplyIsCutWithANotice(t *testing.T) {
	var m struct{ Text struct{ Content string } }
	if err := json.Unmarshal(BodyReply(bot.Reply{Text: strings.Repeat("长", 8000)}), &m); err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat("长", maxPartRunes) + cutNotice; m.Text.Content != want {
		t.Errorf("%d characters, end %q", utf8.RuneCountInString(m.Text.Content), m.Text.Content[len(m.Text.Content)-90:])
	}
}

func TestButtonsThatDoNotFitAreSpelled(t *testing.T) {
	long := strings.Repeat("长", maxSendRunes+1)
	parts := Parts(bot.Reply{Text: "请选：", Buttons: append(buttons(7), bot.Button{Label: long, Send: long})})
	if len(parts) != 1 || len(parts[0].Buttons) != maxButtons {
		t.Fatalf("parts %+v", parts)
	}
	want := "请选：\n\n还可以回复：“选 6”（第6项）、“选 7”（第7项）、“" + long + "”（" + strings.Repeat("长", 19) + "…）"
	if parts[0].Text != want {
		t.Errorf("got %q\nwant %q", parts[0].Text, want)
	}
}

func TestTypedButtons(t *testing.T) {
	got := TypedButtons(bot.Reply{Text: "22-3 今天到期\n", Buttons: []bot.Button{{Label: "完成", Send: "完成 22-3"}, {Label: "申请延期", Send: "延期 22-3"}}})
	if got.Text != "22-3 今天到期\n\n可以@我回复：“完成 22-3”、“延期 22-3”（申请延期）" || got.Buttons != nil {
		t.Errorf("%+v", got)
	}
	if got := TypedButtons(bot.Reply{Buttons: buttons(1)}); got.Text != "" {
		t.Errorf("an empty reply got a text: %q", got.Text)
	}
}

func TestParts(t *testing.T) {
	line := strings.Repeat("字", 99) + "\n"
	parts := Parts(bot.Reply{Title: "汇总", Text: strings.Repeat(line, 80), Buttons: buttons(2)})
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	var whole []string
	for i, part := range parts {
		number, text, _ := strings.Cut(part.Text, "\n")
		if want := fmt.Sprintf("（%d/3）", i+1); number != want || part.Title != "汇总" {
			t.Errorf("part %d: number %q, title %q", i, number, part.Title)
		}
		if (len(part.Buttons) > 0) != (i == 2) {
			t.Errorf("part %d has buttons %v", i, part.Buttons)
		}
		for _, l := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(l) != 99 {
				t.Errorf("part %d cuts a line of %d", i, utf8.RuneCountInString(l))
			}
		}
		whole = append(whole, text)
	}
	if strings.Join(whole, "\n")+"\n" != strings.Repeat(line, 80) {
		t.Error("parts do not add up to the text")
	}
	if Parts(bot.Reply{Title: "x", Buttons: buttons(1)}) != nil {
		t.Error("an empty reply has parts")
	}
}

// The worst texts must stay below the platform's limits.
func TestPartsStayWithinTheLimits(t *testing.T) {
	wide := make([]bot.Button, 5)
	for i := range wide {
		wide[i] = bot.Button{Label: strings.Repeat("钮", 30), Send: strings.Repeat("𠀀", maxSendRunes)}
	}
	for _, text := range []string{
		strings.Repeat("长", 9000), strings.Repeat("𠀀", 9000), strings.Repeat("x\n", 9000), strings.Repeat("\"", 9000),
		strings.Repeat("*<&", 4000), strings.Repeat("- \n", 4000), strings.Repeat("\u2028a", 4000),
	} {
		for _, part := range Parts(bot.Reply{Title: strings.Repeat("题", 100), Text: text, Buttons: wide}) {
			if _, param := apiMessage(part); len(param) > 15000 {
				t.Errorf("%q…: msgParam of %d bytes", text[:3], len(param))
			}
			if body := encode(hookBody(part)); len(body) > 20000 {
				t.Errorf("%q…: body of %d bytes", text[:3], len(body))
			}
		}
	}
}

func TestAPIMessage(t *testing.T) {
	tests := []struct {
		in         bot.Reply
		key, param string
	}{
		{bot.Reply{Text: "好"}, "sampleText", `{"content":"好"}`},
		{bot.Reply{Title: "题", Text: "好\n的"}, "sampleMarkdown", `{"text":"好  \n  的","title":"题"}`},
		{bot.Reply{Title: "题", Text: "好", Buttons: buttons(1)}, "sampleActionCard",
			`{"singleTitle":"第1项","singleURL":"dtmd://dingtalkclient/sendMessage?content=%E9%80%89%201","text":"好","title":"题"}`},
		{bot.Reply{Text: "好", Buttons: buttons(2)}, "sampleActionCard2",
			`{"actionTitle1":"第1项","actionTitle2":"第2项","actionURL1":"dtmd://dingtalkclient/sendMessage?content=%E9%80%89%201",` +
				`"actionURL2":"dtmd://dingtalkclient/sendMessage?content=%E9%80%89%202","text":"好","title":"好"}`},
	}
	for _, tt := range tests {
		if key, param := apiMessage(tt.in); key != tt.key || param != tt.param {
			t.Errorf("%s %s\nwant %s %s", key, param, tt.key, tt.param)
		}
	}
	if key, _ := apiMessage(bot.Reply{Text: "好", Buttons: buttons(5)}); key != "sampleActionCard5" {
		t.Errorf("five buttons: %s", key)
	}
}

func FuzzMarkdown(f *testing.F) {
	f.Add("[a](dtmd://dingtalkclient/sendMessage?content=x)\n- b\n![c](d)")
	f.Add("https://a.example/[x](dtmd://y) <b>&lt;")
	f.Fuzz(func(t *testing.T, text string) {
		got := markdown(clean(text))
		if strings.ContainsAny(got, "*[]<>`") {
			t.Fatalf("formatting survives: %q", got)
		}
		rest := webLink.ReplaceAllString(got, "")
		if strings.Contains(strings.ToLower(rest), "dtmd://") {
			t.Fatalf("dtmd survives: %q", got)
		}
		for _, part := range Parts(bot.Reply{Title: text, Text: text}) {
			if _, param := apiMessage(part); len(param) > 15000 {
				t.Fatalf("msgParam of %d bytes", len(param))
			}
		}
	})
}
