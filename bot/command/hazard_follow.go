package command

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/hazard"
	"duban/internal/notice"
)

const hazardFollow understand.Command = "hazard_follow" // 关注

// What a message about following wants.
const (
	wantsFollow   = "follow"
	wantsUnfollow = "unfollow"
	wantsFollowed = "followed"
)

var (
	saysFollow   = regexp.MustCompile(`^(?:请|帮我|我想?要?)?关注(?:一下)?\s*` + which + `[。!]*$|^` + which + `[\s,:、]*关注(?:一下)?[。!]*$`)
	saysUnfollow = regexp.MustCompile(`^(?:请|帮我)?(?:取消关注|不再关注|不关注了?|不用(?:再)?关注)\s*` + which + `?[。!]*$|^` + which + `[\s,:、]*(?:取消关注|不再关注|不关注了?)[。!]*$`)
	saysMute     = regexp.MustCompile(`^(?:请|以后)?(?:不用|不要|不必|别)(?:再)?(?:给我)?(?:通知|提醒|告诉|发)我?(?:了)?[\s,:]*` + which + `(?:了|的(?:进展|消息|通知)(?:了)?)?[。!]*$|^` + which +
		`[\s,:、]*(?:以后)?(?:不用|不要|不必|别)(?:再)?(?:给我)?(?:通知|提醒|告诉|发)我?(?:消息|通知)?(?:了)?[。!]*$`)
	saysFollowed = regexp.MustCompile(`^(?:看看|查看|查|看)?(?:我)?关注的隐患(?:有哪些|列表|呢)?[?。]*$`)
)

// readFollow reads "关注隐患56", "不用再通知我 隐患56", "我关注的隐患".
func readFollow(text string) (hazardSaid, bool) {
	for want, re := range map[string]*regexp.Regexp{wantsFollow: saysFollow, wantsUnfollow: saysUnfollow, wantsFollowed: saysFollowed} {
		if g := re.FindStringSubmatch(text); g != nil {
			return hazardSaid{Command: hazardFollow, Hazard: lastNumber(strings.Join(g[1:], "")), Words: want}, true
		}
	}
	if g := saysMute.FindStringSubmatch(text); g != nil {
		return hazardSaid{Command: hazardFollow, Hazard: lastNumber(g[1] + g[2]), Words: wantsUnfollow}, true
	}
	return hazardSaid{}, false
}

// hazardFollow begins and ends following a hazard, and lists what is followed.
func (s *session) hazardFollow() (bot.Reply, error) {
	said, _ := s.hazardSays()
	if said.Words == wantsFollowed {
		return s.followed()
	}
	if said.Hazard > 0 {
		s.intent.Slots.Hazard = &understand.HazardRef{ID: said.Hazard}
	}
	h, reply, err := s.oneHazard("是哪一条隐患？", nil)
	if h == nil || err != nil {
		return reply, err
	}
	list, err := s.tx.Followers(s.ctx, h.ID)
	if err != nil {
		return bot.Reply{}, err
	}
	before := interestOf(list, h.ID, s.actor.PersonID)
	if said.Words == wantsFollow {
		return s.follow(*h, before)
	}
	return s.mute(*h, before)
}

func interestOf(list []hazard.Follower, id int64, person string) hazard.Follower {
	if i := slices.IndexFunc(list, func(f hazard.Follower) bool { return f.PersonID == person }); i >= 0 {
		return list[i]
	}
	return hazard.Follower{HazardID: id, PersonID: person}
}

func (s *session) follow(h hazard.Hazard, before hazard.Follower) (bot.Reply, error) {
	mine := h.Reporter == s.actor.PersonID
	switch {
	case mine && before.Interest != hazard.Mutes:
		return text("%s 是您报的，有进展会告诉您，不用再关注。不想再收到请发“不用再通知我 隐患%d”。", h.Number(), h.Seq)
	case before.Interest == hazard.Follows || before.Interest == hazard.FiledIt:
		return text("%s 您已经关注了，有进展会写进早上的消息。", h.Number())
	case !h.State.Open():
		return text("%s %s，不会再有进展了，不用关注。", h.Number(), h.State.Say())
	}
	wish := hazard.Follows
	if mine {
		wish = hazard.NoWish
	}
	if err := s.wish(h, before, wish, "关注 "+h.Number()); err != nil {
		return bot.Reply{}, err
	}
	return text("已关注：%s %s\n现在%s。有进展会写进早上的消息，不想再看了请发“取消关注 隐患%d”。", h.Number(), render.Placed(h, 40), s.view().Standing(h, ""), h.Seq)
}

func (s *session) mute(h hazard.Hazard, before hazard.Follower) (bot.Reply, error) {
	mine := h.Reporter == s.actor.PersonID || before.Interest == hazard.FiledIt
	if before.Interest == hazard.Mutes || !mine && before.Interest != hazard.Follows {
		if s.answersFor(s.actor.PersonID, h) {
			return text("%s 由您这边办理，督办提醒不能关。忙的时候可以发“免打扰到明天早上8点”。", h.Number())
		}
		return text("您没有关注 %s，不会收到它的进展。", h.Number())
	}
	wish := hazard.NoWish
	if mine {
		wish = hazard.Mutes
	}
	if err := s.wish(h, before, wish, "取消关注 "+h.Number()); err != nil {
		return bot.Reply{}, err
	}
	reply := fmt.Sprintf("好的，%s 的进展不再发给您。想知道时发“查隐患%d”，要再收到请发“关注隐患%d”。", h.Number(), h.Seq, h.Seq)
	if s.answersFor(s.actor.PersonID, h) {
		reply += "\n这条由您这边办理，督办提醒照常。"
	}
	return text("%s", reply)
}

