package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"duban/internal/app"
)

func burdenCommand(load loader) *cobra.Command {
	var from, to string
	var asJSON bool
	c := &cobra.Command{Use: "burden", Short: "负担表：各校收了多少消息，被要求填报多少次", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		first, err := day("--from", from)
		if err != nil {
			return err
		}
		last, err := day("--to", to)
		if err != nil {
			return err
		}
		t, err := app.Burden(cmd.Context(), cfg, first, last)
		if err != nil {
			return err
		}
		if asJSON {
			enc := json.NewEncoder(cmd.OutOrStdout())
			enc.SetEscapeHTML(false)
			return enc.Encode(t)
		}
		for _, l := range t.Lines {
			fmt.Fprintf(cmd.OutOrStdout(), "%s\t消息 %d 条\t要求填报 %d 次\n", l.Name, l.Messages, l.Asked)
		}
		sum := t.Total()
		fmt.Fprintf(cmd.OutOrStdout(), "合计\t消息 %d 条\t要求填报 %d 次\n", sum.Messages, sum.Asked)
		return nil
	}}
	c.Flags().StringVar(&from, "from", "", "第一天，2025-09-01")
	c.Flags().StringVar(&to, "to", "", "最后一天，2025-09-30")
	c.Flags().BoolVar(&asJSON, "json", false, "输出 JSON")
	return c
}
