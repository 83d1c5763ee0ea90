package scenario

import (
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"

	"duban/bot"
	"duban/internal/sim/stage"
	"duban/internal/testkit"
)

// wire stands between duban and a server and can be cut.
type wire struct {
	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
	to    string
	l     net.Listener
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{conns: map[net.Conn]bool{}, to: to, l: l}
	go w.accept()
	t.Cleanup(func() { _ = l.Close(); w.set(true) })
	return w
}

func (w *wire) accept() {
	for {
		in, err := w.l.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.to)
		if err != nil {
			_ = in.Close()
			continue
		}
		if !w.join(in, out) {
			_, _ = in.Close(), out.Close()
			continue
		}
		go w.carry(in, out)
		go w.carry(out, in)
	}
}

// join counts a pair as connected unless the wire is cut. It looks and counts in one
// step, so that no connection made while the wire is being cut survives.
func (w *wire) join(in, out net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.cut {
		w.conns[in], w.conns[out] = true, true
	}
	return !w.cut
}

func (w *wire) carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_, _ = to.Close(), from.Close()
	w.mu.Lock()
	delete(w.conns, to)
	delete(w.conns, from)
	w.mu.Unlock()
}

// set cuts or mends the wire.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.conns {
			_ = c.Close()
		}
	}
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
		w := open(t, hostPort.ReplaceAllString(dsn, "tcp("+database.l.Addr().String()+")"), strings.Replace(address, redisHost, queue.l.Addr().String(), 1),
			setup{roles: "web,worker"})

		database.set(true)
		line := stage.Line{Platform: bot.WeCom, Text: "上报隐患 食堂后厨燃气软管老化", MsgID: "8001"}
		w.same("taken without an answer", w.line("wenchang-jia", line), "")
		database.set(false)
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
		database.set(true)
		queue.set(true)
		line.MsgID, line.Text = "8002", "上报隐患 配电房门没锁"
		id, _ := w.stage.UserID("wenchang-jia", bot.WeCom)
		line.UserID = id
		if _, err := w.stage.Say(w.ctx, line); err == nil {
			t.Error("a message that nobody keeps was acknowledged")
		}
		database.set(false)
		queue.set(false)
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
