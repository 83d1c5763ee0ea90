package org

import (
	"slices"

	"duban/internal/errs"
)

// Action is something a person may want to do.
type Action string

// The actions that need a permission. Asking for help, binding and emergencies
// need none.
const (
	ViewItems     Action = "view_items"
	ReportItem    Action = "report_item"
	SignItem      Action = "sign_item"
	FileHazard    Action = "file_hazard"
	ViewHazard    Action = "view_hazard"
	ViewSection   Action = "view_section" // another section's open items
	ApproveBind   Action = "approve_bind"
	OperateSystem Action = "operate_system"

	FixHazard    Action = "fix_hazard"    // say what was done about it
	ReviewHazard Action = "review_hazard" // look at the fix
	RuleHazard   Action = "rule_hazard"   // grade, close, void, supervise publicly
	MergeHazard  Action = "merge_hazard"
	ReopenHazard Action = "reopen_hazard"
	AnswerHazard Action = "answer_hazard" // what a school handed up to the bureau
	SpotCheck    Action = "spot_check"    // look at closed ones again (回头看)
	AssignHazard Action = "assign_hazard" // register it and give it to somebody of its unit

	Urge          Action = "urge"
	Reassign      Action = "reassign"
	ReviewItem    Action = "review_item" // closing and extensions
	AskExtension  Action = "ask_extension"
	CreateItem    Action = "create_item"
	ConfirmItem   Action = "confirm_item" // make a draft live
	RuleItem      Action = "rule_item"    // suspend, resume, void, archive
	DelegateDuty  Action = "delegate_duty"
	DelegateOther Action = "delegate_other" // on somebody's behalf
	ViewStats     Action = "view_stats"
	ViewDigest    Action = "view_digest"
	ExportData    Action = "export_data"
	ViewBurden    Action = "view_burden" // what was asked of the schools

	ViewDelivery Action = "view_delivery" // whether what was sent to others arrived
	ViewSlips    Action = "view_slips"
	AnswerSlip   Action = "answer_slip" // give the receipt

	ManagePlaces Action = "manage_places" // make and stop codes to scan

	IssueNotice  Action = "issue_notice"  // the notice to mend a hazard (整改通知书)
	EndEmergency Action = "end_emergency" // say that it is over, or that there was none
	ViewRoster   Action = "view_roster"   // who is on duty

	ReportCheck Action = "report_check" // say what an inspection found
	ViewChecks  Action = "view_checks"  // who has inspected what
)

// Actions lists every action once.
func Actions() []Action {
	return []Action{ViewItems, ReportItem, SignItem, FileHazard, ViewHazard, ViewSection, ApproveBind, OperateSystem,
		FixHazard, ReviewHazard, RuleHazard, MergeHazard, ReopenHazard, Urge, Reassign, ReviewItem, AskExtension, CreateItem, ConfirmItem, RuleItem,
		DelegateDuty, DelegateOther, ViewStats, ViewDigest, ExportData, ViewBurden, ViewDelivery, ViewSlips, AnswerSlip, ManagePlaces, AnswerHazard,
		IssueNotice, EndEmergency, ViewRoster, AssignHazard, SpotCheck, ReportCheck, ViewChecks}
}

// Scope is how far a permission reaches.
type Scope int

// The scopes, from the narrowest to the widest.
const (
	Nothing  Scope = iota
	Named          // what was given to the person by name
	OwnUnit        // the actor's own units
	Led            // what the actor's section leads, but not its own part of it
	Directs        // what the sections in a leader's charge do
	InCharge       // the own units and those a leader is in charge of
	Sections       // what a section leads or assists, at all schools
	All
)

