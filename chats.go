package main

import (
	"context"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/config"
)

func chatsCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "chats", Short: "企业微信自建应用建的群", Args: cobra.NoArgs}
	c.AddCommand(chatCommand(load, "create ID", "给名册里的一个群建应用群", app.CreateChat, func(c *cobra.Command, o *app.ChatSettings) {
		c.Flags().StringVar(&o.Name, "name", "", "群名，最多 50 个字")
		c.Flags().StringVar(&o.Owner, "owner", "", "群主的企业微信账号，不写由平台定")
		c.Flags().StringSliceVar(&o.Add, "member", nil, "成员的企业微信账号，用逗号隔开，可以写多次")
		_ = c.MarkFlagRequired("name") // the flags were just made
		_ = c.MarkFlagRequired("member")
	}), chatCommand(load, "update ID", "改群名、群主、成员", app.UpdateChat, func(c *cobra.Command, o *app.ChatSettings) {
		c.Flags().StringVar(&o.Name, "name", "", "新的群名")
		c.Flags().StringVar(&o.Owner, "owner", "", "新的群主")
		c.Flags().StringSliceVar(&o.Add, "add", nil, "加进来的成员")
		c.Flags().StringSliceVar(&o.Remove, "remove", nil, "移出去的成员")
	}), chatCommand(load, "show ID", "看平台上的群主和成员",
		func(ctx context.Context, cfg *config.Config, id string, _ app.ChatSettings, say func(string)) error {
			return app.ShowChat(ctx, cfg, id, say)
		}, func(*cobra.Command, *app.ChatSettings) {}))
	return c
}

type chatDo func(ctx context.Context, cfg *config.Config, id string, o app.ChatSettings, say func(string)) error

func chatCommand(load loader, use, short string, do chatDo, flags func(*cobra.Command, *app.ChatSettings)) *cobra.Command {
	var o app.ChatSettings
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		return do(cmd.Context(), cfg, args[0], o, liner(cmd))
	}}
	flags(c, &o)
	return c
}
