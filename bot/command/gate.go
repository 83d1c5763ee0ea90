package command

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/org"
)

// itemOrder is what the office says about items as a whole. The parser does not
// know it: its sentences are fixed and read here.
const itemOrder understand.Command = "confirm_item"

// officeOrder serves the sentences about an item's life: the gate (立项确认) and
// the side exits.
func (s *session) officeOrder() (bot.Reply, bool, error) {
	o, ok := s.memory.readOrder(s.m.Text)
	if !ok {
		return bot.Reply{}, false, nil
	}
	if mine, err := s.isOrder(o); !mine || err != nil {
		return bot.Reply{}, false, err
	}
	s.command = itemOrder
	raw, _ := json.Marshal(o)
	s.intent.Command, s.intent.Slots = itemOrder, understand.Slots{Desc: string(raw)}
	if s.inGroup() {
		return bot.Reply{Text: "立项和事项的调整请私聊我办理。"}, true, nil
	}
	reply, err := s.carryOut(o)
	return reply, true, err
}

// isOrder reports whether the sentence is an order here. What others than the
// office say may mean something else, and is understood as usual.
func (s *session) isOrder(o order) (bool, error) {
	office := org.ScopeOf(s.actor, org.ConfirmItem) == org.All
	switch o.Verb {
	case toShow:
		if !office {
			return false, nil
		}
		items, err := s.tx.Items(s.ctx, s.today.Year(), o.Codes...)
		return len(items) == 1 && items[0].State != duty.Confirmed, err
	case toList:
		_, known := s.unitNamed(o.Unit)
		return office && (o.Unit == "" || known), nil
	case duty.ToChange:
		return office, nil
	}
	return true, nil
}

// resumedOrder runs an order again: after the yes, or for the next page.
func (s *session) resumedOrder() (bot.Reply, error) {
	var o order
	if err := json.Unmarshal([]byte(s.intent.Slots.Desc), &o); err != nil {
		return bot.Reply{}, errs.At("read order", err)
	}
	return s.carryOut(o)
}

func (s *session) carryOut(o order) (bot.Reply, error) {
	switch o.Verb {
	case duty.ToSuspend, duty.ToResume, duty.ToVoid, duty.ToArchive:
		return s.exit(o)
	}
	if err := org.Can(s.actor, org.ConfirmItem, org.Subject{}); err != nil {
		return bot.Reply{}, err
	}
	if o.Verb == toList {
		return s.listDrafts(o)
	}
	items, err := s.orderedItems(o)
	if err != nil {
		return bot.Reply{}, err
	}
	switch o.Verb {
	case toShow:
		return s.showItem(items[0])
	case duty.ToRefuse:
		return s.refuseDrafts(items, o.Rest)
	case duty.ToChange:
		return s.changeItem(items[0], o.Rest)
	}
	return s.confirmDrafts(items, o.Rest)
}

// maxOrder bounds what one sentence may set going.
const maxOrder = 40

// orderedItems finds the items an order names; of a point and of a range, those
// that are drafts.
func (s *session) orderedItems(o order) ([]duty.Item, error) {
	all, err := s.tx.Items(s.ctx, s.today.Year(), o.Codes...)
	if err != nil {
		return nil, err
	}
	if o.Point > 0 {
		all = slices.DeleteFunc(all, func(i duty.Item) bool { return i.Point != o.Point || i.State != duty.Draft })
	}
	if len(o.Codes) > 1 {
		all = slices.DeleteFunc(all, func(i duty.Item) bool { return i.State != duty.Draft })
	}
	switch {
	case len(all) == 0 && o.Point > 0:
		return nil, errNotFound("第%d条没有等确认的事项，可能都已经办过了。发“未立项的”看还有哪些。", o.Point)
	case len(all) == 0:
		return nil, errNotFound("没有等确认的事项 %s，可能已经办过了。发“未立项的”看还有哪些。", strings.Join(o.Codes[:min(len(o.Codes), 5)], "、"))
	case len(all) > maxOrder:
		return nil, errs.Newf(errs.Invalid, "一次最多办 %d 项，这里有 %d 项。请分几次发，例如“确认立项 %s 到 %s”。", maxOrder, len(all), all[0].Code, all[maxOrder-1].Code)
	}
	return all, nil
}

