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
	Name     string // what people call it
	Usage    string // how to write it
	Examples []string
	Action   org.Action // the permission it needs; "" for none
	Stranger bool       // also for people nobody knows yet
	Public   string     // what a group is told instead of the answer; "" answers in the group
	run      func(*session) (bot.Reply, error)
}

// specs lists the commands in the order of the help.
func specs() []Spec {
	const inPrivate = "已私聊回复您。"
	return []Spec{
		{Command: understand.QueryTask, Name: "查任务和期限", Usage: "我的任务 / 本周到期 / 有没有逾期的 / 查 22-3", Action: org.ViewItems,
			Examples: []string{"我的任务", "本周到期", "有没有逾期的"}, Public: inPrivate, run: (*session).queryTask},
		{Command: understand.ReportProgress, Name: "汇报进度", Usage: "编号 进度或情况，可以带照片", Action: org.ReportItem,
			Examples: []string{"22-3 60%", "22-3 已完成", "22-3 遇到困难：经费没批"}, Public: "收到，已记下。详情私聊您。", run: (*session).reportProgress},
		{Command: understand.Ack, Name: "签收", Usage: "签收 编号 / 签收隐患编号", Action: org.SignItem,
			Examples: []string{"签收 22-3", "签收隐患56"}, Public: "收到，已办理。详情私聊您。", run: (*session).ack},
		{Command: understand.ReportHazard, Name: "上报隐患", Usage: "上报隐患 地点 问题，可以带照片", Action: org.FileHazard,
			Examples: []string{"上报隐患 食堂后厨燃气软管老化", "匿名上报：宿舍楼安全出口锁住了"}, Public: "收到，已登记。编号和处理情况私聊您。", run: (*session).reportHazard},
		{Command: understand.QueryHazard, Name: "查隐患", Usage: "隐患编号 / 我报的隐患 / 未销号的隐患", Action: org.ViewHazard,
			Examples: []string{"查隐患56", "我报的隐患"}, Public: inPrivate, run: (*session).queryHazard},
		{Command: understand.Feedback, Name: "投诉建议", Usage: "投诉建议：想说的话",
			Examples: []string{"投诉建议：能不能少发点消息"}, Public: "收到，谢谢。", run: (*session).feedback},
		{Command: understand.Bind, Name: "绑定", Usage: "绑定 姓名 单位", Stranger: true,
			Examples: []string{"绑定 张敏 石码头小学"}, Public: inPrivate, run: (*session).bind},
		{Command: understand.Unbind, Name: "解绑", Usage: "解绑", Examples: []string{"解绑"}, Public: inPrivate, run: (*session).unbind},
		{Command: understand.Help, Name: "帮助", Usage: "帮助", Stranger: true, Examples: []string{"帮助"}, run: (*session).help},
	}
}
