package command

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/notice"
	"duban/internal/store"
	"duban/internal/testkit"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the answers into the scripts")

// TestTalk plays whole conversations and holds every word of the answers. A script
// has lines "person> text" (a group: "person@> text"), "clock 2025-09-10 10:00" and comments; what
// follows a message is its answer ("< "), and whom else it made the robot tell ("~ ").
func TestTalk(t *testing.T) {
	scripts, err := filepath.Glob("testdata/talk/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range scripts {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				got := play(t, testkit.SQLite(t), string(want))
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				if diff := cmp.Diff(string(want), play(t, s, string(want))); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		})
	}
}

// play carries out a script and returns it with the answers it got.
func play(t *testing.T, s *store.Store, script string) string {
	t.Helper()
	h := newHarness(t, s)
	var out strings.Builder
	lines := bufio.NewScanner(strings.NewReader(script))
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "< ") || strings.HasPrefix(line, "~ ") || line == "<" {
			continue
		}
		fmt.Fprintln(&out, line)
		if at, ok := strings.CutPrefix(line, "clock "); ok {
			when, err := time.ParseInLocation("2006-01-02 15:04", at, h.engine.Loc)
			if err != nil {
				t.Fatal(err)
			}
			h.clock.Set(when)
			continue
		}
		who, words, ok := strings.Cut(line, "> ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		person, group := strings.CutSuffix(who, "@")
		reply := h.send(person, strings.ReplaceAll(words, `\n`, "\n"), group)
		for _, l := range strings.Split(reply.Text, "\n") {
			fmt.Fprintln(&out, strings.TrimRight("< "+l, " "))
		}
		var buttons []string
		for _, b := range reply.Buttons {
			buttons = append(buttons, "["+b.Label+"]")
		}
		if len(buttons) > 0 {
			fmt.Fprintln(&out, "< "+strings.Join(buttons, " "))
		}
		for _, n := range h.told {
			fmt.Fprintf(&out, "~ %s [%s] %s\n", n.PersonID, n.Kind, strings.ReplaceAll(n.Text, "\n", " / "))
		}
	}
	return out.String()
}

// send is say with the whole reply; "[图片]" in the text is an attachment.
func (h *harness) send(person, text string, group bool) bot.Reply {
	h.t.Helper()
	h.n++
	m := bot.Message{Platform: bot.WeCom, Robot: "r", ID: fmt.Sprintf("m%d", h.n), Corp: "corp", Chat: bot.Chat{Kind: bot.Private}}
	for i := range strings.Count(text, "[图片]") {
		m.Attachments = append(m.Attachments, bot.Attachment{Kind: bot.Image, Ref: fmt.Sprintf("media-%d-%d", h.n, i)})
	}
	m.Text = strings.TrimSpace(strings.ReplaceAll(text, "[图片]", ""))
	for _, a := range h.set.Accounts {
		if a.Person == person {
			m.Platform, m.UserID = bot.Platform(a.Platform), a.UserID
		}
	}
	if m.UserID == "" {
		m.UserID = person
	}
	if group {
		m.Chat = bot.Chat{Kind: bot.Group, ID: "g"}
	}
	h.told = nil
	reply, err := h.engine.Process(h.t.Context(), h.engine.Screen(m))
	if err != nil {
		h.t.Fatalf("%s says %q: %v", person, text, err)
	}
	return reply
}

// listening notes whom a transaction orders to be told.
type listening struct {
	Tx
	h *harness
}

func (l listening) AddNotices(ctx context.Context, ns []notice.Notice) (int, error) {
	n, err := l.Tx.AddNotices(ctx, ns)
	if n > 0 {
		l.h.told = append(l.h.told, ns...)
	}
	return n, err
}
