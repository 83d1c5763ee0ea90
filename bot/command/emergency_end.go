package command

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/response"
)

// emergencyEnd ends an emergency: it is over, or there was none.
const emergencyEnd understand.Command = "emergency_end"

var (
	// allClear is said of nothing else. (The parser would take it for 解绑.)
	allClear = regexp.MustCompile(`^(?:紧急)?(?:警报|险情)(?:已经?)?解除|^解除(?:警报|险情)`)
	// falseAlarm is said of other things as well, so it is read only while there is an
	// emergency that the person can mean.
	falseAlarm     = regexp.MustCompile(`^(?:是|刚才是|刚刚是)?(?:误报|虚惊一场)(?:了|的)?(?:[，,。.！!：:\s]|$)`)
	onlyFalseAlarm = regexp.MustCompile(`^误报(?:了)?[。.！!]*$`) // said alone it is about nothing else
)

const maxOpenEmergencies = 50

// readEnd reports whether the words end an emergency.
func (s *session) readEnd() (bool, error) {
	words := strings.TrimSpace(s.m.Text)
	if allClear.MatchString(words) {
		return true, nil
	}
	if s.actor.PersonID == "" || s.inGroup() || !falseAlarm.MatchString(words) || otherMatter.MatchString(words) || s.memory.asked != nil && s.memory.asked.takesAnything() {
		return false, nil
	}
	if onlyFalseAlarm.MatchString(words) && s.memory.asked == nil {
		return true, nil
	}
	mine, err := s.endable()
	if err != nil || len(mine) > 0 {
		return err == nil, err
	}
	own, err := s.reportedByMe()
	return len(own) > 0, err
}

// endable are the emergencies going on that the person may end, the newest first.
func (s *session) endable() ([]response.Response, error) {
	open, err := s.tx.OpenResponses(s.ctx, response.Emergency, maxOpenEmergencies)
	return slices.DeleteFunc(open, func(r response.Response) bool {
		return org.Can(s.actor, org.EndEmergency, s.dir.HazardSubject(r.UnitID, "")) != nil
	}), errs.At("open emergencies", err)
}

// reportedByMe are those going on that the person has reported.
func (s *session) reportedByMe() ([]response.Response, error) {
	list, err := s.tx.ResponsesOf(s.ctx, s.actor.PersonID, response.Reporter, s.now.Add(-incidentLife))
	return slices.DeleteFunc(list, func(r response.Response) bool { return r.Kind != response.Emergency || !r.Live() }), err
}

// endEmergency ends the emergency that is meant; who may not, but has reported it, has
// those who may asked.
func (s *session) endEmergency() (bot.Reply, error) {
	mine, err := s.endable()
	if err != nil {
		return bot.Reply{}, err
	}
	if len(mine) == 0 {
		own, err := s.reportedByMe()
		if err != nil {
			return bot.Reply{}, err
		}
		if len(own) == 0 {
			return text("现在没有您可以解除的紧急情况。警报由本单位负责人、安全法规股、分管领导或局办公室解除；有紧急情况请直接说，例如“食堂着火了”。")
		}
		return s.doubtEmergency(own[0])
	}
	meant := s.meantBy(mine)
	if len(meant) != 1 {
		if len(meant) == 0 {
			meant = mine
		}
		return text("还没结束的紧急情况有 %d 件，要解除哪一件？\n%s\n请写明单位、情况或时间，例如“警报解除 %s”。", len(meant), s.listed(meant), s.told(meant[0]))
	}
	return s.end(meant[0])
}

// told names an emergency so that it can be typed.
func (s *session) told(r response.Response) string {
	unit := s.dir.Label(r.UnitID)
	if unit == "" {
		unit = "单位不明"
	}
	return fmt.Sprintf("%s %s %s", unit, render.EmergencyName(r.Type), r.Started.In(s.Loc).Format("15:04"))
}

func (s *session) listed(list []response.Response) string {
	var lines []string
	for _, r := range list {
		lines = append(lines, "· "+s.told(r))
	}
	return strings.Join(lines, "\n")
}

// meantBy narrows what is going on by the unit, the kind and the time that the words
// name. What they name of none of them narrows nothing.
func (s *session) meantBy(list []response.Response) []response.Response {
	units := s.mentioned(s.m.Text)
	fits := []func(r response.Response) bool{
		func(r response.Response) bool {
			return len(units) == 0 || slices.ContainsFunc(units, func(u org.Unit) bool { return u.ID == r.UnitID })
		},
	}
	for _, name := range []func(r response.Response) string{
		func(r response.Response) string { return render.EmergencyName(r.Type) },
		func(r response.Response) string { return r.Started.In(s.Loc).Format("15:04") },
	} {
		if slices.ContainsFunc(list, func(r response.Response) bool { return strings.Contains(s.m.Text, name(r)) }) {
			fits = append(fits, func(r response.Response) bool { return strings.Contains(s.m.Text, name(r)) })
		}
	}
	var out []response.Response
	for _, r := range list {
		if !slices.ContainsFunc(fits, func(fit func(response.Response) bool) bool { return !fit(r) }) {
			out = append(out, r)
		}
	}
	return out
}

// end closes an emergency: nothing that waits is sent any more, and everybody who was
// told, and who reported it, hears once that it is over.
func (s *session) end(r response.Response) (bot.Reply, error) {
	before := r.State
	r.State, r.Ended, r.EndedBy, r.Result = response.Ended, s.now, s.actor.PersonID, response.Over
	if falseAlarm.MatchString(strings.TrimSpace(s.m.Text)) {
		r.Result = response.FalseAlarm
	}
	r.Next = time.Time{}
	if err := s.tx.SaveResponse(s.ctx, r); err != nil {
		return bot.Reply{}, err
	}
	if err := s.tx.SilenceIncident(s.ctx, r.Incident, false, "ended"); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(incidentSubject(r.Incident), "end", string(before), r.Result, ""); err != nil {
		return bot.Reply{}, err
	}
	told, reporters, err := s.parties(r.Incident)
	if err != nil {
		return bot.Reply{}, err
	}
	n, err := s.tellAll(r, notice.Closing, render.EmergencyOver(s.told(r), s.who(), r.Result == response.FalseAlarm, s.now.In(s.Loc)), append(told, reporters...)...)
	if err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "解除警报", Final: "已经告诉大家了。如果险情还在，请马上再报一次。"}
	what := "警报解除"
	if r.Result == response.FalseAlarm {
		what = "误报"
	}
	return text("已记下：%s，%s。已告诉另外 %d 人，不再通知。", s.told(r), what, n)
}

// doubtEmergency has those who were told look whether there is anything at all. Until
// one of those who may has ended it, it goes on.
func (s *session) doubtEmergency(r response.Response) (bot.Reply, error) {
	told, _, err := s.parties(r.Incident)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(incidentSubject(r.Incident), "doubt", string(r.State), string(r.State), ""); err != nil {
		return bot.Reply{}, err
	}
	n, err := s.tellAll(r, "doubt/"+s.actor.PersonID, render.EmergencyDoubt(s.told(r), s.who(), s.now.In(s.Loc)), told...)
	if err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "报告误报", Final: "已经请他们核实了，要更正请直接打电话。"}
	return text("已请 %d 位负责人核实。警报由本单位负责人、安全法规股、分管领导或局办公室解除，核实之前会继续通知。", n)
}
