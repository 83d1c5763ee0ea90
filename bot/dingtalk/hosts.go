package dingtalk

import (
	"net/url"
	"strings"
)

// The platform's public addresses.
const (
	DefaultAPIBase  = "https://api.dingtalk.com"
	DefaultOAPIBase = "https://oapi.dingtalk.com"
)

// origins is a list of allowed scheme://host[:port]. A push is not covered by
// its signature, so a reply URL in it may point anywhere; only the platform's
// own origins are ever called.
type origins []string

func replyHosts(oapiBase string) origins {
	if oapiBase == "" {
		oapiBase = DefaultOAPIBase
	}
	return origins{origin(oapiBase), origin(DefaultAPIBase)}
}

func (o origins) allow(raw string) bool {
	got := origin(raw)
	for _, want := range o {
		if got != "" && got == want {
			return true
		}
	}
	return false
}

// origin returns the lower-case scheme and host of an http(s) URL without
// credentials, else "".
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	default:
		return ""
	}
	return scheme + "://" + host
}
