package simdingtalk

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// RoadCard is the road of interactive cards.
const RoadCard = "card"

// card is an interactive card that was delivered to one person.
type card struct {
	user, callback, route string
	values                map[string]string
}

// route is where presses of cards go.
type cardRoute struct{ address, secret string }

// MakeTemplate publishes the card template that duban describes, under an id.
func (s *Sim) MakeTemplate(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.template = id
}

// authorised checks the token of a call that names no robot.
func (s *Sim) authorised(call func(w http.ResponseWriter, r *http.Request) []Sent) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		var out []Sent
		token := r.Header.Get("x-acs-dingtalk-access-token")
		switch {
		case token == "" || token != s.token || !s.cfg.Now().Before(s.tokenEnds):
			refuse(w, http.StatusBadRequest, "InvalidAuthentication", "不合法的access_token")
		case !s.apiUsed.take(s.cfg.Now()):
			refuse(w, http.StatusForbidden, "Forbidden.AccessDenied.ApiCountLimitForOrg", "本月调用次数已用完")
		default:
			out = call(w, r)
		}
		s.mu.Unlock()
		s.announce(out)
	}
}

// createCard answers POST /v1.0/card/instances/createAndDeliver for private cards.
func (s *Sim) createCard(w http.ResponseWriter, r *http.Request) []Sent {
	var in struct {
		CardTemplateID, OutTrackID, CallbackType, CallbackRouteKey, OpenSpaceID string
		UserIDType                                                              int
		CardData                                                                struct{ CardParamMap map[string]string }
		Deliver                                                                 struct{ SpaceType, RobotCode string } `json:"imRobotOpenDeliverModel"`
	}
	err := json.NewDecoder(r.Body).Decode(&in) // fails on values that are no strings
	user := ""
	_, scanErr := fmt.Sscanf(in.OpenSpaceID, "dtv1.card//IM_ROBOT.%s", &user)
	switch {
	case err != nil || scanErr != nil || in.UserIDType != 1 || in.Deliver.SpaceType != "IM_ROBOT" || in.Deliver.RobotCode != s.cfg.RobotCode:
		refuse(w, http.StatusBadRequest, "invalidParameter", "card is not valid")
		return nil
	case in.CardTemplateID == "" || in.CardTemplateID != s.template:
		refuse(w, http.StatusBadRequest, "param.templateNotExist", "模板不存在")
		return nil
	case in.OutTrackID == "" || len(in.OutTrackID) > 100 || s.cards[in.OutTrackID] != nil:
		refuse(w, http.StatusBadRequest, "param.cardAlreadyExist", "卡片已存在")
		return nil
	case in.CallbackType != "STREAM" && in.CallbackType != "HTTP":
		refuse(w, http.StatusBadRequest, "invalidParameter.callbackType", "callbackType is not valid")
		return nil
	}
	for name, value := range in.CardData.CardParamMap {
		if len(value) > 1024 {
			refuse(w, http.StatusBadRequest, "param.tooLong", name+" is too long")
			return nil
		}
	}
	carrier := s.next("pqk-")
	_, known := s.users[user]
	answer(w, http.StatusOK, map[string]any{"success": true, "result": map[string]any{"outTrackId": in.OutTrackID,
		"deliverResults": []any{map[string]any{"spaceType": "IM_ROBOT", "spaceId": user, "success": known, "carrierId": carrier}}}})
	if !known {
		return nil
	}
	v := in.CardData.CardParamMap
	s.cards[in.OutTrackID] = &card{user: user, callback: in.CallbackType, route: in.CallbackRouteKey, values: v}
	m := message{kind: "interactiveCard", title: v["title"], raw: v["detail"]}
	for i := 1; v[fmt.Sprintf("b%d", i)] != ""; i++ {
		m.buttons = append(m.buttons, Button{Label: v[fmt.Sprintf("b%d", i)], Content: v[fmt.Sprintf("k%d", i)]})
	}
	return []Sent{s.record(m, Sent{Road: RoadCard, UserID: user, Key: in.OutTrackID})}
}

