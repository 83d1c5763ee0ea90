package command

import (
	"slices"

	"duban/bot"
	"duban/bot/understand"
	"duban/internal/org"
)

// Commands whose sentences are few and fixed. The parser does not know them: they
// are read here, before anything else is made of the words.
const (
	delivery    understand.Command = "delivery"     // did it arrive?
	slipReceipt understand.Command = "slip_receipt" // a unit's receipt for a slip (回执)
	slipQuery   understand.Command = "query_slip"   // the list of slips (督办单)

	placeCodes   understand.Command = "places" // codes to scan at places (地点二维码)
	hazardPhotos understand.Command = "hazard_photos"
)

// fixedSpecs describes them like specs does the others.
func fixedSpecs() []Spec {
	return []Spec{
		{Command: slipQuery, Chapter: ofWork, Name: "督办单", Usage: "督办单 / 待回执的督办单", Action: org.ViewSlips, Public: "已私聊回复您。",
			Examples: []string{"督办单", "待回执的督办单", "我的督办单"}, run: (*session).listSlips},
		{Command: slipReceipt, Chapter: ofWork, Name: "督办单回执", Usage: "回执 编号 原因，日期前完成", Action: org.AnswerSlip, Public: "收到，已办理。详情私聊您。",
			Examples: []string{"回执 22-3 因设备没到，10月15日前完成", "回执 HD-2025-003 经费没批，月底前完成"}, run: (*session).answerSlip},
		{Command: emergencyAck, Chapter: ofHazards, Name: "接到紧急情况", Usage: "收到 / 正在处理，做了什么", Public: "收到。", Aside: true,
			Examples: []string{"收到，马上到", "正在处理，已疏散"}, run: (*session).ackEmergency},
		{Command: emergencyEnd, Chapter: ofHazards, Name: "解除警报", Usage: "警报解除 / 误报，可以写明单位；报告的人说“误报”会请负责人核实", Public: "收到。", Aside: true,
			Examples: []string{"警报解除", "误报"}, run: (*session).endEmergency},
		{Command: dutyRoster, Chapter: ofHazards, Name: "值班表", Usage: "谁值班 / 值班表", Action: org.ViewRoster, Public: "已私聊回复您。", Aside: true,
			Examples: []string{"谁值班", "值班表"}, run: (*session).onDuty},
		{Command: hazardPhotos, Chapter: ofHazards, Name: "看照片", Usage: "看照片 隐患编号", Action: org.ViewHazard, Public: "照片只在私聊里看，请私聊我发“看照片 编号”。",
			Examples: []string{"看照片 YH0056", "隐患56的照片"}, run: (*session).hazardPhotos},
		{Command: hazardNotice, Chapter: ofHazards, Name: "整改通知书", Usage: "通知书 隐患编号", Action: org.IssueNotice, Public: "收到，整改通知书私聊发给您。",
			Examples: []string{"通知书 YH0056", "给隐患56出整改通知书"}, run: (*session).hazardNotice},
		{Command: placeCodes, Chapter: ofHazards, Name: "地点二维码", Usage: "生成二维码 地点 / 二维码清单 / 打印二维码 / 停用二维码 编号或地点", Action: org.ManagePlaces, Public: "已私聊回复您。",
			Examples: []string{"生成二维码 实验楼二楼走廊", "二维码清单", "打印二维码", "停用二维码 实验楼二楼走廊"}, run: (*session).placeCodes},
		{Command: hazardFive, Chapter: ofHazards, Name: "五落实", Usage: "隐患编号 五落实：责任 …；措施 …；资金 …；时限 …；预案 …，可以分几次报", Action: org.FixHazard, Public: "收到，已办理。详情私聊您。",
			Examples: []string{"YH0056 五落实：责任 王校长；措施 更换软管；资金 2万；时限 10月15日；预案 停用燃气改用电灶"}, run: (*session).hazardFive},
		{Command: hazardAnswer, Chapter: ofHazards, Name: "协调结果", Usage: "隐患编号 协调结果：…", Action: org.AnswerHazard, Public: "收到，已办理。详情私聊您。",
			Examples: []string{"YH0056 协调结果：局里拨款2万，下周到账"}, run: (*session).hazardAnswer},
		{Command: hazardRegister, Chapter: ofHazards, Name: "登记隐患", Usage: "登记隐患编号", Action: org.AssignHazard, Public: "收到，已办理。详情私聊您。",
			Examples: []string{"登记隐患56", "YH0056 登记"}, run: (*session).hazardRegister},
		{Command: hazardAssign, Chapter: ofHazards, Name: "交办隐患", Usage: "隐患编号 交办给 姓名或岗位，几天内整改", Action: org.AssignHazard, Public: "收到，已办理。详情私聊您。",
			Examples: []string{"隐患56 交办给 王强，7天内整改", "把隐患56转给安全专干"}, run: (*session).hazardAssign},
		{Command: hazardFollow, Chapter: ofHazards, Name: "关注隐患", Usage: "关注隐患编号 / 取消关注 隐患编号 / 不用再通知我 隐患编号 / 我关注的隐患", Action: org.ViewHazard, Public: "已私聊回复您。",
			Examples: []string{"关注隐患56", "取消关注 隐患56", "不用再通知我 隐患56", "我关注的隐患"}, run: (*session).hazardFollow},
		{Command: hazardUnlist, Chapter: ofHazards, Name: "摘牌", Usage: "隐患编号 摘牌，原因；销号的自动摘牌", Action: org.RuleHazard, Public: "收到，已办理。详情私聊您。", Aside: true,
			Examples: []string{"隐患56 摘牌，已列入专项改造"}, run: (*session).hazardUnlist},
		{Command: hazardSpot, Chapter: ofHazards, Name: "回头看", Usage: "回头看清单 / 隐患编号 回头看合格 / 隐患编号 回头看不合格，原因", Action: org.SpotCheck, Public: "收到，已办理。详情私聊您。",
			Examples: []string{"回头看清单", "隐患56 回头看合格", "隐患56 回头看不合格，又松了"}, run: (*session).hazardSpot},
		{Command: inspection, Chapter: ofHazards, Name: "检查", Usage: "检查表 / 清单名称 / 清单名称 都正常 / 清单名称 编号 情况，其他正常，可以带照片", Action: org.ReportCheck,
			Public:   "收到，已记下。详情私聊您。",
			Examples: []string{"检查表", "食堂检查", "食堂检查 都正常", "食堂检查 3 有油垢，5 灭火器过期，其他正常"}, run: (*session).inspect},
		{Command: checkQuery, Chapter: ofHazards, Name: "检查情况", Usage: "检查情况 / 清单名称 检查情况 / 学校 上周检查情况", Action: org.ViewChecks, Public: "已私聊回复您。",
			Examples: []string{"检查情况", "食堂检查情况", "昨天食堂检查情况", "文昌中学检查情况"}, run: (*session).queryInspect},
		{Command: delivery, Chapter: ofMe, Name: "查送达", Usage: "送到了吗 / 编号 的通知都送到了吗 / 谁没收到", Public: "已私聊回复您。",
			Examples: []string{"昨天的提醒送到了吗", "22-3 的通知都送到了吗", "谁没收到"}, run: (*session).delivered},
	}
}

