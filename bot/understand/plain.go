package understand

import (
	"strings"
)

// A message in the very form that the help teaches means what the help says; nothing
// weighs it further. This keeps the taught forms certain whatever is learned.

// taught are the words that a taught form opens with.
var taught = []struct {
	command Command
	words   []string
}{
	{ReportHazard, []string{"上报隐患", "报隐患", "报个隐患", "隐患:", "匿名上报", "匿名举报", "上报重大隐患", "重大隐患:"}},
	{CreateTask, []string{"立项", "交办", "新增任务", "新建任务"}},
	{Export, []string{"导出"}},
	{Bind, []string{"绑定 ", "换绑"}},
	{Unbind, []string{"解绑", "解除绑定"}},
	{Ack, []string{"签收"}},
	{Urge, []string{"催办"}},
	{Feedback, []string{"投诉建议", "投诉:", "建议:"}},
	{Quiet, []string{"免打扰", "勿扰"}},
	{QuietOff, []string{"恢复提醒", "取消免打扰"}},
	{Delegate, []string{"委托"}},
	{DelegateCancel, []string{"取消委托"}},
	{Undo, []string{"撤回", "撤销"}},
	{ReviewExtend, []string{"同意延期", "不同意延期"}},
	{ReviewTask, []string{"同意办结", "不同意办结", "退回"}},
	{QueryTask, []string{"查", "我的任务", "待办"}},
	{QueryHazard, []string{"查隐患", "查YH", "我报的隐患"}},
	{ReportProgress, []string{"汇报:", "进度:", "进度 "}},
}

// names are the commands by what the help calls them; alone they ask what is missing.
var names = map[string]Command{
	"汇报进度": ReportProgress, "签收": Ack, "申请延期": Extend, "上报隐患": ReportHazard, "汇报整改": HazardFix, "复查": HazardReview, "销号": HazardClose,
	"重开隐患": HazardReopen, "定级": HazardGrade, "隐患定级": HazardGrade, "挂牌督办": HazardSupervise, "合并隐患": HazardMerge, "作废隐患": HazardVoid,
	"催办": Urge, "审核报结": ReviewTask, "审批延期": ReviewExtend, "转派": Reassign, "立项": CreateTask, "立项交办": CreateTask, "统计": Stats,
	"委托": Delegate, "委托代办": Delegate, "免打扰": Quiet, "我要免打扰": Quiet, "开启免打扰": Quiet, "撤回": Undo, "投诉建议": Feedback, "绑定": Bind,
	"解绑": Unbind, "导出": Export, "导出台账": Export, "零报告": ZeroReport, "查隐患": QueryHazard, "查任务": QueryTask,
}

// bareFiling is the wish to file a hazard, and nothing of it yet.
var bareFiling = compile(`^(?:我|我们)?(?:要|想|来)?(?:匿名)?(?:(?:上报|报告|登记|发现|发现了|举报|反映|提交|报|有一?1?[个处条])(?:一?1?[个处条下])?(?:安全|重大|一般)*隐患|有隐患要(?:上报|报告?)|(?:安全)?隐患(?:上报|报告|登记|填报|举报|排查上报))$`)

// bareName takes a message that is nothing but a command's name.
func bareName(m *message) (Intent, bool) {
	if m.in.Attachments > 0 || m.quote != "" {
		return no()
	}
	if c, ok := names[m.core]; ok {
		return m.as(c)
	}
	if bareFiling.MatchString(m.core) && m.in.Pending == nil && !m.asks() {
		return m.as(ReportHazard)
	}
	return no()
}

// verdict is a hazard's number with one of the words that decide about it.
var verdict = compile(`^(?:隐患|YH-?(?:20\d\d-)?)\d{1,5}号?[ ,]*(?:销号|复查(?:通过|不通过|合格|不合格)|挂牌督办|作废|重开|定为(?:一般|重大)|已(?:整改|修好|换好|更换))`)

// bareShare is an item's code with how far it is and nothing else.
var bareShare = compile(`^\d{1,2}-\d{1,2}[ ,:]*(?:进度|完成|已完成|办结)?(?:了)?[ ]*\d+(?:\.\d+)?%$|^\d{1,2}-\d{1,2}[ ,:]*(?:已?完成|已?办结|做完了?)(?:了)?$`)

// plain reports whether the proposal is in a taught form.
func (m *message) plain(it Intent) bool {
	switch it.Command {
	case Help, Cancel, Confirm:
		return m.runes() <= 6
	case Ack: // 收到 to what was quoted
		return m.quote != "" && (it.Slots.Task != nil || it.Slots.Hazard != nil) && m.runes() <= 6 || hasAnyPrefix(m.text, "签收")
	case ReportProgress:
		if bareShare.MatchString(m.core) {
			return true
		}
	case HazardFix, HazardReview, HazardClose, HazardSupervise, HazardVoid, HazardReopen, HazardGrade:
		return verdict.MatchString(m.core)
	}
	if it.Command == Quiet && it.Slots.Until.IsZero() {
		return false // the opening word alone says too little
	}
	for _, t := range taught {
		if t.command == it.Command && hasAnyPrefix(m.text, t.words...) {
			return true
		}
	}
	return it.Command == ZeroReport && strings.Contains(m.text, "零报告") && m.runes() <= 16
}
