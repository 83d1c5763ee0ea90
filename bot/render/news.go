package render

import (
	"fmt"
	"regexp"
	"strings"

	"duban/internal/hazard"
	"duban/internal/notice"
)

// isNews reports whether an entry tells who filed a hazard or follows it how things
// stand.
func isNews(e Told) bool { return e.Notice.Step == notice.News || e.Notice.Step == notice.Followed }

// news tells how a hazard stands to somebody who does not answer for it.
func (c Context) news(e Told) string {
	whose := "您关注的"
	if e.Notice.Step == notice.News {
		whose = "您报的"
	}
	return fmt.Sprintf("%s %s %s\n   %s · %s", whose, e.Hazard.Number(), Placed(*e.Hazard, 36), c.Dir.Label(e.Hazard.UnitID), c.Standing(*e.Hazard, ""))
}

// Standing tells in a line how a hazard stands: its state, who has it, by when, and
// how it ended. keeper names who was given it, if that is known by more than a post.
func (c Context) Standing(h hazard.Hazard, keeper string) string {
	parts := []string{h.State.Say()}
	if h.Level != hazard.Ungraded && h.State.Open() {
		parts[0] += "（" + string(h.Level) + "）"
	}
	switch {
	case h.State == hazard.Closed && h.FixNote != "":
		parts = append(parts, h.FixDay.Say(c.Today)+"整改："+Cut(Done(h.FixNote), 40))
	case h.State == hazard.Fixed || h.State == hazard.Verified:
		parts = append(parts, "整改："+Cut(Done(h.FixNote), 40))
	case !h.State.Open():
	default:
		if keeper == "" {
			keeper = c.Keeper(h)
		}
		parts = append(parts, "由"+keeper+"办理")
		if !h.HelpedAt.IsZero() {
			parts = append(parts, "已提请局里协调")
		} else if !h.FixDue.IsZero() {
			parts = append(parts, "整改期限 "+h.FixDue.Say(c.Today))
		}
	}
	return strings.Join(parts, "，")
}

// Keeper names who has a hazard: the post it was given to, else the unit's safety
// officer. Somebody without a post is not named.
func (c Context) Keeper(h hazard.Hazard) string {
	if holder, ok := c.Dir.HolderNamed(h.AssignedTo); ok {
		return c.Dir.PostLabel(holder.Post)
	}
	if h.AssignedTo != "" {
		return c.Dir.Label(h.UnitID) + "指定的专人"
	}
	if people := c.Dir.Safety(h.UnitID); len(people) > 0 {
		return c.Dir.PostLabel(people[0].Post)
	}
	return c.Dir.Label(h.UnitID)
}

// askingReview is what a report of a fix asks of its reader and says nothing of the fix.
var askingReview = regexp.MustCompile(`[\s，,。；;]*请(?:来|您|领导)?(?:予以)?(?:复查|验收|核查)[^，,。；;]*$`)

// Done is what was done, of what a fixer reported.
func Done(note string) string {
	if done := askingReview.ReplaceAllString(note, ""); done != "" {
		return done
	}
	return note
}