// wish keeps what the asker wants to hear. Of what was filed without a name the
// history tells none either.
func (s *session) wish(h hazard.Hazard, before hazard.Follower, wish hazard.Interest, label string) error {
	after := before
	after.Interest = wish
	if err := s.tx.Follow(s.ctx, after, s.now); err != nil {
		return err
	}
	s.veiled = h.Anonymous && h.Reporter == s.actor.PersonID
	if err := s.note(notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, "follow", spoken(before.Interest), spoken(wish), ""); err != nil {
		return err
	}
	s.act = &act{Label: label, Follow: &before, Text: s.m.Text}
	return s.settled()
}

// spoken is an interest as the history says it.
func spoken(i hazard.Interest) string {
	if i == hazard.NoWish {
		return "none"
	}
	return string(i)
}

// unfollow brings back what somebody wanted to hear before.
func (s *session) unfollow(before hazard.Follower, action string) error {
	h, _, err := s.tx.HazardByID(s.ctx, before.HazardID)
	if err != nil {
		return err
	}
	if err := s.tx.Follow(s.ctx, before, s.now); err != nil {
		return err
	}
	s.veiled = h.Anonymous && h.Reporter == s.actor.PersonID
	return s.note(notice.Subject{Kind: notice.HazardSubj, ID: before.HazardID}, action, "", spoken(before.Interest), "follow")
}

// maxFollowed bounds the list of what somebody follows.
const maxFollowed = 50

// followed lists what the asker follows and may still see.
func (s *session) followed() (bot.Reply, error) {
	list, err := s.tx.FollowedBy(s.ctx, s.actor.PersonID, maxFollowed)
	if err != nil {
		return bot.Reply{}, err
	}
	var ids []int64
	for _, f := range list {
		if f.Interest == hazard.Follows {
			ids = append(ids, f.HazardID)
		}
	}
	found, err := s.tx.HazardsByID(s.ctx, ids...)
	if err != nil {
		return bot.Reply{}, err
	}
	found = s.visible(found)
	slices.SortFunc(found, func(a, b hazard.Hazard) int { return b.CreatedAt.Compare(a.CreatedAt) })
	if len(found) == 0 {
		return text("您没有关注别的隐患。要关注请发“关注隐患56”；您自己报的发“我报的隐患”看。")
	}
	return s.standingList("您关注的隐患", found)
}

// answersFor reports whether a person is told of a hazard by office.
func (s *session) answersFor(person string, h hazard.Hazard) bool {
	people := append(personsOf(s.dir.Safety(h.UnitID)), h.AssignedTo, h.FixedBy)
	people = append(people, personsOf(s.dir.HoldersOf(h.UnitID))...)
	return slices.Contains(append(people, personsOf(s.dir.SafetySection())...), person)
}

// mutedBy is the reporter if the reporter is among people, wants to hear no more and
// does not answer for the hazard; else empty.
func (s *session) mutedBy(h hazard.Hazard, people []string) (string, error) {
	if h.Reporter == "" || !slices.Contains(people, h.Reporter) || s.answersFor(h.Reporter, h) {
		return "", nil
	}
	list, err := s.tx.Followers(s.ctx, h.ID)
	if interestOf(list, h.ID, h.Reporter).Interest != hazard.Mutes {
		return "", err
	}
	return h.Reporter, err
}

// newsOf says whom a step is news for: who follows a hazard always, who filed it unless
// a sentence of its own tells that.
var newsOf = map[string]bool{"register": true, "grade": true, "assign": true, "reopen": true, "spot_fails": true, "fix_fixed": false, "review_pass": false, "review_fail": false,
	"close": false, "void": false, "merge": false}

// news has a step told with the next morning's message to who filed the hazard and who
// follows it. However many steps there are by then, it is one line each.
func (s *session) news(h hazard.Hazard, action string) error {
	reporters, is := newsOf[action]
	if !is {
		return nil
	}
	list, err := s.tx.Followers(s.ctx, h.ID)
	if err != nil {
		return err
	}
	at, err := s.Supervise.Morning(s.ctx, s.now)
	if err != nil {
		return err
	}
	audience := hazard.AudienceOf(h, list)
	var out []notice.Notice
	add := func(people []string, step string) {
		for _, p := range people {
			if p == s.actor.PersonID || s.answersFor(p, h) {
				continue
			}
			out = append(out, notice.Notice{Kind: notice.HazardUpdate, Urgency: notice.Merged, PersonID: p, NotBefore: at, CreatedAt: s.now, Weight: 20, Step: step,
				Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Key: fmt.Sprintf("news:%d:%d:%s", h.ID, h.Version, p)})
		}
	}
	if add(audience.Followers, notice.Followed); reporters {
		add(audience.Reporters, notice.News)
	}
	return s.notify(out...)
}

// tellReporters tells who filed a hazard, or what was merged into it, how it was decided
// about, and says which one is meant. Who is told by office hears it there.
func (s *session) tellReporters(h hazard.Hazard, what, format string, args ...any) error {
	list, err := s.tx.Followers(s.ctx, h.ID)
	if err != nil {
		return err
	}
	for _, p := range hazard.AudienceOf(h, list).Reporters {
		name := "您报的 " + h.Number() + " "
		if p != h.Reporter {
			name = "您报的隐患（已并入 " + h.Number() + "）"
		}
		if err := s.tellAbout(h, what, []string{p}, "%s%s", name, fmt.Sprintf(format, args...)); err != nil {
			return err
		}
	}
	return nil
}

// result is what was done, for who filed a hazard.
func result(h hazard.Hazard) string {
	if h.FixNote == "" {
		return ""
	}
	return "\n整改情况：" + render.Cut(render.Done(h.FixNote), 60)
}
