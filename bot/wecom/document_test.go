package wecom_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
	"duban/bot/wecom"
	simwecom "duban/internal/sim/wecom"
)

const uploadAPI = "/cgi-bin/media/upload"

var ledgerFile = bot.Document{Name: `隐患台账_"2025"-09-10.xlsx`, Content: []byte("PK\x03\x04 not really a workbook")}

func (r *rig) document(user string, d bot.Document) (bot.Receipt, error) {
	return r.client.Send(context.Background(), bot.Outgoing{To: bot.Target{UserID: user}, Key: "k", Document: &d})
}

func TestSendDocument(t *testing.T) {
	r := newRig(t)
	got, err := r.document("ZhangSan", ledgerFile)
	if err != nil {
		t.Fatal(err)
	}
	sent := r.Sent()
	if len(sent) != 1 || sent[0].To != "zhangsan" || sent[0].Type != "file" || sent[0].Text != "" || got.PlatformID != sent[0].MsgID {
		t.Fatalf("receipt %+v, sent %+v", got, sent)
	}
	want := &simwecom.File{Name: "隐患台账_2025-09-10.xlsx", Data: ledgerFile.Content} // a name holds no quotes
	if diff := cmp.Diff(want, sent[0].File); diff != "" {
		t.Error(diff)
	}
	full := bot.Document{Name: "a.xlsx", Content: bytes.Repeat([]byte{1}, bot.MaxDocument)}
	if _, err := r.document("lisi", full); err != nil || len(r.Sent()) != 2 {
		t.Errorf("twenty megabytes: %v", err)
	}
}

func TestDocumentsThatCannotBeSent(t *testing.T) {
	r := newRig(t)
	for name, c := range map[string]struct {
		to     bot.Target
		d      bot.Document
		reason string
	}{
		"into a group":  {bot.Target{Webhook: hook}, ledgerFile, "no_target"},
		"to nobody":     {bot.Target{}, ledgerFile, "no_target"},
		"to everybody":  {bot.Target{UserID: "@all"}, ledgerFile, "invalid_user"},
		"to a stranger": {bot.Target{UserID: "nobody"}, ledgerFile, "invalid_user"},
		"five bytes":    {bot.Target{UserID: "lisi"}, bot.Document{Name: "a.xlsx", Content: []byte("12345")}, "empty_document"},
		"no name":       {bot.Target{UserID: "lisi"}, bot.Document{Content: []byte("123456")}, "empty_document"},
		"too large":     {bot.Target{UserID: "lisi"}, bot.Document{Name: "a.xlsx", Content: make([]byte, bot.MaxDocument+1)}, "media_too_large"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.client.Send(context.Background(), bot.Outgoing{To: c.to, Document: &c.d})
			wantError(t, err, bot.Permanent, c.reason)
		})
	}
	if n := len(r.Sent()); n != 0 {
		t.Errorf("%d messages went out", n)
	}
}

// TestDocumentFailures fails either step. As long as the message was not sent,
// trying again shows the person one file.
func TestDocumentFailures(t *testing.T) {
	for _, c := range []struct {
		name   string
		path   string
		fault  simwecom.Fault
		class  bot.SendClass
		reason string
	}{
		{"upload busy", uploadAPI, simwecom.Fault{ErrCode: -1}, bot.Temporary, "busy"},
		{"upload's answer lost", uploadAPI, simwecom.Fault{DropAfter: true}, bot.Temporary, "answer_lost"},
		{"upload behind a gateway that waits", uploadAPI, simwecom.Fault{Status: 504}, bot.Temporary, "gateway_timeout"},
		{"upload too often", uploadAPI, simwecom.Fault{ErrCode: 45009}, bot.RateLimit, "frequency"},
		{"upload not trusted", uploadAPI, simwecom.Fault{ErrCode: 60020}, bot.Config, "ip_not_trusted"},
		{"upload refused", uploadAPI, simwecom.Fault{ErrCode: 40004}, bot.Permanent, "refused"},
		{"file forgotten before the message", sendAPI, simwecom.Fault{ErrCode: 40007}, bot.Temporary, "media_gone"},
		{"message busy", sendAPI, simwecom.Fault{ErrCode: -1}, bot.Temporary, "busy"},
		{"message in doubt", sendAPI, simwecom.Fault{DropBefore: true}, bot.Ambiguous, "answer_lost"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.Fail(c.path, 1, c.fault)
			_, err := r.document("lisi", ledgerFile)
			wantError(t, err, c.class, c.reason)
			if _, err := r.document("lisi", ledgerFile); err != nil {
				t.Fatal(err)
			}
			if n := len(r.Sent()); n != 1 {
				t.Errorf("%d files reached the person", n)
			}
		})
	}
}

func TestDocumentRenewsARefusedToken(t *testing.T) {
	r := newRig(t)
	if err := r.client.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	r.ExpireTokens()
	if _, err := r.document("lisi", ledgerFile); err != nil || len(r.Sent()) != 1 || r.TokenFetches() != 2 {
		t.Errorf("%v, %d sent, %d tokens", err, len(r.Sent()), r.TokenFetches())
	}
}

func TestAnUploadMayTakeLongerThanACall(t *testing.T) {
	r := newRig(t, func(c *wecom.ClientConfig) { c.Timeout = 100 * time.Millisecond })
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if err := r.client.Check(ctx); err != nil {
		t.Fatal(err)
	}
	r.Fail(uploadAPI, 1, simwecom.Fault{Hang: true})
	_, err := r.client.Send(ctx, bot.Outgoing{To: bot.Target{UserID: "lisi"}, Document: &ledgerFile})
	wantError(t, err, bot.Temporary, "answer_lost")
}
