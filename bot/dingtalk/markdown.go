package dingtalk

import (
	"regexp"
	"strings"
)

// hardBreak is a line break that DingTalk's markdown shows; it swallows a
// single \n (document "robot message type").
const hardBreak = "  \n  "

// Backslash escapes are not documented for DingTalk, so characters with a
// meaning give way to their full-width twins, which read the same.
var fullWidth = strings.NewReplacer(
	"*", "＊", "_", "＿", "#", "＃", ">", "＞", "<", "＜", "[", "［", "]", "］",
	"`", "｀", "~", "～", "|", "｜", `\`, "＼",
)

var (
	webLink   = regexp.MustCompile(`https?://[A-Za-z0-9\-._~:/?#@!$&'()+,;=%]+`)
	anyScheme = regexp.MustCompile(`(?i)[a-z][a-z0-9+.\-]*://`)
	ruleLine  = regexp.MustCompile(`^\s*[-=]+\s*$`)
	bullet    = regexp.MustCompile(`^([-+])(\s)`)
	number    = regexp.MustCompile(`^(\d+)\.(\s)`)
	entity    = regexp.MustCompile(`&([0-9A-Za-z]+;)`)
)

// markdown turns plain text into DingTalk markdown that reads the same. Nothing
// in the text can become formatting, an image, a named link or a dtmd:// link,
// since it may quote people; a bare http(s) address stays as it is.
func markdown(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	var b strings.Builder
	blank := false
	for i, line := range lines {
		line = strings.TrimRight(line, " \t")
		if line == "" {
			blank = true
			continue
		}
		switch {
		case blank:
			b.WriteString("\n\n")
		case i > 0:
			b.WriteString(hardBreak)
		}
		b.WriteString(markdownLine(line))
		blank = false
	}
	return b.String()
}

func markdownLine(line string) string {
	if ruleLine.MatchString(line) { // would turn the line above into a heading
		line = strings.NewReplacer("-", "－", "=", "＝").Replace(line)
	}
	// Leading blanks could become a code block.
	body := strings.TrimLeft(line, " \t")
	indent := strings.Repeat("\u3000", (len(line)-len(body)+1)/2)
	body = strings.ReplaceAll(body, "\t", " ")
	// A list would nest its items and count them anew, which spoils the numbers
	// people are asked to type.
	body = bullet.ReplaceAllString(body, "－$2")
	body = number.ReplaceAllString(body, "$1．$2")

	var b strings.Builder
	b.WriteString(indent)
	for rest := body; rest != ""; {
		at := webLink.FindStringIndex(rest)
		if at == nil {
			b.WriteString(escape(rest))
			break
		}
		b.WriteString(escape(rest[:at[0]]))
		b.WriteString(rest[at[0]:at[1]])
		rest = rest[at[1]:]
	}
	return b.String()
}

func escape(s string) string {
	return entity.ReplaceAllString(fullWidth.Replace(disarm(s)), "＆$1")
}

// disarm breaks addresses that a client would act on, such as dtmd:// (sends
// text in the reader's name) and dingtalk:// (opens pages of the client).
func disarm(s string) string {
	return anyScheme.ReplaceAllStringFunc(s, func(match string) string {
		switch strings.ToLower(match) {
		case "http://", "https://":
			return match
		}
		return strings.Replace(match, "://", "：//", 1)
	})
}
