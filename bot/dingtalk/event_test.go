package dingtalk

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/internal/errs"
)

// vectors are those of the official sample (A) and our own, which the official Go sample
// and a JavaScript library opened.
var eventVectors = map[string]struct {
	token, key, owner, timestamp, nonce, random string
	encrypt, signature, plain                   string
}{
	"A, the official sample": {"123456", "1234567890123456789012345678901234567890123", "dingsnotzck6pm5veliw", "1614767836", "A7Co0cJLMzIDtMMI", "dICkEDLj0eb6yAbc",
		"YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==", "9a95a004dd16f5c307e849b994173f76aa26e5eb", "success"},
	"B, the address is tried": {"tok-demo-01", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "dingdemoappkey01", "1700000000000", "nonceA1", "0123456789abcdef",
		"Q3stYC6hdFzMh9T8HCvyDLV8JeomtQuxZLosYEI28mjzSD5UpK2hp0QUc4H6M/N5zJPKrXfjGtOVpEfrCY9DgA==", "78b7919c0eaccaa132e82505e8df90c434073ca5", `{"EventType":"check_url"}`},
	"C, an answer": {"tok-demo-01", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "dingdemoappkey01", "1700000000001", "nonceB2", "fedcba9876543210",
		"DpQeJfnf/MGZ/+GTIspwVLBfQDfaQNljj+yulm4JEbLG5PQJDTuha5kcNQolfXaLgvJ0gYiw0LU3zjPHQEEzkw==", "090858b88035d75f8f6129396f101726b21f6fbb", "success"},
	"D, a whole block of padding": {"tok-demo-01", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "dingdemoappkey01", "1700000000002", "nonceC3", strings.Repeat("a", 16),
		"5I0ViYLQqCiDyNw9bygZh9XKUxvQik5zTWt0GPSn6i0iI8MZgob74s5bW+9e6ai+c8UoNyX2VGwadCE5HF2RxTnyNCFeWQvT7wfwuNK01xGzrFb3ogEbvfdvf2phhpU3VFCbTBObQcJXmq72D8PM1E6fPbO0E0gHgduwv4G7QVC1NJ+KdOYbAYxtWU8IUq+C9XjPKXJ7cTJZXGrwynonpQ==",
		"99d9d475ef4883771bcec4a815cf6eeb1c59ed5b", `{"EventType":"user_add_org","UserId":["u1"],"CorpId":"dingcorp","TimeStamp":"1700000000002"}`},
}

func TestEventVectors(t *testing.T) {
	for name, v := range eventVectors {
		t.Run(name, func(t *testing.T) {
			c := eventCodec(t, v.token, v.key, "somebody", v.owner)
			if got := c.Signature(v.timestamp, v.nonce, v.encrypt); got != v.signature {
				t.Errorf("signature %s", got)
			}
			body, _ := json.Marshal(map[string]string{"encrypt": v.encrypt})
			for _, key := range []string{"signature", "msg_signature"} {
				got, owner, err := c.Open(url.Values{key: {v.signature}, "timestamp": {v.timestamp}, "nonce": {v.nonce}}, body)
				if err != nil || string(got) != v.plain || owner != v.owner {
					t.Errorf("opened %q for %q, %v", got, owner, err)
				}
			}
			frame, err := c.box.WithRandom(strings.NewReader(v.random)).Seal([]byte(v.plain), v.owner)
			if err != nil || frame != v.encrypt {
				t.Errorf("sealed %s, %v", frame, err)
			}
		})
	}
}