// registerCards answers POST /v1.0/card/callbacks/register.
func (s *Sim) registerCards(w http.ResponseWriter, r *http.Request) []Sent {
	var in struct{ CallbackRouteKey, CallbackURL, APISecret string }
	if json.NewDecoder(r.Body).Decode(&in) != nil || in.CallbackRouteKey == "" || in.CallbackURL == "" || in.APISecret == "" {
		refuse(w, http.StatusBadRequest, "invalidParameter", "route, address and secret are needed")
		return nil
	}
	s.routes[in.CallbackRouteKey] = cardRoute{in.CallbackURL, in.APISecret}
	answer(w, http.StatusOK, map[string]any{"success": true})
	return nil
}

// CardShows returns what a card shows now.
func (s *Sim) CardShows(on Sent) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.cards[on.Key]; c != nil {
		return c.values
	}
	return nil
}

// PressCard has a person press the button with this label, by the road the card was made
// for. Times delivers the same press again. A card without buttons cannot be pressed.
func (s *Sim) PressCard(ctx context.Context, on Sent, label string, times int) error {
	s.mu.Lock()
	c := s.cards[on.Key]
	key := ""
	for _, b := range on.Buttons {
		if b.Label == label {
			key = b.Content
		}
	}
	if c == nil || key == "" || c.values["status"] != "open" {
		s.mu.Unlock()
		return fmt.Errorf("no button %q to press", label)
	}
	content, _ := json.Marshal(map[string]any{"cardPrivateData": map[string]any{"actionIds": []string{"1"}, "params": map[string]string{"key": key}}})
	push, _ := json.Marshal(map[string]any{"type": "actionCallback", "outTrackId": on.Key, "corpId": s.cfg.CorpID, "userId": c.user, "userIdType": 1,
		"spaceType": "IM_ROBOT", "spaceId": c.user, "extension": "{}", "content": string(content)})
	to := s.routes[c.route]
	s.mu.Unlock()
	for range max(times, 1) {
		said, err := s.deliverPress(ctx, c, to, push)
		if err != nil {
			return err
		}
		s.mu.Lock()
		for name, value := range said {
			c.values[name] = value
		}
		s.mu.Unlock()
	}
	return nil
}

// deliverPress returns what the answer changes on the card.
func (s *Sim) deliverPress(ctx context.Context, c *card, to cardRoute, push []byte) (map[string]string, error) {
	type changes struct {
		CardUpdateOptions struct{ UpdateCardDataByKey bool }
		CardData          struct{ CardParamMap map[string]string }
	}
	var said changes
	if c.callback == "STREAM" {
		conn := s.pick("CALLBACK /v1.0/card/instances/callback")
		if conn == nil {
			return nil, ErrNoStream
		}
		a, err := conn.ask(ctx, "CALLBACK", "/v1.0/card/instances/callback", nil, string(push))
		if err != nil {
			return nil, err
		}
		var wrapped struct{ Response changes }
		err = json.Unmarshal([]byte(a.Data), &wrapped)
		said = wrapped.Response
		if err != nil || a.Code != http.StatusOK {
			return nil, fmt.Errorf("press answered %d %q", a.Code, a.Data)
		}
	} else {
		raw, err := s.postPress(ctx, to, push)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, &said); err != nil {
			return nil, fmt.Errorf("press answered %q", raw)
		}
	}
	if len(said.CardData.CardParamMap) > 0 && !said.CardUpdateOptions.UpdateCardDataByKey {
		return nil, fmt.Errorf("the answer would wipe the rest of the card")
	}
	return said.CardData.CardParamMap, nil
}

func (s *Sim) postPress(ctx context.Context, to cardRoute, push []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.address, bytes.NewReader(push))
	if err != nil {
		return nil, fmt.Errorf("press: %w", err)
	}
	stamp := strconv.FormatInt(s.cfg.Now().UnixMilli(), 10)
	sum := hmac.New(sha256.New, []byte(to.secret))
	sum.Write([]byte(stamp))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-ddpaas-signature-timestamp", stamp)
	req.Header.Set("x-ddpaas-signature", base64.StdEncoding.EncodeToString(sum.Sum(nil)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("press: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxRequest))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("press answered %d", resp.StatusCode)
	}
	return raw, err
}

// RegisterRoute tells the platform where presses go, as duban cards register does.
func (s *Sim) RegisterRoute(key, address, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.routes[key] = cardRoute{address, secret}
}
