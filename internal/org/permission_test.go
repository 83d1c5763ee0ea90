package org

import (
	"cmp"
	"testing"

	"duban/internal/errs"
)

// actors are one of each role, at the places where roles see differently.
func actors() map[string]Actor {
	at := func(unit string, posts ...Post) Actor { return Actor{PersonID: "me", UnitID: unit, Posts: posts} }
	return map[string]Actor{
		"teacher":  at("school"),
		"head":     at("school", Post{UnitID: "school", Role: UnitHead}),
		"chief":    at("section", Post{UnitID: "section", Role: SectionChief}),
		"deputy":   at("bureau", Post{UnitID: "bureau", Role: Leader, Charge: []string{"section"}}),
		"director": at("bureau", Post{UnitID: "bureau", Role: Leader}),
		"office":   at("office", Post{UnitID: "office", Role: Office}),
		"admin":    at("tech", Post{UnitID: "tech", Role: Admin}),
		"stranger": {},
	}
}

// TestPermissions holds the whole table of role × action × whose work it is, as
// the bureau describes its roles. Columns: the actor's own unit, another
// school's work led by "section", work led by another section.
func TestPermissions(t *testing.T) {
	subjects := func(a Actor) []Subject {
		own := a.UnitID
		if own == "" {
			own = "nowhere"
		}
		return []Subject{{Unit: own, Sections: []string{"x"}}, {Unit: "other", Sections: []string{"section"}}, {Unit: "other", Sections: []string{"x"}}}
	}
	table := map[string]map[Action]string{ // y or n for each column
		"teacher": {ViewItems: "ynn", ReportItem: "ynn", SignItem: "nnn", FileHazard: "yyy", ViewHazard: "ynn",
			ViewSection: "nnn", ApproveBind: "nnn", OperateSystem: "nnn",
			FixHazard: "nnn", ReviewHazard: "nnn", RuleHazard: "nnn", MergeHazard: "nnn", ReopenHazard: "nnn", Urge: "nnn", Reassign: "nnn", ReviewItem: "nnn", AskExtension: "nnn", CreateItem: "nnn", ConfirmItem: "nnn", RuleItem: "nnn", DelegateDuty: "nnn", DelegateOther: "nnn", ViewStats: "nnn", ViewDigest: "nnn", ExportData: "nnn", ViewBurden: "nnn", ViewDelivery: "nnn", ViewSlips: "nnn", AnswerSlip: "nnn"},
		"head": {ViewItems: "ynn", ReportItem: "ynn", SignItem: "ynn", FileHazard: "yyy", ViewHazard: "ynn",
			ViewSection: "nnn", ApproveBind: "nnn", OperateSystem: "nnn",
			FixHazard: "ynn", ReviewHazard: "ynn", RuleHazard: "nnn", MergeHazard: "ynn", ReopenHazard: "ynn", Urge: "nnn", Reassign: "nnn", ReviewItem: "nnn", AskExtension: "ynn", CreateItem: "nnn", ConfirmItem: "nnn", RuleItem: "nnn", DelegateDuty: "yyy", DelegateOther: "nnn", ViewStats: "ynn", ViewDigest: "ynn", ExportData: "ynn", ViewBurden: "nnn", ViewDelivery: "nnn", ViewSlips: "ynn", AnswerSlip: "ynn"},
		"chief": {ViewItems: "yyn", ReportItem: "ynn", SignItem: "ynn", FileHazard: "yyy", ViewHazard: "yyn",
			ViewSection: "yyn", ApproveBind: "nnn", OperateSystem: "nnn",
			FixHazard: "ynn", ReviewHazard: "yyn", RuleHazard: "nyn", MergeHazard: "yyn", ReopenHazard: "yyn", Urge: "nyn", Reassign: "nyn", ReviewItem: "nyn", AskExtension: "ynn", CreateItem: "yyy", ConfirmItem: "nnn", RuleItem: "nnn", DelegateDuty: "yyy", DelegateOther: "nnn", ViewStats: "yyn", ViewDigest: "yyn", ExportData: "yyn", ViewBurden: "nnn", ViewDelivery: "yyn", ViewSlips: "yyn", AnswerSlip: "ynn"},
		"deputy": {ViewItems: "yyn", ReportItem: "ynn", SignItem: "ynn", FileHazard: "yyy", ViewHazard: "yyn",
			ViewSection: "yyn", ApproveBind: "nnn", OperateSystem: "nnn",
			FixHazard: "ynn", ReviewHazard: "yyn", RuleHazard: "nyn", MergeHazard: "yyn", ReopenHazard: "yyn", Urge: "nyn", Reassign: "nyn", ReviewItem: "nyn", AskExtension: "ynn", CreateItem: "yyy", ConfirmItem: "nnn", RuleItem: "nyn", DelegateDuty: "yyy", DelegateOther: "nnn", ViewStats: "yyn", ViewDigest: "yyn", ExportData: "yyn", ViewBurden: "nnn", ViewDelivery: "yyn", ViewSlips: "yyn", AnswerSlip: "ynn"},
		"director": {ViewItems: "yyy", ReportItem: "ynn", SignItem: "ynn", FileHazard: "yyy", ViewHazard: "yyy",
			ViewSection: "yyy", ApproveBind: "nnn", OperateSystem: "nnn",
			FixHazard: "ynn", ReviewHazard: "yyy", RuleHazard: "yyy", MergeHazard: "yyy", ReopenHazard: "yyy", Urge: "yyy", Reassign: "yyy", ReviewItem: "yyy", AskExtension: "ynn", CreateItem: "yyy", ConfirmItem: "nnn", RuleItem: "yyy", DelegateDuty: "yyy", DelegateOther: "nnn", ViewStats: "yyy", ViewDigest: "yyy", ExportData: "yyy", ViewBurden: "nnn", ViewDelivery: "yyy", ViewSlips: "yyy", AnswerSlip: "ynn"},
		"office": {ViewItems: "yyy", ReportItem: "ynn", SignItem: "ynn", FileHazard: "yyy", ViewHazard: "yyy",
			ViewSection: "yyy", ApproveBind: "yyy", OperateSystem: "yyy",
			FixHazard: "ynn", ReviewHazard: "yyy", RuleHazard: "yyy", MergeHazard: "yyy", ReopenHazard: "yyy", Urge: "yyy", Reassign: "yyy", ReviewItem: "yyy", AskExtension: "ynn", CreateItem: "yyy", ConfirmItem: "yyy", RuleItem: "yyy", DelegateDuty: "yyy", DelegateOther: "yyy", ViewStats: "yyy", ViewDigest: "yyy", ExportData: "yyy", ViewBurden: "yyy", ViewDelivery: "yyy", ViewSlips: "yyy", AnswerSlip: "ynn"},
		// An administrator is staff of some unit, and no more than that.
		"admin": {ViewItems: "ynn", ReportItem: "ynn", SignItem: "nnn", FileHazard: "yyy", ViewHazard: "ynn",
			ViewSection: "nnn", ApproveBind: "yyy", OperateSystem: "yyy",
			FixHazard: "nnn", ReviewHazard: "nnn", RuleHazard: "nnn", MergeHazard: "nnn", ReopenHazard: "nnn", Urge: "nnn", Reassign: "nnn", ReviewItem: "nnn", AskExtension: "nnn", CreateItem: "nnn", ConfirmItem: "nnn", RuleItem: "nnn", DelegateDuty: "nnn", DelegateOther: "nnn", ViewStats: "nnn", ViewDigest: "nnn", ExportData: "nnn", ViewBurden: "nnn", ViewDelivery: "nnn", ViewSlips: "nnn", AnswerSlip: "nnn"},
		"stranger": {ViewItems: "nnn", ReportItem: "nnn", SignItem: "nnn", FileHazard: "yyy", ViewHazard: "nnn",
			ViewSection: "nnn", ApproveBind: "nnn", OperateSystem: "nnn",
			FixHazard: "nnn", ReviewHazard: "nnn", RuleHazard: "nnn", MergeHazard: "nnn", ReopenHazard: "nnn", Urge: "nnn", Reassign: "nnn", ReviewItem: "nnn", AskExtension: "nnn", CreateItem: "nnn", ConfirmItem: "nnn", RuleItem: "nnn", DelegateDuty: "nnn", DelegateOther: "nnn", ViewStats: "nnn", ViewDigest: "nnn", ExportData: "nnn", ViewBurden: "nnn", ViewDelivery: "nnn", ViewSlips: "nnn", AnswerSlip: "nnn"},
	}
	// Newer actions have a line each; nobody who is not named may do them.
	for action, line := range map[Action]map[string]string{
		ManagePlaces: {"head": "ynn", "chief": "yyn", "office": "yyy"},
		IssueNotice:  {"head": "ynn", "chief": "yyn", "deputy": "yyn", "director": "yyy", "office": "yyy"},
		EndEmergency: {"head": "ynn", "chief": "yyn", "deputy": "yyn", "director": "yyy", "office": "yyy"},
		ViewRoster:   {"head": "yyy", "chief": "yyy", "deputy": "yyy", "director": "yyy", "office": "yyy", "admin": "yyy"},
		AssignHazard: {"head": "ynn", "chief": "yyn", "deputy": "yyn", "director": "yyy", "office": "yyy"},
		ReportCheck:  {"teacher": "ynn", "head": "ynn", "chief": "ynn", "deputy": "ynn", "director": "ynn", "office": "ynn", "admin": "ynn"},
		ViewChecks:   {"head": "ynn", "chief": "yyn", "deputy": "yyn", "director": "yyy", "office": "yyy"},
		AnswerHazard: {"chief": "nyn", "deputy": "nyn", "director": "yyy", "office": "yyy"},
		SpotCheck:    {"chief": "nyn", "deputy": "nyn", "director": "yyy", "office": "yyy"},
	} {
		for name := range table {
			table[name][action] = cmp.Or(line[name], "nnn")
		}
	}
	for name, actor := range actors() {
		for _, action := range Actions() {
			want, ok := table[name][action]
			if !ok {
				t.Errorf("%s × %s is not in the table", name, action)
				continue
			}
			for i, s := range subjects(actor) {
				err := Can(actor, action, s)
				if allowed := err == nil; allowed != (want[i] == 'y') {
					t.Errorf("%s may %s on %+v: %v, want %c", name, action, s, allowed, want[i])
				}
				if err != nil && (errs.CodeOf(err) != errs.Forbidden || errs.Say(err) == "") {
					t.Errorf("%s × %s refuses without a sentence: %v", name, action, err)
				}
			}
		}
	}
	if len(actors()) != len(table) {
		t.Error("an actor is not in the table")
	}
}

