package wecom

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"duban/bot"
)

// DecodeContact returns the change of contacts that an event tells (documents 90240, 96302
// and 96303); ok is false for everything else. An ordinary app hears of members who enter
// and leave what it may see; only some kinds of app hear change_contact, so that neither
// is relied upon. User ids are lower case, as in Decode.
func DecodeContact(xmlText []byte, robot string) (change bot.ContactChange, ok bool) {
	var in inner
	if unmarshalPlain([]byte(legible(string(xmlText))), &in) != nil || !strings.EqualFold(strings.TrimSpace(in.MsgType), "event") {
		return bot.ContactChange{}, false
	}
	in.MsgType = "event"
	user := userID(in.UserID)
	var kind bot.ContactKind
	switch event, what := word(in.Event), word(in.ChangeType); {
	case event == "subscribe":
		kind, user = bot.ContactHere, userID(in.FromUserName)
	case event == "unsubscribe":
		kind, user = bot.ContactHidden, userID(in.FromUserName)
	case event != "change_contact":
		return bot.ContactChange{}, false
	case what == "create_user":
		kind = bot.ContactHere
	case what == "delete_user":
		kind = bot.ContactLeft
	case what == "update_user" && in.NewUserID != "":
		kind = bot.ContactRenumbered
	default: // renamed, moved, departments, tags
		kind, user = bot.ContactNoted, ""
	}
	m := common(in, robot)
	change = bot.ContactChange{Platform: bot.WeCom, Robot: m.Robot, ID: contactKey(in), Corp: m.Corp, Kind: kind, At: m.SentAt}
	if user != "" {
		change.Users = []string{user}
	}
	if kind == bot.ContactRenumbered {
		change.NewUser = userID(in.NewUserID)
	}
	return change, true
}

// contactKey is the wide key with the new user id: that one and another change of the same
// member come within one second. It differs from that of the message that the same event
// may be.
func contactKey(in inner) string {
	sum := sha256.Sum256([]byte(wideKey(in) + "/" + in.NewUserID))
	return "contact-" + hex.EncodeToString(sum[:20])
}

func word(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// userID compares without case on the platform.
func userID(s string) string {
	if s = word(s); s != systemSender {
		return s
	}
	return ""
}
