package wecom

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	tokenA = "QDG6eK"
	keyA   = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	corpA  = "wx5823bf96d3bd56c7"
	fixed  = "0123456789abcdef"
)

func codecFor(t testing.TB, token, key, receiver string) *Codec {
	t.Helper()
	c, err := NewCodec(token, key, receiver)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func signed(signature, timestamp, nonce string) url.Values {
	return url.Values{"msg_signature": {signature}, "timestamp": {timestamp}, "nonce": {nonce}}
}

func vector(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(string(b), "\n")
}

func enveloped(encrypted string) []byte {
	return []byte("<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[" + encrypted + "]]></Encrypt><AgentID>218</AgentID></xml>")
}

func TestVerifyURLVectors(t *testing.T) {
	for _, tt := range []struct{ name, token, key, receiver, signature, timestamp, nonce, echo, want string }{
		{
			"V1 official sample", tokenA, keyA, corpA,
			"5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780",
			"P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==", "1616140317555161061",
		},
		{
			"V3 real console", "kjr2TKI8umCBfVF3wAHk8JiPwma5VBme", "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws", "ww6a112864f8022910",
			"1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011", "1583940690", "VHh7ymSeb0jc4lSb",
			"6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==", "94966531020182955848408",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := signed(tt.signature, tt.timestamp, tt.nonce)
			q.Set("echostr", tt.echo)
			got, err := codecFor(t, tt.token, tt.key, tt.receiver).VerifyURL(q)
			if err != nil || got != tt.want {
				t.Fatalf("got %q, %v; want %q", got, err, tt.want)
			}
			q.Set("echostr", strings.ReplaceAll(tt.echo, "+", " "))
			if _, err := codecFor(t, tt.token, tt.key, tt.receiver).VerifyURL(q); RejectReason(err) != "signature" && strings.Contains(tt.echo, "+") {
				t.Errorf("a damaged echostr gave %v", err)
			}
		})
	}
}

func TestOpenVectors(t *testing.T) {
	for _, tt := range []struct{ name, token, key, receiver, signature, timestamp, nonce, encrypted, want string }{
		{
			"V2 official sample", tokenA, keyA, corpA,
			"477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", vector(t, "v2.encrypted"), vector(t, "v2.plain"),
		},
		{
			"V4 real message", "kz7Yx62CH8SaLN", "cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP", "ww6a112864f8022910",
			"f265ae551b1932727204c3d707628d01376a6940", "1583995625", "1584392382", vector(t, "v4.encrypted"), vector(t, "v4.plain"),
		},
		{
			"V5 own reply", tokenA, keyA, corpA,
			"68f5dc43743f9cc82ad8ea2a52b524c675af7803", "1409659813", "1372623149", vector(t, "v5.encrypted"), vector(t, "v5.plain"),
		},
		{
			"V6 robot frame without receiver", tokenA, keyA, "",
			"e8abcdd4aea71d66652f7e718fff59329902d611", "1700000000", "abc123", vector(t, "v6.encrypted"), vector(t, "v6.plain"),
		},
		{
			"V7 a whole block of padding", tokenA, keyA, "",
			"766b5336b4bef5c12c83160990f3011908ecec3a", "1700000000", "abc123", vector(t, "v7.encrypted"), "abcdefghijkl",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := codecFor(t, tt.token, tt.key, tt.receiver)
			got, err := c.Open(signed(tt.signature, tt.timestamp, tt.nonce), enveloped(tt.encrypted))
			if err != nil {
				t.Fatalf("%v (%s)", err, RejectReason(err))
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := c.Signature(tt.timestamp, tt.nonce, tt.encrypted); got != tt.signature {
				t.Errorf("signature %s, want %s", got, tt.signature)
			}
		})
	}
}

