package render

import (
	"fmt"
	"time"

	"duban/internal/calendar"
	"duban/internal/notice"
	"duban/internal/slip"
)

// toldSlip words what a morning message says of a slip: to the unit that a receipt
// is asked for, to those above that it came or did not come.
func (c Context) toldSlip(number int, e Told) string {
	sl := *e.Slip
	head := fmt.Sprintf("【%s】%s %s", sl.Colour.Say(), sl.Number(), c.slipMatter(e))
	switch e.Notice.Kind {
	case notice.Receipt:
		return fmt.Sprintf("%s\n   %s已回执：%s", head, c.Dir.Label(sl.UnitID), c.Receipt(sl))
	case notice.SlipLate:
		return fmt.Sprintf("%s\n   %s还没有回执（应在 %s前）", head, c.Dir.Label(sl.UnitID), sl.ReceiptDue.Say(c.Today))
	}
	whose := ""
	if !e.Own { // the post is vacant: the next level reads it
		whose = c.Dir.Label(sl.UnitID) + " · "
	}
	return fmt.Sprintf("%s\n   %s%s\n   请在 %s前回执：什么原因、哪天完成，例如“回执 %d 因设备没到，%s前完成”", head, whose, c.slipDue(e),
		sl.ReceiptDue.Say(c.Today), number, monthDay(c.Days.Add(c.Today, 5)))
}

// slipMatter names what a slip is about.
func (c Context) slipMatter(e Told) string {
	switch {
	case e.Work != nil:
		return WorkTitle(*e.Work)
	case e.Hazard != nil:
		return e.Hazard.Number() + " " + Placed(*e.Hazard, 36)
	}
	return ""
}

func (c Context) slipDue(e Told) string {
	switch {
	case e.Work != nil:
		return c.DueText(e.Work.Due)
	case e.Hazard != nil:
		return "整改" + c.DueText(e.Hazard.FixDue)
	}
	return ""
}

// Receipt words a receipt.
func (c Context) Receipt(sl slip.Slip) string {
	return fmt.Sprintf("%s；%s前完成", Cut(sl.Reason, 60), sl.ETA.Say(c.Today))
}

// SlipState says where a slip stands. over reports that its work is.
func (c Context) SlipState(sl slip.Slip, over bool) string {
	switch {
	case sl.State == slip.Withdrawn:
		return "已撤回"
	case over:
		return "已销"
	case sl.State == slip.Answered:
		return "已回执"
	}
	return "待回执，" + sl.ReceiptDue.Say(c.Today) + "前"
}

// monthDay is a date the way people type it.
func monthDay(d calendar.Date) string { return d.At(0, 0, time.UTC).Format("1月2日") }
