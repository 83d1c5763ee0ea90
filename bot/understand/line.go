package understand

import (
	"strings"
	"time"
)

var (
	attachmentMark = compile(`\[(?:图片|语音|文件|视频)\]|【(?:图片|语音|文件|视频)】`)
	quoteMark      = compile(`\[引用[ :：]*([^\]]*)\]`)
)

// ParseLine understands one line of `duban parse`: \n stands for a line break,
// [图片] [语音] [文件] [视频] for an attachment and [引用 …] for the message
// answered to. The sender counts as having addressed the robot. now's location
// is the one dates are meant in.
func ParseLine(p *Parser, line string, view View, now time.Time) Intent {
	in := lineInput(line, now)
	in.View = view
	return p.Parse(in)
}

func lineInput(line string, now time.Time) Input {
	in := Input{Addressed: true, Now: now}
	line = strings.ReplaceAll(line, `\n`, "\n")
	if len(line) > maxRunes*16 {
		line = line[:maxRunes*16]
	}
	if m := quoteMark.FindStringSubmatch(line); m != nil {
		in.Quote = m[1]
		line = strings.Replace(line, m[0], "", 1)
	}
	in.Attachments = len(attachmentMark.FindAllStringIndex(line, -1))
	in.Text = attachmentMark.ReplaceAllString(line, " ")
	return in
}

// ExplainLine is ParseLine with the reasons.
func ExplainLine(p *Parser, line string, view View, now time.Time) Explanation {
	in := lineInput(line, now)
	in.View = view
	return p.Explain(in)
}
