package command

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/response"
	"duban/internal/supervise"
)

// selfHarm is the kind of emergency of which no word is kept or passed on.
const selfHarm = "self_harm"

// emergency tells the person what to dial and everybody responsible what
// happened, whatever the hour. The words are passed on to them alone; about
// self-harm nothing is passed on but that it happened.
func (s *session) emergency(kind, location, words string) (bot.Reply, error) {
	if kind == selfHarm {
		words = ""
	}
	if err := s.tx.SerialIncidents(s.ctx); err != nil {
		return bot.Reply{}, err
	}
	known, joins, err := s.joinable(kind)
	if err != nil {
		return bot.Reply{}, err
	}
	incident := journal.Incident{Kind: string(response.Emergency), Type: kind, UnitID: s.actor.UnitID, PersonID: s.actor.PersonID, Location: location, At: s.now}
	id, err := s.tx.AddIncident(s.ctx, incident)
	if err != nil {
		return bot.Reply{}, err
	}
	if joins {
		return s.join(known, id, kind, words)
	}
	who := "一位没有绑定的用户"
	if s.actor.Name != "" {
		who = s.actor.Name
	}
	r := response.Response{Incident: id, Kind: response.Emergency, Type: kind, UnitID: s.actor.UnitID,
		Alert: s.view().EmergencyAlert(kind, s.actor.UnitID, location, who, words, s.now)}
	people, err := s.Supervise.Raise(s.ctx, s.tx, s.dir, r, s.reporter())
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(incidentSubject(id), "open", "", kindOr(kind), fmt.Sprintf("told=%d", len(people))); err != nil {
		return bot.Reply{}, err
	}
	if _, err := s.tellAll(r, notice.CallStep(0, ""), r.Alert, ids(people)...); err != nil {
		return bot.Reply{}, err
	}
	return s.alarmed(kind, render.EmergencyReply(kind, s.postLabels(people))), nil
}

func (s *session) alarmed(kind, text string) bot.Reply {
	return s.unechoed(bot.Reply{Title: "紧急情况", Text: text}, render.EmergencyGroup(s.actor.PersonID != ""))
}

// kindOr names the kind of an emergency in the history.
func kindOr(kind string) string {
	if kind == "" {
		return "emergency"
	}
	return kind
}

func ids(people []org.Holder) []string {
	out := make([]string, 0, len(people))
	for _, h := range people {
		out = append(out, h.PersonID)
	}
	return out
}

// postLabels names people by their posts, each post once.
func (s *session) postLabels(people []org.Holder) []string {
	var out []string
	for _, h := range people {
		label := h.Name
		if h.Post.ID != "" {
			label = s.dir.PostLabel(h.Post)
		}
		if label != "" && !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return out
}

// joinable finds the emergency of the same unit that a report belongs to: of the same
// kind, or by somebody who has reported it, while it is not over and was not left
// without an answer. Nobody can tell whether two who may harm themselves are the same.
func (s *session) joinable(kind string) (response.Response, bool, error) {
	if s.actor.UnitID == "" || kind == selfHarm {
		return response.Response{}, false, nil
	}
	within, err := s.Supervise.JoinWithin(s.ctx)
	if err != nil {
		return response.Response{}, false, err
	}
	list, err := s.tx.ResponsesAt(s.ctx, s.actor.UnitID, s.now.Add(-within))
	if err != nil {
		return response.Response{}, false, err
	}
	for _, r := range list {
		if r.Kind != response.Emergency || r.Type == selfHarm || r.State != response.Calling && r.State != response.Answered {
			continue
		}
		if kind == "" || r.Type == "" || r.Type == kind {
			return r, true, nil
		}
		_, reporters, err := s.parties(r.Incident)
		if err != nil || slices.Contains(reporters, s.actor.PersonID) {
			return r, err == nil, err
		}
	}
	return response.Response{}, false, nil
}

// maxAlert bounds what is repeated to people who are called later.
const maxAlert = 900

// join adds a report to an emergency that is known: everybody who was told hears once
// what is new, and nobody is called anew.
func (s *session) join(r response.Response, id int64, kind, words string) (bot.Reply, error) {
	told, reporters, err := s.parties(r.Incident)
	if err != nil {
		return bot.Reply{}, err
	}
	news := s.view().EmergencyNews(r.UnitID, s.actor.Name, words, s.now)
	r.Heard = s.now
	if line := strings.TrimPrefix(news, "🆘 "); len(r.Alert)+len(line) < maxAlert {
		r.Alert += "\n" + line
	}
	if err := s.tx.SaveResponse(s.ctx, r); err != nil {
		return bot.Reply{}, err
	}
	by := s.reporter()
	by.Incident, by.Part, by.At = r.Incident, response.Reporter, s.now
	if err := s.tx.AddMembers(s.ctx, []response.Member{by}); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(incidentSubject(r.Incident), "join", "", kindOr(kind), fmt.Sprintf("incident=%d", id)); err != nil {
		return bot.Reply{}, err
	}
	n, err := s.tellAll(r, fmt.Sprintf("news/%d", id), news, told...)
	if err != nil {
		return bot.Reply{}, err
	}
	members, err := s.tx.MembersOf(s.ctx, r.Incident)
	if err != nil {
		return bot.Reply{}, err
	}
	answered := ""
	if first, ok := response.First(members); ok {
		answered = s.nameOf(first.PersonID)
	}
	first := len(reporters) > 0 && reporters[0] == s.actor.PersonID
	return s.alarmed(kind, render.EmergencyJoined(kind, r.Started.In(s.Loc), first, n, answered)), nil
}

// nameOf names somebody by the post, else by nothing.
func (s *session) nameOf(person string) string {
	if h, ok := s.dir.HolderNamed(person); ok {
		return s.dir.PostLabel(h.Post)
	}
	return "负责人"
}

var _ AlarmDesk = (*supervise.Desk)(nil)