func eventCodec(t testing.TB, token, key string, owners ...string) *EventCodec {
	t.Helper()
	c, err := NewEventCodec(NewSecret(token), NewSecret(key), owners...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The answer is signed over its own time and nonce.
func TestEventAnswer(t *testing.T) {
	v := eventVectors["C, an answer"]
	c := eventCodec(t, v.token, v.key, v.owner).WithRandom(strings.NewReader(v.random))
	raw, err := c.answer(v.owner, v.timestamp, v.nonce)
	want := `{"msg_signature":"` + v.signature + `","timeStamp":"` + v.timestamp + `","nonce":"` + v.nonce + `","encrypt":"` + v.encrypt + `"}`
	if err != nil || string(raw) != want {
		t.Errorf("answered %s, %v", raw, err)
	}
}

func TestEventsThatAreRefused(t *testing.T) {
	v := eventVectors["B, the address is tried"]
	c := eventCodec(t, v.token, v.key, v.owner)
	good := url.Values{"signature": {v.signature}, "timestamp": {v.timestamp}, "nonce": {v.nonce}}
	body, _ := json.Marshal(map[string]string{"encrypt": v.encrypt})
	for name, tt := range map[string]struct {
		query url.Values
		body  string
		codec *EventCodec
	}{
		"no query":         {url.Values{}, string(body), c},
		"other nonce":      {url.Values{"signature": {v.signature}, "timestamp": {v.timestamp}, "nonce": {"x"}}, string(body), c},
		"no JSON":          {good, "<xml/>", c},
		"no frame":         {good, "{}", c},
		"other frame":      {good, `{"encrypt":"` + strings.Replace(v.encrypt, "Q3", "Q4", 1) + `"}`, c},
		"somebody else's":  {good, string(body), eventCodec(t, v.token, v.key, "another")},
		"other token":      {good, string(body), eventCodec(t, "tok-demo-02", v.key, v.owner)},
		"signed, no frame": {url.Values{"signature": {c.Signature("1", "2", "AAAA")}, "timestamp": {"1"}, "nonce": {"2"}}, `{"encrypt":"AAAA"}`, c},
	} {
		if _, _, err := tt.codec.Open(tt.query, []byte(tt.body)); !errs.Is(err, errs.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, set := range map[string]struct{ token, key, owner string }{"no token": {"", v.key, "o"}, "no key": {"t", "", "o"}, "no owner": {"t", v.key, ""}} {
		if _, err := NewEventCodec(NewSecret(set.token), NewSecret(set.key), set.owner); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestContactEvents(t *testing.T) {
	at := time.UnixMilli(1700000000002).UTC()
	ours := DecodeConfig{RobotCode: "robot", CorpID: "dingcorp"}
	for name, tt := range map[string]struct {
		event Event
		want  bot.ContactChange
	}{
		"joined, over HTTP": {over(t, `{"EventType":"user_add_org","UserId":["u1","u2"],"CorpId":"dingcorp","TimeStamp":"1700000000002","eventId":"e1"}`),
			bot.ContactChange{ID: "event-e1", Corp: "dingcorp", Kind: bot.ContactHere, Users: []string{"u1", "u2"}, At: at}},
		"left, in a frame": {Event{ID: "e2", Type: "user_leave_org", Corp: "dingcorp", Born: at.Add(time.Second), Data: []byte(`{"timeStamp":1700000000002,"userId":["u1"]}`)},
			bot.ContactChange{ID: "event-e2", Corp: "dingcorp", Kind: bot.ContactLeft, Users: []string{"u1"}, At: at}},
		"left, with the time of the frame alone": {Event{ID: "e3", Type: "user_leave_org", Born: at, Data: []byte(`{"userId":"u1"}`)},
			bot.ContactChange{ID: "event-e3", Corp: "dingcorp", Kind: bot.ContactLeft, Users: []string{"u1"}, At: at}},
		"renamed": {Event{ID: "e4", Type: "user_modify_org", Corp: "dingcorp", Data: []byte(`{"timeStamp":1700000000002,"userId":["u1"],"diffInfo":{"userid":"u1"}}`)},
			bot.ContactChange{ID: "event-e4", Corp: "dingcorp", Kind: bot.ContactNoted, Users: []string{"u1"}, At: at}},
		"a department": {Event{ID: "e5", Type: "org_dept_modify", Corp: "dingcorp", Data: []byte(`{"timeStamp":1700000000002,"deptId":[7]}`)},
			bot.ContactChange{ID: "event-e5", Corp: "dingcorp", Kind: bot.ContactNoted, At: at}},
	} {
		got, ok, err := tt.event.Contact(ours)
		tt.want.Platform, tt.want.Robot = bot.DingTalk, "robot"
		if diff := cmp.Diff(tt.want, got); !ok || err != nil || diff != "" {
			t.Errorf("%s: %v %v %s", name, ok, err, diff)
		}
	}
	if _, ok, err := (Event{Type: "chat_disband"}).Contact(ours); ok || err != nil {
		t.Errorf("another event: %v %v", ok, err)
	}
	if _, _, err := (Event{Type: "user_leave_org", Corp: "other"}).Contact(ours); !errs.Is(err, errs.Forbidden) {
		t.Errorf("another organisation: %v", err)
	}
}

func over(t *testing.T, data string) Event {
	t.Helper()
	e, err := EventOf([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Events without an id are told apart by all they say.
func TestEventsWithoutAnID(t *testing.T) {
	seen := map[string]bool{}
	for _, data := range []string{`{"EventType":"user_leave_org","UserId":["u1"],"TimeStamp":1}`, `{"EventType":"user_leave_org","UserId":["u1"],"TimeStamp":2}`,
		`{"EventType":"user_leave_org","UserId":["u2"],"TimeStamp":1}`, `{"EventType":"user_add_org","UserId":["u1"],"TimeStamp":1}`} {
		first, _, _ := over(t, data).Contact(DecodeConfig{RobotCode: "r"})
		again, _, _ := over(t, data).Contact(DecodeConfig{RobotCode: "r"})
		if first.ID != again.ID || seen[first.ID] || len(first.ID) > 100 {
			t.Errorf("%s: %q %q", data, first.ID, again.ID)
		}
		seen[first.ID] = true
	}
}

func FuzzEventOpen(f *testing.F) {
	v := eventVectors["B, the address is tried"]
	f.Add(v.signature, v.timestamp, v.nonce, []byte(`{"encrypt":"`+v.encrypt+`"}`))
	f.Add("", "", "", []byte(`{"encrypt":null}`))
	c := eventCodec(f, v.token, v.key, v.owner)
	f.Fuzz(func(t *testing.T, signature, timestamp, nonce string, body []byte) {
		if _, _, err := c.Open(url.Values{"signature": {signature}, "timestamp": {timestamp}, "nonce": {nonce}}, body); err != nil && !errs.Is(err, errs.Forbidden) {
			t.Fatalf("an error beside Forbidden: %v", err)
		}
	})
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte(`{"EventType":"user_add_org","UserId":["u1"],"CorpId":"c","TimeStamp":"1700000000002"}`))
	f.Add([]byte(`{"eventType":"user_leave_org","userId":"[\"u1\"]","timeStamp":-1}`))
	f.Add([]byte(`{"eventType":"user_leave_org","userId":{"a":1},"timeStamp":1e300}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := EventOf(data)
		if err != nil {
			return
		}
		c, ok, err := e.Contact(DecodeConfig{RobotCode: "r"})
		if err != nil || ok && (c.ID == "" || c.Kind == "") {
			t.Fatalf("%+v %v", c, err)
		}
	})
}

// Contacts are followed for nothing; what happens in groups counts against the month.
func TestFreeEvents(t *testing.T) {
	for kind, free := range map[string]bool{
		"user_add_org": true, "user_modify_org": true, "user_leave_org": true, "org_dept_remove": true, "org_admin_add": true,
		"label_user_change": true, "check_url": true, "chat_add_member": false, "chat_disband": false, "chat_update_title": false, "": false,
	} {
		if got := (Event{Type: kind}).Free(); got != free {
			t.Errorf("%q free: %v", kind, got)
		}
	}
}
