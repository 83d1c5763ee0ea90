package scenario

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"duban/bot/wecom"
	"duban/internal/app"
	"duban/internal/notice"
	simdingtalk "duban/internal/sim/dingtalk"
	simwecom "duban/internal/sim/wecom"
	"duban/internal/store"
)

// way is one road out of the house: the call that can fail, and how a message is put on it.
type way struct {
	name     string
	platform string
	send     string // path of the call that brings the message
	token    string // path of the call that fetches the token it needs; "" for none
	swallows bool   // the platform knows a second try for the first and shows it once
	unseen   bool   // nobody sees anything of the call: it may always be repeated
	file     bool   // documents leave by it, and nothing else
	group    string // a group's id instead of a person
	column   int    // of failure.ends
}

// wayOf is a road by its name.
func wayOf(name string) way {
	for _, r := range ways() {
		if r.name == name {
			return r
		}
	}
	panic("no such road: " + name)
}

// The columns of failure.ends.
const (
	atWeCom = iota
	atDingTalk
	atCustomRobot // of DingTalk: the old API, without a token
	atUpload      // of DingTalk: the old API, with one
	atGroupRobot  // of WeCom: without a token; as atWeCom where not named
)

const (
	wecomToken    = "/cgi-bin/gettoken"
	dingtalkToken = "/v1.0/oauth2/accessToken"
	hookSecret    = "SEC-of-the-custom-robot"
	hookToken     = "token-of-the-custom-robot"
)

func ways() []way {
	return []way{
		{name: "wecom app", platform: "wecom", column: atWeCom, send: wecomSend, token: wecomToken, swallows: true},
		{name: "wecom group robot", platform: "wecom", column: atGroupRobot, send: "/cgi-bin/webhook/send", group: "demo-wecom"},
		{name: "wecom app's group", platform: "wecom", column: atWeCom, send: "/cgi-bin/appchat/send", token: wecomToken, group: "demo-wecom"},
		{name: "wecom file", platform: "wecom", column: atWeCom, send: wecomSend, token: wecomToken, file: true},
		{name: "wecom upload", platform: "wecom", column: atWeCom, send: wecomUpload, token: wecomToken, file: true, unseen: true},
		{name: "dingtalk person", platform: "dingtalk", column: atDingTalk, send: "/v1.0/robot/oToMessages/batchSend", token: dingtalkToken},
		{name: "dingtalk group", platform: "dingtalk", column: atDingTalk, send: "/v1.0/robot/groupMessages/send", token: dingtalkToken, group: "demo-dingtalk"},
		{name: "dingtalk custom robot", platform: "dingtalk", column: atCustomRobot, send: "/robot/send", group: "demo-dingtalk", swallows: true},
		{name: "dingtalk file", platform: "dingtalk", column: atDingTalk, send: "/v1.0/robot/oToMessages/batchSend", token: dingtalkToken, file: true},
		{name: "dingtalk work notification", platform: notice.Work, column: atUpload, send: "/topapi/message/corpconversation/asyncsend_v2", token: dingtalkToken, swallows: true},
		{name: "dingtalk upload", platform: "dingtalk", column: atUpload, send: dingtalkUpload, token: dingtalkToken, file: true, unseen: true},
	}
}

// failure is one kind of error, as each platform shows it.
type failure struct {
	name    string
	wecom   simwecom.Fault
	ding    simdingtalk.Fault
	old     *simdingtalk.Fault // of DingTalk's old API where it differs
	always  bool               // until it is mended
	onToken bool               // the token's call fails
	taken   bool               // the platform did the work

	state string // of an ordinary message at first
	ends  string // the reasons by column; with another state where it differs
}

