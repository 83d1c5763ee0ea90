package command

import (
	"fmt"
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/org"
)

// oneHazard finds the hazard a message means, or asks. It returns nil with the
// question when it asked. Only what the asker may see is ever named. fit narrows
// what a reference by words may mean; a number means that very hazard.
func (s *session) oneHazard(question string, fit func(hazard.Hazard) bool) (*hazard.Hazard, bot.Reply, error) {
	ref := s.intent.Slots.Hazard
	if ref == nil && len(s.memory.list) == 1 && s.memory.list[0].Hazard > 0 && s.memory.asked == nil {
		ref = &understand.HazardRef{ID: s.memory.list[0].Hazard}
	}
	if ref != nil && ref.ID > 0 {
		h, err := s.hazardNumbered(ref.ID)
		return h, bot.Reply{}, err
	}
	list, err := s.hazardsAbout(ref, fit)
	if err != nil {
		return nil, bot.Reply{}, err
	}
	switch {
	case len(list) == 1 && ref != nil:
		return &list[0], bot.Reply{}, nil
	case len(list) == 0 && ref != nil:
		if list, err = s.hazardsAbout(nil, fit); err != nil {
			return nil, bot.Reply{}, err
		}
		if !wordsOfActs.MatchString(ref.Keyword) {
			question = fmt.Sprintf("没有找到和“%s”有关的隐患。", render.Cut(ref.Keyword, 20)) + question
		}
	}
	switch {
	case len(list) == 0:
		return nil, bot.Reply{}, errs.New(errs.NotFound, "现在没有可以这样办的隐患。发“未销号的隐患”看看有哪些。")
	}
	reply, err := s.whichHazard(question, list)
	return nil, reply, err
}

// hazardNumbered returns the newest hazard of that number that the asker may see.
func (s *session) hazardNumbered(seq int) (*hazard.Hazard, error) {
	list, err := s.tx.Hazards(s.ctx, hazard.Filter{Seq: seq, Limit: 5})
	if err != nil {
		return nil, err
	}
	if list = s.visible(list); len(list) == 0 {
		return nil, org.Can(org.Actor{}, org.ViewHazard, org.Subject{Unit: "?"})
	}
	return &list[0], nil
}

// hazardsAbout lists what words may mean.
func (s *session) hazardsAbout(ref *understand.HazardRef, fit func(hazard.Hazard) bool) ([]hazard.Hazard, error) {
	f := hazard.Filter{Limit: 100}
	if org.ScopeOf(s.actor, org.ViewHazard) == org.OwnUnit {
		f.EitherOwn, f.Units, f.Reporter = true, s.actor.Units(), s.actor.PersonID
	}
	list, err := s.tx.Hazards(s.ctx, f)
	if err != nil {
		return nil, err
	}
	if ref != nil && ref.Keyword != "" {
		if list, err = s.byWords(list, f, ref.Keyword); err != nil {
			return nil, err
		}
	}
	var out []hazard.Hazard
	for _, h := range s.visible(list) {
		if fit == nil || fit(h) {
			out = append(out, h)
		}
	}
	return out, nil
}

// wordsOfActs name what is to be done and no hazard.
var wordsOfActs = regexp.MustCompile(`^(?:这|那|个|条|隐患|整改|复查|挂牌|督办|销号|定级|定为|作废|合并|重开|不?通过|重大|一般|了)+$`)

func (s *session) whichHazard(question string, list []hazard.Hazard) (bot.Reply, error) {
	shown := list[:min(len(list), maxChoices)]
	var b strings.Builder
	b.WriteString(question + "\n")
	var choices []Listed
	var buttons []bot.Button
	for i, h := range shown {
		fmt.Fprintf(&b, "%d. %s %s（%s）\n", i+1, h.Number(), render.Placed(h, 30), h.State.Say())
		choices = append(choices, Listed{Hazard: h.Seq, ID: h.ID, Name: h.Location + h.Desc})
		buttons = append(buttons, bot.Button{Label: h.Number(), Send: fmt.Sprint(i + 1)})
	}
	b.WriteString("请回复数字，或直接写编号。")
	if len(list) > len(shown) {
		b.WriteString("不在上面的，发“未销号的隐患”看编号。")
	}
	ids, err := s.keepFiles(noSubject)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := s.ask([]string{"hazard_ref"}, choices, ids); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Text: b.String(), Buttons: buttons}, nil
}

// change stores what happened to a hazard: the new state, its history, the photos
// of this message, the new plan, and how to take it back.
func (s *session) change(before, after hazard.Hazard, action, words, label string) error {
	if err := s.tx.SaveHazard(s.ctx, after); err != nil {
		return err
	}
	if f, ok := before.Former(after, s.now); ok {
		if err := s.tx.AddFormer(s.ctx, f); err != nil {
			return err
		}
	}
	subject := notice.Subject{Kind: notice.HazardSubj, ID: after.ID}
	files, err := s.collectFiles(subject, after.UnitID)
	if err != nil {
		return err
	}
	if s.shown, err = s.look(files); err != nil {
		return err
	}
	was, is := string(before.State), string(after.State)
	if before.Level != after.Level {
		was, is = was+" "+string(before.Level), is+" "+string(after.Level)
	}
	if err := s.note(subject, action, was, is, render.Cut(words, 200)); err != nil {
		return err
	}
	if err := s.settled(); err != nil {
		return err
	}
	s.act = &act{Label: label, Hazard: &before, Text: s.m.Text}
	if err := s.news(after, action); err != nil {
		return err
	}
	return s.Supervise.Replan(s.ctx, s.tx, subject)
}

// tellAbout tells people outside quiet hours what became of a hazard. The reporter
// of an anonymous one is told as well: only the reporter sees that message.
func (s *session) tellAbout(h hazard.Hazard, what string, people []string, format string, args ...any) error {
	at, err := s.Supervise.Quiet(s.ctx, s.now)
	if err != nil {
		return err
	}
	muted, err := s.mutedBy(h, people)
	if err != nil {
		return err
	}
	seen := map[string]bool{s.actor.PersonID: true, "": true, muted: true}
	var list []notice.Notice
	for _, p := range people {
		if seen[p] {
			continue
		}
		seen[p] = true
		post := ""
		if p != h.Reporter { // who filed it keeps hearing of it
			post = s.dir.PostOf(p, h.UnitID)
		}
		list = append(list, notice.Notice{Kind: notice.HazardUpdate, Urgency: notice.Prompt, PersonID: p, PostID: post, NotBefore: at, CreatedAt: s.now, Weight: 45,
			Subject: notice.Subject{Kind: notice.HazardSubj, ID: h.ID}, Key: fmt.Sprintf("%s:%d:%d:%s", what, h.ID, h.Version, p), Text: fmt.Sprintf(format, args...)})
	}
	return s.notify(list...)
}

func personsOf(holders []org.Holder) []string {
	var out []string
	for _, h := range holders {
		out = append(out, h.PersonID)
	}
	return out
}

// refTo names a hazard so that a confirmation means that very one.
func refTo(h hazard.Hazard) *understand.HazardRef { return &understand.HazardRef{ID: h.Seq} }
