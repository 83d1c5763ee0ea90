package dingtalk

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Frames are read in every form that the protocol's page and the libraries know.
func TestDecodeFrame(t *testing.T) {
	for name, c := range map[string]struct {
		raw  string
		want Frame
	}{
		"robot message": {`{"specVersion":"1.0","type":"CALLBACK","headers":{"appId":"a","connectionId":"c","contentType":"application/json","messageId":"7c1","time":"1760000000123","topic":"/v1.0/im/bot/messages/get"},"data":"{\"msgId\":\"m\",\"conversationId\":\"cid\",\"senderId\":\"s\"}"}`,
			Frame{Kind: FrameCallback, Topic: TopicRobot, MessageID: "7c1", Data: []byte(`{"msgId":"m","conversationId":"cid","senderId":"s"}`), lane: "cid/s"}},
		"time as a number, data as an object": {`{"type":"CALLBACK","headers":{"messageId":"7c1","time":1760000000123,"topic":"t"},"data":{"conversationId":"cid"}}`,
			Frame{Kind: FrameCallback, Topic: "t", MessageID: "7c1", Data: []byte(`{"conversationId":"cid"}`), lane: "cid/"}},
		"header in the singular": {`{"type":"SYSTEM","header":{"messageId":"p","topic":"ping"},"data":"{\"opaque\":\"0f9c\"}"}`,
			Frame{Kind: FrameSystem, Topic: topicPing, MessageID: "p", Data: []byte(`{"opaque":"0f9c"}`), lane: "p"}},
		"event": {`{"type":"EVENT","headers":{"messageId":"e","topic":"*","eventId":"id1","eventType":"user_add_org","eventBornTime":"1","eventCorpId":"c","eventUnifiedAppId":"u"},"data":"{\"userId\":[\"u1\"]}"}`,
			Frame{Kind: FrameEvent, Topic: TopicAllEvents, MessageID: "e", EventID: "id1", EventType: "user_add_org", EventCorp: "c", EventBorn: time.UnixMilli(1).UTC(), Data: []byte(`{"userId":["u1"]}`), lane: "e"}},
		"disconnect": {`{"type":"SYSTEM","headers":{"topic":"disconnect"},"data":"{\"reason\":\"connection is expired\"}"}`,
			Frame{Kind: FrameSystem, Topic: topicDisconnect, Data: []byte(`{"reason":"connection is expired"}`)}},
		"no headers": {`{"type":"CALLBACK"}`, Frame{Kind: FrameCallback}},
	} {
		got, ok := decodeFrame([]byte(c.raw))
		if !ok {
			t.Errorf("%s: not read", name)
		}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(Frame{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	for _, raw := range []string{``, `[]`, `null`, `{}`, `{"headers":{"messageId":"x"}}`, `{"type":"CALL`} {
		if f, ok := decodeFrame([]byte(raw)); ok {
			t.Errorf("%q: read as %+v", raw, f)
		}
	}
}

// What acknowledges which frame (developer encyclopedia, "stream protocol").
func TestAcknowledgements(t *testing.T) {
	card := map[string]any{"cardData": map[string]any{"cardParamMap": map[string]string{"status": "已签收"}}}
	for name, c := range map[string]struct {
		ack  ack
		want string
	}{
		"robot message": {answerTo(Frame{MessageID: "7c1"}, 200, taken(Frame{Kind: FrameCallback}, nil)),
			`{"code":200,"headers":{"messageId":"7c1","contentType":"application/json"},"message":"OK","data":"{\"response\":null}"}`},
		"card": {answerTo(Frame{MessageID: "7c1"}, 200, taken(Frame{Kind: FrameCallback}, card)),
			`{"code":200,"headers":{"messageId":"7c1","contentType":"application/json"},"message":"OK","data":"{\"response\":{\"cardData\":{\"cardParamMap\":{\"status\":\"已签收\"}}}}"}`},
		"event": {answerTo(Frame{MessageID: "e"}, 200, taken(Frame{Kind: FrameEvent}, nil)),
			`{"code":200,"headers":{"messageId":"e","contentType":"application/json"},"message":"OK","data":"{\"status\":\"SUCCESS\",\"message\":\"ok\"}"}`},
		"event to come again": {answerTo(Frame{MessageID: "e"}, 200, later),
			`{"code":200,"headers":{"messageId":"e","contentType":"application/json"},"message":"OK","data":"{\"status\":\"LATER\"}"}`},
		"ping": {answerTo(Frame{MessageID: "p"}, 200, []byte(`{"opaque":"0f9c"}`)),
			`{"code":200,"headers":{"messageId":"p","contentType":"application/json"},"message":"OK","data":"{\"opaque\":\"0f9c\"}"}`},
		"no handler": {answerTo(Frame{MessageID: "x"}, http.StatusNotFound, nil),
			`{"code":404,"headers":{"messageId":"x","contentType":"application/json"},"message":"Not Found","data":""}`},
	} {
		raw, err := json.Marshal(c.ack)
		if err != nil || string(raw) != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, raw, c.want)
		}
	}
}

func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"type":"CALLBACK","headers":{"messageId":"7c1","topic":"t"},"data":"{\"conversationId\":\"c\"}"}`))
	f.Add([]byte(`{"type":"EVENT","header":{"eventId":1},"data":"\"\\\"{}\\\"\""}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, ok := decodeFrame(raw)
		if !ok {
			return
		}
		if got.Kind == "" || !utf8.ValidString(got.MessageID+got.Topic+got.EventID+got.lane) {
			t.Errorf("%+v", got)
		}
		if _, err := json.Marshal(answerTo(got, http.StatusOK, got.Data)); err != nil {
			t.Errorf("cannot be answered: %v", err)
		}
	})
}

// FuzzAnswer reads whatever a server may answer: only what says that the request was taken
// counts as that, and no secret passes through.
func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(`{"errcode":0,"errmsg":"ok"}`))
	f.Add(200, []byte(`{"errcode":88,"sub_code":"60011","sub_msg":"x"}`))
	f.Add(403, []byte(`{"code":"Forbidden.AccessDenied.QpsLimitForApi","message":"m","requestid":"r","accessdenieddetail":{"requiredScopes":["a"]}}`))
	f.Add(200, []byte(`{"status":1111,"wait":5,"source":"x5","punish":"deny"}`))
	f.Add(200, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		const secret = "very-secret-value"
		a := answer{status: status, body: parseObject(body)}
		err := a.failure(secret)
		if err == nil && (status != http.StatusOK || a.body == nil) {
			t.Errorf("%d %q counts as taken", status, body)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%d %q: %v", status, body, err)
		}
	})
}

func FuzzVerify(f *testing.F) {
	v, err := NewVerifier(NewSecret("this is a secret"), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("1577262236757", "DJrE6qdyVGCQz9z5r2MDuNcNAhwYnuAkyj13cx169CA=") // right, and long ago
	f.Add("-1", "")
	f.Fuzz(func(t *testing.T, stamp, sign string) {
		h := http.Header{"Timestamp": {stamp}, "Sign": {sign}}
		if v.Verify(h) == nil {
			t.Errorf("%q %q passes", stamp, sign)
		}
	})
}
