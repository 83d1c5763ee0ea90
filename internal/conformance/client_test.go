// Package conformance holds the fake platforms and the callbacks against software that
// others have written: the platforms' own Node libraries, each in a small program of
// clients that a test steers. A fake that only our own client understands proves nothing.
package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"testing"
	"time"

	"duban/internal/testkit"
)

// patience bounds a test; nothing here is expected to take long.
const patience = 30 * time.Second

// client is one running program of clients.
type client struct {
	t       *testing.T
	ctx     context.Context
	in      io.Writer
	answers chan line
	events  chan line
}

// line is what a program writes.
type line struct {
	Answer json.RawMessage
	Error  string
	Event  string
	Text   string // of some events

	Kind    string // of a smart bot's message
	ReqID   string
	Body    json.RawMessage
	Headers map[string]string // of a stream's message
	Data    string
}

// start runs a program of clients until the test ends.
func start(t *testing.T, name string) *client {
	t.Helper()
	testkit.NodeModules(t, ".")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	cmd := exec.CommandContext(ctx, "node", "clients/"+name+".cjs")
	in, err := cmd.StdinPipe()
	ok(t, err)
	out, err := cmd.StdoutPipe()
	ok(t, err)
	cmd.Stderr = t.Output()
	ok(t, cmd.Start())
	c := &client{t: t, ctx: ctx, in: in, answers: make(chan line, 1), events: make(chan line, 1000)}
	read := make(chan struct{})
	go func() {
		defer close(read)
		c.read(out)
	}()
	t.Cleanup(func() {
		_ = in.Close() // ends the program
		<-read
		_ = cmd.Wait()
		cancel()
	})
	return c
}

func (c *client) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var l line
		switch err := json.Unmarshal(lines.Bytes(), &l); {
		case err != nil:
			c.t.Errorf("not a line of ours: %s", lines.Bytes())
		case l.Event != "":
			c.events <- l
		default:
			c.answers <- l
		}
	}
}

// ask has the program do something and reads its answer into out, which may be nil.
func (c *client) ask(do string, args map[string]any, out any) {
	c.t.Helper()
	request := map[string]any{"do": do}
	for k, v := range args {
		request[k] = v
	}
	raw, err := json.Marshal(request)
	ok(c.t, err)
	_, err = c.in.Write(append(raw, '\n'))
	ok(c.t, err)
	select {
	case l := <-c.answers:
		if l.Error != "" {
			c.t.Fatalf("%s: %s", do, l.Error)
		}
		if out != nil {
			ok(c.t, json.Unmarshal(l.Answer, out))
		}
	case <-c.ctx.Done():
		c.t.Fatalf("%s: no answer", do)
	}
}

// event waits for the next event of a name; others that come before are passed over.
func (c *client) event(name string) line {
	c.t.Helper()
	for {
		select {
		case l := <-c.events:
			if l.Event == name {
				return l
			}
			if l.Event == "refused" {
				c.t.Fatalf("the platform refused: %s", l.Text)
			}
		case <-c.ctx.Done():
			c.t.Fatalf("no %s", name)
		}
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
