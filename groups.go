package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/errs"
)

func groupsCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "groups", Short: "查看名册里的群，在群里试发", Args: cobra.NoArgs}
	c.AddCommand(&cobra.Command{Use: "list", Short: "列出群和它们的路", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		return app.ListGroups(cmd.Context(), cfg, liner(cmd))
	}}, groupsSendCommand(load))
	return c
}

func groupsSendCommand(load loader) *cobra.Command {
	var m app.GroupMessage
	var image, file string
	c := &cobra.Command{Use: "send ID", Short: "在一个群里说一句，或发一张图、一个文件", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if image != "" {
			if m.Image, err = readSmall(image); err != nil {
				return err
			}
		}
		if file != "" {
			m.FileName = filepath.Base(file)
			if m.File, err = readSmall(file); err != nil {
				return err
			}
		}
		return app.SendToGroup(cmd.Context(), cfg, args[0], m, liner(cmd))
	}}
	c.Flags().StringVar(&m.Text, "text", "", "文字")
	c.Flags().StringVar(&m.Title, "title", "", "文字的标题（钉钉）")
	c.Flags().StringVar(&m.Markdown, "markdown", "", "Markdown（企业微信群机器人）")
	c.Flags().StringVar(&image, "image", "", "图片，JPG 或 PNG，不超过 2 MB（企业微信群机器人）")
	c.Flags().StringVar(&file, "file", "", "文件，不超过 20 MB（企业微信群机器人）")
	c.MarkFlagsOneRequired("text", "markdown", "image", "file")
	c.MarkFlagsMutuallyExclusive("text", "markdown", "image", "file")
	return c
}

// readSmall reads a file that a platform would take.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil || info.Size() > app.MaxFile {
		return nil, errs.New(errs.Invalid, "读不到这个文件，或者它超过 20 MB。")
	}
	return os.ReadFile(path)
}
