package command

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
)

const hazardSpot understand.Command = "hazard_spot" // 回头看

// SpotChecks keeps which closed hazards are looked at again.
type SpotChecks interface {
	SpotChecks(ctx context.Context, month string) ([]hazard.SpotCheck, error)
	SaveSpotChecks(ctx context.Context, checks ...hazard.SpotCheck) error
}

var (
	saysSpotList = regexp.MustCompile(`^(?:看看|查看|查一下|查|看)?(?:本月|这个月|这月)?(?:的|隐患)?回头看(?:清单|名单|列表|抽查|抽查清单|抽查名单|有哪些)?[?。]*$`)
	saysSpot     = regexp.MustCompile(`^` + which + `[\s,:、]*(?:的)?回头看(?:抽查)?(?:结果)?[\s,:]*(?:是|为)?(不合格|不通过|没通过|未通过|有问题|有反弹|反弹|合格|通过|没问题|没有问题|正常)了?[\s,:;。!]*(?:因为|原因是?|理由是?)?[\s,:]*(.*)$`)
	spotHolds    = []string{"合格", "通过", "没问题", "没有问题", "正常"}
)

// readSpot reads "回头看清单" and "隐患56 回头看不合格,又松了".
func readSpot(text string) (hazardSaid, bool) {
	if saysSpotList.MatchString(text) {
		return hazardSaid{Command: hazardSpot}, true
	}
	g := saysSpot.FindStringSubmatch(text)
	if g == nil {
		return hazardSaid{}, false
	}
	return hazardSaid{Command: hazardSpot, Hazard: lastNumber(g[1]), Spot: spotResult(g[2]), Words: chineseSigns(g[3])}, true
}

func spotResult(words string) hazard.SpotResult {
	if slices.Contains(spotHolds, words) {
		return hazard.Holds
	}
	return hazard.Fails
}

// hazardSpot lists what is to be looked at again this month, and records what was found.
func (s *session) hazardSpot() (bot.Reply, error) {
	said, _ := s.hazardSays()
	if ref := s.intent.Slots.Hazard; ref != nil { // the reason was asked for
		said = hazardSaid{Hazard: ref.ID, Spot: hazard.Fails, Words: s.intent.Slots.Reason}
	}
	if said.Hazard == 0 {
		return s.spotList()
	}
	h, err := s.hazardNumbered(said.Hazard)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.maySpot(*h); err != nil {
		return bot.Reply{}, err
	}
	if said.Spot == hazard.Fails && said.Words == "" {
		s.intent.Slots.Hazard = refTo(*h)
		return s.missing("reason", "%s 哪里又有问题？请用一句话写明。", h.Number())
	}
	check, err := s.spotOf(*h)
	if err != nil {
		return bot.Reply{}, err
	}
	check.Result, check.CheckedAt, check.CheckedBy, check.Note = said.Spot, s.now, s.actor.PersonID, render.Cut(said.Words, 200)
	if said.Spot == hazard.Holds {
		return s.spotHolds(*h, check)
	}
	return s.spotFails(*h, check)
}

// maySpot reports why a hazard is not looked at again by this person now.
func (s *session) maySpot(h hazard.Hazard) error {
	if err := org.Can(s.actor, org.SpotCheck, s.hazardSubject(h)); err != nil {
		return err
	}
	switch {
	case h.State != hazard.Closed:
		return errs.Newf(errs.Conflict, "%s 现在是“%s”，销号以后才回头看。", h.Number(), h.State.Say())
	case h.FixedBy == s.actor.PersonID:
		return errs.Newf(errs.Forbidden, "%s 的整改是您报的，回头看要换一个人。", h.Number())
	}
	return nil
}

// spotOf is the check of this month, made now where the hazard was not drawn: whoever
// looks at more is welcome.
func (s *session) spotOf(h hazard.Hazard) (hazard.SpotCheck, error) {
	month := hazard.MonthOf(s.today)
	list, err := s.tx.SpotChecks(s.ctx, month)
	if i := slices.IndexFunc(list, func(c hazard.SpotCheck) bool { return c.HazardID == h.ID }); i >= 0 {
		return list[i], err
	}
	return hazard.SpotCheck{HazardID: h.ID, Month: month, UnitID: h.UnitID, SelfReviewed: h.SelfReviewed, DrawnAt: s.now}, err
}

func (s *session) spotHolds(h hazard.Hazard, c hazard.SpotCheck) (bot.Reply, error) {
	if err := s.tx.SaveSpotChecks(s.ctx, c); err != nil {
		return bot.Reply{}, err
	}
	subject := notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
	if _, err := s.collectFiles(subject, h.UnitID); err != nil {
		return bot.Reply{}, err
	}
	if err := s.note(subject, "spot_holds", "", string(h.State), c.Note); err != nil {
		return bot.Reply{}, err
	}
	if err := s.settled(); err != nil {
		return bot.Reply{}, err
	}
	s.act = &act{Label: h.Number() + " 的回头看结果", Final: fmt.Sprintf("其实有问题的，请发“隐患%d 回头看不合格，原因”。", h.Seq)}
	return text("已记下：%s %s（%s）\n回头看合格。", h.Number(), render.Placed(h, 40), s.dir.Label(h.UnitID))
}

