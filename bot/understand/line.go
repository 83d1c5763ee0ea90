package understand

import (
	"regexp"
	"strings"
	"time"
)

var (
	attachmentMark = regexp.MustCompile(`\[(?:图片|语音|文件|视频)\]|【(?:图片|语音|文件|视频)】`)
	quoteMark      = regexp.MustCompile(`\[引用[ :：]*([^\]]*)\]`)
)

// ParseLine understands one line of `duban parse`: \n stands for a line break,
// [图片] [语音] [文件] [视频] for an attachment and [引用 …] for the message
// answered to. The sender counts as having addressed the robot. now's location
// is the one dates are meant in.
func ParseLine(p *Parser, line string, now time.Time) Intent {
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
	return p.Parse(in)
}
