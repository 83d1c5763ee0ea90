package command

import (
	"cmp"
	"context"
	"slices"
	"time"

	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/response"
	"duban/internal/supervise"
)

// Incidents records emergencies and sensitive messages, and who answers them.
type Incidents interface {
	supervise.Responses
	supervise.Members
	SerialIncidents(ctx context.Context) error
	AddIncident(ctx context.Context, i journal.Incident) (int64, error)
	AnswerIncident(ctx context.Context, incident int64, person string, at time.Time) error
	SilenceIncident(ctx context.Context, incident int64, callsOnly bool, reason string) error
}

// IncidentFinder finds what is going on.
type IncidentFinder interface {
	OpenResponses(ctx context.Context, kind response.Kind, limit int) ([]response.Response, error)
	ResponsesAt(ctx context.Context, unit string, since time.Time) ([]response.Response, error)
	ResponsesOf(ctx context.Context, person string, part response.Part, since time.Time) ([]response.Response, error)
	ToAnswer(ctx context.Context, person string, since time.Time) ([]response.Response, error)
}

// AlarmDesk starts calling people to an incident; *supervise.Desk does it.
type AlarmDesk interface {
	Raise(ctx context.Context, tx supervise.RespondTx, dir *org.Directory, r response.Response, by response.Member) ([]org.Holder, error)
	JoinWithin(ctx context.Context) (time.Duration, error)
	DutyDay(ctx context.Context) (calendar.Date, error)
}

// incidentLife is how long an incident can be answered and ended by a word.
const incidentLife = 12 * time.Hour

func incidentSubject(id int64) notice.Subject {
	return notice.Subject{Kind: notice.IncidentSubj, ID: id}
}

// noteUnnamed leaves a line of history about a sensitive matter: that it was so, and
// nothing of who or what.
func (s *session) noteUnnamed(incident int64, action string) error {
	return s.tx.Append(s.ctx, journal.Entry{At: s.now, Actor: "anonymous", Channel: string(s.m.Platform), Subject: incidentSubject(incident),
		Action: action, After: string(response.Sensitive)})
}

// tellAll writes a notice of the same words to each of these people but the writer.
func (s *session) tellAll(r response.Response, step, text string, people ...string) (int, error) {
	var list []notice.Notice
	for i, p := range people {
		if p == "" || p == s.actor.PersonID || slices.Index(people, p) != i {
			continue
		}
		kind := notice.Emergency
		if r.Kind == response.Sensitive {
			kind = notice.SensitiveTip
		}
		n := supervise.Call(r, kind, step, p, s.now)
		n.Text = text
		list = append(list, n)
	}
	return len(list), s.notify(list...)
}

// parties are the people of an incident: who was told, who reported it.
func (s *session) parties(incident int64) (told, reporters []string, err error) {
	list, err := s.tx.MembersOf(s.ctx, incident)
	return response.Who(list, response.Told), response.Who(list, response.Reporter), errs.At("find parties", err)
}

// reporter is whoever writes, as a member of an incident.
func (s *session) reporter() response.Member {
	return response.Member{PersonID: cmp.Or(s.actor.PersonID, response.Stranger(string(s.m.Platform), short(s.m.UserID)))}
}
