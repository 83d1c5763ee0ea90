package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
)

// undoLife is how long an act is taken back as if it had not been; recallLife how
// long it can be withdrawn with a line in the history.
const (
	undoLife   = 10 * time.Minute
	recallLife = 24 * time.Hour
)

// act is what somebody did last, with everything needed to take it back. One
// without any of it told people something, and that is taken back.
type act struct {
	Command understand.Command `json:"command"`
	Slots   json.RawMessage    `json:"slots"`
	Text    string             `json:"text,omitempty"`
	Label   string             `json:"label"`
	Hazard  *hazard.Hazard     `json:"hazard,omitempty"` // as it was before
	Filed   int64              `json:"filed,omitempty"`  // id of the hazard that was filed
	Work    *duty.Assignment   `json:"work,omitempty"`   // as it was before
	Report  int64              `json:"report,omitempty"` // id of the report line
	Wish    *duty.Extension    `json:"wish,omitempty"`   // asked for, or as it was before it was decided
	Item    *movedItem         `json:"item,omitempty"`
	Mine    *mine              `json:"mine,omitempty"`
	Receipt *receipted         `json:"receipt,omitempty"`
	Slips   []int64            `json:"slips,omitempty"`  // issued
	Follow  *hazard.Follower   `json:"follow,omitempty"` // as it was before
	Once    string             `json:"once,omitempty"`   // what is reported once a period
	Checked *checked           `json:"checked,omitempty"`
	Final   string             `json:"final,omitempty"` // what to do instead: this cannot be taken back
	Keys    []string           `json:"keys,omitempty"`  // notices written with it
	Many    []act              `json:"many,omitempty"`  // several at once, in their order
}

// remembered keeps the last act of this message, once it has been carried out.
func (s *session) remembered() error {
	if s.act == nil || s.actor.PersonID == "" {
		return nil
	}
	a := *s.act
	raw, _ := json.Marshal(plainSlots(s.intent.Slots))
	a.Command, a.Slots, a.Keys = s.command, raw, s.keys
	body, err := json.Marshal(a)
	if err != nil {
		return errs.At("keep last act", err)
	}
	return s.tx.SaveLastAct(s.ctx, s.actor.PersonID, string(body), s.now)
}

// lastAct returns what the person did last, nil if nothing can be taken back.
func (s *session) lastAct() (*act, time.Time, error) {
	body, at, err := s.tx.LastAct(s.ctx, s.actor.PersonID)
	if err != nil || body == "" || s.now.Sub(at) > recallLife {
		return nil, at, err
	}
	var a act
	if json.Unmarshal([]byte(body), &a) != nil {
		return nil, at, nil
	}
	return &a, at, nil
}

// undo takes back what the person did last: within ten minutes without a trace
// for others, later as a withdrawal that the history shows.
func (s *session) undo() (bot.Reply, error) {
	a, at, err := s.lastAct()
	if err != nil {
		return bot.Reply{}, err
	}
	if a == nil {
		return text("没有可以撤回的操作。只能撤回您 24 小时内最后做的一件事。")
	}
	if a.Final != "" {
		return text("%s不能撤回。%s", a.Label, a.Final)
	}
	fresh := s.now.Sub(at) <= undoLife
	if err := s.takeBack(*a, fresh); err != nil {
		return bot.Reply{}, err
	}
	if fresh {
		return text("已撤回：%s。就当没有发过。", a.Label)
	}
	return text("已撤回：%s。因为超过 10 分钟，历史记录里会留下“已撤回”。", a.Label)
}

func (s *session) takeBack(a act, fresh bool) error {
	for _, one := range append(slices.Clone(a.Many), a) {
		if err := s.restore(one, fresh); err != nil {
			return err
		}
	}
	told, err := s.tx.TakeBackNotices(s.ctx, a.Keys)
	if err != nil {
		return err
	}
	who := s.who()
	if s.veiled {
		who = "匿名上报人"
	}
	var list []notice.Notice
	for _, person := range told { // who was told already hears that it was taken back
		if person == s.actor.PersonID {
			continue
		}
		list = append(list, notice.Notice{Kind: notice.WorkUpdate, Urgency: notice.Prompt, PersonID: person, NotBefore: s.now, CreatedAt: s.now, Weight: 30,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("undo:%s:%s:%s", s.m.Platform, short(s.m.ID), person),
			Text: fmt.Sprintf("%s撤回了刚才的操作：%s。", who, a.Label)})
	}
	if err := s.notify(list...); err != nil {
		return err
	}
	return s.tx.SaveLastAct(s.ctx, s.actor.PersonID, "", s.now)
}

