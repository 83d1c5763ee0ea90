package dingtalk

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
)

// The kinds of frames (developer encyclopedia, chapter "stream protocol").
const (
	FrameSystem   = "SYSTEM"
	FrameCallback = "CALLBACK"
	FrameEvent    = "EVENT"
)

// What can be subscribed to.
const (
	TopicRobot     = "/v1.0/im/bot/messages/get"
	TopicCard      = "/v1.0/card/instances/callback"
	TopicAllEvents = "*"
)

const (
	topicPing       = "ping"
	topicDisconnect = "disconnect"
)

// Frame is something the gateway hands over. A robot message that was not acknowledged
// comes again after about a minute in a frame with another MessageID; only the message's
// own id stays the same.
type Frame struct {
	Kind      string // FrameCallback or FrameEvent
	Topic     string
	MessageID string // of the frame
	EventID   string // of an event, the same when it comes again
	EventType string
	EventCorp string
	EventBorn time.Time
	Data      []byte // JSON

	lane string // frames of one sender are dealt with in their order
}

// decodeFrame reads a frame leniently: headers may be written header, numbers may be
// strings, and data is a string of JSON or the JSON itself.
func decodeFrame(raw []byte) (Frame, bool) {
	o := parseObject(raw)
	if o == nil || o.id("type") == "" {
		return Frame{}, false
	}
	headers := o.child("headers")
	if headers == nil {
		headers = o.child("header")
	}
	f := Frame{
		Kind: o.id("type"), Topic: headers.id("topic"), MessageID: headers.id("messageId"),
		EventID: headers.id("eventId"), EventType: headers.id("eventType"), EventCorp: headers.id("eventCorpId"), Data: unquote(o["data"]),
	}
	f.EventBorn = instantOf(headers.number("eventBornTime"))
	data := parseObject(f.Data)
	if f.lane = data.id("conversationId") + "/" + data.id("senderId"); f.lane == "/" {
		f.lane = f.MessageID
	}
	return f, true
}

// ack is what answers a frame.
type ack struct {
	Code    int        `json:"code"`
	Headers ackHeaders `json:"headers"`
	Message string     `json:"message"`
	Data    string     `json:"data"`
}

type ackHeaders struct {
	MessageID   string `json:"messageId"`
	ContentType string `json:"contentType"`
}

func answerTo(f Frame, status int, data []byte) ack {
	message := "OK"
	if status != http.StatusOK {
		message = http.StatusText(status)
	}
	return ack{Code: status, Headers: ackHeaders{f.MessageID, "application/json"}, Message: message, Data: string(bytes.TrimSpace(data))}
}

// later asks for an event again (developer encyclopedia, "event").
var later = []byte(`{"status":"LATER"}`)

// taken is the data that acknowledges a frame whose handler had nothing to say.
func taken(f Frame, said any) []byte {
	if f.Kind == FrameEvent {
		return []byte(`{"status":"SUCCESS","message":"ok"}`)
	}
	data, err := json.Marshal(map[string]any{"response": said})
	if err != nil { // ours to blame: the frame was dealt with all the same
		return []byte(`{"response":null}`)
	}
	return data
}