// inChapters puts specs of one chapter together, the chapters in their order.
func inChapters(list []Spec) []Spec {
	chapters := []string{ofWork, ofHazards, ofOffice, ofFigures, ofMe}
	slices.SortStableFunc(list, func(a, b Spec) int {
		return slices.Index(chapters, a.Chapter) - slices.Index(chapters, b.Chapter)
	})
	return list
}

// fixed serves the fixed sentences.
func (s *session) fixed() (bot.Reply, bool, error) {
	command, ok, err := s.readFixed()
	if !ok || err != nil {
		return bot.Reply{}, false, err
	}
	s.command, s.intent.Command, s.intent.Slots = command, command, understand.Slots{}
	reply, err := s.run()
	return reply, true, err
}

func (s *session) readFixed() (understand.Command, bool, error) {
	if told, err := s.answersEmergency(); told || err != nil {
		return emergencyAck, true, err
	}
	if ends, err := s.readEnd(); ends || err != nil {
		return emergencyEnd, true, err
	}
	if readRoster(s.m.Text) {
		return dutyRoster, true, nil
	}
	if s.topicNamed() != "" {
		return understand.Help, true, nil
	}
	if _, ok := s.readDelivery(s.m.Text); ok {
		return delivery, true, nil
	}
	if _, ok := readReceipt(s.m.Text); ok {
		return slipReceipt, true, nil
	}
	if _, ok := readSlipAsk(s.m.Text); ok {
		return slipQuery, true, nil
	}
	if _, _, ok := readPlaces(s.m.Text); ok {
		return placeCodes, true, nil
	}
	if _, ok := readPhotos(s.m.Text); ok {
		return hazardPhotos, true, nil
	}
	if _, ok := readNotice(s.m.Text); ok {
		return hazardNotice, true, nil
	}
	if _, ok := s.readCheckQuery(); ok {
		return checkQuery, true, nil
	}
	if asked, err := s.readInspection(); asked || err != nil {
		return inspection, true, err
	}
	if said, ok := s.hazardSays(); ok {
		return said.Command, true, nil
	}
	return understand.None, false, nil
}
