package command

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/supervise"
)

// wholeMorning asks for everything of a leader's morning, of which the message
// shows three decisions. The parser does not know it.
const wholeMorning understand.Command = "whole_morning"

var (
	todayWords = regexp.MustCompile(`^\s*` + render.TodayWords + `[。！!？?]?\s*$`)
	oneWord    = regexp.MustCompile(`^\s*(同意|批准|不同意|不批准|退回|催办?|催一下|查|查看|看)[。！!]?\s*$`)
)

// inOneWord is what an entry's number and one word mean, in a sentence that says
// it whole. Other words are said about the entry.
func inOneWord(e Listed, words string) string {
	name := e.String()
	g := oneWord.FindStringSubmatch(words)
	if g == nil || e.Asks == "" {
		return name + " " + words
	}
	switch word := g[1]; {
	case strings.HasPrefix(word, "催"):
		return "催办 " + name
	case strings.HasPrefix(word, "查") || word == "看":
		return "查 " + name
	case e.Asks == render.AsksWish && (word == "同意" || word == "批准"):
		return "同意延期 " + name
	case e.Asks == render.AsksWish:
		return "不同意延期 " + name
	case e.Asks == render.AsksReview && (word == "同意" || word == "批准"):
		return "同意办结 " + name
	case e.Asks == render.AsksReview:
		return "退回 " + name
	}
	return name + " " + words
}

// leads reports whether the person reads a leader's morning.
func (s *session) leads() bool { return s.actor.Has(org.Leader) || s.actor.Has(org.Office) }

// morningWord serves the word that the leader's morning names. Who got no such
// message today means something else by it.
func (s *session) morningWord() (bot.Reply, bool, error) {
	if !todayWords.MatchString(s.m.Text) || s.inGroup() || s.memory.asked != nil {
		return bot.Reply{}, false, nil
	}
	told, err := s.toldToday()
	if err != nil || len(told) == 0 {
		return bot.Reply{}, false, err
	}
	s.command, s.intent.Command, s.intent.Slots = wholeMorning, wholeMorning, understand.Slots{}
	reply, err := s.listMorning(told)
	return reply, true, err
}

// restOfMorning is the next page of it.
func (s *session) restOfMorning() (bot.Reply, error) {
	told, err := s.toldToday()
	if err != nil {
		return bot.Reply{}, err
	}
	return s.listMorning(told)
}

func (s *session) toldToday() ([]notice.Notice, error) {
	told, err := s.tx.MorningOf(s.ctx, s.actor.PersonID, s.today.At(0, 0, s.Loc))
	slices.SortFunc(told, func(a, b notice.Notice) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Subject.Kind, b.Subject.Kind), cmp.Compare(a.Subject.ID, b.Subject.ID), cmp.Compare(a.Key, b.Key))
	})
	return told, err
}

func (s *session) listMorning(told []notice.Notice) (bot.Reply, error) {
	all, err := s.wholeList(told)
	if err != nil {
		return bot.Reply{}, err
	}
	before := min(s.offset, len(all))
	shown := all[before:min(len(all), before+pageSize)]
	var listed []Listed
	for _, e := range shown {
		listed = append(listed, e.Listed())
	}
	if err := s.offerPart(listed, before, len(all)); err != nil {
		return bot.Reply{}, err
	}
	lines := []string{fmt.Sprintf("今天的全部事项，共 %d 件：", len(all)), s.view().ToldList(shown, before+1)}
	reply := bot.Reply{Title: "今天的全部事项"}
	if rest := len(all) - before - len(shown); rest > 0 {
		lines = append(lines, fmt.Sprintf("还有 %d 件，回复“更多”。", rest))
		reply.Buttons = []bot.Button{{Label: "更多", Send: "更多"}}
	}
	next := fmt.Sprintf("直接回复就行，例如“%d 60%%”报进度、“%d 查”看详情。", before+1, before+1)
	if s.leads() {
		next = fmt.Sprintf("回复编号加“查”看详情，加“催办”催一下，例如“%d 查”。", before+1)
	}
	reply.Text = strings.Join(append(lines, next), "\n")
	return reply, nil
}

// wholeList is what the morning told and what waits, in the order of the morning.
func (s *session) wholeList(told []notice.Notice) ([]render.Told, error) {
	entries, err := s.toldEntries(told)
	if err != nil || !s.leads() {
		return entries, err
	}
	r := supervise.Reader{Actor: s.actor, Dir: s.dir, Now: s.now, Days: s.Days, Loc: s.Loc}
	var w render.Waiting
	if w.Wishes, err = r.Wishes(s.ctx, s.tx); err != nil {
		return nil, err
	}
	w.HandedUp, err = r.HandUps(s.ctx, s.tx)
	return render.Urgent(entries, w), err
}

// toldEntries gives notices what they are about, as it stands now.
func (s *session) toldEntries(ns []notice.Notice) ([]render.Told, error) {
	m, err := supervise.MattersOf(s.ctx, s.tx, ns)
	if err != nil {
		return nil, err
	}
	out := make([]render.Told, 0, len(ns))
	for _, n := range ns {
		e, about := render.Told{Notice: n}, m.About(n)
		if w, ok := m.Work(about); ok {
			e.Work, e.Lamp, e.Own = &w, s.Supervise.Lamp(s.ctx, w, s.dir), slices.Contains(s.actor.Units(), w.UnitID)
		}
		if h, ok := m.Hazard(about); ok {
			e.Hazard, e.Own = &h, s.actor.IsSafety(h.UnitID)
		}
		if sl, ok := m.Slips[n.Subject.ID]; ok && n.Subject.Kind == notice.SlipSubj {
			e.Slip, e.Own = &sl, slices.Contains(s.actor.Units(), sl.UnitID)
		}
		out = append(out, e)
	}
	return out, nil
}
