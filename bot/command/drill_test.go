package command

import (
	"testing"

	"duban/bot/render"
	"duban/internal/testkit"
)

func TestReadDrill(t *testing.T) {
	s := reader(t, newHarness(t, testkit.SQLite(t))) // a Wednesday, 9月10日
	for words, want := range map[string]string{
		"9月9日 消防演练完成 120人 3分20秒":        "9月9日 周二，120 人，用时 3 分 20 秒",
		"21-4 演练做完了 全校八百六十三人参加 4分20秒撤完": "863 人，用时 4 分 20 秒",
		"防震演练昨天下午搞过了 全校2分50秒出来":         "9月9日 周二，用时 2 分 50 秒",
		"地震逃生演练用了四分钟":                   "用时 4 分钟",
		"疏散演练用时200秒":                    "用时 3 分 20 秒",
		"今天上午10点30分消防演练完成，师生1200人":      "9月10日 周三，1200 人",
		"演练完成":          "",
		"9月24号搞演练，120人": "", // a plan
		"明天演练 120人":     "",
	} {
		if got := render.Drill(s.readDrill(words), s.today); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