func TestSealVectors(t *testing.T) {
	for _, tt := range []struct{ name, receiver, plain, encrypted, signature, timestamp, nonce string }{
		{"V5", corpA, vector(t, "v5.plain"), vector(t, "v5.encrypted"), "68f5dc43743f9cc82ad8ea2a52b524c675af7803", "1409659813", "1372623149"},
		{"V6", "", vector(t, "v6.plain"), vector(t, "v6.encrypted"), "e8abcdd4aea71d66652f7e718fff59329902d611", "1700000000", "abc123"},
		{"V7", "", "abcdefghijkl", vector(t, "v7.encrypted"), "766b5336b4bef5c12c83160990f3011908ecec3a", "1700000000", "abc123"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := codecFor(t, tokenA, keyA, tt.receiver).WithRandom(strings.NewReader(fixed))
			var sec int64
			if _, err := fmt.Sscan(tt.timestamp, &sec); err != nil {
				t.Fatal(err)
			}
			got, err := c.Seal([]byte(tt.plain), time.Unix(sec, 0), tt.nonce)
			if err != nil {
				t.Fatal(err)
			}
			want := "<xml><Encrypt><![CDATA[" + tt.encrypted + "]]></Encrypt><MsgSignature>" + tt.signature +
				"</MsgSignature><TimeStamp>" + tt.timestamp + "</TimeStamp><Nonce><![CDATA[" + tt.nonce + "]]></Nonce></xml>"
			if string(got) != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
	if _, err := codecFor(t, tokenA, keyA, corpA).WithRandom(strings.NewReader("short")).Seal(nil, time.Unix(0, 0), "n"); err == nil {
		t.Error("sealed without enough random bytes")
	}
}

// The negative vectors are correctly signed: only the cipher text is wrong.
func TestOpenRefusesDamagedFrames(t *testing.T) {
	const p = "sKqRbbiSUnDhFHOvPjtUMYMyehJ1LatmSpE72cnbbSdr2/0dUaSnv5PRelT/3yPw"
	const none = ""
	for _, tt := range []struct{ name, encrypted, signature, app, robot string }{
		{"correct", p + "G9jJuGsiojhJL0rYKSDrip5DssF4mb4MSmY2Pr/THivt0bggsJqqY3qocl9E8rIb", "cd6cf9b56e5d13bf46e1182ee14fb4371eba0614", none, "receiver"},
		{"pad byte 0", p + "G9jJuGsiojhJL0rYKSDrip5DssF4mb4MSmY2Pr/THitFozRLADNL+OXVLO8IPeC9", "5f337f9f7c27b8b9c7af817220fc3ca014ef1183", "padding", "padding"},
		{"pad byte 33", p + "G9jJuGsiojhJL0rYKSDrip5DssF4mb4MSmY2Pr/THiv3lh19DYL+EzGeV6tuZyxz", "058c89ce41226a27b0dd03de37ec7ae937b441e7", "padding", "padding"},
		{"pad bytes unequal", p + "G9jJuGsiojhJL0rYKSDrip5DssF4mb4MSmY2Pr/THivqcJ/Tlu9T371+UQGrhxTQ", "add90cdf613050d3acefa591eddb371672c04454", "padding", "padding"},
		{"wrong receiver", p + "NuF4UesBDSmLRFeSznLBy1cq1Do052eEKHYagwfejdOn4FykBKZFCOoyxHovku2b", "9ec6e23efe277c4d89ee3b679ce0120bf0b4fb95", "receiver", "receiver"},
		{"empty receiver", p + "WBCMkpLuE0j10WiS5hIyGg==", "75a926cb8173c27314f66fbebd3b5dba971957ce", "receiver", none},
		{"padded to 16 only", p + "G9jJuGsiojhJL0rYKSDrijxtM0Sjqyq/61gg3wgoj44=", "56d115b14c5c673be74b20560332426bab1c869e", none, "receiver"},
		{"length beyond data", "sKqRbbiSUnDhFHOvPjtUMVlD9C6EH6UcWgheKU8XwhZfly5oQTPmrFJu/655afBd1pLSNM9WLvcNEmLyl3iRUXbP9Ign4K+rOjS/YozXtZDKytTiXiBrWcndhyQpHJg6", "dbcfe7b8f75ed0fc0e35ca4e10fb793cdbe52fa1", "length", "length"},
		{"length 0xffffffff", "sKqRbbiSUnDhFHOvPjtUMbbI1K5OtDI8oh7yqMlP/Bqr1eXYlKXX0SPnECoQWKsqFgijsZieAkpRUW0XLvP3P8zR6FTu67DdjXKEcL06q81kkvwCjSuAp1A4C98aivqt", "6f0583e8b780c5684de823a9dfada1ffa6a9d34c", "length", "length"},
		{"one block", "sKqRbbiSUnDhFHOvPjtUMQ==", "8de2971df45c554ca5d235dbde4023d6ae1ad996", "padding", "padding"},
		{"padding only", "S/m2zVyYxCq6EHtPNkwV3FK+glE5nzISfcUI8mitqNA=", "d6f15df2333a6ca8f59000bfa864895d2b6305cc", "short", "short"},
		{"33 bytes", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB", "e664be1ad3f06522621ad6dd61edc0a4d6b3bc8c", "size", "size"},
		{"not base64", "***not base64***", "e1f96da8d08d8cb29291efd4b4efd1bb741767ff", "base64", "base64"},
		{"empty", "", "d216759c6c0fda8a41d97b9317bb131841053a4d", "size", "size"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q := signed(tt.signature, "1700000000", "abc123")
			for receiver, reason := range map[string]string{corpA: tt.app, "": tt.robot} {
				got, err := codecFor(t, tokenA, keyA, receiver).Open(q, enveloped(tt.encrypted))
				if reason == none {
					if err != nil || string(got) != "<xml><Content>hi</Content></xml>" {
						t.Errorf("receiver %q: got %q, %v (%s)", receiver, got, err, RejectReason(err))
					}
					continue
				}
				if !errors.Is(err, ErrRejected) || RejectReason(err) != reason || got != nil {
					t.Errorf("receiver %q: got %q, %v (%s), want %s", receiver, got, err, RejectReason(err), reason)
				}
				if err != nil && err.Error() != ErrRejected.Error() {
					t.Errorf("the error tells more than it should: %s", err)
				}
			}
		})
	}
}

func TestOpenRefusesBadEnvelopesAndSignatures(t *testing.T) {
	c := codecFor(t, tokenA, keyA, corpA)
	good := vector(t, "v2.encrypted")
	const sig = "477715d11cdb4164915debcba66cb864d751f3e6"
	q := signed(sig, "1409659813", "1372623149")
	deep := strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40)
	for _, tt := range []struct {
		name, body, reason string
		query              url.Values
	}{
		{"doctype", `<!DOCTYPE xml [<!ENTITY e "x">]>` + string(enveloped(good)), "envelope", q},
		{"entity", "<xml><Encrypt>&e;</Encrypt></xml>", "envelope", q},
		{"two roots", string(enveloped(good)) + "<xml></xml>", "envelope", q},
		{"deep", "<xml>" + deep + "</xml>", "envelope", q},
		{"other root", "<html></html>", "envelope", q},
		{"json", `{"encrypt":"x"}`, "envelope", q},
		{"no body", "", "envelope", q},
		{"too large", string(enveloped(strings.Repeat("A", MaxBody))), "too_large", q},
		{"upper case signature", string(enveloped(good)), "signature", signed(strings.ToUpper(sig), "1409659813", "1372623149")},
		{"other nonce", string(enveloped(good)), "signature", signed(sig, "1409659813", "1")},
		{"no signature", string(enveloped(good)), "signature", signed("", "1409659813", "1372623149")},
		{"no query", string(enveloped(good)), "signature", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := c.Open(tt.query, []byte(tt.body))
			if got != nil || !errors.Is(err, ErrRejected) || RejectReason(err) != tt.reason {
				t.Errorf("got %q, %v (%s), want %s", got, err, RejectReason(err), tt.reason)
			}
		})
	}
	if got, err := c.Open(q, []byte("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"+string(enveloped(good))+"\n")); err != nil || got == nil {
		t.Errorf("an XML declaration was refused: %v", err)
	}
}

