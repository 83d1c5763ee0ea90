package main

import (
	"context"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/config"
)

func menuCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "menu", Short: "企业微信自建应用的菜单", Args: cobra.NoArgs}
	add := func(use, short string, do func(context.Context, *config.Config, func(string)) error) {
		c.AddCommand(&cobra.Command{Use: use, Short: short, Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := load()
			if err != nil {
				return err
			}
			return do(cmd.Context(), cfg, liner(cmd))
		}})
	}
	add("push", "把标准菜单推到企业微信", app.PushMenu)
	add("show", "看企业微信上现在的菜单", app.ShowMenu)
	add("clear", "去掉菜单", app.ClearMenu)
	return c
}
