package scenario

import (
	"regexp"
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/sim/stage"
	"duban/internal/sim/wire"
	"duban/internal/testkit"
)

// newWire stands between duban and a server until the test ends.
func newWire(t *testing.T, to string) *wire.Wire {
	t.Helper()
	w, err := wire.New(to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

var hostPort = regexp.MustCompile(`tcp\(([^)]+)\)`)

// TestAMessageSurvivesADatabaseThatIsAway cuts the database while people write.
// It needs MySQL: SQLite is a file and never away.
func TestAMessageSurvivesADatabaseThatIsAway(t *testing.T) {
	testkit.EachEmpty(t, func(t *testing.T, dsn string) {
		if strings.HasPrefix(dsn, "sqlite:") {
			t.Skip("SQLite is a file and never away")
		}
		database := newWire(t, hostPort.FindStringSubmatch(dsn)[1])
		address := testkit.Redis(t)
		redisHost := regexp.MustCompile(`@?([0-9.]+:\d+)/`).FindStringSubmatch(address)[1]
		queue := newWire(t, redisHost)
		w := open(t, hostPort.ReplaceAllString(dsn, "tcp("+database.Addr()+")"), strings.Replace(address, redisHost, queue.Addr(), 1),
			setup{roles: "web,worker"})

		database.Cut(true)
		line := stage.Line{Platform: bot.WeCom, Text: "上报隐患 食堂后厨燃气软管老化", MsgID: "8001"}
		w.same("taken without an answer", w.line("wenchang-jia", line), "")
		database.Cut(false)
		w.await(func() bool { return w.query("SELECT COUNT(*) FROM hazards") == "1" })
		w.idle()
		all := w.take()
		if got := to(all, "wenchang-jia"); len(got) != 1 || !strings.HasPrefix(got[0], "已登记 YH-2025-0001") {
			t.Errorf("the answer that was owed: %s", list(all))
		}
		if first := w.line("wenchang-jia", line); !strings.HasPrefix(first, "已登记 YH-2025-0001") {
			t.Errorf("the same again: %q", first)
		}

		// Nothing can keep it: the platform is told, and sends it again.
		database.Cut(true)
		queue.Cut(true)
		line.MsgID, line.Text = "8002", "上报隐患 配电房门没锁"
		id, _ := w.stage.UserID("wenchang-jia", bot.WeCom)
		line.UserID = id
		if _, err := w.stage.Say(w.ctx, line); err == nil {
			t.Error("a message that nobody keeps was acknowledged")
		}
		database.Cut(false)
		queue.Cut(false)
		w.await(func() bool {
			answer, err := w.stage.Say(w.ctx, line)
			return err == nil && strings.HasPrefix(answer, "已登记 YH-2025-0002")
		})
		if got := w.query("SELECT COUNT(*) FROM hazards"); got != "2" {
			t.Errorf("%s hazards, want 2", got)
		}
		w.idle()
		w.take()
		w.logs.Reset() // it was away, and said so
	})
}
