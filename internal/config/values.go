package config

import (
	"encoding/base64"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// say makes an error whose text is shown to the operator as it is.
func say(sentence string) error { return errors.New(sentence) }

func address(at func(*Config) *string) func(*Config, string) error {
	return func(c *Config, v string) error {
		_, port, err := net.SplitHostPort(v)
		if err != nil {
			return say("应写成 主机:端口，例如 127.0.0.1:8080")
		}
		if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
			return say("端口应是 0 到 65535 的数字")
		}
		*at(c) = v
		return nil
	}
}

func httpURL(at func(*Config) *string) func(*Config, string) error {
	return anyURL(at, "http", "https")
}

func wsURL(at func(*Config) *string) func(*Config, string) error {
	return anyURL(at, "ws", "wss")
}

// hosts stores a list of domain names.
func hosts(at func(*Config) *[]string) func(*Config, string) error {
	return func(c *Config, v string) error {
		var list []string
		for _, h := range strings.Split(v, ",") {
			if h = strings.TrimSpace(h); h == "" || strings.ContainsAny(h, "/:@?# ") {
				return say("应是用逗号隔开的域名，例如 myqcloud.com,qq.com")
			}
			list = append(list, h)
		}
		*at(c) = list
		return nil
	}
}

// anyURL stores an absolute address of one of the schemes without the slash at
// its end. Nothing of the value is repeated in the error: it may hold a key.
func anyURL(at func(*Config) *string, schemes ...string) func(*Config, string) error {
	return func(c *Config, v string) error {
		u, err := url.Parse(v)
		if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
			return say("应是以 " + strings.Join(schemes, ":// 或 ") + ":// 开头的完整地址")
		}
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return say("地址里不要带用户名、? 或 # 之后的内容")
		}
		*at(c) = strings.TrimRight(v, "/")
		return nil
	}
}

// platforms takes names of platforms, separated by commas.
func platforms(at func(*Config) *[]string) func(*Config, string) error {
	return func(c *Config, v string) error {
		var list []string
		for one := range strings.SplitSeq(strings.ToLower(v), ",") {
			if one = strings.TrimSpace(one); one != WeComName && one != DingTalkName {
				return say("只能是 wecom、dingtalk，多个用逗号隔开")
			}
			if !slices.Contains(list, one) {
				list = append(list, one)
			}
		}
		*at(c) = list
		return nil
	}
}

// networks takes addresses and networks (10.0.0.0/8), separated by commas.
func networks(at func(*Config) *[]string) func(*Config, string) error {
	return func(c *Config, v string) error {
		var list []string
		for one := range strings.SplitSeq(v, ",") {
			one = strings.TrimSpace(one)
			_, bad := netip.ParseAddr(one)
			if _, err := netip.ParsePrefix(one); err != nil && bad != nil {
				return say("应是地址或网段，多个用逗号隔开，例如 127.0.0.1,10.0.0.0/8")
			}
			list = append(list, one)
		}
		*at(c) = list
		return nil
	}
}

func choice(at func(*Config) *string, allowed ...string) func(*Config, string) error {
	return func(c *Config, v string) error {
		v = strings.ToLower(v)
		if !slices.Contains(allowed, v) {
			return say("只能是 " + strings.Join(allowed, "、") + " 之一")
		}
		*at(c) = v
		return nil
	}
}

// aesKey takes the 43 characters both platforms use to write down 32 bytes.
// The last character carries two bits too many, which platforms fill at random,
// so decoding is lenient.
func aesKey(at func(*Config) *Secret) func(*Config, string) error {
	return func(c *Config, v string) error {
		if len(v) != 43 {
			return say("应为 43 个字符（现为 " + strconv.Itoa(len(v)) + " 个），请回后台完整复制")
		}
		if _, err := base64.StdEncoding.DecodeString(v + "="); err != nil {
			return say("含有不该出现的字符，请回后台完整复制")
		}
		*at(c) = NewSecret(v)
		return nil
	}
}

var pathWord = regexp.MustCompile(`^[A-Za-z0-9_-]{8,128}$`)

// pathSecret takes a path segment long enough not to be guessed at leisure.
func pathSecret(at func(*Config) *Secret) func(*Config, string) error {
	return func(c *Config, v string) error {
		if !pathWord.MatchString(v) {
			return say("应是 8 到 128 个字母、数字、- 或 _（建议 32 个随机字符）")
		}
		*at(c) = NewSecret(v)
		return nil
	}
}

// named reads name=secret pairs. Nothing of the value is repeated in the error.
func named(at func(*Config) *Webhooks) func(*Config, string) error {
	return func(c *Config, v string) error {
		var out Webhooks
		for pair := range strings.SplitSeq(v, ",") {
			name, key, ok := strings.Cut(strings.TrimSpace(pair), "=")
			name = strings.TrimSpace(name)
			if !ok || !refName.MatchString(name) || strings.TrimSpace(key) == "" {
				return say("应写成 名称=密钥，多个用逗号隔开；名称只用小写字母、数字和短横线")
			}
			if _, twice := out.Key(name); twice {
				return say("同一个名称写了两次")
			}
			out = append(out, Webhook{name, NewSecret(key)})
		}
		*at(c) = out
		return nil
	}
}

var refName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
