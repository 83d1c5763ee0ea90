package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"duban/internal/app"
	"duban/internal/calendar"
	"duban/internal/config"
	"duban/internal/demo"
	"duban/internal/errs"
	"duban/internal/obs"
)

// version is the release this code belongs to.
const version = "0.1.0"

func rootCommand() *cobra.Command {
	var file string
	root := &cobra.Command{
		Use: "duban", Short: "督办与校园安全聊天助手", SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.PersistentFlags().StringVar(&file, "config", "", "配置文件，默认读当前目录的 duban.yaml（如果有）")
	load := func() (*config.Config, error) { return config.Load(file, os.Environ()) }
	root.AddCommand(demoCommand(), serveCommand(load), migrateCommand(load), seedCommand(load), parseCommand(load), planCommand(load),
		messagesCommand(load), groupsCommand(load), menuCommand(load), cardsCommand(load), contactsCommand(load), chatsCommand(load), placesCommand(load), burdenCommand(load), journalCommand(load), doctorCommand(load), versionCommand())
	return root
}

type loader func() (*config.Config, error)

func serveCommand(load loader) *cobra.Command {
	var roles string
	c := &cobra.Command{Use: "serve", Short: "运行服务", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if roles != "" {
			if cfg.Server.Roles, err = config.ParseRoles(roles); err != nil {
				return err
			}
		}
		log := obs.NewLogger(os.Stderr, cfg.Log.Level, cfg.Log.Format)
		return app.Serve(cmd.Context(), cfg, app.Options{Log: log, Metrics: obs.NewMetrics(), Version: version})
	}}
	c.Flags().StringVar(&roles, "role", "", "本进程的角色：web、worker、scheduler，用逗号隔开，默认全部")
	return c
}

func migrateCommand(load loader) *cobra.Command {
	c := &cobra.Command{Use: "migrate", Short: "管理数据库表结构", Args: cobra.NoArgs}
	c.AddCommand(&cobra.Command{Use: "up", Short: "升级到本程序的版本", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		n, err := app.Migrate(cmd.Context(), cfg)
		if err == nil {
			fmt.Fprintf(cmd.OutOrStdout(), "表结构已是最新，本次执行 %d 步。\n", n)
		}
		return err
	}}, &cobra.Command{Use: "status", Short: "查看各步是否执行过", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		list, err := app.MigrationStatus(cmd.Context(), cfg)
		for _, m := range list {
			state := "未执行"
			if !m.AppliedAt.IsZero() {
				state = m.AppliedAt.In(cfg.Location()).Format(time.DateTime)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%05d  %-19s  %s\n", m.Version, state, m.Name)
		}
		return err
	}})
	return c
}

func seedCommand(load loader) *cobra.Command {
	var files app.SeedFiles
	c := &cobra.Command{Use: "seed", Short: "导入初始数据，可以反复运行", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		report, err := app.Seed(cmd.Context(), cfg, files)
		if err != nil {
			return err
		}
		for _, line := range report.Lines() {
			fmt.Fprintln(cmd.OutOrStdout(), line)
		}
		return nil
	}}
	c.Flags().StringVar(&files.Dir, "dir", "", "种子文件夹，默认用内置的")
	c.Flags().BoolVar(&files.Demo, "demo", false, "连同演示人员和立项确认一起导入")
	return c
}

func parseCommand(load loader) *cobra.Command {
	var now string
	var explain bool
	c := &cobra.Command{Use: "parse", Short: "逐行理解消息，输出 JSON", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		at, err := instant(now)
		if err != nil {
			return err
		}
		cfg, err := load()
		if err != nil {
			return err
		}
		return app.Parse(cfg, cmd.InOrStdin(), cmd.OutOrStdout(), at, explain)
	}}
	c.Flags().StringVar(&now, "now", "", "按哪个时刻理解日期，RFC3339，默认现在")
	c.Flags().BoolVar(&explain, "explain", false, "附上把握、依据和其他可能")
	return c
}

