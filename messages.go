package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/calendar"
	"duban/internal/errs"
)

func messagesCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "messages", Short: "查看发出的消息，重发没发成的", Args: cobra.NoArgs}
	c.AddCommand(messagesListCommand(load), messagesShowCommand(load), messagesReplayCommand(load), messagesRecallCommand(load))
	return c
}

func messagesListCommand(load loader) *cobra.Command {
	var f app.MessageFilter
	var since string
	c := &cobra.Command{Use: "list", Short: "列出消息，新的在前", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if f.Since, err = day("--since", since); err != nil {
			return err
		}
		return app.ListMessages(cmd.Context(), cfg, f, liner(cmd))
	}}
	c.Flags().StringVar(&f.State, "state", "", "只看一种状态：queued、sending、sent、failed、unknown、recalled、dropped")
	c.Flags().StringVar(&since, "since", "", "从哪一天起，2025-09-01")
	c.Flags().StringVar(&f.Person, "person", "", "只看一个人（人员 ID）")
	c.Flags().IntVar(&f.Limit, "limit", 50, "最多几条")
	return c
}

func messagesShowCommand(load loader) *cobra.Command {
	var read bool
	c := &cobra.Command{Use: "show ID", Short: "一条消息的各个环节和原因", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		ids, err := messageIDs(args)
		if err != nil {
			return err
		}
		if err := app.ShowMessage(cmd.Context(), cfg, ids[0], liner(cmd)); err != nil || !read {
			return err
		}
		return app.ReadersOf(cmd.Context(), cfg, ids[0], liner(cmd))
	}}
	c.Flags().BoolVar(&read, "read", false, "再问钉钉读了没有（24 小时内的，用一次接口调用额度）")
	return c
}

func messagesRecallCommand(load loader) *cobra.Command {
	var r app.Recall
	c := &cobra.Command{Use: "recall ID…", Short: "撤回 24 小时内发出的消息", Args: cobra.MinimumNArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if r.IDs, err = messageIDs(args); err != nil {
			return err
		}
		return app.RecallMessages(cmd.Context(), cfg, r, liner(cmd))
	}}
	c.Flags().BoolVar(&r.Together, "together", false, "同一次发给很多人的，一起撤回")
	return c
}

func messagesReplayCommand(load loader) *cobra.Command {
	var r app.Replay
	var since string
	c := &cobra.Command{Use: "replay [ID…]", Short: "重发没发成的消息", RunE: func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if r.IDs, err = messageIDs(args); err != nil {
			return err
		}
		if r.Since, err = day("--since", since); err != nil {
			return err
		}
		return app.ReplayMessages(cmd.Context(), cfg, r, liner(cmd))
	}}
	c.Flags().BoolVar(&r.Failed, "failed", false, "全部没发成的，要同时写 --since")
	c.Flags().StringVar(&since, "since", "", "从哪一天起，2025-09-01")
	c.Flags().BoolVar(&r.EvenIfUnknown, "even-if-unknown", false, "连同可能已经到了的普通消息")
	return c
}

func messageIDs(args []string) ([]int64, error) {
	var ids []int64
	for _, a := range args {
		id, err := strconv.ParseInt(a, 10, 64)
		if err != nil || id < 1 {
			return nil, errs.New(errs.Invalid, "消息编号是一个整数，请用 duban messages list 查编号。")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// day reads a flag; "" is no day.
func day(flag, text string) (calendar.Date, error) {
	if text == "" {
		return 0, nil
	}
	d, err := calendar.Parse(text)
	if err != nil {
		return 0, errs.Newf(errs.Invalid, "%s 要写成 2025-09-01 这样的日期", flag)
	}
	return d, nil
}

// liner prints lines.
func liner(cmd *cobra.Command) func(string) {
	return func(line string) { fmt.Fprintln(cmd.OutOrStdout(), line) }
}
