package app

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/bot/render"
	"duban/internal/notice"
)

var update = flag.Bool("update", false, "rewrite the generated documentation")

// actions say what duban does about an error by itself.
var actions = map[bot.SendClass]string{
	bot.Permanent: "不再发，记为没发成", bot.Temporary: "过一会儿再发", bot.RateLimit: "等 %s 再发", bot.Config: "停下报警，消息等着",
}

// TestErrorsInTheManual keeps the operators' page equal to the tables;
// `go test ./internal/app -run Manual -update` rewrites it.
func TestErrorsInTheManual(t *testing.T) {
	const file = "../../docs/operator/errors.zh-CN.md"
	var b strings.Builder
	b.WriteString("# 平台错误码一览\n\n<!-- generated: go test ./internal/app -run Manual -update -->\n\n" +
		"平台不收一条消息时，duban 按这张表办。`duban messages show 编号` 和 `duban doctor` 说的也是这张表里的话；停下报警的，平台管理员当天还会收到一条消息。\n" +
		"表里没有的错误码当作“不再发”，免得白费额度，用 `duban messages list --state failed` 能看到。\n" +
		"说不准到没到的（发出后没有回话），普通消息不再发，记为 `unknown`；紧急、催办升级和文件再发一次。\n")
	for _, p := range []bot.Platform{bot.WeCom, bot.DingTalk} {
		fmt.Fprintf(&b, "\n## %s\n\n| 错误码 | 意思 | duban 怎么办 | 您怎么办 |\n|---|---|---|---|\n", render.PlatformName(p))
		for _, row := range tables()[p] {
			action := actions[row.Class]
			if row.Class == bot.RateLimit {
				action = fmt.Sprintf(action, waitWords(row.After))
			}
			if row.Renew {
				action = "换一个凭证再试一次；还不行就" + action
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", strings.Join(row.Codes, "、"), row.Means, action, strings.ReplaceAll(row.Do, "|", "\\|"))
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := os.ReadFile(file); string(got) != b.String() {
		t.Error("docs/operator/errors.zh-CN.md differs from the tables")
	}
}

func waitWords(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%d 秒", d/time.Second)
	}
	return fmt.Sprintf("%d 分钟", d/time.Minute)
}

// TestTablesOfErrors holds what every row must have.
func TestTablesOfErrors(t *testing.T) {
	for p, table := range tables() {
		seen := map[string]bool{}
		for _, row := range table {
			if row.Reason == "" || row.Means == "" || actions[row.Class] == "" || len(row.Codes) == 0 {
				t.Errorf("%s: incomplete row %+v", p, row)
			}
			if row.Class == bot.Config && row.Do == "" {
				t.Errorf("%s %s: the operator has to mend it and is not told how", p, row.Reason)
			}
			if (row.Class == bot.RateLimit) != (row.After > 0) {
				t.Errorf("%s %s: waits %v", p, row.Reason, row.After)
			}
			if strings.HasSuffix(row.Means, "。") || strings.HasSuffix(row.Do, "。") {
				t.Errorf("%s %s: the full stop is added", p, row.Reason)
			}
			for _, code := range row.Codes {
				if seen[code] {
					t.Errorf("%s: %s stands twice", p, code)
				}
				seen[code] = true
			}
		}
	}
}

func TestWhatTheTableSaysAboutAMessage(t *testing.T) {
	for want, m := range map[string]notice.Message{
		"": {Platform: "wecom", State: notice.MsgSent},
		"企业微信一时忙（错误码 -1）。": {Platform: "wecom", State: notice.MsgQueued, Reason: "busy", Code: "-1"},
		"组织本月的调用或推送额度用完了，发不出也收不到内容（错误码 90020）。请钉钉管理员购买额度，或等下月 1 日；急事请打电话。": {Platform: "dingtalk", State: notice.MsgQueued, Reason: "quota", Code: "90020"},
		"会话的回复地址过期了。": {Platform: "dingtalk", State: notice.MsgFailed, Reason: "session_gone"},
	} {
		if got := troubleOf(m); got != want {
			t.Errorf("%+v: %q, want %q", m, got, want)
		}
	}
	if got := troubleOf(notice.Message{Platform: "wecom", State: notice.MsgFailed, Reason: "no_target"}); got != "" {
		t.Errorf("a reason of our own: %q", got)
	}
}
