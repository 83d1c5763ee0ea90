package dingtalk

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"duban/bot"
)

// The vector of the signature was computed from its description.
func TestCardSignature(t *testing.T) {
	if got := cardSignature("example-secret", "1577262236757"); got != "9EQUhx+gSqHfgSF/OnOV2ifDC9m1VzjPj00L/WOZeew=" {
		t.Error(got)
	}
	at := time.UnixMilli(1577262236757)
	header := func(stamp, sign string) http.Header {
		h := http.Header{}
		h.Set("x-ddpaas-signature-timestamp", stamp)
		h.Set("x-ddpaas-signature", sign)
		return h
	}
	good := "9EQUhx+gSqHfgSF/OnOV2ifDC9m1VzjPj00L/WOZeew="
	for name, c := range map[string]struct {
		h      http.Header
		now    time.Time
		secret string
		ok     bool
	}{
		"good":           {header("1577262236757", good), at, "example-secret", true},
		"too old":        {header("1577262236757", good), at.Add(61 * time.Minute), "example-secret", false},
		"in the future":  {header("1577262236757", good), at.Add(-6 * time.Minute), "example-secret", false},
		"wrong":          {header("1577262236757", "x"), at, "example-secret", false},
		"another secret": {header("1577262236757", good), at, "another", false},
		"no secret":      {header("1577262236757", good), at, "", false},
		"no timestamp":   {header("", good), at, "example-secret", false},
		"nothing":        {http.Header{}, at, "example-secret", false},
	} {
		v := CardVerifier{Secret: NewSecret(c.secret), Now: func() time.Time { return c.now }}
		if err := v.Verify(c.h); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDecodePress(t *testing.T) {
	cfg := DecodeConfig{RobotCode: "robot", CorpID: "corp"}
	inside := `{"outTrackId":"t1","corpId":"corp","userId":"u1","content":"{\"cardPrivateData\":{\"actionIds\":[\"1\"],\"params\":{\"key\":\"q-ab|确认\"}}}"}`
	m, err := DecodePress([]byte(inside), cfg)
	if err != nil || m.UserID != "u1" || m.EventKey != "确认" || m.Asked != "ab" || m.Event != "click" || m.Chat.Kind != bot.Private || !strings.HasPrefix(m.ID, "card-") {
		t.Fatalf("%+v %v", m, err)
	}
	beside := `{"outTrackId":"t1","corpId":"corp","userId":"u1","value":"{\"cardPrivateData\":{\"actionIds\":[\"1\"]},\"params\":{\"key\":\"q-ab|确认\"}}"}`
	if other, err := DecodePress([]byte(beside), cfg); err != nil || other.ID != m.ID || other.EventKey != "确认" {
		t.Errorf("%+v %v", other, err)
	}
	if another, _ := DecodePress([]byte(strings.Replace(inside, "u1", "u2", 1)), cfg); another.ID == m.ID {
		t.Error("two people are one message")
	}
	for _, bad := range []string{``, `[]`, `{}`, strings.Replace(inside, `"corp"`, `"other"`, 1), strings.Replace(inside, `"u1"`, `""`, 1), strings.Replace(inside, "key", "kez", 1), strings.Replace(inside, `"t1"`, `""`, 1)} {
		if _, err := DecodePress([]byte(bad), cfg); err == nil {
			t.Errorf("taken: %s", bad)
		}
	}
}

func TestWhatACardHolds(t *testing.T) {
	yes := bot.Button{Label: "确认", Send: "确认", Asked: "ab"}
	seven := make([]bot.Button, 7)
	for i := range seven {
		seven[i] = yes
	}
	for name, c := range map[string]struct {
		r    bot.Reply
		fits bool
	}{
		"title and text":  {bot.Reply{Title: "t", Text: "x", Buttons: []bot.Button{yes}}, true},
		"text alone":      {bot.Reply{Text: "x\ny", Buttons: []bot.Button{yes}}, true},
		"no buttons":      {bot.Reply{Text: "x"}, false},
		"seven buttons":   {bot.Reply{Text: "x", Buttons: seven}, false},
		"too long a text": {bot.Reply{Title: "t", Text: strings.Repeat("长", 334), Buttons: []bot.Button{yes}}, false},
		"no text":         {bot.Reply{Buttons: []bot.Button{yes}}, false},
		"no label":        {bot.Reply{Text: "x", Buttons: []bot.Button{{Send: "a"}}}, false},
	} {
		if got := Cardable(c.r); got != c.fits {
			t.Errorf("%s: %v", name, got)
		}
	}
	values, _ := cardOf(bot.Reply{Text: "x\ny", Buttons: []bot.Button{yes}})
	if values["title"] != "x" || values["detail"] != "y" || values["b1"] != "确认" || values["k1"] != "q-ab|确认" || values["b6"] != "" || values["status"] != "open" {
		t.Errorf("%v", values)
	}
}

func FuzzDecodePress(f *testing.F) {
	f.Add([]byte(`{"outTrackId":"t1","corpId":"corp","userId":"u1","content":"{\"cardPrivateData\":{\"params\":{\"key\":\"q-ab|确认\"}}}"}`))
	f.Add([]byte(`{"content":{"params":[]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := DecodePress(body, DecodeConfig{RobotCode: "robot", CorpID: "corp"})
		if err == nil && (m.UserID == "" || m.EventKey == "" && m.Asked == "" || m.ID == "") {
			t.Errorf("%+v", m)
		}
	})
}
