package dingtalk

import (
	"path"
	"strings"
	"unicode"

	"duban/bot"
)

func isSpace(r rune) bool { return unicode.IsSpace(r) }

// kinds maps the platform's names of file-like messages to ours.
var kinds = map[string]bot.AttachmentKind{
	"picture": bot.Image,
	"audio":   bot.Voice,
	"video":   bot.Video,
	"file":    bot.File,
}

// fill reads the content by message type.
func fill(m *bot.Message, o object, cfg DecodeConfig) {
	kind := o.id("msgtype")
	content := o.child("content")
	readable := true
	switch {
	case kind == "text" || kind == "" && o.child("text") != nil:
		m.Text = o.child("text").text("content")
	case kind == "richText":
		m.Text, m.Attachments = richText(o)
		readable = m.Text != "" || len(m.Attachments) > 0
	case kinds[kind] != "":
		m.Attachments = attachment(kinds[kind], content)
		m.Text = content.text("recognition")
		m.Spoken = m.Text != ""
		readable = m.Text != "" || len(m.Attachments) > 0
	default:
		readable = false
	}
	if m.Chat.Kind == bot.Group {
		m.Text = unmention(m.Text, cfg.RobotName)
	}
	m.Text = strings.TrimSpace(m.Text)
	if m.Quote = quote(o, content); !readable {
		m.Unsupported = kind
		if kind == "" {
			m.Unsupported = "unknown"
		}
	}
}

// attachment reads the one file of a message. downloadCode is the code that
// works; pictureDownloadCode is a last resort.
func attachment(kind bot.AttachmentKind, content object) []bot.Attachment {
	ref := content.id("downloadCode")
	if ref == "" {
		ref = content.id("pictureDownloadCode")
	}
	if ref == "" {
		return nil
	}
	return []bot.Attachment{{Kind: kind, Ref: ref, Name: fileName(content.id("fileName"))}}
}

// fileName drops any folder, in either notation.
func fileName(name string) string {
	if name == "" {
		return ""
	}
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == ".." || name == "/" {
		return ""
	}
	return name
}

// richText reads the list of texts and pictures in order, in the present or
// the older form. Pieces of text that touch are one line; a picture between
// them breaks the line. Other kinds of items are skipped.
func richText(o object) (string, []bot.Attachment) {
	var text strings.Builder
	var files []bot.Attachment
	breakLine := false
	for _, item := range richItems(o) {
		switch kind := item.id("type") + item.id("msgType"); kind {
		case "", "text":
			s := item.text("text")
			if s == "" {
				s = item.text("content")
			}
			if s == "" {
				continue
			}
			if breakLine && text.Len() > 0 && !strings.HasSuffix(text.String(), "\n") && !strings.HasPrefix(s, "\n") {
				text.WriteByte('\n')
			}
			text.WriteString(s)
			breakLine = false
		case "picture":
			files = append(files, attachment(bot.Image, item)...)
			breakLine = true
		}
	}
	return text.String(), files
}

func richItems(o object) []object {
	if items := o.child("content").list("richText"); items != nil {
		return items
	}
	if items := o.list("richText"); items != nil {
		return items
	}
	if items := o.child("content").child("richText").list("richTextList"); items != nil {
		return items
	}
	return o.child("richText").list("richTextList")
}

// quote reads the message that is answered to. Quoting a picture and mentioning
// the robot is how an earlier picture of a group gets to us.
func quote(o, content object) *bot.Quote {
	for _, holder := range []object{o.child("text"), content, o} {
		if !holder.flag("isReplyMsg") {
			continue
		}
		if replied := holder.child("repliedMsg"); replied != nil {
			return repliedTo(replied)
		}
	}
	if id := o.id("originalMsgId"); id != "" {
		return &bot.Quote{MessageID: id}
	}
	return nil
}

func repliedTo(replied object) *bot.Quote {
	content := replied.child("content")
	q := &bot.Quote{MessageID: replied.id("msgId")}
	q.Text, q.Attachments = richText(object{"content": replied["content"]})
	if q.Text == "" {
		q.Text = content.text("text")
	}
	if q.Text == "" {
		q.Text = content.text("recognition")
	}
	q.Text = strings.TrimSpace(q.Text)
	kind, known := kinds[replied.id("msgType")]
	switch {
	case known:
	case content.id("fileName") != "":
		kind = bot.File
	default:
		kind = bot.Image
	}
	q.Attachments = append(q.Attachments, attachment(kind, content)...)
	return q
}