// Permission returns how far role may go with action. It is the one place where
// permissions are decided; the role × action table test covers it whole.
func Permission(role Role, action Action) Scope {
	table := map[Action]map[Role]Scope{
		ViewItems:     {Reporter: OwnUnit, UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		ReportItem:    {Reporter: OwnUnit, UnitHead: OwnUnit, SectionChief: OwnUnit, Leader: OwnUnit, Office: OwnUnit},
		SignItem:      {Reporter: Named, UnitHead: OwnUnit, SectionChief: OwnUnit, Leader: OwnUnit, Office: OwnUnit},
		FileHazard:    {Reporter: All, UnitHead: All, SectionChief: All, Leader: All, Office: All, Admin: All},
		ViewHazard:    {Reporter: OwnUnit, UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		ViewSection:   {SectionChief: Sections, Leader: InCharge, Office: All},
		ApproveBind:   {Office: All, Admin: All},
		OperateSystem: {Admin: All, Office: All},

		FixHazard:    {Reporter: Named, UnitHead: OwnUnit, SectionChief: OwnUnit, Leader: OwnUnit, Office: OwnUnit},
		ReviewHazard: {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		RuleHazard:   {SectionChief: Led, Leader: Directs, Office: All},
		MergeHazard:  {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		ReopenHazard: {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},

		AnswerHazard: {SectionChief: Led, Leader: Directs, Office: All},
		SpotCheck:    {SectionChief: Led, Leader: Directs, Office: All},
		AssignHazard: {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},

		Urge:          {SectionChief: Led, Leader: Directs, Office: All},
		Reassign:      {SectionChief: Led, Leader: Directs, Office: All},
		ReviewItem:    {SectionChief: Led, Leader: Directs, Office: All},
		AskExtension:  {UnitHead: OwnUnit, SectionChief: OwnUnit, Leader: OwnUnit, Office: OwnUnit},
		CreateItem:    {SectionChief: All, Leader: All, Office: All},
		ConfirmItem:   {Office: All},
		RuleItem:      {Leader: Directs, Office: All},
		DelegateDuty:  {UnitHead: All, SectionChief: All, Leader: All, Office: All},
		DelegateOther: {Office: All},
		ViewStats:     {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		ViewDigest:    {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		ExportData:    {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		ViewBurden:    {Office: All},

		ViewDelivery: {SectionChief: Sections, Leader: InCharge, Office: All},
		ViewSlips:    {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		AnswerSlip:   {UnitHead: OwnUnit, SectionChief: OwnUnit, Leader: OwnUnit, Office: OwnUnit},

		ManagePlaces: {UnitHead: OwnUnit, SectionChief: Sections, Office: All},

		IssueNotice:  {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		EndEmergency: {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
		ViewRoster:   {UnitHead: All, SectionChief: All, Leader: All, Office: All, Admin: All},

		ReportCheck: {Reporter: OwnUnit, UnitHead: OwnUnit, SectionChief: OwnUnit, Leader: OwnUnit, Office: OwnUnit},
		ViewChecks:  {UnitHead: OwnUnit, SectionChief: Sections, Leader: InCharge, Office: All},
	}
	return table[action][role]
}

// Subject is what an action is about, as far as permissions care.
type Subject struct {
	Unit     string   // the unit whose work or hazard it is
	Sections []string // sections that lead or assist, the leading one first
	Reporter string   // the person who filed it; may always see it
	Assignee string   // the person of the unit it was given to; may see and fix it
}

// Can returns nil if the actor may do action on subject, else an errs.Forbidden
// that says whom to ask.
func Can(a Actor, action Action, s Subject) error {
	if action == ViewHazard && s.Reporter != "" && s.Reporter == a.PersonID {
		return nil
	}
	if (action == ViewHazard || action == FixHazard) && s.Assignee != "" && s.Assignee == a.PersonID && slices.Contains(a.Units(), s.Unit) {
		return nil
	}
	for _, role := range a.Roles() {
		if reaches(a.as(role), Permission(role, action), s, a) {
			return nil
		}
	}
	return errs.New(errs.Forbidden, refusal(action))
}

// ScopeOf returns the widest scope any of the actor's roles has for action.
func ScopeOf(a Actor, action Action) Scope {
	widest := Nothing
	for _, role := range a.Roles() {
		widest = max(widest, Permission(role, action))
	}
	return widest
}

// reaches looks at the posts of one role alone: who stands in for the head of another
// school is no head at home. whole is the person, who never reviews the own unit's work.
func reaches(a Actor, scope Scope, s Subject, whole Actor) bool {
	own := a.Units()
	inOwn := slices.Contains(own, s.Unit)
	leads := func(units []string) bool {
		return slices.ContainsFunc(s.Sections, func(id string) bool { return slices.Contains(units, id) })
	}
	switch scope {
	case OwnUnit:
		return inOwn
	case Led:
		return len(s.Sections) > 0 && slices.Contains(own, s.Sections[0]) && !slices.Contains(whole.Units(), s.Unit)
	case Directs:
		charge := a.Charge()
		return a.isDirector() || slices.Contains(charge, s.Unit) || leads(charge)
	case InCharge:
		charge := a.Charge()
		return a.isDirector() || inOwn || slices.Contains(charge, s.Unit) || leads(charge) || leads(own)
	case Sections:
		return inOwn || leads(own)
	case All:
		return true
	}
	return false
}

func refusal(action Action) string {
	switch action {
	case SignItem:
		return "签收要由承办单位的负责人办理，请转告他们。"
	case ReportItem:
		return "这一项不是您单位承办的，不能代报。请联系承办单位，或发“我的任务”看看您单位的事项。"
	case ViewHazard:
		return "没有找到您可以查看的这条隐患。只能查看本单位的或您自己上报的，有疑问请联系安全法规股。"
	case FixHazard:
		return "这条隐患要由所在单位的负责人或安全专干报整改情况，请转告他们。"
	case ReviewHazard:
		return "复查要由所在单位负责人、安全法规股或分管领导办理，请联系他们。"
	case RuleHazard:
		return "定级、销号、作废和挂牌由安全法规股、分管领导或局办公室办理，请联系安全法规股。"
	case SpotCheck:
		return "回头看由安全法规股、分管领导或局办公室办理，请联系安全法规股。"
	case AnswerHazard:
		return "协调结果由安全法规股、分管领导或局办公室答复，请联系安全法规股。"
	case AssignHazard:
		return "登记和交办由安全法规股、局办公室或所在单位负责人办理，请联系他们。"
	case MergeHazard, ReopenHazard:
		return "合并和重开由所在单位负责人或安全法规股办理，请联系他们。"
	case Urge, Reassign, ReviewItem:
		return "这要由牵头股室负责人、分管领导或局办公室办理，本单位承办的事不能自己审自己。请联系局办公室。"
	case AskExtension:
		return "延期要由承办单位的负责人申请，请转告他们。"
	case CreateItem, ConfirmItem:
		return "立项由股室负责人、局领导提出，局办公室确认。请联系局办公室。"
	case RuleItem:
		return "中止、恢复、作废和归档由分管领导或局办公室办理，请联系局办公室。"
	case DelegateDuty, DelegateOther:
		return "只能委托自己岗位上的事；替别人设置委托请联系局办公室。"
	case ViewBurden:
		return "负担表只给局办公室看，需要的话请联系局办公室。"
	case ViewDelivery:
		return "别人的消息送到没有，由牵头股室或局办公室查；您可以发“送到了吗”查发给您自己的。"
	case AnswerSlip:
		return "督办单的回执要由承办单位的负责人写，请转告他们。"
	case EndEmergency:
		return "警报由本单位负责人、安全法规股、分管领导或局办公室解除，请转告他们。"
	case ViewRoster:
		return "值班表给单位负责人和机关看。有紧急情况请直接发给我，或拨打 110、119、120。"
	case ManagePlaces:
		return "地点二维码由学校负责人、安全专干或安全法规股、局办公室管理，请转告他们；范围只限本单位的地点。"
	case IssueNotice:
		return "整改通知书由所在单位负责人、安全法规股、分管领导或局办公室出具，请转告他们。"
	case ReportCheck:
		return "检查情况要由本单位的人报，请转告他们。"
	case ViewChecks:
		return "检查情况由单位负责人看本单位的，安全法规股、分管领导和局办公室看各单位的，请联系他们。"
	case ViewSlips:
		return "督办单由单位负责人、股室负责人、局领导和局办公室查看，请联系您单位负责人。"
	case ExportData:
		return "导出台账由单位负责人、股室负责人或局办公室办理，请转告他们；范围只限本单位或本股室分管的。"
	case ViewStats, ViewDigest:
		return "统计和台账只能看本单位或本股室分管的。需要更大范围请联系局办公室。"
	case ApproveBind, OperateSystem:
		return "这个操作只有局办公室或平台管理员能办，请联系局办公室。"
	default:
		return "没有找到您可以查看的这一项。只能查看本单位承办的事项，有疑问请联系局办公室。"
	}
}
