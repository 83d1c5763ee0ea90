package dingtalk

import (
	"net/netip"
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

// isLoopback reports whether host is this machine by name or number.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

// carrierGrade is shared address space; cloud providers keep their metadata
// services there.
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

// isPublic reports whether an address may be fetched from: neither this
// machine nor the network around it.
func isPublic(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsGlobalUnicast() && !ip.IsPrivate() && !carrierGrade.Contains(ip)
}
