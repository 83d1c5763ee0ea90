package dingtalk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

// MaxBody is the largest push that is read, in bytes.
const MaxBody = 1 << 20

// UnsupportedQuota is Message.Unsupported of a push without content, sent when
// the organisation's monthly push quota is used up (errorCode 20001). The
// operator must be alarmed.
const UnsupportedQuota = "quota"

const quotaUsedUp = "20001"

// lastMilli is the end of the year 9999; later times cannot be stored.
const lastMilli = 253402300799999

// DecodeConfig says whose pushes are ours.
type DecodeConfig struct {
	RobotCode string // required
	CorpID    string // the robot's organisation; empty: not compared
	RobotName string // removed from the front of group texts as @name; may be empty
	OAPIBase  string // where reply URLs may point to; empty: https://oapi.dingtalk.com
}

// Decode reads one robot push, from an HTTP body or the data of a stream frame
// (DingTalk documents "receive message" and "robot message type"). Every field
// is optional and unknown ones are ignored.
//
// Error codes: Invalid for a body that is too large or no object, Forbidden for
// somebody else's robot or organisation. A push without robotCode is accepted
// only if its chatbotCorpId equals a configured CorpID. A sender from another
// organisation who brings a staff id is refused, because staff ids are unique
// only within one organisation; without a staff id the sender is an outsider:
// a Message with empty UserID.
//
// An unknown conversation type counts as a group, where less is shown. Without
// msgId the digest of the body is the message's id.
func Decode(body []byte, cfg DecodeConfig) (bot.Message, error) {
	if len(body) > MaxBody {
		return bot.Message{}, undecodable("push is larger than 1 MiB")
	}
	o := parseObject(body)
	if o == nil {
		return bot.Message{}, undecodable("push is not a JSON object")
	}
	if err := checkOwner(o, cfg); err != nil {
		return bot.Message{}, err
	}
	m := envelope(o, cfg)
	if m.ID == "" {
		sum := sha256.Sum256(body)
		m.ID = "sha256-" + hex.EncodeToString(sum[:16])
	}
	if o.id("errorCode") == quotaUsedUp {
		m.Unsupported = UnsupportedQuota
		return m, nil
	}
	fill(&m, o, cfg)
	return m, nil
}

func undecodable(why string) error {
	return errs.With(errs.Invalid, "这条消息读不出来，请重新发一次。", errors.New(why))
}

func checkOwner(o object, cfg DecodeConfig) error {
	robot, corp, sender := o.id("robotCode"), o.id("chatbotCorpId"), o.id("senderCorpId")
	switch {
	case cfg.RobotCode == "":
		return foreign("no robot code is configured")
	case robot != "" && robot != cfg.RobotCode:
		return foreign("push is for another robot")
	case corp != "" && cfg.CorpID != "" && corp != cfg.CorpID:
		return foreign("push is for another organisation's robot")
	case robot == "" && (cfg.CorpID == "" || corp != cfg.CorpID):
		return foreign("push names neither our robot nor our organisation")
	case sender != "" && cfg.CorpID != "" && sender != cfg.CorpID && o.id("senderStaffId") != "":
		return foreign("sender's staff id belongs to another organisation")
	}
	return nil
}

func foreign(why string) error {
	return errs.With(errs.Forbidden, "您不在本单位的钉钉组织里，办不了这件事。请联系局办公室。", errors.New(why))
}

// envelope fills everything that does not depend on the message type.
func envelope(o object, cfg DecodeConfig) bot.Message {
	m := bot.Message{
		Platform: bot.DingTalk,
		Robot:    cfg.RobotCode,
		ID:       o.id("msgId"),
		Corp:     cfg.CorpID,
		UserID:   o.id("senderStaffId"),
		UserName: o.id("senderNick"),
		Chat:     bot.Chat{Kind: bot.Group, ID: o.id("conversationId"), Title: o.id("conversationTitle")},
		SentAt:   instant(o.number("createAt")),
	}
	if m.Corp == "" {
		m.Corp = o.id("chatbotCorpId")
	}
	if o.id("conversationType") == "1" {
		m.Chat.Kind, m.Chat.Title = bot.Private, ""
	}
	if hook := o.id("sessionWebhook"); replyHosts(cfg.OAPIBase).allow(hook) {
		m.ReplyURL = hook
		m.ReplyURLEnds = instant(o.number("sessionWebhookExpiredTime"))
	}
	return m
}

// instant turns Unix milliseconds into a time; what cannot be one is zero.
func instant(millis int64) time.Time {
	if millis <= 0 || millis > lastMilli {
		return time.Time{}
	}
	return time.UnixMilli(millis)
}

// unmention removes the leading @robot of a group text. The platform mostly
// does so itself and leaves a blank, which is why without a known name only a
// text that starts with @ at once loses its first word: "@张三" behind a blank
// names a person.
func unmention(text, name string) string {
	trimmed := strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(trimmed, "@"+name); ok && name != "" {
		return strings.TrimSpace(rest)
	}
	if name != "" || !strings.HasPrefix(text, "@") {
		return trimmed
	}
	if i := strings.IndexFunc(trimmed, isSpace); i >= 0 {
		return strings.TrimSpace(trimmed[i:])
	}
	return ""
}
