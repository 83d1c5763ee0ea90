package bot

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Trouble is one row of a platform's table of errors: what it means, what is done
// about it, and what is left for whoever looks after the system.
type Trouble struct {
	Codes  []string // as the platform names them, or families of them such as "contain.*"
	Class  SendClass
	Reason string
	After  time.Duration // RateLimit: how long to wait
	Renew  bool          // first a new access token is fetched and the call repeated, once
	Means  string        // Chinese, without the last full stop
	Do     string        // Chinese, what to do and where to click; "" where nothing is to be done
}

// Advice is the operator's text about one refusal. The server's own address, as the
// platform saw it, is worth naming: it has to be written into the console.
func (t Trouble) Advice(code, address string) string {
	text := t.Means
	if code != "" {
		text += "（错误码 " + code + "）"
	}
	if address != "" {
		text += "，平台看到的服务器地址是 " + address
	}
	text += "。"
	if t.Do != "" {
		text += t.Do + "。"
	}
	return text
}

// Troubles is a platform's table of errors.
type Troubles []Trouble

// Find returns the row for a code: the one that names it, else that of its family.
func (ts Troubles) Find(code string) (Trouble, bool) {
	for _, t := range ts {
		if slices.Contains(t.Codes, code) {
			return t, true
		}
	}
	for _, t := range ts {
		for _, c := range t.Codes {
			if start, family := strings.CutSuffix(c, "*"); family && strings.HasPrefix(code, start) {
				return t, true
			}
		}
	}
	return Trouble{}, false
}

// ByReason returns the first row with the reason.
func (ts Troubles) ByReason(reason string) (Trouble, bool) {
	i := slices.IndexFunc(ts, func(t Trouble) bool { return t.Reason == reason })
	if i < 0 {
		return Trouble{}, false
	}
	return ts[i], true
}

var addressShape = regexp.MustCompile(`[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}`)

// AddressIn finds the network address that a platform says a call came from.
func AddressIn(text string) string {
	for _, s := range addressShape.FindAllString(text, -1) {
		if a, err := netip.ParseAddr(s); err == nil && !a.IsUnspecified() {
			return a.String()
		}
	}
	return ""
}
