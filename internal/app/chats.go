package app

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"duban/bot"
	"duban/bot/wecom"
	"duban/internal/config"
	"duban/internal/errs"
)

// ChatSettings are what a group of WeCom's app is made or changed with; what is empty
// stays as it is.
type ChatSettings struct {
	Name, Owner string
	Add, Remove []string // WeCom accounts
}

// CreateChat makes a group of the app's for the group of the roster with that id.
func CreateChat(ctx context.Context, cfg *config.Config, id string, o ChatSettings, say func(string)) error {
	return withMenus(cfg, func(c *wecom.Client) error {
		chat := wecom.Chat{ID: wecom.ChatID(id), Name: o.Name, Owner: o.Owner, Members: o.Add}
		if err := c.CreateChat(ctx, chat); err != nil {
			return chatTrouble(err)
		}
		say("群已建好，写进 staff.yaml 再运行 duban seed：")
		say(fmt.Sprintf("  - {id: %s, name: %s, platform: wecom, via: conversation, ref: %s, scope: ju, digest: true}", id, o.Name, chat.ID))
		say("有了第一条消息，大家才看得到这个群：duban groups send " + id + " --text 大家好")
		return nil
	})
}

// ShowChat hands what the platform knows of a group to say.
func ShowChat(ctx context.Context, cfg *config.Config, id string, say func(string)) error {
	return withMenus(cfg, func(c *wecom.Client) error {
		chat, err := c.Chat(ctx, chatOf(id))
		if err != nil {
			return chatTrouble(err)
		}
		say(fmt.Sprintf("%s  %s  群主 %s  %d 人", chat.ID, chat.Name, cmp.Or(chat.Owner, "—"), len(chat.Members)))
		say("成员：" + strings.Join(chat.Members, "、"))
		return nil
	})
}

// UpdateChat changes a group.
func UpdateChat(ctx context.Context, cfg *config.Config, id string, o ChatSettings, say func(string)) error {
	return withMenus(cfg, func(c *wecom.Client) error {
		err := c.UpdateChat(ctx, wecom.ChatChange{ID: chatOf(id), Name: o.Name, Owner: o.Owner, Add: o.Add, Remove: o.Remove})
		if err == nil {
			say("已改。")
		}
		return chatTrouble(err)
	})
}

// chatOf takes an id of the roster or the platform's own.
func chatOf(id string) string {
	if wecom.OwnChat(id) {
		return id
	}
	return wecom.ChatID(id)
}

func chatTrouble(err error) error {
	if err == nil {
		return nil
	}
	return errs.With(errs.Invalid, cmp.Or(bot.AdviceOf(err), "群的名称要 1 到 50 个字，成员 2 到 2000 人；或者平台没有回话，请再试一次。"), err)
}
