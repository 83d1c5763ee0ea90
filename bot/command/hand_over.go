package command

import (
	"duban/bot"
	"duban/bot/render"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/response"
)

// handOver asks the officer to get in touch, at the person's own wish. It is repeated
// until somebody has it, see supervise.Desk.Respond; what it is about is never known.
func (s *session) handOver() (bot.Reply, error) {
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	mine, err := s.tx.ResponsesOf(s.ctx, s.actor.PersonID, response.Reporter, s.now.Add(-incidentLife))
	if err != nil {
		return bot.Reply{}, err
	}
	for _, r := range mine {
		if r.Kind == response.Sensitive && r.State == response.Calling {
			return text("已经转告了，还在等回应，会一直提醒到有人接手。情况紧急请先拨打 110。")
		}
	}
	if len(s.dir.Officers()) == 0 {
		return text("没有找到可以联系您的人，请直接拨打 110 或联系校长。")
	}
	id, err := s.tx.AddIncident(s.ctx, journal.Incident{Kind: string(response.Sensitive), Type: handOver, UnitID: s.actor.UnitID, At: s.now})
	if err != nil {
		return bot.Reply{}, err
	}
	r := response.Response{Incident: id, Kind: response.Sensitive, Type: handOver, UnitID: s.actor.UnitID,
		Alert: s.view().HandOver(s.actor.UnitID, s.actor.Name)}
	people, err := s.Supervise.Raise(s.ctx, s.tx, s.dir, r, s.reporter())
	if err != nil {
		return bot.Reply{}, err
	}
	if len(people) == 0 { // the only officer asks
		return text("没有找到可以联系您的人，请直接拨打 110 或联系校长。")
	}
	if err := s.noteUnnamed(id, handOver); err != nil {
		return bot.Reply{}, err
	}
	if _, err := s.tellAll(r, notice.CallStep(0, ""), r.Alert, ids(people)...); err != nil {
		return bot.Reply{}, err
	}
	return text("好的，已请%s私下联系您。情况紧急请先拨打 110。", s.postLabels(people)[0])
}

// handedOver records that an officer has it and tells the person who asked, and the
// others who were asked. The words of the answer stay out.
func (s *session) handedOver(r response.Response) (bot.Reply, error) {
	told, askers, err := s.parties(r.Incident)
	if err != nil {
		return bot.Reply{}, err
	}
	if _, err := s.tellAll(r, "taken/"+s.actor.PersonID, render.HandOverTaken(s.who(), false), told...); err != nil {
		return bot.Reply{}, err
	}
	if _, err := s.tellAll(r, "taken/"+s.actor.PersonID, render.HandOverTaken(s.who(), true), askers...); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "接手私下联系", Final: "对方已经知道了，要换人请直接打电话。"}
	return text("已记下由您联系，已告诉对方。请尽快私下联系，内容不要写在这里，也不要在群里提起。")
}