func TestWhoFiledAHazardMaySeeIt(t *testing.T) {
	mine := Subject{Unit: "other", Reporter: "me"}
	if err := Can(actors()["teacher"], ViewHazard, mine); err != nil {
		t.Errorf("own hazard at another school: %v", err)
	}
	if Can(Actor{}, ViewHazard, Subject{Unit: "other"}) == nil {
		t.Error("a stranger sees a hazard nobody is named for")
	}
}

func TestWhoWasGivenAHazardMayFixIt(t *testing.T) {
	mine := Subject{Unit: "school", Assignee: "me"}
	for _, action := range []Action{ViewHazard, FixHazard} {
		if err := Can(actors()["teacher"], action, mine); err != nil {
			t.Errorf("%s: %v", action, err)
		}
	}
	if Can(actors()["teacher"], ReviewHazard, mine) == nil {
		t.Error("a teacher reviews the own fix")
	}
	moved := actors()["teacher"]
	if moved.UnitID = "other"; Can(moved, FixHazard, mine) == nil || Can(moved, ViewHazard, mine) == nil {
		t.Error("who has left the school still holds its hazard")
	}
	if Can(Actor{}, FixHazard, Subject{Unit: ""}) == nil {
		t.Error("a stranger fixes what nobody was given")
	}
}

// TestStandingInGivesNoRightsAtHome holds that a teacher who stands in for the head of
// another school is still a teacher at home.
func TestStandingInGivesNoRightsAtHome(t *testing.T) {
	a := Actor{PersonID: "me", UnitID: "home", Posts: []Post{{UnitID: "other", Role: UnitHead}}}
	if err := Can(a, SignItem, Subject{Unit: "other"}); err != nil {
		t.Errorf("the stand-in may not sign: %v", err)
	}
	if Can(a, SignItem, Subject{Unit: "home"}) == nil {
		t.Error("the stand-in signs at home")
	}
	if err := Can(a, ReportItem, Subject{Unit: "home"}); err != nil {
		t.Errorf("a teacher may not report at home: %v", err)
	}
}
