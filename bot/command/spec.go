package command

import (
	"duban/bot"
	"duban/bot/understand"
	"duban/internal/org"
)

// Spec describes a command once: who may use it, how it is explained, what does
// it. The help and the permission table are made from it.
type Spec struct {
	Command  understand.Command
	Chapter  string // where the help lists it
	Name     string // what people call it
	Usage    string // how to write it
	Examples []string
	Action   org.Action // the permission it needs; "" for none
	Stranger bool       // also for people nobody knows yet
	Public   string     // what a group is told instead of the answer; "" answers in the group
	run      func(*session) (bot.Reply, error)

	// Aside is left out of the whole help, which has to fit one message: people are told
	// of it where they need it.
	Aside bool
}

// The chapters of the help, in their order.
const (
	ofWork    = "督办事项"
	ofHazards = "安全隐患"
	ofOffice  = "交办与审批"
	ofFigures = "统计"
	ofMe      = "我的设置"
)

// specs lists the commands in the order of the help.
func specs() []Spec {
	const inPrivate, done = "已私聊回复您。", "收到，已办理。详情私聊您。"
	return []Spec{
		{Command: understand.QueryTask, Chapter: ofWork, Name: "查任务和期限", Usage: "我的任务 / 本周到期 / 有没有逾期的 / 查 22-3", Action: org.ViewItems,
			Examples: []string{"我的任务", "本周到期", "有没有逾期的", "查 22-3"}, Public: inPrivate, run: (*session).queryTask},
		{Command: understand.ReportProgress, Chapter: ofWork, Name: "汇报进度", Usage: "编号 进度或情况，可以带照片，可以一次报几项", Action: org.ReportItem,
			Examples: []string{"22-3 60%", "22-3 已完成", "22-3 遇到困难：经费没批", "9-1 60%，12-8 完成"}, Public: "收到，已记下。详情私聊您。", run: (*session).reportProgress},
		{Command: understand.Ack, Chapter: ofWork, Name: "签收", Usage: "签收 编号 / 签收隐患编号", Action: org.SignItem,
			Examples: []string{"签收 22-3", "签收隐患56"}, Public: done, run: (*session).ack},
		{Command: understand.Extend, Chapter: ofWork, Name: "申请延期", Usage: "编号 申请延期到 日期，原因", Action: org.AskExtension,
			Examples: []string{"22-3 申请延期到10月20日，因为设备没到"}, Public: done, run: (*session).extend},
		{Command: understand.ReportHazard, Chapter: ofHazards, Name: "上报隐患", Usage: "上报隐患 地点 问题，可以带照片", Action: org.FileHazard,
			Examples: []string{"上报隐患 食堂后厨燃气软管老化", "匿名上报：宿舍楼安全出口锁住了"}, Public: "收到，已登记。编号和处理情况私聊您。", run: (*session).reportHazard},
		{Command: understand.QueryHazard, Chapter: ofHazards, Name: "查隐患", Usage: "隐患编号 / 我报的隐患 / 未销号、逾期、待复查、本周、某校的隐患", Action: org.ViewHazard,
			Examples: []string{"查隐患56", "我报的隐患", "未销号的隐患"}, Public: inPrivate, run: (*session).queryHazard},
		{Command: understand.HazardFix, Chapter: ofHazards, Name: "汇报整改", Usage: "隐患编号 做了什么，可以带照片", Action: org.FixHazard,
			Examples: []string{"隐患56 已换好，请复查", "隐患56 已停用封闭", "隐患56 整改不了，缺经费"}, Public: done, run: (*session).hazardFix},
		{Command: understand.HazardReview, Chapter: ofHazards, Name: "复查", Usage: "隐患编号 复查通过 / 复查不通过 原因", Action: org.ReviewHazard,
			Examples: []string{"隐患56 复查通过", "隐患56 复查不通过，还在漏水"}, Public: done, run: (*session).hazardReview},
		{Command: understand.HazardClose, Chapter: ofHazards, Name: "销号", Usage: "隐患编号 销号", Action: org.RuleHazard,
			Examples: []string{"隐患56 销号"}, Public: done, run: (*session).hazardClose},
		{Command: understand.HazardReopen, Chapter: ofHazards, Name: "重开隐患", Usage: "隐患编号 又出现了 / 重开", Action: org.ReopenHazard,
			Examples: []string{"隐患56 又漏水了，重开"}, Public: done, run: (*session).hazardReopen},
		{Command: understand.HazardGrade, Chapter: ofHazards, Name: "定级", Usage: "隐患编号 定为一般 / 重大", Action: org.RuleHazard,
			Examples: []string{"隐患56 定为重大", "隐患56 定为一般，7天内整改"}, Public: done, run: (*session).hazardGrade},
		{Command: understand.HazardSupervise, Chapter: ofHazards, Name: "挂牌督办", Usage: "隐患编号 挂牌督办", Action: org.RuleHazard,
			Examples: []string{"隐患56 挂牌督办"}, Public: done, run: (*session).hazardSupervise},
		{Command: understand.HazardMerge, Chapter: ofHazards, Name: "合并隐患", Usage: "两个编号 重复，保留其中一个", Action: org.MergeHazard,
			Examples: []string{"隐患56和60重复，保留56"}, Public: done, run: (*session).hazardMerge},
		{Command: understand.HazardVoid, Chapter: ofHazards, Name: "作废隐患", Usage: "隐患编号 作废 原因", Action: org.RuleHazard,
			Examples: []string{"隐患56 作废，误报"}, Public: done, run: (*session).hazardVoid},
		{Command: understand.ZeroReport, Chapter: ofHazards, Name: "零报告", Usage: "本周无隐患，零报告", Action: org.ReportItem,
			Examples: []string{"本周无隐患，零报告"}, Public: "收到，已记下。详情私聊您。", run: (*session).zeroReport},
		{Command: understand.Urge, Chapter: ofOffice, Name: "催办", Usage: "催办 编号 / 催一下逾期的 / 发黄单 编号", Action: org.Urge,
			Examples: []string{"催办 22-3", "催一下逾期的"}, Public: done, run: (*session).urge},
		{Command: understand.ReviewTask, Chapter: ofOffice, Name: "审核报结", Usage: "同意办结 编号 / 退回 编号 原因", Action: org.ReviewItem,
			Examples: []string{"同意办结 22-3", "退回 22-3，佐证材料不足"}, Public: done, run: (*session).reviewTask},
		{Command: understand.ReviewExtend, Chapter: ofOffice, Name: "审批延期", Usage: "同意延期 编号 / 不同意延期 编号 原因", Action: org.ReviewItem,
			Examples: []string{"同意延期 22-3", "不同意延期 22-3"}, Public: done, run: (*session).reviewExtend},
		{Command: understand.Reassign, Chapter: ofOffice, Name: "转派", Usage: "编号 转给 股室，协办 股室", Action: org.Reassign,
			Examples: []string{"22-3 转给计财股"}, Public: done, run: (*session).reassign},
		{Command: understand.CreateTask, Chapter: ofOffice, Name: "立项交办", Usage: "立项：内容，日期前，谁牵头", Action: org.CreateItem,
			Examples: []string{"立项：各校9月30日前上报消防自查表，安全法规股牵头"}, Public: done, run: (*session).createTask},
		{Command: understand.Stats, Chapter: ofFigures, Name: "统计", Usage: "各股室完成率 / 隐患整改率", Action: org.ViewStats,
			Examples: []string{"各股室完成率", "隐患整改率多少"}, Public: inPrivate, run: (*session).stats},
		{Command: understand.Digest, Chapter: ofFigures, Name: "日报周报", Usage: "今日日报 / 本周周报", Action: org.ViewDigest,
			Examples: []string{"今日日报", "本周周报"}, Public: inPrivate, run: (*session).digest},
		{Command: understand.Export, Chapter: ofFigures, Name: "导出台账", Usage: "导出9月台账 / 导出隐患台账 / 把逾期的任务导出来", Action: org.ExportData,
			Examples: []string{"导出9月台账", "导出隐患台账", "把逾期的任务导出来"}, Public: "收到，导出结果私聊发给您。", run: (*session).export},
		{Command: understand.Delegate, Chapter: ofMe, Name: "委托代办", Usage: "委托 姓名 到 日期", Action: org.DelegateDuty,
			Examples: []string{"请假三天，让王强代我", "委托王强到9月12日"}, Public: done, run: (*session).delegate},
		{Command: understand.DelegateCancel, Chapter: ofMe, Name: "取消委托", Usage: "取消委托", Action: org.DelegateDuty,
			Examples: []string{"取消委托"}, Public: done, run: (*session).delegateCancel},
		{Command: understand.Quiet, Chapter: ofMe, Name: "免打扰", Usage: "免打扰到 时间",
			Examples: []string{"免打扰到明天早上8点"}, Public: done, run: (*session).quiet},
		{Command: understand.QuietOff, Chapter: ofMe, Name: "取消免打扰", Usage: "取消免打扰",
			Examples: []string{"取消免打扰"}, Public: done, run: (*session).quietOff},
		{Command: understand.Undo, Chapter: ofMe, Name: "撤回", Usage: "撤回（您最后做的一件事）", Examples: []string{"撤回"}, Public: done, run: (*session).undo},
		{Command: understand.Feedback, Chapter: ofMe, Name: "投诉建议", Usage: "投诉建议：想说的话",
			Examples: []string{"投诉建议：能不能少发点消息"}, Public: "收到，谢谢。", run: (*session).feedback},
		{Command: understand.Bind, Chapter: ofMe, Name: "绑定", Usage: "绑定 姓名 单位", Stranger: true,
			Examples: []string{"绑定 张敏 石码头小学"}, Public: inPrivate, run: (*session).bind},
		{Command: understand.Unbind, Chapter: ofMe, Name: "解绑", Usage: "解绑", Examples: []string{"解绑"}, Public: inPrivate, run: (*session).unbind},
		{Command: understand.Help, Chapter: ofMe, Name: "帮助", Usage: "帮助 / 怎么报隐患", Stranger: true, Examples: []string{"帮助"}, Public: inPrivate, run: (*session).help},
	}
}

// Commands lists what people can ask for, in the order of the help.
func Commands() []understand.Command {
	var out []understand.Command
	for _, s := range specs() {
		out = append(out, s.Command)
	}
	return out
}
