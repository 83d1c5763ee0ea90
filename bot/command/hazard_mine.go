package command

import (
	"fmt"
	"regexp"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/hazard"
)

// asksMine matches the question after what the asker filed: “我报的那个怎么样了”.
var asksMine = regexp.MustCompile(`我(?:们)?(?:自己)?(?:之前|以前|上次|前天|昨天|今天|刚才|刚刚|上周|上个?月|[^\s,，。]{0,6})?(?:匿名)?(?:上报|举报|反映|提交|报告|提|报)(?:过|上去)?的|我(?:上)?报(?:过|隐患)`)

// askingEnd are the words that say that the asker wants to know and name no hazard.
var askingEnd = regexp.MustCompile(`(?:那|这|个|条|些|隐患|问题|事情?|怎么样|怎样|咋样|如何|有|结果|下文|进展|消息|处理|解决|到哪|哪一?步|好|修|没|了|吗|呢|的|怎么|现在)+$`)

// mine lists what the asker filed, the newest first: how it stands, who has it, by when,
// and how it ended. It works as well for what was filed without a name, since only its
// reporter is asked for.
func (s *session) mine() (bot.Reply, error) {
	list, err := s.tx.Hazards(s.ctx, hazard.Filter{Reporter: s.actor.PersonID, Category: s.intent.Slots.Category, OpenOnly: len(s.intent.Slots.Filter) > 0, Limit: maxMine})
	if err != nil {
		return bot.Reply{}, err
	}
	if words := s.askedAbout(); words != "" {
		all := list
		if list = withWords(list, words); len(list) == 0 && len(all) > 0 {
			return s.standingList(fmt.Sprintf("您报的隐患里没有和“%s”有关的。您报的隐患", render.Cut(words, 12)), all)
		}
	}
	if len(list) == 0 {
		return text("您还没有报过隐患。发现了请发“上报隐患 地点 问题”，可以带照片。")
	}
	return s.standingList("您报的隐患", list)
}

// askedAbout are the words that name one of the asker's hazards, empty for none.
func (s *session) askedAbout() string {
	ref := s.intent.Slots.Hazard
	if ref == nil || wordsOfActs.MatchString(ref.Keyword) {
		return ""
	}
	return askingEnd.ReplaceAllString(ref.Keyword, "")
}

// maxMine bounds the list of what somebody filed.
const maxMine = 100

// standingList shows how hazards stand and makes them answerable by number.
func (s *session) standingList(title string, list []hazard.Hazard) (bot.Reply, error) {
	before := min(s.offset, len(list))
	shown := list[before:min(len(list), before+pageSize)]
	var listed []Listed
	lines := []string{fmt.Sprintf("%s，共 %d 条：", title, len(list))}
	if before > 0 {
		lines[0] = fmt.Sprintf("%s，第 %d–%d 条：", title, before+1, before+len(shown))
	}
	for i, h := range shown {
		listed = append(listed, Listed{Hazard: h.Seq, ID: h.ID, Name: h.Location + h.Desc})
		standing, err := s.standing(h)
		if err != nil {
			return bot.Reply{}, err
		}
		lines = append(lines, fmt.Sprintf("%d. %s %s\n   %s", before+i+1, h.Number(), render.Placed(h, 36), standing))
	}
	if err := s.offerPart(listed, before, len(list)); err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Title: title}
	if rest := len(list) - before - len(shown); rest > 0 {
		lines = append(lines, fmt.Sprintf("还有 %d 条，回复“更多”。", rest))
		reply.Buttons = []bot.Button{{Label: "更多", Send: "更多"}}
	}
	reply.Text = strings.Join(append(lines, fmt.Sprintf("回复“查 %d”看详情。", before+1)), "\n")
	return reply, nil
}

// standing is how a hazard stands; of one that was merged how the other one does.
func (s *session) standing(h hazard.Hazard) (string, error) {
	if h.State != hazard.MergedInto {
		return s.view().Standing(h, ""), nil
	}
	into, ok, err := s.tx.HazardByID(s.ctx, h.MergedInto)
	if err != nil || !ok {
		return h.State.Say(), err
	}
	return fmt.Sprintf("已并入 %s 一起办：%s", into.Number(), s.view().Standing(into, "")), nil
}

// isMine reports whether a question is after what the asker filed.
func (s *session) isMine() bool {
	ref := s.intent.Slots.Hazard
	return asksMine.MatchString(s.m.Text) && (ref == nil || ref.ID == 0)
}
