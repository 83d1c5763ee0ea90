package wecom

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

// systemSender is the sender of events that no person caused.
const systemSender = "sys"

// Decode turns the inner XML of an app callback into a message. robot names the
// app when the XML does not. User ids are lower case, since the platform
// compares them without case. Text that is not legible is mended, never refused;
// only broken XML or a missing type is an error. A kind we cannot read has
// Unsupported set.
func Decode(xmlText []byte, robot string) (bot.Message, error) {
	var in inner
	if err := unmarshalPlain([]byte(legible(string(xmlText))), &in); err != nil {
		return bot.Message{}, errs.At("decode callback", err)
	}
	in.MsgType = strings.ToLower(strings.TrimSpace(in.MsgType))
	if in.MsgType == "" {
		return bot.Message{}, errs.New(errs.Invalid, "收到的消息没有类型，无法处理。请重新发送。")
	}
	m := common(in, robot)
	if in.MsgType == "event" {
		event(&m, in)
	} else {
		content(&m, in)
	}
	m.Text = strings.TrimSpace(legible(m.Text))
	return m, nil
}

// common fills what messages and events share.
func common(in inner, robot string) bot.Message {
	user := strings.ToLower(strings.TrimSpace(in.FromUserName))
	if user == systemSender && in.MsgType == "event" {
		user = ""
	}
	m := bot.Message{
		Platform: bot.WeCom,
		Robot:    strings.TrimSpace(in.AgentID),
		ID:       strings.TrimSpace(in.MsgID),
		Corp:     strings.TrimSpace(in.ToUserName),
		UserID:   user,
		Chat:     bot.Chat{Kind: bot.Private, ID: user},
	}
	if m.Robot == "" {
		m.Robot = robot
	}
	if m.ID == "" {
		m.ID = wideKey(in)
	}
	if sec, err := strconv.ParseInt(strings.TrimSpace(in.CreateTime), 10, 64); err == nil && sec > 0 {
		m.SentAt = time.Unix(sec, 0).UTC()
	}
	return m
}

// wideKey identifies what has no MsgId. The documented key, sender and second,
// is too coarse: creating one member fires several events in one second. The
// fields are hashed because EventKey may be a kilobyte and ResponseCode is a
// credential.
func wideKey(in inner) string {
	h := sha256.New()
	for _, field := range []string{
		in.AgentID, strings.ToLower(in.FromUserName), in.CreateTime, in.MsgType, in.Event, in.EventKey, in.ChangeType,
		in.UserID, in.ID, in.TagID, in.TaskID, in.ResponseCode, in.Content, in.MediaID,
	} {
		h.Write([]byte(strconv.Itoa(len(field)) + ":" + field))
	}
	return "ev-" + hex.EncodeToString(h.Sum(nil)[:20])
}

// content fills in a message by its type (document 90239).
func content(m *bot.Message, in inner) {
	switch in.MsgType {
	case "text":
		m.Text = in.Content
	case "image":
		attach(m, bot.Image, in)
	case "voice":
		// The transcript is an undocumented extra: it becomes the text, and the
		// recording stays as evidence.
		m.Text, m.Spoken = in.Recognition, in.Recognition != ""
		attach(m, bot.Voice, in)
	case "video", "shortvideo":
		attach(m, bot.Video, in)
	case "file":
		attach(m, bot.File, in)
	case "location":
		if m.Location = location(in.Lat, in.Lon, in.Label); m.Location == nil {
			m.Text = in.Label
		}
	case "link":
		m.Text = joinLines(in.Title, in.Description, in.URL)
	default:
		m.Unsupported = in.MsgType
	}
}

func attach(m *bot.Message, kind bot.AttachmentKind, in inner) {
	ref := strings.TrimSpace(in.MediaID)
	if ref == "" {
		return
	}
	name := in.FileName
	if name == "" && kind == bot.File {
		name = in.Title
	}
	m.Attachments = append(m.Attachments, bot.Attachment{Kind: kind, Ref: ref, Name: strings.TrimSpace(name)})
}

// event fills in an event (document 90240). A pressed card button and a pressed
// menu entry are the same thing to the core: a click with a key.
func event(m *bot.Message, in inner) {
	name := strings.ToLower(strings.TrimSpace(in.Event))
	m.EventKey = in.EventKey
	switch name {
	case "enter_agent":
		m.Event = "enter"
	case "template_card_event", "template_card_menu_event":
		m.Event, m.CardCode = "click", strings.TrimSpace(in.ResponseCode)
		m.EventKey, m.Asked = bot.PressedKey(in.EventKey)
	case "location":
		m.Event = name
		m.Location = location(in.Latitude, in.Longitude, "")
	case "":
		m.Event = "unknown"
		m.Unsupported = "event"
	default:
		m.Event = name
	}
}

// location returns nil for coordinates that are none.
func location(lat, lon, label string) *bot.Location {
	la, errLa := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	lo, errLo := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if errLa != nil || errLo != nil || !(math.Abs(la) <= 90) || !(math.Abs(lo) <= 180) {
		return nil
	}
	return &bot.Location{Latitude: la, Longitude: lo, Label: strings.TrimSpace(label)}
}

func joinLines(lines ...string) string {
	var out []string
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}
