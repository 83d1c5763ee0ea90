package demo

import (
	"context"
	"fmt"
	"time"

	"duban/bot"
	"duban/internal/app"
	"duban/internal/calendar"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/sim/phone"
	"duban/internal/sim/stage"
	"duban/seeds"
)

// World plays the people of the seeds on the stage. It implements phone.World.
type World struct {
	stage  *stage.Stage
	clock  *clock.Movable
	loc    *time.Location
	feed   *phone.Feed
	app    *app.App
	people []phone.Person
	groups []phone.Group
	who    map[string]string // platform and user id -> person
}

func newWorld(set *seeds.Set, s *stage.Stage, c *clock.Movable, loc *time.Location, feed *phone.Feed) *World {
	w := &World{stage: s, clock: c, loc: loc, feed: feed, people: people(set), groups: groups(set), who: map[string]string{}}
	for _, a := range set.Accounts {
		w.who[a.Platform+"/"+a.UserID] = a.Person
	}
	w.listen()
	return w
}

// State implements phone.World.
func (w *World) State(ctx context.Context) (phone.State, error) {
	next, err := w.app.NextPush(ctx)
	if !next.IsZero() {
		next = next.In(w.loc)
	}
	return phone.State{Now: w.clock.Now().In(w.loc), Running: true, Next: next, Bot: stage.RobotName, People: w.people, Groups: w.groups}, err
}

// Send implements phone.World: it delivers through the platform's callback.
func (w *World) Send(ctx context.Context, m phone.SendRequest) error {
	if m.Group != "" && m.Platform == bot.WeCom {
		return errs.New(errs.Forbidden, "企业微信的群机器人只能往群里发，听不到群里说话。请在私聊里找督办助手。")
	}
	line := stage.Line{Platform: m.Platform, UserID: m.UserID, Group: m.Group, Text: unmentioned(m)}
	for _, p := range m.Photos {
		line.Photos = append(line.Photos, stage.Photo(p))
	}
	if _, err := w.stage.Say(ctx, line); err != nil {
		return errs.With(errs.Unavailable, "消息没有送到，请再发一次。", err)
	}
	return nil
}

// Advance implements phone.World.
func (w *World) Advance(ctx context.Context, to time.Time) error {
	err := w.app.Advance(ctx, to)
	w.feed.Moved()
	return err
}

func (w *World) shown(t time.Time) string {
	t = t.In(w.loc)
	return fmt.Sprintf("%s %s", calendar.In(t, w.loc).Say(0), t.Format("15:04"))
}
