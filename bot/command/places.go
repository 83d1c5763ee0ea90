package command

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/place"
)

var (
	makePlace  = regexp.MustCompile(`^(?:请|帮我)?(?:生成|制作|新建|新增|做)(?:一?[个张])?(?:地点)?(?:的)?二维码[\s:,]*(.*)$`)
	stopPlace  = regexp.MustCompile(`^(?:请|帮我)?(?:停用|作废|取消|撤掉)(?:地点)?(?:的)?二维码[\s:,]*(.*)$`)
	listPlaces = regexp.MustCompile(`^(?:请|帮我)?(?:查看|看看|看|查)?(?:我们?的|本校的?|我校的?|本单位的?)?(?:地点)?二维码(?:(?:清单|列表|有哪些)[\s:,]*([^?。!]*))?[\s?。!]*$`)
	printSheet = regexp.MustCompile(`^(?:请|帮我)?(?:打印|下载|发我|重发)(?:一下|全部的?|所有的?|本校的?)*(?:地点)?二维码[\s:,]*(.*)$`)
)

// placeVerb is what is to be done about codes.
type placeVerb func(s *session, words string) (bot.Reply, error)

// readPlaces reads the sentences about codes to scan. words say which place or school.
func readPlaces(text string) (do placeVerb, words string, ok bool) {
	text = strings.TrimSpace(plainSigns.Replace(text))
	for _, one := range []struct {
		re *regexp.Regexp
		do placeVerb
	}{{makePlace, (*session).makePlace}, {stopPlace, (*session).stopPlace}, {printSheet, (*session).printPlaces}, {listPlaces, (*session).listPlaces}} {
		if g := one.re.FindStringSubmatch(text); g != nil {
			return one.do, strings.Trim(g[1], " ,。"), true
		}
	}
	return nil, "", false
}

func (s *session) placeCodes() (bot.Reply, error) {
	do, words, ok := readPlaces(s.m.Text)
	if !ok {
		return s.unserved()
	}
	return do(s, words)
}

// maxSheet bounds how many places one file holds.
const maxSheet = 120

// makePlace makes a code for a place, or brings a stopped one back: what hangs on the
// wall is good again then.
func (s *session) makePlace(words string) (bot.Reply, error) {
	unit, name, err := s.placeUnit(words)
	if err != nil {
		return bot.Reply{}, err
	}
	p, err := place.New(unit, name, s.actor.PersonID, s.now)
	if err != nil {
		return bot.Reply{}, err
	}
	list, err := s.tx.Places(s.ctx, unit)
	if err != nil {
		return bot.Reply{}, err
	}
	said := "已生成二维码"
	switch at := slices.IndexFunc(list, func(o place.Place) bool { return o.Name == p.Name }); {
	case at >= 0 && list[at].Active():
		p, said = list[at], "这个地点已经有二维码"
	case at >= 0:
		p, said = list[at].Again(), "已重新启用原来的二维码"
		err = s.savePlace(p, "place_revived")
	default:
		p, err = s.addPlace(p)
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.orderDocument(place.PackSheet(p.ID), "place"); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "二维码 " + p.Name, Final: "不用了请发“停用二维码 " + p.Code + "”。"}
	return text("%s：%s %s，编号 %s。\n%s", said, s.dir.Label(p.UnitID), p.Name, p.Code, s.howToUse(p))
}

// howToUse says what to do with a code.
func (s *session) howToUse(p place.Place) string {
	if s.Public != "" {
		return "打印用的文件马上发给您，打印后贴在原处即可。扫码打开上报页，不用登录；也可以在这里发：“" + p.Sentence() + "哪里不对”。"
	}
	return "打印用的文件马上发给您，打印后贴在原处即可。扫码得到一句话，在这里发出即可：“" + p.Sentence() + "哪里不对”。"
}

// addPlace stores a new place.
func (s *session) addPlace(p place.Place) (place.Place, error) {
	added, err := place.Add(s.ctx, s.tx, p)
	if err != nil {
		return added, err
	}
	return added, s.note(placeSubject(added), "place", "", added.Code, added.Name)
}

func placeSubject(p place.Place) notice.Subject { return notice.Subject{Kind: "place", ID: p.ID} }

func (s *session) savePlace(p place.Place, action string) error {
	if err := s.tx.SavePlace(s.ctx, p); err != nil {
		return err
	}
	return s.note(placeSubject(p), action, "", p.Code, p.Name)
}

// placeUnit finds out whose place is meant: the school named, else the asker's own unit.
// rest is the place's name.
func (s *session) placeUnit(words string) (unit, rest string, err error) {
	own := slices.DeleteFunc(s.actor.Units(), func(id string) bool { return s.mayManage(id) != nil })
	if u, _ := s.dir.Unit(append(own, "")[0]); u.IsSchool() { // others look after many schools and have to say which
		unit = u.ID
	}
	m := s.m
	m.Text = "上报隐患 " + words
	if school := s.parse(m, nil).Slots.School; school != "" {
		if u, ok := s.unitNamed(school); ok {
			unit, words = u.ID, strings.TrimLeft(strings.Replace(words, school, "", 1), " 的,")
		}
	}
	if unit == "" {
		return "", "", errs.New(errs.Invalid, "请写明是哪所学校的，例如“生成二维码 文昌中学 实验楼二楼走廊”或“二维码清单 文昌中学”。")
	}
	return unit, words, s.mayManage(unit)
}

