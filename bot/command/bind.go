package command

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/org"
)

func (s *session) account(person string) org.Account {
	return org.Account{Platform: string(s.m.Platform), Corp: s.m.Corp, UserID: s.m.UserID, PersonID: person}
}

// bind ties this account to a person. A name with a post behind it is decided by
// the office, since a post brings rights; a teacher may bind alone.
func (s *session) bind() (bot.Reply, error) {
	slots := s.intent.Slots
	if s.actor.PersonID != "" && !slots.Rebind {
		return text("您已经绑定为 %s（%s）。要换人请先发“解绑”。", s.actor.Name, s.dir.Label(s.actor.UnitID))
	}
	if slots.Rebind {
		return text("换单位要由局办公室改名册，请联系局办公室；改好以后不用重新绑定。")
	}
	slots.Name, slots.School = s.nameAndUnit(slots.Name, slots.School)
	if slots.Name == "" || slots.School == "" {
		return text("请这样发：绑定 姓名 单位，例如“绑定 张敏 石码头小学”。")
	}
	unit, ok := s.unitNamed(slots.School)
	if !ok {
		return bot.Reply{}, errNotFound("没有找到“%s”这个单位，请写学校或股室全名再发一次。", render.Cut(slots.School, 20))
	}
	people, err := s.tx.PersonsNamed(s.ctx, slots.Name, unit.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	switch {
	case len(people) > 1:
		return text("%s 有几位同名的“%s”，我分不清。请联系局办公室帮您绑定。", unit.Label(), slots.Name)
	case len(people) == 1 && len(people[0].Posts) > 0:
		return s.askOffice(people[0])
	case len(people) == 1:
		return s.bound(people[0].PersonID, people[0].Name, unit)
	case !unit.IsSchool():
		return bot.Reply{}, errNotFound("%s的名册里没有“%s”，请联系局办公室加上后再绑定。", unit.Label(), render.Cut(slots.Name, 10))
	}
	return s.enrol(slots.Name, unit)
}

// nameAndUnit sorts out which of two words is the unit, when a name begins with
// one: "绑定 文昌中学教师甲 文昌中学".
func (s *session) nameAndUnit(name, school string) (string, string) {
	if _, isUnit := s.unitNamed(name); !isUnit {
		return name, school
	}
	words := strings.Fields(s.m.Text)
	if len(words) != 3 {
		return "", ""
	}
	for _, pair := range [][2]string{{words[1], words[2]}, {words[2], words[1]}} {
		if s.isUnit(pair[1]) && !s.isUnit(pair[0]) {
			return pair[0], pair[1]
		}
	}
	return "", ""
}

// isUnit reports whether the word is just a unit's name.
func (s *session) isUnit(word string) bool {
	for _, u := range s.dir.Units() {
		if u.Name == word || u.Short == word || slices.Contains(u.Aliases, word) {
			return true
		}
	}
	return false
}

// enrol puts a teacher who is not on the roster onto it, as self-declared.
func (s *session) enrol(name string, unit org.Unit) (bot.Reply, error) {
	if n := len([]rune(name)); n < 2 || n > 12 {
		return text("姓名看着不对，请写真实姓名，例如“绑定 张敏 石码头小学”。")
	}
	sum := sha256.Sum256([]byte(string(s.m.Platform) + "\n" + s.m.Corp + "\n" + s.m.UserID))
	id := "self-" + hex.EncodeToString(sum[:8])
	if _, known, err := s.tx.ActorByPerson(s.ctx, id); err != nil || known {
		if err != nil {
			return bot.Reply{}, err
		}
		return s.bound(id, name, unit)
	}
	if err := s.tx.AddPerson(s.ctx, id, name, unit.ID, s.now); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: notice.PersonSubj}, "enrol", "", id, unit.ID); err != nil {
		return bot.Reply{}, err
	}
	return s.bound(id, name, unit)
}

func (s *session) bound(person, name string, unit org.Unit) (bot.Reply, error) {
	if err := s.tx.Bind(s.ctx, s.account(person), s.now); err != nil {
		return bot.Reply{}, errs.With(errs.Conflict, "这个姓名已经在本平台绑定了别的账号。如果不是您本人绑的，请马上联系局办公室。", err)
	}
	if err := s.note(notice.Subject{Kind: notice.PersonSubj}, "bind", "", person, unit.ID); err != nil {
		return bot.Reply{}, err
	}
	s.actor.PersonID, s.actor.Name, s.actor.UnitID = person, name, unit.ID // so that a group is not told
	s.act = &act{Label: "绑定", Final: "不用了请发“解绑”。"}
	return text("绑定好了：%s，%s。\n发“我的任务”看要办的事，发“上报隐患 …”报隐患，发“帮助”看全部用法。", name, unit.Name)
}

