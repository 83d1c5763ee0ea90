package command

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/slip"
	"duban/internal/supervise"
)

// SlipBook reads and answers supervision slips.
type SlipBook interface {
	supervise.SlipBook
	Slips(ctx context.Context, f slip.Filter) ([]slip.Slip, error)
	SlipsByID(ctx context.Context, ids ...int64) ([]slip.Slip, error)
	SaveSlip(ctx context.Context, s slip.Slip) error
}

// SlipDesk numbers slips and knows who is told of a receipt, and when.
type SlipDesk interface {
	IssueSlip(ctx context.Context, tx supervise.SlipTx, dir *org.Directory, of notice.Subject, colour slip.Colour, by string) (slip.Slip, []notice.Notice, error)
	Receipted(ctx context.Context, dir *org.Directory, sl slip.Slip) ([]notice.Notice, error)
}

// maxSlips bounds what one question looks at.
const maxSlips = 500

// paper is a slip with what it is about.
type paper struct {
	slip.Slip
	work   *duty.Work
	hazard *hazard.Hazard
}

// over reports whether the work has ended, and the slip with it (已销), or the slip
// was taken back.
func (p paper) over() bool {
	switch {
	case p.State == slip.Withdrawn:
		return true
	case p.work != nil:
		return p.work.State == duty.Closed || p.work.State == duty.Void
	case p.hazard != nil:
		return !p.hazard.State.Open()
	}
	return true
}

func (p paper) title() string {
	switch {
	case p.work != nil:
		return render.WorkTitle(*p.work)
	case p.hazard != nil:
		return p.hazard.Number() + " " + render.Placed(*p.hazard, 36)
	}
	return "（事项已不再办理）"
}

func (p paper) listed() Listed {
	switch {
	case p.work != nil:
		return Listed{Code: p.work.Item.Code, ID: p.work.ID, Name: p.work.Item.Desc}
	case p.hazard != nil:
		return Listed{Hazard: p.hazard.Seq, ID: p.hazard.ID, Name: p.hazard.Desc}
	}
	return Listed{}
}

// papers reads slips with what they are about, with three queries. What may show
// nowhere is left out.
func (s *session) papers(f slip.Filter, action org.Action) ([]paper, error) {
	f.Year, f.Limit = s.today.Year(), maxSlips
	list, err := s.tx.Slips(s.ctx, f)
	if err != nil {
		return nil, err
	}
	ids := map[notice.SubjectKind][]int64{}
	for _, sl := range list {
		ids[sl.Subject.Kind] = append(ids[sl.Subject.Kind], sl.Subject.ID)
	}
	works, hazards, err := s.worksAndHazards(ids)
	if err != nil {
		return nil, err
	}
	var out []paper
	for _, sl := range list {
		p := paper{Slip: sl}
		if w, ok := works[sl.Subject.ID]; ok && sl.Subject.Kind == notice.Assignment {
			p.work = &w
		}
		if h, ok := hazards[sl.Subject.ID]; ok && sl.Subject.Kind == notice.HazardSubj {
			p.hazard = &h
		}
		secret := p.hazard != nil && p.hazard.Category == hazard.Untold
		if !secret && org.Can(s.actor, action, org.Subject{Unit: sl.UnitID, Sections: []string{sl.Section}}) == nil {
			out = append(out, p)
		}
	}
	return out, nil
}

// listSlips shows the slips the asker may see, those that wait first.
func (s *session) listSlips() (bot.Reply, error) {
	ask, _ := readSlipAsk(s.m.Text)
	reach, err := org.ReachOf(s.actor, org.ViewSlips)
	if err != nil {
		return bot.Reply{}, err
	}
	f := slip.Filter{Units: reach.Units, Sections: reach.Sections}
	if ask.Own {
		f = slip.Filter{Units: s.actor.Units()}
	}
	list, err := s.papers(f, org.ViewSlips)
	if err != nil {
		return bot.Reply{}, err
	}
	list = slices.DeleteFunc(list, func(p paper) bool {
		return ask.Over && !p.over() || ask.State != "" && (p.over() || p.State != ask.State)
	})
	slices.SortStableFunc(list, func(a, b paper) int { return a.rank() - b.rank() })
	if len(list) == 0 {
		return text("没有%s督办单。逾期以后系统按催办规则发黄单、红单，牵头股室和局办公室也可以发，例如“发黄单 22-3”。", slipAskName(ask))
	}
	return s.showSlips(ask, list)
}

// rank puts what waits first and what is over last.
func (p paper) rank() int {
	switch {
	case p.over():
		return 2
	case p.State == slip.Answered:
		return 1
	}
	return 0
}

func slipAskName(ask slipAsk) string {
	switch {
	case ask.Over:
		return "已销的"
	case ask.State == slip.Open:
		return "待回执的"
	case ask.State == slip.Answered:
		return "已回执的"
	}
	return ""
}

func (s *session) showSlips(ask slipAsk, list []paper) (bot.Reply, error) {
	before := min(s.offset, len(list))
	shown := list[before:min(len(list), before+pageSize)]
	waiting := 0
	for _, p := range list {
		if p.rank() == 0 {
			waiting++
		}
	}
	lines := []string{fmt.Sprintf("%s督办单，共 %d 张，待回执 %d 张：", slipAskName(ask), len(list), waiting)}
	var listed []Listed
	hint := ""
	for i, p := range shown {
		n := before + i + 1
		lines = append(lines, fmt.Sprintf("%d． %s %s（%s）\n　　%s · %s · %s发", n, p.Number(), p.Colour.Say(), s.view().SlipState(p.Slip, p.over()),
			p.title(), s.dir.Label(p.UnitID), calendar.In(p.IssuedAt, s.Loc).Say(s.today)))
		if p.State == slip.Answered {
			lines[len(lines)-1] += "\n　　回执：" + s.view().Receipt(p.Slip)
		}
		if hint == "" && p.rank() == 0 && org.Can(s.actor, org.AnswerSlip, org.Subject{Unit: p.UnitID}) == nil {
			hint = s.receiptHint(fmt.Sprint(n))
		}
		listed = append(listed, p.listed())
	}
	if err := s.offerPart(listed, before, len(list)); err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Title: "督办单"}
	if rest := len(list) - before - len(shown); rest > 0 {
		lines = append(lines, fmt.Sprintf("还有 %d 张，回复“更多”。", rest))
		reply.Buttons = []bot.Button{{Label: "更多", Send: "更多"}}
	}
	if hint != "" {
		lines = append(lines, hint)
	}
	reply.Text = strings.Join(lines, "\n")
	return reply, nil
}

// receiptHint shows how a receipt is written.
func (s *session) receiptHint(ref string) string {
	by := s.Days.Add(s.today, 5).At(0, 0, s.Loc).Format("1月2日")
	return fmt.Sprintf("回执请写什么原因、哪天完成，例如“回执 %s 因设备没到，%s前完成”。", ref, by)
}
