package phone

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

// zone is the world's zone; the browser of a test machine lives elsewhere.
var zone = time.FixedZone("CST", 8*3600)

// fakeWorld is a small education bureau with a scripted bot and a fixed plan
// of pushes. It stands in for the real program.
type fakeWorld struct {
	feed *Feed

	mu    sync.Mutex
	now   time.Time
	plan  []Entry // not yet out, by time
	sent  []SendRequest
	state State
	fail  error
	hold  chan struct{} // when set, Advance waits for it
}

func at(day, hour, minute int) time.Time { return time.Date(2025, 9, day, hour, minute, 0, 0, zone) }

func newFakeWorld(feed *Feed) *fakeWorld {
	both := func(id string) []Account { return []Account{{bot.WeCom, id}, {bot.DingTalk, "d-" + id}} }
	w := &fakeWorld{feed: feed, now: at(10, 9, 30)}
	w.state = State{
		Bot: "督办助手",
		People: []Person{
			{ID: "t1", Name: "教师甲", Post: "教师", Unit: "文昌中学", Accounts: both("t1"), Suggestions: []string{"帮助", "我的任务", "本周到期", "上报隐患："}},
			{ID: "x1", Name: "校长乙", Post: "校长", Unit: "文昌中学", Accounts: both("x1")},
			{ID: "s1", Name: "安全专干丙", Post: "安全专干", Unit: "赫山小学", Accounts: []Account{{bot.DingTalk, "d-s1"}}},
			{ID: "k1", Name: "周股长", Post: "股长", Unit: "安全法规股", Accounts: both("k1"), Suggestions: []string{"帮助", "本周到期", "未销号隐患", "催办 12-8"}},
			{ID: "k2", Name: "李股长", Post: "股长", Unit: "基础教育股", Accounts: []Account{{bot.WeCom, "k2"}}},
			{ID: "f1", Name: "副局长丁", Post: "分管副局长", Unit: "局领导", Accounts: both("f1")},
			{ID: "o1", Name: "督查员戊", Post: "督查", Unit: "局办公室", Accounts: []Account{{bot.WeCom, "o1"}}},
		},
		Groups: []Group{
			{Platform: bot.WeCom, ID: "g-safe", Title: "校园安全工作群"},
			{Platform: bot.WeCom, ID: "g-chief", Title: "股室负责人群", Members: []string{"k1", "k2", "f1", "o1"}},
			{Platform: bot.DingTalk, ID: "d-safe", Title: "校园安全钉钉群"},
		},
	}
	w.plan = fakePlan()
	return w
}

// fakePlan is a morning with merged reminders, an escalation and two digests.
func fakePlan() []Entry {
	due := Entry{At: at(11, 8, 30), Platform: bot.WeCom, Person: "t1", Title: "今天 1 件事", Road: "应用消息", State: Delivered,
		Text: "早上好。有 1 件事快到期：\n1. 12-8 食堂从业人员健康证核查，9月12日 周五到期\n回“1 已完成”就行。", Buttons: []Button{{"已完成", "12-8 已完成"}, {"要延期", "12-8 申请延期"}}}
	chief := Entry{At: at(11, 8, 30), Platform: bot.DingTalk, Person: "k1", Title: "超期 2 件", Road: "工作通知", State: Sent,
		Text: "周股长，早上好。两件事超期 1 个工作日，按规则告诉您：\n1. 隐患 YH-2025-0056 文昌中学教学楼灭火器过期\n2. 17-3 校车安全例会纪要\n承办人说明：配件 9月15日 周一到货。", Buttons: []Button{{"催办", "催办 隐患56"}}}
	held := Entry{At: at(11, 8, 30), Platform: bot.WeCom, Person: "x1", Title: "签收提醒", Road: "应用消息", State: Held, Text: "有 1 件交办等您签收：22-3 校园周边环境整治。", Reason: "同一天已有一条合并消息，并入 9月12日 周五早上"}
	bad := Entry{At: at(11, 8, 31), Platform: bot.DingTalk, Person: "s1", Title: "隐患整改", Road: "工作通知", State: Failed, Text: "隐患 YH-2025-0051 实验楼护栏松动，9月12日 周五前整改。", Reason: "钉钉回复：此人不在应用可见范围"}
	group := Entry{At: at(11, 17, 0), Platform: bot.WeCom, Group: "g-safe", Title: "9月11日 周四 督办日报", Road: "群机器人", State: Sent,
		Text: "今日办结 3 件，新增隐患 1 处，已整改 2 处。\n本周还有 4 件到期，最近的是 9月12日 周五。\n明细请私聊“本周到期”。"}
	ding := group
	ding.Platform, ding.Group = bot.DingTalk, "d-safe"
	plan := []Entry{due, chief, held, bad, group, ding}
	for i := range plan {
		plan[i].FromBot, plan[i].Pushed, plan[i].From = true, true, "督办助手"
	}
	return plan
}

