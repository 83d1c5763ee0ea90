package dingtalk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"duban/bot"
	"duban/internal/errs"
)

// CardButtons is how many buttons the template has: b1 to b6 are their labels and k1 to
// k6 what comes back, see docs/operator/dingtalk.zh-CN.md.
const CardButtons = 6

// maxCardValue bounds one variable of a card in bytes (document "fill in api card data").
const maxCardValue = 1000

// Cards says how interactive cards are sent. Without a template there are none.
type Cards struct {
	Template string // id of the template, which is made by hand in the card platform
	Route    string // callbackRouteKey; empty: presses come over the stream
}

// cardOf is what the template shows of a reply; ok is false where links have to do.
func cardOf(r bot.Reply) (values map[string]string, ok bool) {
	title, detail := strings.TrimSpace(r.Title), strings.TrimSpace(r.Text)
	if title == "" {
		title, detail, _ = strings.Cut(detail, "\n")
	}
	if len(r.Buttons) == 0 || len(r.Buttons) > CardButtons || title == "" || len(title) > maxCardValue || len(detail) > maxCardValue {
		return nil, false
	}
	values = map[string]string{"title": title, "detail": strings.TrimSpace(detail), "status": "open", "chosen": ""}
	for i := range CardButtons {
		values[fmt.Sprintf("b%d", i+1)], values[fmt.Sprintf("k%d", i+1)] = "", ""
	}
	for i, b := range r.Buttons {
		key := b.Key()
		if b.Label == "" || key == "" || len(b.Label) > maxCardValue || len(key) > maxCardValue {
			return nil, false
		}
		values[fmt.Sprintf("b%d", i+1)], values[fmt.Sprintf("k%d", i+1)] = b.Label, key
	}
	return values, true
}

// Cardable reports whether a card can hold the reply with all of its buttons.
func Cardable(r bot.Reply) bool {
	_, ok := cardOf(r)
	return ok
}

// cardFor is the card of a message to one person; ok is false where links have to do.
func (c *Client) cardFor(m bot.Outgoing) (values map[string]string, ok bool) {
	if c.cfg.Cards.Template == "" || m.Key == "" || m.To.UserID == "" || m.To.ChatID != "" || m.To.Webhook != "" {
		return nil, false
	}
	return cardOf(m.Reply)
}

// sendCard creates and delivers a card (document "create and deliver cards"). Its id is
// the same for every try: that there is such a card already means that an earlier try
// arrived.
func (c *Client) sendCard(ctx context.Context, userID, key string, values map[string]string) (bot.Receipt, error) {
	body := map[string]any{
		"cardTemplateId": c.cfg.Cards.Template, "outTrackId": trackID(key, userID), "userIdType": 1, "callbackType": "STREAM",
		"cardData": map[string]any{"cardParamMap": values}, "openSpaceId": "dtv1.card//IM_ROBOT." + userID,
		"imRobotOpenSpaceModel":   map[string]any{"supportForward": false, "lastMessageI18n": map[string]string{"ZH_CN": values["title"]}},
		"imRobotOpenDeliverModel": map[string]any{"spaceType": "IM_ROBOT", "robotCode": c.cfg.RobotCode},
	}
	if c.cfg.Cards.Route != "" {
		body["callbackType"], body["callbackRouteKey"] = "HTTP", c.cfg.Cards.Route
	}
	ans, err := c.call(ctx, "/v1.0/card/instances/createAndDeliver", body)
	if bot.CodeOf(err) == "param.cardAlreadyExist" {
		return bot.Receipt{}, nil
	}
	if err != nil {
		return bot.Receipt{}, err
	}
	for _, one := range ans.body.child("result").list("deliverResults") {
		if one.flag("success") {
			return bot.Receipt{PlatformID: one.id("carrierId")}, nil
		}
	}
	return bot.Receipt{}, permanent(ReasonInvalidUser, "the card was made and not delivered")
}

func trackID(key, userID string) string {
	sum := sha256.Sum256([]byte(key + "\n" + userID))
	return "duban-" + hex.EncodeToString(sum[:16])
}

// CardVerifier checks that the press of a card's button comes from DingTalk, over HTTP
// (document "event callback card").
type CardVerifier struct {
	Secret Secret // the apiSecret of the registration; empty refuses everything
	Now    func() time.Time
}

// Verify checks the headers. The error has the code Forbidden.
func (v CardVerifier) Verify(header http.Header) error {
	stamp := strings.TrimSpace(header.Get("x-ddpaas-signature-timestamp"))
	millis, err := strconv.ParseInt(stamp, 10, 64)
	now := v.Now().UnixMilli()
	switch {
	case v.Secret.Empty():
		return refused("no secret for cards is configured")
	case err != nil || millis < now-maxPast.Milliseconds() || millis > now+maxFuture.Milliseconds():
		return refused("timestamp of the card is missing, too old or in the future")
	case !hmac.Equal([]byte(strings.TrimSpace(header.Get("x-ddpaas-signature"))), []byte(cardSignature(v.Secret.Reveal(), stamp))):
		return refused("signature of the card does not match")
	}
	return nil
}

// cardSignature is Base64(HMAC-SHA256(secret, timestamp)).
func cardSignature(secret, timestamp string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// DecodePress reads the press of a card's button as the words it stands for. The same
// button of the same card is one message for each person, however often it is pressed.
// Who pressed is the platform's word, never the card's.
func DecodePress(body []byte, cfg DecodeConfig) (bot.Message, error) {
	o := parseObject(body)
	if o == nil || len(body) > MaxBody {
		return bot.Message{}, undecodable("press is not a JSON object")
	}
	if corp := o.id("corpId"); cfg.CorpID != "" && corp != cfg.CorpID {
		return bot.Message{}, foreign("press in another organisation")
	}
	content := parseObject(unquote(o["content"]))
	if content == nil {
		content = parseObject(unquote(o["value"])) // an older page
	}
	params := content.child("cardPrivateData").child("params")
	if params == nil {
		params = content.child("params")
	}
	user, key := o.id("userId"), params.id("key")
	if user == "" || key == "" || o.id("outTrackId") == "" {
		return bot.Message{}, undecodable("press names no user, card or button")
	}
	words, asked := bot.PressedKey(key)
	sum := sha256.Sum256([]byte(o.id("outTrackId") + "\n" + user + "\n" + key))
	m := bot.Message{Platform: bot.DingTalk, Robot: cfg.RobotCode, ID: "card-" + hex.EncodeToString(sum[:16]), Corp: cfg.CorpID, UserID: user,
		Chat: bot.Chat{Kind: bot.Private, ID: user}, Event: "click", EventKey: clean(words), Asked: asked}
	if m.Corp == "" {
		m.Corp = o.id("corpId")
	}
	return m, nil
}

// CardChosen is the answer to a press: the card says what was chosen and has no buttons
// any more.
func CardChosen(words string) any {
	return map[string]any{
		"cardUpdateOptions": map[string]bool{"updateCardDataByKey": true, "updatePrivateDataByKey": true},
		"cardData":          map[string]any{"cardParamMap": map[string]string{"status": "done", "chosen": "已选：" + words}},
	}
}

// RegisterCards tells DingTalk where presses go over HTTP (document "register card
// callback address"). Done again it replaces the address.
func (c *Client) RegisterCards(ctx context.Context, address string, secret Secret) error {
	_, err := c.call(ctx, "/v1.0/card/callbacks/register", map[string]any{
		"callbackRouteKey": c.cfg.Cards.Route, "callbackUrl": address, "apiSecret": secret.Reveal(), "forceUpdate": true,
	})
	return errs.At("register card callback", err)
}
