package main

import (
	"github.com/spf13/cobra"

	"duban/internal/app"
)

func cardsCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "cards", Short: "钉钉互动卡片", Args: cobra.NoArgs}
	c.AddCommand(&cobra.Command{Use: "register", Short: "把卡片按钮的回传地址登记到钉钉（HTTP 方式）", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		return app.RegisterCards(cmd.Context(), cfg, liner(cmd))
	}})
	return c
}
