package app

import (
	"context"
	"fmt"
	"log/slog"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/config"
	"duban/internal/errs"
)

// standardMenu is the menu of the self-built app: what people do most, in their own
// words. An entry that is chosen is read as if its key had been written.
func standardMenu() []wecom.MenuButton {
	click := func(name, words string) wecom.MenuButton {
		return wecom.MenuButton{Type: "click", Name: name, Key: words}
	}
	return []wecom.MenuButton{
		{Name: "任务", Sub: []wecom.MenuButton{
			click("我的任务", "我的任务"), click("本周到期", "本周到期"), click("有没有逾期的", "有没有逾期的"), click("怎么报进度", "怎么报进度")}},
		{Name: "隐患", Sub: []wecom.MenuButton{
			click("怎么报隐患", "怎么报隐患"), {Type: "pic_photo_or_album", Name: "拍照报隐患", Key: "report_photo"},
			click("我报的隐患", "我报的那个怎么样了"), click("未整改的隐患", "未整改的隐患")}},
		{Name: "帮助", Sub: []wecom.MenuButton{
			click("我能办什么", "帮助"), click("提意见", "我要提建议"), click("绑定账号", "怎么绑定")}},
	}
}

// withMenus runs f with WeCom's self-built app.
func withMenus(cfg *config.Config, f func(*wecom.Client) error) error {
	p, err := newPlatforms(cfg, clockOf(cfg), nil, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer p.close()
	client, ok := p.app()
	if !ok {
		return errs.New(errs.Invalid, "企业微信自建应用没有配置，没有菜单可设。")
	}
	return f(client)
}

// app is WeCom's self-built app.
func (p *platforms) app() (*wecom.Client, bool) {
	switch c := p.byName[string(bot.WeCom)].(type) {
	case *wecom.Client:
		return c, true
	case *wecomRoads:
		return c.Client, p.cfg.WeCom.Enabled()
	}
	return nil, false
}

// PushMenu gives the app the standard menu.
func PushMenu(ctx context.Context, cfg *config.Config, say func(string)) error {
	return withMenus(cfg, func(c *wecom.Client) error {
		if err := c.SetMenu(ctx, standardMenu()); err != nil {
			return err
		}
		say("菜单已推到企业微信，成员重新打开应用就能看到。")
		return nil
	})
}

// ShowMenu hands the lines of the menu that the platform has to say.
func ShowMenu(ctx context.Context, cfg *config.Config, say func(string)) error {
	return withMenus(cfg, func(c *wecom.Client) error {
		buttons, err := c.Menu(ctx)
		if err == nil && len(buttons) == 0 {
			say("应用现在没有菜单，用 duban menu push 推上去。")
		}
		for _, b := range buttons {
			say(menuLine(b))
			for _, sub := range b.Sub {
				say("  " + menuLine(sub))
			}
		}
		return err
	})
}

func menuLine(b wecom.MenuButton) string {
	switch {
	case b.URL != "":
		return fmt.Sprintf("%s（打开网页）", b.Name)
	case b.Key == "" || b.Key == b.Name:
		return b.Name
	}
	return fmt.Sprintf("%s（%s）", b.Name, b.Key)
}

// ClearMenu takes the menu away.
func ClearMenu(ctx context.Context, cfg *config.Config, say func(string)) error {
	return withMenus(cfg, func(c *wecom.Client) error {
		if err := c.ClearMenu(ctx); err != nil {
			return err
		}
		say("应用的菜单已去掉。")
		return nil
	})
}
