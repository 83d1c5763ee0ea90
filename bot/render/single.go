package render

import "duban/internal/notice"

// KindTitle is what a message of one notice is called in lists and on locked
// screens. It tells nothing that others may not read.
func KindTitle(k notice.Kind) string {
	titles := map[notice.Kind]string{
		notice.Reminder: "督办提醒", notice.Escalation: "督办提醒", notice.NewHazard: "新报隐患", notice.HazardUpdate: "隐患进展", notice.WorkUpdate: "督办事项",
		notice.Emergency: "紧急情况", notice.SensitiveTip: "请私下联系", notice.BindRequest: "绑定申请", notice.Waiting: "等您定", notice.Alarm: "请留意", notice.Document: "导出的台账",
		notice.Slip: "督办单", notice.SlipLate: "督办单", notice.Receipt: "督办单回执",
	}
	return titles[k]
}

// Single words one notice that goes out by itself because it cannot wait.
func (c Context) Single(e Told) (title, text string) {
	if e.Response != nil {
		return KindTitle(e.Notice.Kind), c.incident(*e.Response, e.Notice)
	}
	text = c.told(1, e)
	if h := hint([]Told{e}); h != "" && (e.Work != nil || e.Hazard != nil) {
		text += "\n" + h
	}
	return KindTitle(e.Notice.Kind), text
}
