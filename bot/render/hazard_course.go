package render

import "duban/internal/hazard"

// FiveLines lists what was told of the five fixings.
func FiveLines(f hazard.Five) []string {
	var lines []string
	for i, part := range f.Parts() {
		if part != "" {
			lines = append(lines, hazard.FiveNames()[i]+"："+Cut(part, 60))
		}
	}
	return lines
}

// formers tells the fixes that did not hold.
func (c Context) formers(list []hazard.Former) []string {
	if len(list) == 0 {
		return nil
	}
	lines := []string{"以前的整改："}
	for _, f := range list {
		line := "· " + f.FixDay.Say(c.Today) + " 报整改完成：" + Cut(f.FixNote, 40)
		switch {
		case f.ReviewedAt.IsZero():
		case f.Passed:
			line += "；复查通过"
		default:
			line += "；复查未通过：" + Cut(f.ReviewNote, 40)
		}
		lines = append(lines, line)
	}
	return lines
}