func failures(inner string) []failure {
	html := "<html><body>502 Bad Gateway</body></html>"
	return []failure{
		{name: "token expired once", wecom: simwecom.Fault{ErrCode: 42001}, ding: simdingtalk.Fault{Code: "InvalidAuthentication"}, old: &simdingtalk.Fault{ErrCode: 42001},
			state: store.MsgSent, ends: "- - failed/webhook_gone - queued/token_rejected"},
		{name: "token expired for ever", wecom: simwecom.Fault{ErrCode: 40014}, ding: simdingtalk.Fault{Code: "InvalidAuthentication"}, old: &simdingtalk.Fault{ErrCode: 40014}, always: true,
			state: store.MsgQueued, ends: "token_rejected auth failed/webhook_gone auth"},
		{name: "wrong secret", wecom: simwecom.Fault{ErrCode: 40001}, ding: simdingtalk.Fault{Code: "invalidClientIdOrSecret"}, always: true, onToken: true,
			state: store.MsgQueued, ends: "credentials credentials - credentials"},
		{name: "no token: hanging", wecom: simwecom.Fault{Hang: true}, ding: simdingtalk.Fault{Hang: true}, onToken: true,
			state: store.MsgQueued, ends: "answer_lost no_answer - no_answer"},
		{name: "no token: HTML", wecom: simwecom.Fault{Body: html}, ding: simdingtalk.Fault{Body: html}, onToken: true,
			state: store.MsgQueued, ends: "bad_answer bad_answer - bad_answer"},
		{name: "hanging", wecom: simwecom.Fault{Hang: true}, ding: simdingtalk.Fault{Hang: true},
			state: store.MsgUnknown, ends: "answer_lost no_answer no_answer no_answer"},
		{name: "truncated", wecom: simwecom.Fault{Taken: true, Truncate: true}, ding: simdingtalk.Fault{Taken: true, Truncate: true}, taken: true,
			state: store.MsgUnknown, ends: "answer_lost no_answer no_answer no_answer"},
		{name: "HTML", wecom: simwecom.Fault{Taken: true, Body: html}, ding: simdingtalk.Fault{Taken: true, Body: html}, taken: true,
			state: store.MsgUnknown, ends: "bad_answer bad_answer bad_answer bad_answer"},
		{name: "endless", wecom: simwecom.Fault{Taken: true, Endless: true}, ding: simdingtalk.Fault{Taken: true, Endless: true}, taken: true,
			state: store.MsgUnknown, ends: "answer_too_large bad_answer bad_answer bad_answer"},
		{name: "cut after the work", wecom: simwecom.Fault{DropAfter: true}, ding: simdingtalk.Fault{Taken: true, Drop: true}, taken: true,
			state: store.MsgUnknown, ends: "answer_lost no_answer no_answer no_answer"},
		{name: "cut before the work", wecom: simwecom.Fault{DropBefore: true}, ding: simdingtalk.Fault{Drop: true},
			state: store.MsgUnknown, ends: "answer_lost no_answer no_answer no_answer"},
		{name: "an unknown code", wecom: simwecom.Fault{ErrCode: 987654}, ding: simdingtalk.Fault{Code: "never.seen"}, old: &simdingtalk.Fault{ErrCode: 987654},
			state: store.MsgFailed, ends: "refused refused refused refused"},
		{name: "busy", wecom: simwecom.Fault{ErrCode: -1}, ding: simdingtalk.Fault{Code: "system.error", Status: 500}, old: &simdingtalk.Fault{ErrCode: -1},
			state: store.MsgQueued, ends: "busy busy busy busy"},
		{name: "too fast", wecom: simwecom.Fault{ErrCode: 45009}, ding: simdingtalk.Fault{Code: "send.too.fast"}, old: &simdingtalk.Fault{ErrCode: 130101},
			state: store.MsgQueued, ends: "frequency qpm blocked blocked"},
		{name: "address not trusted", wecom: simwecom.Fault{ErrCode: 60020, ErrMsg: "not allow to access from your ip, from ip: 203.0.113.9"},
			ding: simdingtalk.Fault{Code: "Forbidden.AccessDenied.IpNotInWhiteList", Status: 403, Message: "request ip=203.0.113.9"}, old: &simdingtalk.Fault{ErrCode: 60020},
			state: store.MsgQueued, ends: "ip_not_trusted ip ip ip"},
		{name: "redirected to an inner address", wecom: simwecom.Fault{Location: inner}, ding: simdingtalk.Fault{Location: inner, Status: 307},
			state: store.MsgQueued, ends: "redirected redirect blocked redirect"},
	}
}

// play makes the road fail.
func (f failure) play(w *world, r way) {
	path, n := r.send, 1
	if f.onToken {
		path = r.token
	}
	if f.always {
		n = 1000
	}
	if r.platform == "wecom" {
		if f.onToken {
			w.stage.WeCom.ExpireTokens()
		}
		w.stage.WeCom.Fail(path, n, f.wecom)
		return
	}
	if f.onToken {
		w.stage.DingTalk.ExpireTokens()
	}
	fault := f.ding
	if (r.column == atCustomRobot || r.column == atUpload) && f.old != nil {
		fault = *f.old
	}
	w.stage.DingTalk.Fail(path, n, fault)
}

func (f failure) mend(w *world, r way) {
	for _, path := range []string{r.send, r.token} {
		w.stage.WeCom.Mend(path)
		w.stage.DingTalk.Mend(path)
	}
}

// want is the state and reason of an ordinary message at first.
func (f failure) want(r way) (state, reason string) {
	ends, column := strings.Fields(f.ends), r.column
	if column >= len(ends) {
		column = atWeCom
	}
	state, reason = f.state, ends[column]
	if own, rest, differs := strings.Cut(reason, "/"); differs {
		state, reason = own, rest
	}
	if state == store.MsgUnknown && r.file {
		state = store.MsgQueued // worth a second copy
	}
	return state, strings.TrimPrefix(reason, "-")
}

// arrivals is how often it may be seen in the end.
func (f failure) arrivals(r way, kind notice.Kind) int {
	state, _ := f.want(r)
	again := kind == notice.Emergency || r.file
	switch {
	case state == store.MsgFailed:
		return 0
	case !f.taken || r.unseen:
		if state == store.MsgUnknown && !again {
			return 0
		}
		return 1
	case again && !r.swallows:
		return 2 // rather twice than not at all
	}
	return 1
}