// spotFails opens the hazard again. What was done before stays in its history.
func (s *session) spotFails(h hazard.Hazard, c hazard.SpotCheck) (bot.Reply, error) {
	if err := s.tx.SaveSpotChecks(s.ctx, c); err != nil {
		return bot.Reply{}, err
	}
	after, err := s.reopened(h, "spot_fails", c.Note)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "已重开 " + h.Number(), Text: fmt.Sprintf("已记下：%s %s（%s）\n回头看不合格，已重新打开，原来的记录和照片都保留。新的整改期限：%s（默认时限），已告诉%s。",
		h.Number(), render.Placed(h, 40), s.dir.Label(h.UnitID), s.view().DueText(after.FixDue), s.dir.Label(h.UnitID))}, nil
}

// spotList shows the checks of this month to those who make them: to others they come
// unannounced.
func (s *session) spotList() (bot.Reply, error) {
	if err := org.Can(s.actor, org.SpotCheck, s.hazardSubject(hazard.Hazard{UnitID: "?"})); err != nil {
		return bot.Reply{}, err
	}
	checks, err := s.tx.SpotChecks(s.ctx, hazard.MonthOf(s.today))
	if err != nil {
		return bot.Reply{}, err
	}
	hazards, err := s.tx.HazardsByID(s.ctx, hazardsOf(checks)...)
	if err != nil {
		return bot.Reply{}, err
	}
	byID := map[int64]hazard.Hazard{}
	for _, h := range hazards {
		if org.Can(s.actor, org.SpotCheck, s.hazardSubject(h)) == nil {
			byID[h.ID] = h
		}
	}
	checks = slices.DeleteFunc(checks, func(c hazard.SpotCheck) bool { return byID[c.HazardID].ID == 0 })
	for i, c := range checks {
		if c.Result == hazard.Fails && byID[c.HazardID].State == hazard.Closed { // taken back, or mended since
			checks[i].Result = hazard.NotChecked
		}
	}
	slices.SortStableFunc(checks, func(a, b hazard.SpotCheck) int { return spotRank(a) - spotRank(b) })
	_, m, _ := s.today.YMD()
	if len(checks) == 0 {
		if err := s.offer(nil); err != nil {
			return bot.Reply{}, err
		}
		return text("%d月没有要回头看的隐患。每月第一个工作日抽上个月销号的；想多看的，看过请发“隐患编号 回头看合格”。", m)
	}
	return s.listSpots(fmt.Sprintf("%d月回头看", m), checks, byID)
}

// spotRank puts first what is still to be looked at.
func spotRank(c hazard.SpotCheck) int {
	return slices.Index([]hazard.SpotResult{hazard.NotChecked, hazard.Fails, hazard.Holds}, c.Result)
}

func hazardsOf(checks []hazard.SpotCheck) (ids []int64) {
	for _, c := range checks {
		ids = append(ids, c.HazardID)
	}
	return ids
}

func (s *session) listSpots(title string, checks []hazard.SpotCheck, byID map[int64]hazard.Hazard) (bot.Reply, error) {
	before := min(s.offset, len(checks))
	shown := checks[before:min(len(checks), before+pageSize)]
	rest := 0
	for _, c := range checks {
		if c.Result == hazard.NotChecked {
			rest++
		}
	}
	lines := []string{fmt.Sprintf("%s共 %d 条，还有 %d 条没看：", title, len(checks), rest)}
	if before > 0 {
		lines[0] = fmt.Sprintf("%s第 %d–%d 条：", title, before+1, before+len(shown))
	}
	var listed []Listed
	for i, c := range shown {
		h := byID[c.HazardID]
		lines = append(lines, fmt.Sprintf("%d. %s %s\n   %s · %s", before+i+1, h.Number(), s.spotWords(c), s.dir.Label(h.UnitID), render.Placed(h, 36)))
		listed = append(listed, Listed{Hazard: h.Seq, ID: h.ID, Name: h.Location + h.Desc})
	}
	if err := s.offerPart(listed, before, len(checks)); err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Title: title}
	if left := len(checks) - before - len(shown); left > 0 {
		lines = append(lines, fmt.Sprintf("还有 %d 条，回复“更多”。", left))
		reply.Buttons = []bot.Button{{Label: "更多", Send: "更多"}}
	}
	if first := byID[shown[0].HazardID]; shown[0].Result == hazard.NotChecked {
		lines = append(lines, fmt.Sprintf("看过请发“隐患%d 回头看合格”，或“隐患%d 回头看不合格，原因”。", first.Seq, first.Seq))
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

func (s *session) spotWords(c hazard.SpotCheck) string {
	switch c.Result {
	case hazard.Holds:
		return calendar.In(c.CheckedAt, s.Loc).Say(s.today) + " 合格"
	case hazard.Fails:
		return calendar.In(c.CheckedAt, s.Loc).Say(s.today) + " 不合格，已重开"
	}
	if c.SelfReviewed {
		return "待看（本单位自查自验）"
	}
	return "待看"
}