// restore brings back what an act changed.
func (s *session) restore(a act, fresh bool) error {
	action := "withdraw"
	if fresh {
		action = "undo"
	}
	var err error
	switch {
	case a.Filed > 0:
		err = s.unfile(a, action)
	case a.Hazard != nil:
		err = s.restoreHazard(a, action)
	case a.Work != nil:
		err = s.restoreWork(a, action, fresh)
	case a.Item != nil:
		err = s.restoreItem(*a.Item, action)
	case len(a.Slips) > 0:
		err = s.withdrawSlips(a.Slips, action)
	case a.Receipt != nil:
		err = s.restoreReceipt(*a.Receipt, action, fresh)
	case a.Mine != nil:
		err = s.restoreMine(*a.Mine, action)
	case a.Follow != nil:
		err = s.unfollow(*a.Follow, action)
	case a.Checked != nil:
		err = s.restoreCheck(*a.Checked, action)
	case a.Once != "":
		err = s.unreport(a.Once, action)
	}
	if err != nil || a.Wish == nil {
		return err
	}
	return s.restoreWish(*a.Wish, action)
}

var errMovedOn = errs.New(errs.Conflict, "这件事之后又有人办理过，不能撤回了。需要更正请直接再发一次，或联系对方。")

func (s *session) unfile(a act, action string) error {
	h, ok, err := s.tx.HazardByID(s.ctx, a.Filed)
	if err != nil {
		return err
	}
	if !ok || h.State != hazard.Reported && h.State != hazard.Registered {
		return errMovedOn
	}
	s.veiled = h.Anonymous
	after, err := h.Cancel(s.actor.PersonID, s.now)
	if err != nil {
		return err
	}
	return s.putHazard(h, after, action)
}

func (s *session) restoreHazard(a act, action string) error {
	h, ok, err := s.tx.HazardByID(s.ctx, a.Hazard.ID)
	if err != nil {
		return err
	}
	if !ok || h.Version != a.Hazard.Version+1 {
		return errMovedOn
	}
	s.veiled = s.veiled || h.Anonymous && h.Reporter == s.actor.PersonID
	if err := s.tx.DropFormer(s.ctx, h.ID, a.Hazard.Version); err != nil {
		return err
	}
	after := *a.Hazard
	after.Version = h.Version
	return s.putHazard(h, after, action)
}

// putHazard stores a state that was restored, with its history and round.
func (s *session) putHazard(before, after hazard.Hazard, action string) error {
	if err := s.tx.SaveHazard(s.ctx, after); err != nil {
		return err
	}
	subject := notice.Subject{Kind: notice.HazardSubj, ID: after.ID}
	if err := s.note(subject, action, string(before.State), string(after.State), ""); err != nil {
		return err
	}
	return s.Supervise.Replan(s.ctx, s.tx, subject)
}

func (s *session) restoreWork(a act, action string, fresh bool) error {
	works, err := s.tx.WorkByID(s.ctx, a.Work.ID)
	if err != nil {
		return err
	}
	if len(works) != 1 || works[0].Version != a.Work.Version+1 {
		return errMovedOn
	}
	w := works[0]
	before := w.State
	w.Assignment = *a.Work
	w.Version = works[0].Version
	if err := s.tx.SaveAssignment(s.ctx, w.Assignment); err != nil {
		return err
	}
	if fresh && a.Report > 0 {
		if err := s.tx.DropReport(s.ctx, a.Report); err != nil {
			return err
		}
	}
	if err := s.note(notice.Subject{Kind: notice.Assignment, ID: w.ID}, action, string(before), string(w.State), ""); err != nil {
		return err
	}
	return s.Supervise.ReplanWork(s.ctx, s.tx, w)
}

// amended redoes the last act with what the person says instead ("不对，是23条").
func (s *session) amended() (bot.Reply, bool, error) {
	a, at, err := s.lastAct()
	if err != nil || a == nil || s.now.Sub(at) > undoLife {
		return bot.Reply{}, false, err
	}
	if !slices.Contains(amendable, a.Command) {
		return bot.Reply{}, false, nil
	}
	if len(a.Many) > 0 { // it is open which of them is wrong
		reply, err := text("刚才一次办了几条，请写明哪一条，例如“22-3 60%%”。全部不要了请发“撤回”。")
		return reply, true, err
	}
	words := s.intent.Slots.Correction
	s.intent.Slots = question{Slots: a.Slots}.slots()
	if !s.correct(a.Command, words) {
		reply, err := text(unreadCorrection)
		return reply, true, err
	}
	label := a.Label
	if err := s.takeBack(*a, true); err != nil {
		return bot.Reply{}, true, err
	}
	if s.intent.Slots.Text != "" {
		s.intent.Slots.Text = a.Text + "（更正：" + words + "）"
	}
	s.command, s.intent.Command, s.m.Text = a.Command, a.Command, a.Text
	reply, err := s.run()
	if err == nil {
		reply.Text = "已更正，原来的“" + render.Cut(label, 30) + "”作废。\n" + reply.Text
	}
	return reply, true, err
}
