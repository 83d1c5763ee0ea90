package dingtalk

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

// Event is something DingTalk told beside messages, by either road.
type Event struct {
	ID   string // empty if an older push has none
	Type string // such as user_leave_org
	Corp string
	Born time.Time // zero if not told
	Data []byte    // JSON
}

// checkURL is what DingTalk sends when the address of the subscription is saved.
const checkURL = "check_url"

// IsCheck reports whether the event only tries the address.
func (e Event) IsCheck() bool { return e.Type == checkURL }

// Free reports whether the event costs none of the month's pushes: those about contacts and
// their labels do not, those about groups do ("list of events not included").
func (e Event) Free() bool {
	for _, prefix := range []string{"user_", "org_", "label_"} {
		if strings.HasPrefix(e.Type, prefix) {
			return true
		}
	}
	return e.IsCheck()
}

// EventOf reads an event pushed over HTTP. Names are written EventType or eventType.
func EventOf(data []byte) (Event, error) {
	o := lowered(parseObject(data))
	e := Event{ID: o.id("eventid"), Type: o.id("eventtype"), Corp: o.id("corpid"), Data: data}
	if e.Type == "" {
		return Event{}, errs.New(errs.Invalid, "收到的钉钉事件没有类型，无法处理。")
	}
	return e, nil
}

// EventIn is the event of a frame.
func EventIn(f Frame) Event {
	return Event{ID: f.EventID, Type: f.EventType, Corp: f.EventCorp, Born: f.EventBorn, Data: f.Data}
}

// contactKinds are the events about contacts (document "org-event-overview").
var contactKinds = map[string]bot.ContactKind{
	"user_add_org":    bot.ContactHere,
	"user_active_org": bot.ContactHere,
	"user_leave_org":  bot.ContactLeft,
	"user_modify_org": bot.ContactNoted,
	"org_dept_create": bot.ContactNoted,
	"org_dept_modify": bot.ContactNoted,
	"org_dept_remove": bot.ContactNoted,
}

// Contact is the change of contacts that an event tells; ok is false for other events. An
// event of another organisation is an error with code Forbidden.
func (e Event) Contact(cfg DecodeConfig) (change bot.ContactChange, ok bool, err error) {
	kind, ok := contactKinds[e.Type]
	if !ok {
		return bot.ContactChange{}, false, nil
	}
	corp := e.Corp
	if corp == "" {
		corp = cfg.CorpID
	}
	if cfg.CorpID != "" && corp != cfg.CorpID {
		return bot.ContactChange{}, true, foreign("event of another organisation")
	}
	o := lowered(parseObject(e.Data))
	change = bot.ContactChange{Platform: bot.DingTalk, Robot: cfg.RobotCode, Corp: corp, Kind: kind, Users: o.ids("userid"), At: e.Born}
	if at := instantOf(o.number("timestamp")); !at.IsZero() {
		change.At = at
	}
	change.ID = "event-" + e.ID
	if e.ID == "" {
		change.ID = e.wideKey(change)
	}
	return change, true, nil
}

// instantOf reads milliseconds; what cannot be a time is none.
func instantOf(ms int64) time.Time {
	if ms <= 0 || ms > lastMilli {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// wideKey identifies what has no id.
func (e Event) wideKey(c bot.ContactChange) string {
	h := sha256.New()
	for _, field := range append([]string{e.Type, c.Corp, strconv.FormatInt(c.At.UnixMilli(), 10), string(e.Data)}, c.Users...) {
		h.Write([]byte(strconv.Itoa(len(field)) + ":" + field))
	}
	return "event-" + hex.EncodeToString(h.Sum(nil)[:20])
}

// lowered is an object with its names in lower case. Of names that differ in case only
// any one stays.
func lowered(o object) object {
	out := make(object, len(o))
	for name, value := range o {
		out[strings.ToLower(name)] = value
	}
	return out
}

// ids returns identifiers written as a list or as a single one.
func (o object) ids(key string) []string {
	list := o.names(key)
	if one := o.id(key); list == nil && one != "" && one[0] != '[' {
		list = []string{one}
	}
	var out []string
	for _, id := range list {
		if id = strings.TrimSpace(clean(id)); id != "" {
			out = append(out, id)
		}
	}
	return out
}
