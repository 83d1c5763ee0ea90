package render

import (
	"fmt"
	"strings"
	"time"

	"duban/internal/notice"
	"duban/internal/response"
)

// incident words what is told about an incident while nobody has answered.
func (c Context) incident(r response.Response, n notice.Notice) string {
	step, _, _ := n.Call()
	late := int(n.CreatedAt.Sub(r.Started).Minutes())
	sensitive := r.Kind == response.Sensitive
	switch {
	case n.Step == notice.Unanswered && n.Kind == notice.Alarm && sensitive, n.Kind == notice.Alarm && sensitive:
		return fmt.Sprintf("有一件请专人私下联系的事，%d 分钟了还没有人接手。请马上打电话提醒%s看消息。内容不经过办公室，请不要追问。", late, c.officers())
	case n.Step == notice.Unanswered && n.Kind == notice.Alarm:
		return fmt.Sprintf("🆘 %d 分钟了还没有一个人回应，不再自动通知，请马上打电话落实。\n%s", late, r.Alert)
	case n.Step == notice.Unanswered && sensitive:
		return "还没有人回应您的请求。请直接拨打 110，或打电话联系校长、" + c.officers() + "。"
	case n.Step == notice.Unanswered:
		name, dial := emergencyOf(r.Type)
		return fmt.Sprintf("🆘 您报告的%s，%d 分钟了尚无人回应。请再拨 %s，并直接打电话给校长和局值班。", name, late, dial)
	case step == 0:
		return r.Alert
	case sensitive:
		return fmt.Sprintf("%d 分钟了还没有人接手。%s", late, r.Alert)
	}
	return fmt.Sprintf("🆘 %d 分钟了还没有人回应。\n%s", late, r.Alert)
}

// officers names whom sensitive matters are handed to first.
func (c Context) officers() string {
	if people := c.Dir.Officers(); len(people) > 0 {
		return c.Dir.PostLabel(people[0].Post)
	}
	return "局安全法规股"
}

// Unreached tells the office who could not be reached: of an emergency with what
// happened, of a sensitive matter with nothing of it.
func Unreached(r response.Response, who string) string {
	if r.Kind == response.Sensitive {
		return fmt.Sprintf("有一条要马上送到的消息没有送到 %s，请马上打电话请他看消息，并协助核对账号。", who)
	}
	return fmt.Sprintf("【未送达，请马上打电话转告 %s】\n%s", who, strings.TrimSpace(r.Alert))
}

// EmergencyNews tells those who know of an emergency what another report adds. words
// is what was written, "" where it must not be passed on.
func (c Context) EmergencyNews(unitID, who, words string, at time.Time) string {
	line := fmt.Sprintf("🆘 %s，%s 又有报告（%s）", c.Dir.Label(unitID), at.In(c.Loc).Format("15:04"), who)
	if words == "" {
		return line + "。"
	}
	return line + "：" + Cut(words, 120)
}

// EmergencyJoined answers somebody who reports what is known already; own says that it
// was the same person.
func EmergencyJoined(kind string, since time.Time, own bool, told int, answered string) string {
	name, dial := emergencyOf(kind)
	by := "已有人报告"
	if own {
		by = "您已报告"
	}
	state := "还没有人回应，正在继续通知。"
	if answered != "" {
		state = answered + "已回应。"
	}
	return fmt.Sprintf("🆘 %s，请马上拨打 %s！\n%s\n这件事 %s %s，您刚才说的已告诉 %d 人。%s", name, dial, firstAid(kind), since.Format("15:04"), by, told, state)
}

// HandOverTaken says that an officer has taken a private hand-over.
func HandOverTaken(who string, toAsker bool) string {
	if toAsker {
		return who + "已收到，会尽快私下联系您。情况紧急请先拨打 110。"
	}
	return "私下联系的事，" + who + "已经接手，您不用再联系。"
}

// EmergencyName is what people call a kind of emergency.
func EmergencyName(kind string) string {
	name, _ := emergencyOf(kind)
	return name
}

// EmergencyOver tells everybody that an emergency is over, or that there was none.
func EmergencyOver(what, who string, falseAlarm bool, at time.Time) string {
	if falseAlarm {
		return fmt.Sprintf("✅ 误报：%s，%s 由 %s 核实没有险情，不用再到场。", what, at.Format("15:04"), who)
	}
	return fmt.Sprintf("✅ 警报解除：%s，%s 由 %s 确认已结束。", what, at.Format("15:04"), who)
}

// EmergencyDoubt asks those who were told to look whether there is anything at all.
func EmergencyDoubt(what, who string, at time.Time) string {
	return fmt.Sprintf("🆘 %s：报告的人（%s）%s 说可能没有险情了。请先核实，确认后回复“误报”或“警报解除”。", what, who, at.Format("15:04"))
}

// RingText is what a DING says or reads aloud: what happened where, and nothing of what
// was written.
func (c Context) RingText(r response.Response) string {
	unit := c.Dir.Label(r.UnitID)
	if unit == "" {
		unit = "单位不明"
	}
	return fmt.Sprintf("紧急：%s，%s，%s 报告，还没有人回应。请马上看督办助手的消息，并回复“收到”。", unit, EmergencyName(r.Type), r.Started.In(c.Loc).Format("15:04"))
}

// Unrung tells that a DING was refused.
func Unrung(reason string) string {
	why := map[string]string{
		"permission": "应用没有 DING 权限", "ding_quota": "DING 额度不够", "quota": "本月接口额度用完了", "invalid_user": "账号不对",
	}[reason]
	if why == "" {
		why = reason
	}
	return "紧急情况的钉钉 DING 提醒没有发出（" + why + "），普通消息已照常发送。请打电话落实，并请平台管理员核对 DING 的权限和额度。"
}