// listDrafts shows what waits for the office's word, a page at a time.
func (s *session) listDrafts(o order) (bot.Reply, error) {
	items, err := s.tx.Items(s.ctx, s.today.Year())
	if err != nil {
		return bot.Reply{}, err
	}
	unit, _ := s.unitNamed(o.Unit)
	items = slices.DeleteFunc(items, func(i duty.Item) bool {
		return i.State != duty.Draft || o.Point > 0 && i.Point != o.Point || o.Unit != "" && i.Lead != unit.ID
	})
	if len(items) == 0 {
		return text("没有等确认的事项。")
	}
	before := min(s.offset, len(items))
	shown := items[before:min(len(items), before+pageSize)]
	lines := []string{fmt.Sprintf("未立项的事项，共 %d 项（立项前不提醒、不催办）：", len(items))}
	if before > 0 {
		lines[0] = fmt.Sprintf("未立项的事项，第 %d–%d 项，共 %d 项：", before+1, before+len(shown), len(items))
	}
	var listed []Listed
	for i, it := range shown {
		lines = append(lines, fmt.Sprintf("%d． %s %s\n　　%s，%s牵头", before+i+1, it.Code, render.Cut(it.Desc, 40), s.dateOf(it), s.dir.Label(it.Lead)))
		listed = append(listed, Listed{Code: it.Code, Name: it.Desc})
	}
	if err := s.offerPart(listed, before, len(items)); err != nil {
		return bot.Reply{}, err
	}
	reply := bot.Reply{Title: "未立项的事项"}
	if rest := len(items) - before - len(shown); rest > 0 {
		lines = append(lines, fmt.Sprintf("还有 %d 项，回复“更多”。", rest))
		reply.Buttons = []bot.Button{{Label: "更多", Send: "更多"}}
	}
	n := before + 1
	reply.Text = strings.Join(append(lines, fmt.Sprintf("回复“查 %d”看详情，“确认立项 %d”立项，“不予立项 %d 原因”退回。", n, n, n)), "\n")
	return reply, nil
}

// dateOf says by when, and whether that is only assumed.
func (s *session) dateOf(it duty.Item) string {
	switch {
	case it.Due.IsZero():
		return "未定期限"
	case it.DueSource == duty.Stated:
		return it.Due.Say(s.today) + "前"
	}
	return it.Due.Say(s.today) + "前" + assumed(it, it.DueSource)
}

// assumed marks a value of an item that nobody has stated or decided. Once the
// office has confirmed an item, or somebody said it in so many words, none is.
func assumed(it duty.Item, from duty.Source) string {
	if from == duty.Decided || it.Point == duty.AdHocPoint || !it.ConfirmedAt.IsZero() {
		return ""
	}
	return "（推定）"
}

var itemStates = map[duty.ItemState]string{duty.Draft: "未立项", duty.Confirmed: "已立项", duty.Suspended: "已中止", duty.ClosedIt: "已办结", duty.Archived: "已归档", duty.VoidItem: "已作废或不予立项"}

var profileNames = map[string]string{"deadline": "到期前提醒，逾期上报", "event": "按时间节点提醒", "incident": "有情况才报", "weekly": "每周收一次", "monthly": "每月收一次",
	"quarterly": "每季度收一次", "term": "每学期收一次", "project": "到期前提醒，每月报一次进展", "quiet": "只在期末提醒", "standing": "长期坚持，定期收一次"}

// showItem shows an item that is not live, with what was only assumed marked.
func (s *session) showItem(it duty.Item) (bot.Reply, error) {
	if err := s.offer([]Listed{{Code: it.Code, Name: it.Desc}}); err != nil {
		return bot.Reply{}, err
	}
	label, units, err := s.performers(it)
	if err != nil {
		return bot.Reply{}, err
	}
	rule := profileNames[it.Profile]
	if rule == "" {
		rule = it.Profile
	}
	due := s.view().DueText(it.Due) + assumed(it, it.DueSource)
	if it.DueSource == duty.Stated {
		due = s.view().DueText(it.Due) + "（文件写明）"
	}
	lines := []string{fmt.Sprintf("%s %s（%s）", it.Code, it.Desc, itemStates[it.State]), fmt.Sprintf("来源：第%d条 %s", it.Point, it.PointTitle),
		"期限：" + due, "牵头：" + s.dir.Label(it.Lead) + assumed(it, it.LeadSource)}
	if len(it.Assist) > 0 {
		lines = append(lines, "协办："+s.labels(it.Assist)+assumed(it, duty.Inferred))
	}
	lines = append(lines, fmt.Sprintf("承办：%s%s", s.audience(it, label, units), assumed(it, it.DoersSource)))
	if it.Every != "" {
		lines = append(lines, "周期："+it.Every)
	}
	lines = append(lines, "提醒规则："+rule+assumed(it, duty.Inferred))
	if it.Figures != "" {
		lines = append(lines, "文件数据："+it.Figures)
	}
	if it.State == duty.Draft {
		lines = append(lines, fmt.Sprintf("回复“确认立项 %s”生效；要改请写在后面，例如“确认立项 %s，期限改为10月31日，计财股牵头”；或“不予立项 %s 原因”。", it.Code, it.Code, it.Code))
	}
	return bot.Reply{Title: it.Code, Text: strings.Join(lines, "\n")}, nil
}

// suspended reports whether an item rests.
func (s *session) suspended(code string) bool {
	items, err := s.tx.Items(s.ctx, s.today.Year(), code)
	return err == nil && len(items) == 1 && items[0].State == duty.Suspended
}