func (s *session) mayManage(unit string) error {
	return org.Can(s.actor, org.ManagePlaces, s.dir.HazardSubject(unit, ""))
}

// ownPlaces lists the places of the unit that the words name, those in use first.
func (s *session) ownPlaces(words string) (unit, rest string, list []place.Place, err error) {
	if unit, rest, err = s.placeUnit(words); err != nil {
		return unit, rest, nil, err
	}
	list, err = s.tx.Places(s.ctx, unit)
	return unit, rest, slices.DeleteFunc(list, func(p place.Place) bool { return !p.Active() }), err
}

const noPlaces = "还没有地点二维码。发“生成二维码 地点名称”就能做一个，例如“生成二维码 实验楼二楼走廊”。"

func (s *session) listPlaces(words string) (bot.Reply, error) {
	unit, _, list, err := s.ownPlaces(words)
	if err != nil {
		return bot.Reply{}, err
	}
	if len(list) == 0 {
		return text(noPlaces)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s的地点二维码，共 %d 个：", s.dir.Label(unit), len(list))
	for i, p := range list {
		if i == 30 {
			fmt.Fprintf(&b, "\n还有 %d 个，见打印的文件。", len(list)-i)
			break
		}
		fmt.Fprintf(&b, "\n%s %s", p.Code, p.Name)
	}
	b.WriteString("\n要打印请发“打印二维码”，不用了请发“停用二维码 编号”。")
	return bot.Reply{Title: "二维码清单", Text: b.String(), Buttons: []bot.Button{{Label: "打印二维码", Send: "打印二维码"}}}, nil
}

func (s *session) printPlaces(words string) (bot.Reply, error) {
	_, rest, list, err := s.ownPlaces(words)
	if err != nil {
		return bot.Reply{}, err
	}
	if rest != "" {
		list = named(list, rest)
	}
	if len(list) == 0 {
		return text(noPlaces)
	}
	var ids []int64
	for _, p := range list[:min(len(list), maxSheet)] {
		ids = append(ids, p.ID)
	}
	if err := s.orderDocument(place.PackSheet(ids...), "place"); err != nil {
		return bot.Reply{}, err
	}
	return text("%d 个地点的二维码马上以文件发给您，A4 纸每页 6 个，沿虚线剪开贴在原处。", len(ids))
}

// named are the places that words mean: by code, or by name.
func named(list []place.Place, words string) []place.Place {
	if code, rest, ok := place.Typed(words); ok && rest == "" {
		words = code
	}
	var out []place.Place
	for _, p := range list {
		if p.Code == words || p.Name == words {
			return []place.Place{p}
		}
		if strings.Contains(p.Name, words) {
			out = append(out, p)
		}
	}
	return out
}

func (s *session) stopPlace(words string) (bot.Reply, error) {
	_, rest, list, err := s.ownPlaces(words)
	if err != nil {
		return bot.Reply{}, err
	}
	if rest == "" {
		return text("请写停用哪一个，例如“停用二维码 D7K2”或“停用二维码 实验楼二楼走廊”。编号可以发“二维码清单”查。")
	}
	found := named(list, rest)
	switch {
	case len(found) == 0:
		return bot.Reply{}, errNotFound("没有找到“%s”这个在用的二维码。发“二维码清单”看编号。", render.Cut(rest, 20))
	case len(found) > 1:
		return text("“%s”有 %d 个地点，请写编号，例如“停用二维码 %s”。发“二维码清单”看编号。", render.Cut(rest, 20), len(found), found[0].Code)
	}
	found[0].StoppedAt = s.now
	if err := s.savePlace(found[0], "place_stopped"); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: "停用二维码 " + found[0].Name, Final: "要恢复请发“生成二维码 " + found[0].Name + "”，墙上原来的照样能用。"}
	return text("已停用二维码：%s（%s）。扫它的人会看到“已停用”，请把墙上的取下。要恢复请发“生成二维码 %s”。", found[0].Name, found[0].Code, found[0].Name)
}

// orderDocument leaves the wish for a file to a worker, and a line of history: what left
// the house is known.
func (s *session) orderDocument(request, what string) error {
	if err := s.tx.Append(s.ctx, journal.Entry{At: s.now, Actor: s.actor.PersonID, Channel: string(s.m.Platform), Subject: personSubject,
		Action: string(understand.Export), After: what, Note: request}); err != nil {
		return err
	}
	return s.notify(notice.Notice{Kind: notice.Document, Urgency: notice.Immediate, PersonID: s.actor.PersonID, NotBefore: s.now, CreatedAt: s.now,
		Subject: personSubject, Text: request, Step: notice.Via + string(s.m.Platform),
		Key: fmt.Sprintf("%s:%s:%s:%s", what, s.m.Platform, s.m.Robot, short(s.m.ID)), Weight: -1})
}