func TestNewCodecRefusesBadSettingsWithoutPrintingThem(t *testing.T) {
	for name, tt := range map[string]struct{ token, key string }{
		"no token":       {"", keyA},
		"short key":      {tokenA, keyA[:42]},
		"long key":       {tokenA, keyA + "A"},
		"not base64":     {tokenA, strings.Repeat("*", 43)},
		"padding inside": {tokenA, keyA[:42] + "="},
		"line break":     {tokenA, keyA[:42] + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewCodec(tt.token, tt.key, corpA)
			if err == nil {
				t.Fatal("accepted")
			}
			if strings.Contains(err.Error(), keyA[:20]) {
				t.Errorf("the key is in the error: %v", err)
			}
		})
	}
}

func TestSealedFramesOpenAgain(t *testing.T) {
	c := codecFor(t, tokenA, keyA, corpA)
	for size := range 100 {
		msg := strings.Repeat("a", size)
		outer, err := c.Seal([]byte(msg), time.Unix(1700000000, 0), "n")
		if err != nil {
			t.Fatal(err)
		}
		encrypted := between(string(outer), "<Encrypt><![CDATA[", "]]></Encrypt>")
		q := signed(between(string(outer), "<MsgSignature>", "</MsgSignature>"), "1700000000", "n")
		got, err := c.Open(q, outer)
		if err != nil || string(got) != msg {
			t.Fatalf("size %d: got %q, %v", size, got, err)
		}
		if raw, err := base64.StdEncoding.DecodeString(encrypted); err != nil || len(raw)%32 != 0 {
			t.Fatalf("size %d: %d bytes of cipher text, %v", size, len(raw), err)
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	got, _, _ := strings.Cut(rest, to)
	return got
}

func FuzzOpen(f *testing.F) {
	good := vector(f, "v2.encrypted")
	f.Add("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", enveloped(good))
	f.Add("", "", "", []byte("<xml><Encrypt/></xml>"))
	f.Add("x", "1", "2", []byte("<!DOCTYPE a><xml/>"))
	c := codecFor(f, tokenA, keyA, corpA)
	f.Fuzz(func(t *testing.T, signature, timestamp, nonce string, body []byte) {
		if _, err := c.Open(signed(signature, timestamp, nonce), body); err != nil && !errors.Is(err, ErrRejected) {
			t.Fatalf("an error beside ErrRejected: %v", err)
		}
	})
}

// FuzzFrame gets past the signature, to the cipher text and the frame inside.
func FuzzFrame(f *testing.F) {
	raw, _ := base64.StdEncoding.DecodeString(vector(f, "v7.encrypted"))
	f.Add(raw)
	f.Add([]byte(strings.Repeat("\x01", 32)))
	c := codecFor(f, tokenA, keyA, "")
	f.Fuzz(func(t *testing.T, data []byte) {
		encrypted := base64.StdEncoding.EncodeToString(data)
		q := signed(c.Signature("1", "2", encrypted), "1", "2")
		got, err := c.Unwrap(q, encrypted)
		if err != nil && !errors.Is(err, ErrRejected) {
			t.Fatalf("an error beside ErrRejected: %v", err)
		}
		if len(got) > len(data) {
			t.Fatalf("%d bytes out of %d", len(got), len(data))
		}
	})
}
