package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/errs"
)

func journalCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "journal", Short: "历史记录：核对、链头、查看", Args: cobra.NoArgs}
	c.AddCommand(journalVerifyCommand(load), journalHeadCommand(load), journalShowCommand(load))
	return c
}

func journalVerifyCommand(load loader) *cobra.Command {
	var head string
	c := &cobra.Command{Use: "verify", Short: "从头核对历史记录有没有被改过", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		whole, err := app.VerifyJournal(cmd.Context(), cfg, head, printLine(cmd))
		if err == nil && !whole {
			return errSaid
		}
		return err
	}}
	c.Flags().StringVar(&head, "head", "", "以前记下的链头，用来发现末尾被删或整段改写")
	return c
}

func journalHeadCommand(load loader) *cobra.Command {
	return &cobra.Command{Use: "head", Short: "显示链头，请另存到别处", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		return app.JournalHead(cmd.Context(), cfg, printLine(cmd))
	}}
}

func journalShowCommand(load loader) *cobra.Command {
	var subject string
	var limit int
	c := &cobra.Command{Use: "show", Short: "查看一件事或一个人的历史，新的在前", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if limit < 1 {
			return errs.New(errs.Invalid, "--limit 要大于 0")
		}
		return app.ShowJournal(cmd.Context(), cfg, subject, limit, printLine(cmd))
	}}
	c.Flags().StringVar(&subject, "subject", "", "item:22-3、hazard:56 或 person:人员ID")
	c.Flags().IntVar(&limit, "limit", 50, "最多几行")
	return c
}

func printLine(cmd *cobra.Command) func(string) {
	return func(line string) { fmt.Fprintln(cmd.OutOrStdout(), line) }
}