func (w *fakeWorld) State(context.Context) (State, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return State{}, w.fail
	}
	st := w.state
	st.Now = w.now
	if len(w.plan) > 0 {
		st.Next = w.plan[0].At
	}
	return st, nil
}

func (w *fakeWorld) Advance(ctx context.Context, to time.Time) error {
	if w.hold != nil {
		select {
		case <-w.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail != nil {
		return w.fail
	}
	sort.SliceStable(w.plan, func(i, j int) bool { return w.plan[i].At.Before(w.plan[j].At) })
	for len(w.plan) > 0 && !w.plan[0].At.After(to) {
		w.feed.Publish(w.plan[0])
		w.plan = w.plan[1:]
	}
	w.now = to
	return nil
}

// Send answers like a very simple bot.
func (w *fakeWorld) Send(_ context.Context, m SendRequest) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.Contains(m.Text, "停电") {
		return errs.New(errs.Unavailable, "系统正忙，您的消息没有保存。请过几分钟再发一次。")
	}
	w.sent = append(w.sent, m)
	e := script(m)
	e.At, e.Platform, e.Group, e.FromBot, e.From = w.now, m.Platform, m.Group, true, w.state.Bot
	if m.Group == "" {
		e.Person = m.Person
	}
	w.feed.Publish(e)
	return nil
}

func script(m SendRequest) Entry {
	text := strings.TrimSpace(strings.ReplaceAll(m.Text, "@督办助手", ""))
	switch {
	case text == "帮助":
		return Entry{Title: "可以这样说", Text: "1. 报进展：22-3 已完成 60%\n2. 报隐患：二楼东头灭火器过期\n3. 查任务：我的任务、本周到期\n有难处就发“投诉建议：…”", Buttons: []Button{{"我的任务", "我的任务"}, {"本周到期", "本周到期"}}}
	case text == "我的任务":
		return Entry{Text: "您手上有 2 件：\n1. 12-8 食堂从业人员健康证核查，9月12日 周五到期\n2. 22-3 校园周边环境整治，9月30日 周二到期，进度 40%", Buttons: []Button{{"报 12-8 完成", "12-8 已完成"}, {"报 22-3 进展", "22-3 完成 60%"}}}
	case text == "本周到期":
		return Entry{Text: "本周（9月8日 周一 至 9月14日 周日）到期 1 件：\n12-8 食堂从业人员健康证核查，9月12日 周五。"}
	case strings.Contains(text, "已完成"):
		return Entry{Text: "记下了：12-8 食堂从业人员健康证核查，已完成（自述）。\n报结要由安全法规股审核，结果会告诉您。记错了请回“撤销”。", Buttons: []Button{{"撤销", "撤销"}}}
	case len(m.Photos) > 0:
		return Entry{Text: fmt.Sprintf("已登记隐患 YH-2025-0057：%s\n照片 %d 张，9月11日 周四前由安全法规股定级。", text, len(m.Photos)), Buttons: []Button{{"补充说明", "隐患57 补充"}, {"查看", "隐患57"}}}
	}
	return Entry{Text: "没听懂“" + text + "”。发“帮助”看看能说什么。"}
}
