package notify

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/supervise"
)

// screen words a leader's morning (领导早报). Every entry is told by it: the most
// urgent ones in full, the others as a number, in full when asked for.
func (s *telling) screen(entries []render.Told) (page, error) {
	sc := render.Screen{}
	var err error
	if sc.Now, err = s.standing(); err != nil {
		return page{}, errs.At("count for a leader", err)
	}
	if sc.Before, sc.On, err = s.standingBefore(); err != nil {
		return page{}, err
	}
	waiting, err := s.waiting()
	if err != nil {
		return page{}, err
	}
	sc.Fill(render.Urgent(entries, waiting))
	p := page{kept: fmt.Sprintf(" red=%d yellow=%d major=%d", sc.Now.Red, sc.Now.Yellow, sc.Now.Major)}
	p.title, p.text = s.wording().Screen(sc)
	if len(sc.Decisions) > 0 {
		p.listed = listed(sc.Decisions)
	}
	return p, nil
}

// scope is what a leader answers for; the director and the office for everything.
func (s *telling) scope() digest.Scope {
	sc := digest.Scope{Charge: s.actor.Charge()}
	all := s.actor.Has(org.Office) || slices.ContainsFunc(s.dir.Director(), func(h org.Holder) bool { return h.PersonID == s.person })
	if all {
		sc.Charge = nil
	}
	return sc
}

func (s *telling) standing() (render.Standing, error) {
	sc := s.scope()
	lights, err := s.tx.Lights(s.ctx, sc, calendar.In(s.now, s.Loc), s.Days)
	if err != nil {
		return render.Standing{}, err
	}
	now := render.Standing{Red: lights.Red, Yellow: lights.Yellow, Hazards: digest.SeesHazards(s.dir, sc)}
	if now.Hazards {
		open, err := s.tx.OpenHazards(s.ctx, digest.Scope{})
		now.Major = open.Major
		return now, err
	}
	return now, nil
}

// standingBefore is how things stood at the last morning this person was told.
func (s *telling) standingBefore() (st render.Standing, on calendar.Date, err error) {
	prefix := "morning:" + s.person + ":"
	name, result, err := s.tx.LastRun(s.ctx, prefix, s.marker())
	if err != nil || name == "" {
		return st, 0, err
	}
	var entries int
	if n, _ := fmt.Sscanf(result, "entries=%d red=%d yellow=%d major=%d", &entries, &st.Red, &st.Yellow, &st.Major); n < 4 {
		return render.Standing{}, 0, nil // told before there was anything to compare with
	}
	on, err = calendar.Parse(strings.TrimPrefix(name, prefix))
	return st, on, err
}

// waiting are the wishes and the hazards that wait for this leader without a notice.
func (s *telling) waiting() (render.Waiting, error) {
	r := supervise.Reader{Actor: s.actor, Dir: s.dir, Now: s.now, Days: s.Days, Loc: s.Loc}
	wishes, err := r.Wishes(s.ctx, s.tx)
	if err != nil {
		return render.Waiting{}, err
	}
	stuck, err := r.HandUps(s.ctx, s.tx)
	return render.Waiting{Wishes: wishes, HandedUp: stuck}, err
}

// stillWaiting drops what was to be told because it waits for this leader and was
// decided meanwhile.
func (s *telling) stillWaiting(entries []render.Told) ([]render.Told, error) {
	if !slices.ContainsFunc(entries, func(e render.Told) bool { return e.Notice.Kind == notice.Waiting }) {
		return entries, nil
	}
	now, err := s.waiting()
	if err != nil {
		return nil, err
	}
	var out []render.Told
	for _, e := range entries {
		if e.Notice.Kind != notice.Waiting || now.Has(e) {
			out = append(out, e)
		} else if err := s.drop([]notice.Notice{e.Notice}, "decided"); err != nil {
			return nil, err
		}
	}
	return out, nil
}
