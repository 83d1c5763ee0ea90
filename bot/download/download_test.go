package download

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"duban/bot"
)

// An allowed name may lead to this machine, by a forged DNS answer.
func TestDownloaderLooksAtTheAddressBehindTheName(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "inside")
	}))
	defer server.Close()
	_, err := New([]string{"127.0.0.1"}, false).Open(context.Background(), server.URL)
	if bot.ClassOf(err) != bot.Permanent {
		t.Errorf("error %v", err)
	}
	body, err := New(nil, true).Open(context.Background(), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = body.Close()
}

func TestGuard(t *testing.T) {
	far, near := New(nil, false), New(nil, true)
	for address, want := range map[string]struct{ far, near bool }{
		"47.96.1.1:443":           {true, true},
		"[2408:4000::1]:443":      {true, true},
		"127.0.0.1:80":            {false, true},
		"[::1]:80":                {false, true},
		"[::ffff:127.0.0.1]:80":   {false, true},
		"10.0.0.1:80":             {false, false},
		"192.168.1.1:80":          {false, false},
		"[::ffff:192.168.1.1]:80": {false, false},
		"169.254.169.254:80":      {false, false},
		"100.100.100.200:80":      {false, false},
		"[fd00::1]:80":            {false, false},
		"[fe80::1]:80":            {false, false},
		"0.0.0.0:80":              {false, false},
		"255.255.255.255:80":      {false, false},
		"not an address":          {false, false},
	} {
		if got := far.guard("tcp", address, nil) == nil; got != want.far {
			t.Errorf("%s from the platform: %t", address, got)
		}
		if got := near.guard("tcp", address, nil) == nil; got != want.near {
			t.Errorf("%s from a local platform: %t", address, got)
		}
	}
}

func TestAllowedHosts(t *testing.T) {
	d := New([]string{".dingtalk.com", ".aliyuncs.com", ".alicdn.com"}, false)
	for host, want := range map[string]bool{
		"down.dingtalk.com": true, "DingTalk.com": true, "x.oss-cn-hangzhou.aliyuncs.com": true, "static.alicdn.com": true,
		"evildingtalk.com": false, "dingtalk.com.example": false, "127.0.0.1": false, "localhost": false, "": false,
	} {
		if got := d.allowedHost(host); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
}

func TestAnnouncedSizeIsRefusedAtOnce(t *testing.T) {
	if err := fileFailure(&http.Response{StatusCode: 200, ContentLength: Max + 1}); bot.ClassOf(err) != bot.Permanent {
		t.Errorf("error %v", err)
	}
	if err := fileFailure(&http.Response{StatusCode: 200, ContentLength: -1}); err != nil {
		t.Errorf("error %v", err)
	}
}
