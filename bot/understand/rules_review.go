package understand

var (
	returnRe = compile(`退回|打回|发回|让(?:他|她|他们)改|不予办结|不同意办结|不能办结|审核不|(?:审核|审查|审批)?(?:不通过|未通过|没通过|没过)|驳回|重做|重报|返工|重新(?:报|提交|办理)|不合格`)
	acceptRe = compile(`审核(?:已)?通过|审批通过|同意(?:办结|结项|销项|归档|报结)|准予(?:办结|结项)|(?:可以|准许)(?:办结|结项)|通过审核|^通过|通过[了。!]?$|验收(?:通过|合格)|办结同意|审核合格`)
)

func reviewTask(m *message) (Intent, bool) {
	if m.asks() || len(m.ids) > 0 && m.task == nil {
		return no()
	}
	explicit := has(m.text, "办结", "审核", "审批", "退回", "打回")
	if m.ref() == nil && (!explicit || m.runes() > 20) {
		return no()
	}
	if !returnRe.MatchString(m.text) && !acceptRe.MatchString(m.text) {
		return no()
	}
	return m.as(ReviewTask)
}

func (m *message) readTaskReview() Intent {
	s := Slots{Task: m.itemOr(reviewWords.ReplaceAllString(m.text, " ")), Text: m.body, Reason: reasonOf(m.text), Result: "pass"}
	s.Target.School = m.schoolOf()
	words := fine.ReplaceAllString(m.text, " ")
	if returnRe.MatchString(words) || !acceptRe.MatchString(words) && has(words, "不", "没", "退", "重", "补", "缺") {
		s.Result = "fail"
	}
	return m.reportOf(s)
}

var reviewWords = compile(`审核|审批|通过|同意|办结|退回|打回|不|准予|可以|了`)