// innerService is what a redirect must not reach.
func innerService(t *testing.T) (address string, hits *atomic.Int64) {
	hits = &atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		fmt.Fprintf(w, `{"errcode":0,"errmsg":"ok","processQueryKey":"inner"}`)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/latest/meta-data", hits
}

// alone returns somebody with an account on one platform only.
func (w *world) alone(platform string) (person, user string) {
	w.t.Helper()
	person = w.query("SELECT MIN(person_id) FROM (SELECT person_id, COUNT(*) AS n, MIN(platform) AS p FROM accounts GROUP BY person_id) a WHERE n = 1 AND p = '" + notice.PlatformOf(platform) + "'")
	return person, w.query("SELECT user_id FROM accounts WHERE person_id = '" + person + "'")
}

// dispatch queues a message on a road and returns its id.
func (w *world) dispatch(r way, kind notice.Kind, text string) (id int64) {
	w.t.Helper()
	now := w.clock.Now()
	m := store.Message{Key: "test:" + text, Kind: kind, Platform: r.platform, Text: text, State: store.MsgQueued, NextAt: now, Created: now}
	switch m.GroupID = r.group; {
	case r.file:
		m.Kind = notice.Document
		row := "FROM messages WHERE kind = 'document' ORDER BY id LIMIT 1"
		m.Text, m.PersonID, m.Address = w.query("SELECT text "+row), w.query("SELECT person_id "+row), w.query("SELECT address "+row)
	case r.group == "":
		m.PersonID, m.Address = w.alone(r.platform)
	}
	w.ok(w.store().Within(w.ctx, func(tx *store.Tx) (err error) {
		id, err = tx.AddMessage(w.ctx, m)
		return err
	}))
	return id
}

// ready makes the road usable.
func (w *world) ready(r way) {
	w.t.Helper()
	switch {
	case r.file && r.platform == "wecom":
		w.wecom("wenchang-xz", "导出9月台账")
	case r.file:
		w.hazards()
		w.dingtalk("anquan-guzhang", "隐患台账导出excel")
	case r.column == atCustomRobot:
		w.stage.DingTalk.AddWebhook(simdingtalk.Webhook{Token: hookToken, Secret: hookSecret, ConversationID: "cid-demo-anquan"})
		_, err := w.db().ExecContext(w.ctx, "UPDATE chat_groups SET webhook = 'hook', chat_id = '' WHERE id = '"+r.group+"'")
		w.ok(err)
	}
	if r.send == "/cgi-bin/appchat/send" {
		w.ok(app.CreateChat(w.ctx, w.config(), "g", app.ChatSettings{Name: "群", Add: []string{"wenchang-xz", "wenchang-aq"}}, func(string) {}))
		_, err := w.db().ExecContext(w.ctx, "UPDATE chat_groups SET webhook = '', chat_id = '"+wecom.ChatID("g")+"' WHERE id = '"+r.group+"'")
		w.ok(err)
	}
	w.settle()
	w.take()
}

// seen counts how often a text, or a file, came since the last time.
func (w *world) seen(r way, text string) (n int) {
	for _, s := range w.take() {
		if r.file && s.Road == "file" || !r.file && s.Text == text {
			n++
		}
	}
	return n
}

// hiddenWords are the credentials of this world, and what they look like in URLs.
func (w *world) hiddenWords() []string {
	out := []string{"access_token=", "corpsecret=", "tok-", "ticket-", "sim-token-", "session=", "session-0", "&sign=", hookSecret, hookToken}
	for _, e := range w.env {
		name, value, _ := strings.Cut(e, "=")
		switch {
		case strings.HasSuffix(name, "_SECRET"), strings.HasSuffix(name, "_TOKEN"), strings.HasSuffix(name, "_AES_KEY"):
			out = append(out, value)
		case strings.HasSuffix(name, "_WEBHOOKS"):
			for _, hook := range strings.Split(value, ",") {
				_, key, _ := strings.Cut(hook, "=")
				out = append(out, strings.Split(key, "|")...)
			}
		}
	}
	return out
}

// nothingLeaked searches all output for the credentials: logs, database, metrics, files,
// and what the operator's commands print.
func (w *world) nothingLeaked() {
	w.t.Helper()
	var printed strings.Builder
	say := func(line string) { printed.WriteString(line + "\n") }
	app.Doctor(w.ctx, w.config(), func(f app.Finding) { say(f.Name + f.Say) })
	w.ok(app.ListMessages(w.ctx, w.config(), app.MessageFilter{Limit: 1000}, say))
	for _, id := range strings.Fields(strings.Join(w.rows("SELECT id FROM messages ORDER BY id DESC LIMIT 40"), " ")) {
		var n int64
		_, _ = fmt.Sscan(id, &n)
		w.ok(app.ShowMessage(w.ctx, w.config(), n, say))
	}
	for place, text := range w.places(printed.String()) {
		for _, word := range w.hiddenWords() {
			if word != "" && strings.Contains(text, word) {
				at := strings.Index(text, word)
				w.t.Errorf("%q is in the %s: …%s…", word, place, text[max(0, at-80):min(len(text), at+80)])
			}
		}
	}
}

const quarter = 15 * time.Minute
