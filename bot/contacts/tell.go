package contacts

import (
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
)

// tell tells the office, and of a safety officer the safety section, whose open work has
// to change hands. Of somebody without a post nobody is told: no work is theirs.
func (s *session) tell(a org.BoundAccount, others []org.Account) error {
	who, ok, err := s.tx.ActorByPerson(s.ctx, a.PersonID)
	if err != nil || !ok || len(who.Posts) == 0 {
		return errs.At("find who left", err)
	}
	dir, err := s.tx.Directory(s.ctx)
	if err != nil {
		return err
	}
	at, err := s.Times.Quiet(s.ctx, s.now)
	if err != nil {
		return err
	}
	text, err := s.text(dir, who, a, others)
	if err != nil {
		return err
	}
	var list []notice.Notice
	for _, h := range readers(dir, who) {
		list = append(list, notice.Notice{Kind: notice.Alarm, Urgency: notice.Prompt, PersonID: h.PersonID, PostID: h.Post.ID, NotBefore: at, CreatedAt: s.now, Weight: 50,
			Subject: notice.Subject{Kind: notice.PersonSubj}, Text: text,
			Key: fmt.Sprintf("contact:%s:%s:%d:%s", a.Platform, a.PersonID, a.Bound.UnixMilli(), h.PersonID)})
		s.told = append(s.told, h.PersonID)
	}
	_, err = s.tx.AddNotices(s.ctx, list)
	return err
}

// readers are who has to find somebody else for the work, never the person.
func readers(dir *org.Directory, who org.Actor) []org.Holder {
	list := dir.Office()
	if slices.ContainsFunc(who.Posts, func(p org.Post) bool { return p.Safety }) {
		list = append(list, dir.SafetySection()...)
	}
	var out []org.Holder
	for _, h := range append(list, dir.Admins()...) {
		known := slices.ContainsFunc(out, func(o org.Holder) bool { return o.PersonID == h.PersonID })
		if h.PersonID != who.PersonID && !known && (h.Post.Role != org.Admin || len(out) == 0) { // administrators where there is nobody else
			out = append(out, h)
		}
	}
	return out
}

func (s *session) text(dir *org.Directory, who org.Actor, a org.BoundAccount, others []org.Account) (string, error) {
	var posts, units, labels []string
	for _, p := range who.Posts {
		posts = append(posts, dir.PostLabel(p))
		if !slices.Contains(units, p.UnitID) {
			units, labels = append(units, p.UnitID), append(labels, dir.Label(p.UnitID))
		}
	}
	today := calendar.In(s.now, s.Loc)
	works, err := s.tx.Work(s.ctx, duty.Filter{Units: units, OpenOnly: true, Today: today, Limit: listed})
	if err != nil {
		return "", err
	}
	hazards, err := s.tx.Hazards(s.ctx, hazard.Filter{Units: units, OpenOnly: true, Told: true, Limit: listed})
	if err != nil {
		return "", err
	}
	where := render.PlatformName(bot.Platform(a.Platform))
	name := who.Name
	if label := strings.Join(posts, "、"); label != name {
		name += "（" + label + "）"
	}
	lines := []string{fmt.Sprintf("%s已离开%s组织或应用的可见范围，账号已停用，办过的记录都在。", name, where)}
	if len(others) > 0 {
		lines = append(lines, fmt.Sprintf("在%s上的账号还能用，提醒改发那里。", render.PlatformName(bot.Platform(others[0].Platform))))
	}
	if len(works)+len(hazards) > 0 {
		lines = append(lines, fmt.Sprintf("%s还有 %s 项任务没有办结、%s 处隐患没有销号。", strings.Join(labels, "、"), count(len(works)), count(len(hazards))))
	}
	return strings.Join(append(lines, "请定接手人：本人仍在岗请管理员核对可见范围，换人请改名册里的任职。"), "\n"), nil
}

// listed bounds what is counted; nobody needs to know more exactly.
const listed = 100

func count(n int) string {
	if n >= listed {
		return fmt.Sprintf("%d 以上", listed)
	}
	return fmt.Sprint(n)
}