// askOffice puts the wish before the office.
func (s *session) askOffice(person org.Actor) (bot.Reply, error) {
	req, err := s.tx.AskBind(s.ctx, s.account(person.PersonID), s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: notice.PersonSubj, ID: req.ID}, "ask_bind", "", "open", person.PersonID); err != nil {
		return bot.Reply{}, err
	}
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	var list []notice.Notice
	for _, p := range s.dir.Office() {
		list = append(list, notice.Notice{Kind: notice.BindRequest, Urgency: notice.Prompt, PersonID: p.PersonID, PostID: p.Post.ID, NotBefore: at, CreatedAt: s.now, Weight: 50,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("bind:%d:%s:%s", req.ID, short(s.m.ID), p.PersonID),
			Text: fmt.Sprintf("有人申请绑定“%s”（%s），账号 %s（%s）。核对是本人请回复“同意绑定 %d”，不是请回复“拒绝绑定 %d”。",
				person.Name, s.dir.PostLabel(person.Posts[0]), s.m.UserID, render.PlatformName(s.m.Platform), req.ID, req.ID)})
	}
	if err := s.notify(list...); err != nil {
		return bot.Reply{}, err
	}
	return text("“%s”有岗位职责，要由局办公室核对一下。已转告他们，绑定好会通知您。", person.Name)
}

// decide recognises the office's word on a request.
var decide = regexp.MustCompile(`^\s*(同意|拒绝)绑定\s*(\d{1,9})\s*$`)

// decideBind carries out the office's decision.
func (s *session) decideBind() (bot.Reply, bool, error) {
	g := decide.FindStringSubmatch(s.m.Text)
	if g == nil {
		return bot.Reply{}, false, nil
	}
	s.command = "approve_bind"
	if err := org.Can(s.actor, org.ApproveBind, org.Subject{}); err != nil {
		return bot.Reply{}, true, err
	}
	id, _ := strconv.ParseInt(g[2], 10, 64)
	req, ok, err := s.tx.BindRequest(s.ctx, id)
	if err != nil {
		return bot.Reply{}, true, err
	}
	if !ok {
		return bot.Reply{}, true, errNotFound("没有待核对的绑定申请 %d，可能已经办过了。", id)
	}
	reply, err := s.decided(req, g[1] == "同意")
	return reply, true, err
}

func (s *session) decided(req org.BindRequest, approved bool) (bot.Reply, error) {
	state := "refused"
	if approved {
		state = "approved"
		if err := s.tx.Bind(s.ctx, req.Account, s.now); err != nil {
			return bot.Reply{}, errs.With(errs.Conflict, "这个人或账号已经绑定过了，没有改动。", err)
		}
	}
	if err := s.tx.DecideBind(s.ctx, req.ID, state, s.actor.PersonID, s.now); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: notice.PersonSubj, ID: req.ID}, "decide_bind", "open", state, req.PersonID); err != nil {
		return bot.Reply{}, err
	}
	if !approved {
		s.act = &act{Label: "拒绝绑定", Final: "拒绝错了请对方重新申请绑定。"}
		return text("已拒绝绑定申请 %d。对方没有绑定，收不到通知，需要时请直接联系。", req.ID)
	}
	err := s.notify(notice.Notice{Kind: notice.Answer, Urgency: notice.Immediate, PersonID: req.PersonID, NotBefore: s.now, CreatedAt: s.now, Weight: 50,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Key: fmt.Sprintf("bound:%d", req.ID), Text: "局办公室已核对，绑定好了。发“帮助”看能办什么。"})
	if err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "同意绑定", Final: "同意错了请让对方发“解绑”，或联系平台管理员。"}
	return text("已同意绑定申请 %d，对方已收到通知。", req.ID)
}

// unbind removes this account's tie.
func (s *session) unbind() (bot.Reply, error) {
	if err := s.tx.Unbind(s.ctx, s.account(s.actor.PersonID)); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(notice.Subject{Kind: notice.PersonSubj}, "unbind", s.actor.PersonID, "", ""); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "解绑", Final: "要重新用，请发：绑定 姓名 单位。"}
	name := strings.TrimSpace(s.actor.Name)
	return text("已解绑 %s。以后不会再在这里提醒您；要重新用，请发：绑定 姓名 单位。", name)
}
