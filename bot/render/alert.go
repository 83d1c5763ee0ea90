package render

import (
	"fmt"
	"strings"
	"time"

	"duban/internal/hazard"
)

// emergencies maps the types of emergency to what people call them and what to
// dial first.
func emergencyOf(kind string) (name, dial string) {
	switch kind {
	case "fire":
		return "火情", "119"
	case "gas":
		return "燃气泄漏", "119"
	case "drowning":
		return "溺水", "120、119"
	case "traffic":
		return "交通事故", "120、122"
	case "food_poisoning":
		return "疑似食物中毒", "120"
	case "violence":
		return "暴力伤害", "110"
	case "self_harm":
		return "有人可能伤害自己", "110、120"
	case "medical":
		return "有人急病或受伤", "120"
	}
	return "紧急情况", "110、119 或 120"
}

// EmergencyReply answers the person who reports an emergency.
func EmergencyReply(kind string, told []string) string {
	name, dial := emergencyOf(kind)
	lines := []string{"🆘 " + name + "，请马上拨打 " + dial + "！", firstAid(kind)}
	if len(told) > 0 {
		lines = append(lines, "我已马上通知："+strings.Join(told, "、")+"。")
	} else {
		lines = append(lines, "没有找到可以通知的负责人，请您直接打电话给校长和局安全法规股。")
	}
	return strings.Join(lines, "\n")
}

func firstAid(kind string) string {
	switch kind {
	case "fire":
		return "先疏散师生，弯腰捂鼻走安全通道，不要坐电梯。"
	case "gas":
		return "先疏散师生、开窗，不要开关电器，不要用明火。"
	case "drowning":
		return "不要下水手拉手施救，抛救生圈、竹竿，等专业救援。"
	case "food_poisoning":
		return "停止供餐，封存食品和留样，记下发病的人。"
	case "violence":
		return "带师生躲到安全的房间锁好门，不要正面对抗。"
	case "self_harm":
		return "请陪着当事人，不要让他独处，移开危险物品。"
	}
	return "先保证师生安全，说清地点，等救援到场。"
}

// EmergencyAlert tells those responsible. words is what the reporter wrote, ""
// where it must not be passed on.
func (c Context) EmergencyAlert(kind, unitID, location, who, words string, at time.Time) string {
	name, dial := emergencyOf(kind)
	place := c.Dir.Label(unitID)
	if place == "" {
		place = "单位不明"
	}
	if location != "" {
		place += " " + location
	}
	lines := []string{
		"🆘 紧急：" + name,
		fmt.Sprintf("%s，%s 由 %s 报告。", place, at.In(c.Loc).Format("15:04"), who),
	}
	if words != "" {
		lines = append(lines, "原话："+Cut(words, 120))
	}
	lines = append(lines, "已提示拨打 "+dial+"。请马上核实、到场，并按预案处置；接手请回复“收到”。")
	return strings.Join(lines, "\n")
}

// EmergencyGroup is all that is said in a group about an emergency: it never
// repeats what was written. More can be said in private to somebody who is known.
func EmergencyGroup(known bool) string {
	if !known {
		return "如有人正处在危险中，请马上拨打 110、119 或 120。"
	}
	return "如有人正处在危险中，请马上拨打 110、119 或 120。详情我已私聊您。"
}

// SensitiveReply answers a message about harm to a minor. Nothing of it is kept.
func SensitiveReply(officer string) string {
	lines := []string{
		"谢谢您说出来。保护孩子最要紧：",
		"1. 请马上拨打 110 报警，并报告校长——这是法律规定的强制报告责任。",
		"2. 先保证孩子安全，不要追问细节，不要在群里说，不要拍照传播。",
		"您刚才写的内容我没有保存，也不会转发。",
	}
	if officer != "" {
		lines = append(lines, "需要请"+officer+"私下联系您，请回复“请联系我”。")
	}
	return strings.Join(lines, "\n")
}

// SensitiveGroup is all that is said in a group about a sensitive message.
func SensitiveGroup(known bool) string {
	if !known {
		return "这类情况请不要在群里说，请马上拨打 110 报警。"
	}
	return "这类情况请不要在群里说，我已私聊您。"
}

// HandOver asks the named officer to get in touch. It says who and nothing else.
func (c Context) HandOver(unitID, who string) string {
	if unit := c.Dir.Label(unitID); !strings.HasPrefix(who, unit) {
		who = unit + " " + who
	}
	return fmt.Sprintf("请您尽快私下联系 %s：有一件需要当面说的事。内容没有经过本系统，请不要在群里提起。接手请回复“收到”。", who)
}

// HazardAlert tells those who handle a new hazard.
func (c Context) HazardAlert(h hazard.Hazard, who string, photos int) string {
	lines := []string{"⚠️ 新报隐患 " + h.Number(), c.hazardLine(h)}
	if photos > 0 {
		lines = append(lines, fmt.Sprintf("照片：%d 张", photos))
	}
	if h.LevelHint == hazard.Major {
		lines = append(lines, "上报人说是重大隐患，请先核实。")
	}
	if h.Anonymous || who == "" {
		who = "匿名"
	}
	lines = append(lines, "上报人："+who+c.limits(h), fmt.Sprintf("接办请回复“签收隐患%d”。", h.Seq))
	return strings.Join(lines, "\n")
}
