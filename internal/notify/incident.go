package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duban/bot/render"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/response"
	"duban/internal/supervise"
)

// Alarms calls the next people when somebody who was called to an incident cannot be
// reached; *supervise.Desk does it.
type Alarms interface {
	Unreached(ctx context.Context, tx supervise.RespondTx, dir *org.Directory, incident int64, person string) (response.Response, []string, bool, error)
}

// call has people told at once, after the transaction that called them.
func (t *Teller) call(people []string) {
	if t.Called != nil && len(people) > 0 {
		t.Called(people...)
	}
}

// isCall reports whether a notice calls somebody to an incident.
func isCall(n notice.Notice) bool {
	_, _, ok := n.Call()
	return ok && n.Subject.Kind == notice.IncidentSubj && n.Kind != notice.Alarm
}

// incidentOver says why a notice about an incident is pointless by now, "" if it still
// holds. The first call is told even when somebody else was faster: it says what
// happened.
func incidentOver(r response.Response, exists bool, n notice.Notice) string {
	step, _, call := n.Call()
	switch {
	case !exists || n.Step == notice.Closing:
		return ""
	case r.State == response.Ended:
		return "ended"
	case n.Step == notice.Unanswered && r.State != response.Unanswered:
		return "answered"
	case call && r.State != response.Calling && (step > 0 || r.Kind == response.Sensitive):
		return "answered"
	}
	return ""
}

// passOver calls the next people in the place of one without an account.
func (s *telling) passOver(n notice.Notice) ([]notice.Notice, error) {
	if s.Alarms == nil {
		return nil, nil
	}
	p := passing{alarms: s.Alarms, tx: s.tx, dir: s.dir, who: s.actor.Name}
	if unit := s.dir.Label(s.actor.UnitID); !strings.HasPrefix(p.who, unit) {
		p.who = unit + " " + p.who
	}
	list, called, err := p.over(s.ctx, n)
	s.called = append(s.called, called...)
	return list, err
}

// passOver does so when the message of a call could not be brought by any road. done
// is false for every other message.
func (m *Mailer) passOver(ctx context.Context, tx Tx, msg notice.Message) (called []string, done bool, err error) {
	if msg.Kind != notice.Emergency && msg.Kind != notice.SensitiveTip || m.Teller == nil || m.Teller.Alarms == nil {
		return nil, false, nil
	}
	told, err := toldBy(ctx, tx, msg)
	if err != nil || len(told) == 0 || !isCall(told[0]) {
		return nil, false, err
	}
	twins, err := tx.MessagesByKey(ctx, keysOf(msg.Key)...)
	if err != nil || slices.ContainsFunc(twins, func(t notice.Message) bool { return t.ID != msg.ID && t.State != notice.MsgFailed }) {
		return nil, true, err // it went by another road as well, or still may
	}
	dir, err := tx.Directory(ctx)
	if err != nil {
		return nil, true, err
	}
	p := passing{alarms: m.Teller.Alarms, tx: tx, dir: dir, who: msg.PersonID}
	if h, ok := dir.HolderNamed(msg.PersonID); ok {
		p.who = dir.PostLabel(h.Post)
	}
	list, called, err := p.over(ctx, told[0])
	if err != nil {
		return nil, true, err
	}
	_, err = tx.AddNotices(ctx, list)
	return called, true, err
}

// passing is what passing over somebody needs to know.
type passing struct {
	alarms Alarms
	tx     supervise.RespondTx
	dir    *org.Directory
	who    string // as the office knows him
}

// over calls the next people and lets the office know who was not reached: of an
// emergency with what happened, so that it can pass it on and answer; of a sensitive
// matter with nothing.
func (p passing) over(ctx context.Context, n notice.Notice) (list []notice.Notice, called []string, err error) {
	r, called, news, err := p.alarms.Unreached(ctx, p.tx, p.dir, n.Subject.ID, n.PersonID)
	if err != nil || !news {
		return nil, called, err
	}
	text := render.Unreached(r, p.who)
	var members []response.Member
	for _, h := range p.dir.Office() {
		if h.PersonID == n.PersonID || slices.Contains(called, h.PersonID) {
			continue
		}
		alarm := supervise.Call(r, notice.Alarm, "", h.PersonID, n.CreatedAt)
		alarm.PostID, alarm.Text, alarm.Key = h.Post.ID, text, fmt.Sprintf("unreached:%d:%s:%s", r.Incident, n.PersonID, h.PersonID)
		list, called = append(list, alarm), append(called, h.PersonID)
		if r.Kind == response.Emergency {
			members = append(members, response.Member{Incident: r.Incident, Part: response.Told, PersonID: h.PersonID, Step: r.Level, At: n.CreatedAt})
		}
	}
	return list, called, p.tx.AddMembers(ctx, members)
}
