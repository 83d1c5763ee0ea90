package hazard

import "duban/internal/errs"

// Printable refuses what no notice (整改通知书) is written for: a sensitive matter is
// never printed, and what is over needs none.
func (h Hazard) Printable() error {
	switch {
	case h.Category == Untold:
		return errs.New(errs.Forbidden, "这类事项不出整改通知书，请单独联系安全法规股办理。")
	case !h.State.Open():
		return errs.Newf(errs.Conflict, "%s %s，不用再出整改通知书。要留底请发“导出隐患台账”。", h.Number(), h.State.Say())
	}
	return nil
}
