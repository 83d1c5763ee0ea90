package main

import (
	"github.com/spf13/cobra"

	"duban/internal/app"
)

func contactsCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "contacts", Short: "已绑定的账号和平台通讯录", Args: cobra.NoArgs}
	var o app.Comparison
	check := &cobra.Command{Use: "check", Short: "逐个问平台，绑定的账号还在不在；不加 --apply 只看不改", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		return app.CompareContacts(cmd.Context(), cfg, o, liner(cmd))
	}}
	check.Flags().BoolVar(&o.Apply, "apply", false, "照结果停用和恢复账号")
	check.Flags().BoolVar(&o.Many, "many", false, "查不到的再多也照办")
	c.AddCommand(check)
	return c
}
