package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/burden"
	"duban/internal/calendar"
)

func burdenCommand(load loader) *cobra.Command {
	var from, to, by string
	var asJSON bool
	c := &cobra.Command{Use: "burden", Short: "负担表：各校收了多少消息，被要求填报多少次，其中重复收集多少次", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
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
		tables, err := app.Burden(cmd.Context(), cfg, first, last, calendar.Unit(by))
		if err != nil {
			return err
		}
		if asJSON {
			return burdenJSON(cmd.OutOrStdout(), by, tables)
		}
		_, err = io.WriteString(cmd.OutOrStdout(), burdenColumns(tables))
		return err
	}}
	c.Flags().StringVar(&from, "from", "", "第一天，2025-09-01")
	c.Flags().StringVar(&to, "to", "", "最后一天，2025-09-30")
	c.Flags().StringVar(&by, "by", "", "分列：week 每周一列，month 每月一列；不写就是整段一列")
	c.Flags().BoolVar(&asJSON, "json", false, "输出 JSON")
	return c
}

// burdenJSON writes one table, or with --by a list of them.
func burdenJSON(out io.Writer, by string, tables []burden.Table) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if by == "" {
		return enc.Encode(tables[0])
	}
	return enc.Encode(tables)
}

// burdenColumns is a school a line and a span a column: messages, asked, repeated.
func burdenColumns(tables []burden.Table) string {
	var b strings.Builder
	b.WriteString("单位")
	for _, t := range tables {
		fmt.Fprintf(&b, "\t%s 到 %s", t.From, t.To)
	}
	line := func(name string, of func(burden.Table) burden.Line) {
		b.WriteString("\n" + name)
		for _, t := range tables {
			l := of(t)
			fmt.Fprintf(&b, "\t消息 %d 条，要求填报 %d 次，重复 %d 次", l.Messages, l.Asked, l.Repeated)
		}
	}
	for i, l := range tables[0].Lines {
		line(l.Name, func(t burden.Table) burden.Line { return t.Lines[i] })
	}
	line("合计", burden.Table.Total)
	return b.String() + "\n"
}