// instant reads a flag; "" is now, in the bureau's usual time zone.
func instant(text string) (time.Time, error) {
	if text == "" {
		loc, err := time.LoadLocation("Asia/Shanghai")
		return time.Now().In(loc), err
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, errs.New(errs.Invalid, "时刻要写成 RFC3339，例如 2025-09-10T09:30:00+08:00")
	}
	return t, nil
}

func planCommand(load loader) *cobra.Command {
	var from, to, person string
	var asJSON bool
	c := &cobra.Command{Use: "plan", Short: "预演：在现有数据上会发出哪些消息", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		q := app.PlanQuery{Person: person}
		var bad1, bad2 error
		q.From, bad1 = calendar.Parse(from)
		q.To, bad2 = calendar.Parse(to)
		if bad1 != nil || bad2 != nil {
			return errs.New(errs.Invalid, "--from 和 --to 要写成 2025-09-01 这样的日期")
		}
		return app.Plan(cmd.Context(), cfg, q, printer(cmd.OutOrStdout(), asJSON))
	}}
	c.Flags().StringVar(&from, "from", "", "第一天，2025-09-01")
	c.Flags().StringVar(&to, "to", "", "最后一天，2025-09-30")
	c.Flags().StringVar(&person, "person", "", "只看一个人（人员 ID）")
	c.Flags().BoolVar(&asJSON, "json", false, "每条消息一行 JSON")
	return c
}

func printer(w io.Writer, asJSON bool) func(app.Planned) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return func(p app.Planned) error { return enc.Encode(p) }
	}
	return func(p app.Planned) error {
		_, err := fmt.Fprintf(w, "%s\n%s\n\n", p.Line(), p.Text)
		return err
	}
}

func doctorCommand(load loader) *cobra.Command {
	return &cobra.Command{Use: "doctor", Short: "检查配置、数据库、历史记录、Redis、平台凭证、节假日和时钟", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		report := func(f app.Finding) {
			mark := "✓"
			if !f.OK {
				mark = "✗"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s %s：%s\n", mark, f.Name, f.Say)
		}
		cfg, err := load()
		if err != nil {
			report(app.Finding{Name: "配置", Say: err.Error()})
			return errSaid
		}
		if !app.Doctor(cmd.Context(), cfg, report) {
			return errSaid
		}
		return nil
	}}
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "版本", Args: cobra.NoArgs, Run: func(cmd *cobra.Command, _ []string) {
		fmt.Fprintf(cmd.OutOrStdout(), "duban %s %s\n", version, revision())
	}}
}

// revision is the commit the program was built from.
func revision() string {
	if commit != "" {
		return commit
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}

func demoCommand() *cobra.Command {
	var addr, now, dir string
	var noOpen, verbose bool
	c := &cobra.Command{Use: "demo", Short: "演示：不用任何配置，在浏览器里试用", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		o := demo.Options{Addr: addr, Dir: dir, Version: version, Log: obs.NewLogger(os.Stderr, "error", "text")}
		if verbose {
			o.Log = obs.NewLogger(os.Stderr, "debug", "text")
		}
		if now != "" {
			at, err := instant(now)
			if err != nil {
				return err
			}
			o.Now = at
		}
		visit := openBrowser
		if noOpen {
			visit = nil
		}
		return demo.Run(cmd.Context(), o, cmd.OutOrStdout(), visit)
	}}
	c.Flags().StringVar(&addr, "addr", "", "监听地址，默认 "+demo.DefaultAddr+"，被占用时另选一个")
	c.Flags().StringVar(&now, "now", "", "时钟的起点，RFC3339，默认 "+demo.Start)
	c.Flags().StringVar(&dir, "dir", "", "数据文件夹，写了就保留数据；默认用临时的")
	c.Flags().BoolVar(&noOpen, "no-open", false, "不自动打开浏览器")
	c.Flags().BoolVar(&verbose, "verbose", false, "显示全部日志")
	return c
}
