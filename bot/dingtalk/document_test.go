package dingtalk_test

import (
	"bytes"
	"context"
	"testing"

	"duban/bot"
	simdingtalk "duban/internal/sim/dingtalk"
)

const uploadPath = "/media/upload"

var ledgerFile = bot.Document{Name: "隐患台账_2025-09-10.xlsx", Content: []byte("PK\x03\x04 not really a workbook")}

func (w *world) document(to bot.Target, d bot.Document) (bot.Receipt, error) {
	return w.client.Send(context.Background(), bot.Outgoing{To: to, Key: "k", Document: &d})
}

// got is what a person sees of a document.
func got(d bot.Document) simdingtalk.Sent {
	return simdingtalk.Sent{Road: "api", UserID: "u1", Kind: "sampleFile", File: &simdingtalk.File{Name: d.Name, Data: d.Content}}
}

func TestSendDocument(t *testing.T) {
	w := newWorld(t)
	receipt, err := w.document(bot.Target{UserID: "u1"}, ledgerFile)
	if err != nil || receipt.PlatformID == "" {
		t.Fatalf("%+v %v", receipt, err)
	}
	w.sent(got(ledgerFile))
	w.sim.ClearSent()
	full := bot.Document{Name: "a.ZIP", Content: bytes.Repeat([]byte{1}, bot.MaxDocument)}
	if _, err := w.document(bot.Target{UserID: "u1"}, full); err != nil {
		t.Errorf("twenty megabytes: %v", err)
	}
	if sent := w.sim.Sent(); len(sent) != 1 || !bytes.Equal(sent[0].File.Data, full.Content) {
		t.Errorf("twenty megabytes did not arrive whole, %d messages", len(sent))
	}
	if calls := w.sim.Used().APICalls; calls != 4 {
		t.Errorf("two documents cost %d calls of the month, want 4", calls)
	}
}

func TestDocumentsThatCannotBeSent(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		to     bot.Target
		d      bot.Document
		reason string
	}{
		"into a group":        {bot.Target{ChatID: "cidG=="}, ledgerFile, "bad_target"},
		"to a custom robot":   {bot.Target{Webhook: hookToken}, ledgerFile, "bad_target"},
		"to a stranger":       {bot.Target{UserID: "gone"}, ledgerFile, "invalid_user"},
		"empty":               {bot.Target{UserID: "u1"}, bot.Document{Name: "a.xlsx"}, "empty_document"},
		"too large":           {bot.Target{UserID: "u1"}, bot.Document{Name: "a.xlsx", Content: make([]byte, bot.MaxDocument+1)}, "too_large"},
		"a type nobody reads": {bot.Target{UserID: "u1"}, bot.Document{Name: "a.csv", Content: []byte("a")}, "file_type"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.document(c.to, c.d)
			w.expect(err, bot.Permanent, c.reason)
		})
	}
	w.sent()
}

// TestDocumentFailures fails either step. As long as the message was not sent,
// trying again shows the person one file.
func TestDocumentFailures(t *testing.T) {
	for _, c := range []struct {
		name   string
		path   string
		fault  simdingtalk.Fault
		class  bot.SendClass
		reason string
	}{
		{"upload busy", uploadPath, simdingtalk.Fault{ErrCode: -1}, bot.Temporary, "busy"},
		{"upload's connection lost", uploadPath, simdingtalk.Fault{Taken: true, Drop: true}, bot.Temporary, "no_answer"},
		{"upload answered with a page", uploadPath, simdingtalk.Fault{Status: 200, Body: "<html>"}, bot.Temporary, "bad_answer"},
		{"upload answered without an id", uploadPath, simdingtalk.Fault{Status: 200, Body: `{"errcode":0}`}, bot.Temporary, "bad_answer"},
		{"upload too often", uploadPath, simdingtalk.Fault{ErrCode: 90018}, bot.RateLimit, "qps"},
		{"upload beyond the quota", uploadPath, simdingtalk.Fault{ErrCode: 90020}, bot.Config, "quota"},
		{"upload refused", uploadPath, simdingtalk.Fault{ErrCode: 40004}, bot.Permanent, "bad_request"},
		{"message busy", userPath, simdingtalk.Fault{Status: 500, Code: "system.error"}, bot.Temporary, "busy"},
		{"message in doubt", userPath, simdingtalk.Fault{Drop: true}, bot.Ambiguous, "no_answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.sim.Fail(c.path, 1, c.fault)
			_, err := w.document(bot.Target{UserID: "u1"}, ledgerFile)
			w.expect(err, c.class, c.reason)
			if _, err := w.document(bot.Target{UserID: "u1"}, ledgerFile); err != nil {
				t.Fatal(err)
			}
			w.sent(got(ledgerFile))
		})
	}
}

func TestDocumentRenewsARefusedToken(t *testing.T) {
	w := newWorld(t)
	if err := w.client.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.sim.ExpireTokens()
	if _, err := w.document(bot.Target{UserID: "u1"}, ledgerFile); err != nil || w.sim.TokenCalls() != 2 {
		t.Errorf("%v, %d tokens", err, w.sim.TokenCalls())
	}
	w.sent(got(ledgerFile))
}
