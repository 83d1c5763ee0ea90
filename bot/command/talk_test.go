package command

import (
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
	"duban/internal/testkit/script"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the answers into the scripts")

// TestTalk plays whole conversations and holds every word of the answers. With -update
// it writes the answers into the scripts.
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

// headings are the sections that every command's script has.
var headings = []string{"happy", "missing", "ambiguous", "forbidden", "cancelled", "undone"}

// TestEveryCommandHasAScript holds that each command is talked through in all its
// turns, or that its script says why there is no such turn.
func TestEveryCommandHasAScript(t *testing.T) {
	for _, spec := range specs() {
		body, err := os.ReadFile("testdata/talk/" + string(spec.Command) + ".txt")
		if err != nil {
			t.Error(err)
			continue
		}
		s := script.Parse(string(body))
		for _, name := range headings {
			if !s.Covers(name) {
				t.Errorf("%s has no section %q and does not say why", spec.Command, name)
			}
		}
		for i, section := range s.Sections { // the whole program plays on WeCom what comes before
			if i > 0 && s.Sections[i-1].OnlyDingTalk() && !section.OnlyDingTalk() {
				t.Errorf("%s: %q can be played on WeCom and must come before %q", spec.Command, section.Name, s.Sections[i-1].Name)
			}
		}
	}
}

// play carries out a script and returns it with the answers it got.
func play(t *testing.T, s *store.Store, text string) string {
	t.Helper()
	h := newHarness(t, s)
	played := script.Parse(text)
	for _, section := range played.Sections {
		h.platform = bot.WeCom
		if section.OnlyDingTalk() {
			h.platform = bot.DingTalk
		}
		for i := range section.Turns {
			h.turn(&section.Turns[i])
		}
	}
	return played.String()
}

func (h *harness) turn(turn *script.Turn) {
	h.t.Helper()
	switch {
	case turn.Clock != "":
		when, err := time.ParseInLocation("2006-01-02 15:04", turn.Clock, h.engine.Loc)
		if err != nil {
			h.t.Fatal(err)
		}
		h.clock.Set(when)
	case turn.Deliver:
		h.deliver()
	case turn.Said != nil:
		reply := h.send(*turn.Said)
		turn.Answer, turn.Buttons, turn.Told = reply.Text, nil, nil
		for _, b := range reply.Buttons {
			turn.Buttons = append(turn.Buttons, script.Button{Label: b.Label, Send: b.Send})
		}
		for _, n := range h.told {
			turn.Told = append(turn.Told, script.Told(n.PersonID, string(n.Kind), n.Text))
		}
	}
}

// say sends a message of a person and returns what is said back in that place.
func (h *harness) say(person, text string, group bool) string {
	h.t.Helper()
	return h.send(script.Said{Person: person, Text: text, Group: group}).Text
}

// send is say with the whole reply.
func (h *harness) send(said script.Said) bot.Reply {
	h.t.Helper()
	h.n++
	m := bot.Message{Platform: h.platform, Robot: "r", ID: fmt.Sprintf("m%d", h.n), Corp: "corp", UserID: said.Person, Text: said.Text, Chat: bot.Chat{Kind: bot.Private}}
	for i := range said.Photos {
		m.Attachments = append(m.Attachments, bot.Attachment{Kind: bot.Image, Ref: fmt.Sprintf("media-%d-%d", h.n, i)})
	}
	for _, a := range h.set.Accounts {
		if a.Person == said.Person && bot.Platform(a.Platform) == h.platform {
			m.UserID = a.UserID
		}
	}
	if said.Group {
		m.Chat = bot.Chat{Kind: bot.Group, ID: "g"}
	}
	if said.Quote != "" {
		m.Quote = &bot.Quote{Text: said.Quote}
	}
	h.told = nil
	reply, err := h.engine.Process(h.t.Context(), h.engine.Screen(m))
	if err != nil {
		h.t.Fatalf("%s says %q: %v", said.Person, said.Text, err)
	}
	return reply
}

// deliver stands for the worker: everything that may be told by now is told.
func (h *harness) deliver() {
	h.t.Helper()
	ctx, now := h.t.Context(), h.clock.Now()
	err := h.store.Within(ctx, func(tx *store.Tx) error {
		people, err := tx.Recipients(ctx, now, 1000)
		if err != nil {
			return err
		}
		for _, person := range people {
			waiting, err := tx.LockPending(ctx, now, person)
			if err != nil {
				return err
			}
			var ids []int64
			for _, n := range waiting {
				ids = append(ids, n.ID)
			}
			id, err := tx.AddMessage(ctx, notice.Message{Key: fmt.Sprintf("deliver:%s:%d@wecom", person, now.Unix()), PersonID: person, Platform: "wecom",
				State: notice.MsgSent, Created: now})
			if err != nil {
				return err
			}
			if err := tx.SettleNotices(ctx, ids, notice.Taken, "", id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// listening notes whom a transaction orders to be told, each thing once.
type listening struct {
	Tx
	h *harness
}

func (l listening) AddNotices(ctx context.Context, ns []notice.Notice) (int, error) {
	total := 0
	for _, one := range ns {
		n, err := l.Tx.AddNotices(ctx, []notice.Notice{one})
		if err != nil {
			return total, err
		}
		if total += n; n > 0 {
			l.h.told = append(l.h.told, one)
		}
	}
	return total, nil
}
