package understand

import (
	"strings"
)

// maxParts bounds how many things one message may report.
const maxParts = 20

var (
	anyRef  = compile(`\d{1,2}-\d{1,2}|第\s?\d{1,2}条|(?:^|[^\d.])\d{1,2}条|(?:YH-?(?:20\d\d-)?|隐患)\d{1,5}`)
	refList = compile(`^\s*((?:\d{1,2}-\d{1,2})(?:\s*(?:、|和|与|跟|,|及|还有)\s*\d{1,2}-\d{1,2})+)\s*(?:都|全都|均|全部)?(.+)$`)
	listSep = compile(`\n|;|、|,|。| `)
	listDot = compile(`^\s*(?:\d{1,2}[.)、]|[(]\d{1,2}[)]|[-*•·])\s*`)
)

// Several reads a message that reports on several items at once, one a line or
// separated by commas ("9-1 60%，12-8 完成", "22-3、22-4 都完成了"). It returns nil
// unless every part is a report or a signature with a reference of its own, so
// that nothing is torn apart that belongs together.
func (p *Parser) Several(in Input) []Intent {
	whole := p.message(in)
	if n := len(anyRef.FindAllString(whole.text, 2)); n == 0 || n < 2 && !strings.Contains(whole.text, "\n") {
		return nil
	}
	for _, parts := range [][]string{sharing(whole.text), split(whole.text)} {
		if list := p.each(in, parts); len(list) > 1 {
			return list
		}
	}
	return nil
}

// sharing repeats what is said of a list of items for each of them.
func sharing(s string) []string {
	g := refList.FindStringSubmatch(s)
	if g == nil || anyRef.MatchString(g[2]) {
		return nil
	}
	var parts []string
	for _, code := range itemCode.FindAllString(g[1], maxParts) {
		parts = append(parts, code+" "+g[2])
	}
	return parts
}

var itemCode = compile(`\d{1,2}-\d{1,2}`)

// split cuts before each reference that follows a separator.
func split(s string) []string {
	var parts []string
	start := 0
	for _, sep := range listSep.FindAllStringIndex(s, -1) {
		rest := listDot.ReplaceAllString(s[sep[1]:], "")
		loc := anyRef.FindStringIndex(rest)
		if (s[sep[0]] == '\n' || loc != nil && loc[0] <= len("第")) && len(parts) < maxParts {
			if piece := strings.TrimSpace(s[start:sep[0]]); piece != "" {
				parts = append(parts, piece)
			}
			start = sep[1]
		}
	}
	return append(parts, strings.TrimSpace(s[start:]))
}

func (p *Parser) each(in Input, parts []string) []Intent {
	if len(parts) < 2 {
		return nil
	}
	var list []Intent
	for i, part := range parts {
		sub := in
		sub.Text, sub.Attachments, sub.Quote, sub.Pending = listDot.ReplaceAllString(part, ""), 0, "", nil
		it := p.Parse(sub)
		named := it.Slots.Task != nil && (it.Slots.Task.Code != "" || it.Slots.Task.Point > 0 || strings.Contains(in.Text, "\n")) || it.Slots.Hazard != nil && it.Slots.Hazard.ID > 0
		if i == 0 && !named && !anyRef.MatchString(part) {
			continue // a heading, such as 汇报：
		}
		switch it.Command {
		case ReportProgress, Ack, HazardFix, HazardClose, HazardReview:
		default:
			return nil
		}
		if !named || len(it.Missing) > 0 {
			return nil
		}
		if it.Slots.Text == "" {
			it.Slots.Text = part
		}
		list = append(list, it)
	}
	return list
}
