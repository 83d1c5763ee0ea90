package app

import (
	"context"
	"strings"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/errs"
)

// inspector is a platform that tells how the app is set in its console.
type inspector interface {
	Inspect(ctx context.Context) (wecom.Agent, error)
}

// platform asks one platform for a token and, where there is a way that costs nothing,
// whether it also serves us.
func (d *doctor) platform(name string, p platform) {
	fine := "凭证有效，能取到 access_token"
	err := d.within(p.Check)
	if i, ok := p.(inspector); ok && err == nil && name == string(bot.WeCom) {
		err = d.within(func(ctx context.Context) error {
			a, err := i.Inspect(ctx)
			if err == nil {
				fine, err = agentLine(fine, a)
			}
			return err
		})
	}
	d.found(name, err, fine)
}

// agentLine says how the app is set, or what is wrong with it.
func agentLine(fine string, a wecom.Agent) (string, error) {
	switch {
	case a.Closed:
		return "", errs.New(errs.Invalid, "应用被停用了。请到管理后台“应用管理 → 本应用”点“启用”。")
	case a.Nobody:
		return "", errs.New(errs.Invalid, "应用的可见范围是空的，谁也收不到。请到管理后台“应用管理 → 本应用 → 可见范围”选上所有要用的人。")
	}
	lines := []string{fine, "服务器的地址受信任"}
	if a.Name != "" {
		lines = append(lines, "应用叫“"+a.Name+"”")
	}
	return strings.Join(lines, "，"), nil
}
