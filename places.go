package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/errs"
)

func placesCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "places", Short: "地点二维码：列出、成批生成、打印", Args: cobra.NoArgs}
	c.AddCommand(placesListCommand(load), placesAddCommand(load), placesSheetsCommand(load))
	return c
}

func placesListCommand(load loader) *cobra.Command {
	var unit string
	c := &cobra.Command{Use: "list", Short: "列出地点和编号", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		return app.ListPlaces(cmd.Context(), cfg, unit, liner(cmd))
	}}
	c.Flags().StringVar(&unit, "unit", "", "只列一个单位")
	return c
}

func placesAddCommand(load loader) *cobra.Command {
	return &cobra.Command{Use: "add FILE", Short: "按清单成批生成，每行“单位,地点”；FILE 写 - 从标准输入读", Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		text, err := readList(cmd.InOrStdin(), args[0])
		if err != nil {
			return errs.With(errs.Invalid, "读不了 "+args[0]+"，请检查路径和权限。", err)
		}
		return app.AddPlaces(cmd.Context(), cfg, string(text), liner(cmd))
	}}
}

func readList(in io.Reader, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(in)
	}
	return os.ReadFile(name)
}

func placesSheetsCommand(load loader) *cobra.Command {
	var unit, out string
	c := &cobra.Command{Use: "sheets", Short: "做打印用的 Word 文件，A4 每页 6 个", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		doc, n, err := app.PlaceSheets(cmd.Context(), cfg, unit)
		if err != nil {
			return err
		}
		if out == "-" {
			_, err = cmd.OutOrStdout().Write(doc)
			return err
		}
		if err := os.WriteFile(out, doc, 0o600); err != nil {
			return errs.With(errs.Invalid, "写不了 "+out+"，请检查路径和权限。", err)
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%d 个地点，已写入 %s。\n", n, out)
		return nil
	}}
	c.Flags().StringVar(&unit, "unit", "", "只做一个单位")
	c.Flags().StringVar(&out, "out", "places.docx", "写到哪个文件，- 是标准输出")
	return c
}
