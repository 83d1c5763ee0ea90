package render

import (
	"fmt"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/journal"
)

// History words lines of history for an operator: when, who, through what, what,
// from what to what. names maps ids of persons to what they are called.
func History(lines []journal.Entry, names map[string]string, loc *time.Location) []string {
	out := make([]string, 0, len(lines))
	for _, e := range lines {
		at := e.At.In(loc)
		day := calendar.In(at, loc)
		out = append(out, strings.TrimRight(fmt.Sprintf("%d  %s %s %s  %s（%s）  %s%s%s", e.ID, day, weekday(day), at.Format("15:04:05"),
			called(e.Actor, names), channelName(e.Channel), actionName(e.Action), change(e, names), noteOf(e)), " "))
	}
	return out
}

// weekday is the last word of a date as it is said: "周五".
func weekday(d calendar.Date) string {
	words := strings.Fields(d.Say(d))
	return words[len(words)-1]
}

func called(id string, names map[string]string) string {
	switch {
	case id == "system":
		return "系统"
	case id == "anonymous":
		return "匿名上报人"
	case id == "unbound" || id == "":
		return "未绑定的人"
	case names[id] != "":
		return names[id]
	}
	return id
}

// PlatformName is a platform as people call it.
func PlatformName(p bot.Platform) string {
	if p == bot.DingTalk {
		return "钉钉"
	}
	return "企业微信"
}

func channelName(c string) string {
	if p := bot.Platform(c); p == bot.WeCom || p == bot.DingTalk {
		return PlatformName(p)
	}
	if name, ok := map[string]string{"system": "系统", "seed": "导入", "web": "网页"}[c]; ok {
		return name
	}
	return c
}

func change(e journal.Entry, names map[string]string) string {
	before, after := value(e.Before, names), value(e.After, names)
	switch {
	case before == "" && after == "":
		return ""
	case before == "":
		return "：" + after
	case after == "":
		return "：原为 " + before
	}
	return "：" + before + " → " + after
}

func noteOf(e journal.Entry) string {
	if e.Note == "" {
		return ""
	}
	return "（" + strings.Join(strings.Fields(e.Note), " ") + "）"
}

// value words the states, grades and persons within a stored value.
func value(v string, names map[string]string) string {
	words := strings.Fields(v)
	for i, w := range words {
		switch {
		case names[w] != "":
			words[i] = names[w]
		case stateWord(w) != "":
			words[i] = stateWord(w)
		}
	}
	return strings.Join(words, " ")
}

func stateWord(w string) string {
	if name := hazard.State(w).Say(); name != "" {
		return name
	}
	return map[string]string{
		string(duty.Draft): "草稿", string(duty.Confirmed): "已立项", string(duty.VoidItem): "作废", string(duty.Assigned): "未签收",
		string(duty.InProgress): "办理中", string(duty.Submitted): "报结待审核", string(duty.Returned): "退回重办", string(duty.Paused): "中止",
		string(hazard.Ordinary): "一般", string(hazard.Major): "重大", "open": "待核对", "approved": "同意", "refused": "拒绝",
		"section_chief": "股室负责人", "leader": "分管领导", "office": "局办公室", "blocked": "遇到困难", "off": "不设", "yellow": "黄单", "red": "红单", "withdrawn": "已撤回",
	}[w]
}

func actionName(a string) string {
	names := map[string]string{
		"create": "立项申请", "repeat": "重复收集，仍要收", "repeat_dropped": "重复收集，不收了", "confirm": "立项确认", "refuse": "不予立项", "edit": "修改事项", "reassign": "转办", "assign": "交办", "add_work": "补充承办单位", "sign": "签收", "report": "汇报进展",
		"ask_extension": "申请延期", "extension_approved": "批准延期", "extension_refused": "不批准延期", "review": "审核", "urge": "催办", "escalate": "升级",
		"file": "上报隐患", "grade": "定级", "supervise": "挂牌督办", "unlist": "摘牌", "close": "销号", "reopen": "重新打开", "void": "作废", "merge": "合并", "merge_in": "并入本条", "add_photos": "补照片", "place_told": "补充地点", "drop_photos": "照片到期删除",
		"undo": "撤回", "withdraw": "撤回", "bind": "绑定", "ask_bind": "申请绑定", "decide_bind": "核对绑定", "unbind": "解绑", "enrol": "登记人员", "contact_left": "离开组织，停用账号", "contact_hidden": "离开可见范围，停用账号", "contact_back": "恢复账号", "contact_renumbered": "账号编号变更",
		"delegate": "委托", "delegate_cancel": "取消委托", "quiet": "免打扰", "quiet_off": "取消免打扰", "zero_report": "零报告", "export": "导出台账",
		"ack": "接到紧急情况", "five": "五落实", "answer": "协调结果", "spot_holds": "回头看合格", "spot_fails": "回头看不合格，重新打开", "hazard_notice": "出整改通知书", "slip": "发督办单", "receipt": "督办单回执", "place": "生成二维码", "place_stopped": "停用二维码", "place_revived": "恢复二维码", "inspect": "检查", "policies": "更新催办规则", "draft": "列入草稿",
	}
	for prefix, name := range map[string]string{"fix_": "整改", "review_": "复查"} {
		if strings.HasPrefix(a, prefix) {
			return name
		}
	}
	if name, ok := names[a]; ok {
		return name
	}
	return a
}
