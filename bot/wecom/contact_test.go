package wecom

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"duban/bot"
)

func contactEvent(from, event, rest string) []byte {
	return fmt.Appendf(nil, "<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>1700000000</CreateTime>"+
		"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event>%s</xml>", from, event, rest)
}

func TestDecodeContact(t *testing.T) {
	change := func(rest string) []byte { return contactEvent("sys", "change_contact", rest) }
	for name, tt := range map[string]struct {
		in   []byte
		kind bot.ContactKind
		user string
		to   string
	}{
		"create_user":                  {change("<ChangeType>create_user</ChangeType><UserID>ZhangSan</UserID><Department>1</Department>"), bot.ContactHere, "zhangsan", ""},
		"delete_user":                  {change("<ChangeType>delete_user</ChangeType><UserID>ZhangSan</UserID>"), bot.ContactLeft, "zhangsan", ""},
		"update_user with another id":  {change("<ChangeType>update_user</ChangeType><UserID>ZhangSan</UserID><NewUserID>ZhangSan2</NewUserID>"), bot.ContactRenumbered, "zhangsan", "zhangsan2"},
		"update_user":                  {change("<ChangeType>update_user</ChangeType><UserID>ZhangSan</UserID><Name>张三丰</Name>"), bot.ContactNoted, "", ""},
		"create_party":                 {change("<ChangeType>create_party</ChangeType><Id>7</Id>"), bot.ContactNoted, "", ""},
		"update_party":                 {change("<ChangeType>update_party</ChangeType><Id>7</Id>"), bot.ContactNoted, "", ""},
		"delete_party":                 {change("<ChangeType>delete_party</ChangeType><Id>7</Id>"), bot.ContactNoted, "", ""},
		"update_tag":                   {change("<ChangeType>update_tag</ChangeType><TagId>7</TagId>"), bot.ContactNoted, "", ""},
		"subscribe":                    {contactEvent("LiSi", "subscribe", "<AgentID>7</AgentID>"), bot.ContactHere, "lisi", ""},
		"unsubscribe":                  {contactEvent("LiSi", "unsubscribe", "<AgentID>7</AgentID>"), bot.ContactHidden, "lisi", ""},
		"a system event without a who": {contactEvent("sys", "unsubscribe", ""), bot.ContactHidden, "", ""},
	} {
		got, ok := DecodeContact(tt.in, "7")
		want := bot.ContactChange{Platform: bot.WeCom, Robot: "7", Corp: "ww1", Kind: tt.kind, NewUser: tt.to, At: time.Unix(1700000000, 0).UTC(), ID: got.ID}
		if tt.user != "" {
			want.Users = []string{tt.user}
		}
		if diff := cmp.Diff(want, got); !ok || diff != "" {
			t.Errorf("%s: %v %s", name, ok, diff)
		}
	}
	for name, in := range map[string][]byte{"another event": contactEvent("LiSi", "enter_agent", ""), "no XML": []byte("{}"),
		"words": []byte("<xml><MsgType>text</MsgType><Event>unsubscribe</Event></xml>")} {
		if _, ok := DecodeContact(in, "7"); ok {
			t.Errorf("%s was taken for a change of contacts", name)
		}
	}
}

// One new member makes several events in one second; none may pass for another.
func TestContactKeysAreWide(t *testing.T) {
	seen := map[string]string{}
	for _, rest := range []string{
		"<ChangeType>create_user</ChangeType><UserID>a</UserID>", "<ChangeType>update_user</ChangeType><UserID>a</UserID>",
		"<ChangeType>update_user</ChangeType><UserID>a</UserID><NewUserID>b</NewUserID>", "<ChangeType>create_user</ChangeType><UserID>b</UserID>",
		"<ChangeType>create_party</ChangeType><Id>1</Id>", "<ChangeType>create_party</ChangeType><Id>2</Id>", "<ChangeType>update_tag</ChangeType><TagId>1</TagId>",
	} {
		got, _ := DecodeContact(contactEvent("sys", "change_contact", rest), "7")
		again, _ := DecodeContact(contactEvent("sys", "change_contact", rest), "7")
		if other := seen[got.ID]; other != "" || got.ID != again.ID {
			t.Errorf("%s has the key of %s", rest, other)
		}
		seen[got.ID] = rest
	}
	sub, _ := DecodeContact(contactEvent("a", "subscribe", ""), "7")
	if m, err := Decode(contactEvent("a", "subscribe", ""), "7"); err != nil || m.ID == sub.ID {
		t.Errorf("the greeting has the key of the change: %v", err)
	}
}

func FuzzDecodeContact(f *testing.F) {
	f.Add(contactEvent("sys", "change_contact", "<ChangeType>update_user</ChangeType><UserID>a</UserID><NewUserID>b</NewUserID>"))
	f.Add(contactEvent("a", "unsubscribe", ""))
	f.Fuzz(func(t *testing.T, in []byte) {
		if c, ok := DecodeContact(in, "7"); ok && (c.ID == "" || c.Kind == "" || len(c.ID) > 100) {
			t.Fatalf("%+v", c)
		}
	})
}
