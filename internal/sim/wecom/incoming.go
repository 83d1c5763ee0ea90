package simwecom

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban/bot"
)

// Incoming is something a member does in the app. The kind follows from what is
// set: an Event, a Location, a media id, else text.
type Incoming struct {
	User string
	Text string

	Image       string // media id, see AddMedia
	Voice       string // media id
	Recognition string // transcript of Voice
	Video       string // media id
	File        string // media id
	FileName    string
	Location    *bot.Location
	Kind        string // any other MsgType, such as "business_card"

	Event    string // such as "enter_agent", "subscribe", "click", "template_card_event"
	EventKey string
	TaskID   string

	ResponseCode string // of a press on a card

	Change           string // ChangeType of a change_contact event, which comes from the system; User is whom it is about
	NewUserID, Party string

	MsgID string    // default: a new number; set it to deliver the same message again
	At    time.Time // default: now
}

func lower(id string) string { return strings.ToLower(id) }

func sameUser(a, b string) bool { return strings.EqualFold(a, b) }

// compose builds the inner XML and fills in what the platform would.
func (s *Server) compose(ev *Incoming) []byte {
	if ev.At.IsZero() {
		ev.At = s.cfg.Now()
	}
	if ev.MsgID == "" {
		ev.MsgID = strconv.FormatInt(7_000_000_000_000_000_000+s.seq.next(), 10)
	}
	kind, fields := ev.fields()
	var b strings.Builder
	b.WriteString("<xml>")
	element(&b, "ToUserName", s.cfg.CorpID)
	from := ev.User
	if ev.Change != "" {
		from = "sys"
	}
	element(&b, "FromUserName", from)
	fmt.Fprintf(&b, "<CreateTime>%d</CreateTime>", ev.At.Unix())
	element(&b, "MsgType", kind)
	for i := 0; i < len(fields); i += 2 {
		element(&b, fields[i], fields[i+1])
	}
	if kind != "event" {
		fmt.Fprintf(&b, "<MsgId>%s</MsgId>", ev.MsgID)
	}
	fmt.Fprintf(&b, "<AgentID>%d</AgentID></xml>", s.cfg.AgentID)
	return []byte(b.String())
}

// fields returns the type and the elements that belong to it, name by value.
func (ev *Incoming) fields() (kind string, fields []string) {
	switch {
	case ev.Event != "":
		fields = []string{"Event", ev.Event, "EventKey", ev.EventKey}
		if ev.Change != "" {
			fields = append(fields, "ChangeType", ev.Change, "UserID", ev.User, "NewUserID", ev.NewUserID, "Id", ev.Party)
		}
		if ev.TaskID != "" {
			fields = append(fields, "TaskId", ev.TaskID)
		}
		if ev.ResponseCode != "" {
			fields = append(fields, "ResponseCode", ev.ResponseCode)
		}
		return "event", fields
	case ev.Kind != "":
		return ev.Kind, nil
	case ev.Location != nil:
		l := ev.Location
		return "location", []string{
			"Location_X", strconv.FormatFloat(l.Latitude, 'f', -1, 64),
			"Location_Y", strconv.FormatFloat(l.Longitude, 'f', -1, 64),
			"Scale", "15", "Label", l.Label, "AppType", "wxwork",
		}
	case ev.Image != "":
		return "image", []string{"PicUrl", "http://example.com/pic", "MediaId", ev.Image}
	case ev.Voice != "":
		return "voice", []string{"MediaId", ev.Voice, "Format", "amr", "Recognition", ev.Recognition}
	case ev.Video != "":
		return "video", []string{"MediaId", ev.Video, "ThumbMediaId", ev.Video}
	case ev.File != "":
		return "file", []string{"MediaId", ev.File, "FileName", ev.FileName}
	default:
		return "text", []string{"Content", ev.Text}
	}
}

func element(b *strings.Builder, name, value string) {
	value = strings.ReplaceAll(value, "]]>", "]]]]><![CDATA[>")
	fmt.Fprintf(b, "<%s><![CDATA[%s]]></%s>", name, value, name)
}
