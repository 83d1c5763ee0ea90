package phone

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/bot"
)

// listen opens a stream and returns its events as "name id data" lines. The
// channel closes when the server ends the stream.
func listen(t *testing.T, url, lastID string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream; charset=utf-8" {
		t.Fatalf("content type %s, status %d", kind, answer.StatusCode)
	}
	out := make(chan string, 100)
	go func() {
		defer close(out)
		defer answer.Body.Close()
		var id, name string
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch key {
			case "id":
				id = value
			case "event":
				name = value
			case "data":
				out <- strings.Join([]string{name, id, value}, " ")
			}
		}
	}()
	return out
}

func next(t *testing.T, events <-chan string) string {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(10 * time.Second):
		t.Fatal("no event")
		return ""
	}
}

func publish(f *Feed, n int) {
	for i := range n {
		f.Publish(Entry{At: at(10, 9, i), Platform: bot.WeCom, Person: "t1", Text: fmt.Sprint("nr ", i+1)})
	}
}

func serve(t *testing.T) (*site, string) {
	s := newSite(t)
	srv := httptest.NewServer(s.h)
	t.Cleanup(srv.Close)
	t.Cleanup(s.feed.Close)
	return s, srv.URL + "/demo/api/events"
}

func TestStreamLive(t *testing.T) {
	s, url := serve(t)
	events := listen(t, url+"?after="+s.feed.cursor(0), "")
	if e := next(t, events); e != `clock  {"now":"2025-09-10T09:30:00+08:00","running":false,"next":"2025-09-11T08:30:00+08:00"}` {
		t.Errorf("first event %s", e)
	}
	publish(s.feed, 1)
	want := "entry " + s.feed.cursor(1) + ` {"seq":1,"at":"2025-09-10T09:00:00+08:00","platform":"wecom","person":"t1","from_bot":false,"from":"","text":"nr 1"}`
	if e := next(t, events); e != want {
		t.Errorf("got  %s\nwant %s", e, want)
	}
	s.world.mu.Lock()
	s.world.now = at(12, 8, 0)
	s.world.mu.Unlock()
	s.feed.Moved()
	if e := next(t, events); !strings.Contains(e, `"now":"2025-09-12T08:00:00+08:00"`) {
		t.Errorf("after a move: %s", e)
	}
}

func TestStreamResumes(t *testing.T) {
	s, url := serve(t)
	publish(s.feed, 5)
	// The header of a reconnecting browser wins over the address it first opened.
	events := listen(t, url+"?after="+s.feed.cursor(0), s.feed.cursor(3))
	for _, n := range []int64{4, 5} {
		if e := next(t, events); !strings.HasPrefix(e, "entry "+s.feed.cursor(n)+" ") || !strings.Contains(e, fmt.Sprintf(`"nr %d"`, n)) {
			t.Errorf("want entry %d, got %s", n, e)
		}
	}
}

func TestStreamResets(t *testing.T) {
	s, url := serve(t)
	publish(s.feed, 150) // 100 are kept
	for _, cursor := range []string{s.feed.cursor(49), s.feed.cursor(151), "other.120", "120", "", s.feed.epoch + ".x", s.feed.cursor(-1)} {
		events := listen(t, url, cursor)
		if e := next(t, events); e != "reset  {}" {
			t.Errorf("cursor %q: %s", cursor, e)
		}
		if e, open := <-events; open {
			t.Errorf("cursor %q: went on with %s", cursor, e)
		}
	}
	events := listen(t, url, s.feed.cursor(50))
	if e := next(t, events); !strings.HasPrefix(e, "entry "+s.feed.cursor(51)+" ") {
		t.Errorf("the oldest kept: %s", e)
	}
}

func TestStreamEndsWithTheFeed(t *testing.T) {
	s, url := serve(t)
	events := listen(t, url, s.feed.cursor(0))
	next(t, events)
	s.feed.Close()
	if e, open := <-events; open {
		t.Errorf("went on with %s", e)
	}
}

func TestStreamShowsLife(t *testing.T) {
	s, url := serve(t)
	s.page.beat = time.Millisecond
	events := listen(t, url, s.feed.cursor(0))
	for range 3 {
		if e := next(t, events); !strings.HasPrefix(e, "clock ") {
			t.Errorf("got %s", e)
		}
	}
}

func TestStreamsAreBounded(t *testing.T) {
	s := newSite(t)
	for range cap(s.page.slots) {
		s.page.slots <- struct{}{}
	}
	wantError(t, s.get("/demo/api/events"), 503, "打开的演示页面太多了。请关掉几个再刷新。")
}

// A line break inside a text must not end the event.
func TestStreamKeepsEventsWhole(t *testing.T) {
	s, url := serve(t)
	s.feed.Publish(Entry{At: at(10, 9, 0), Text: "a\n\nevent: reset\ndata: {}\r\n\r\n"})
	events := listen(t, url, s.feed.cursor(0))
	if e := next(t, events); !strings.Contains(e, `"text":"a\n\nevent: reset\ndata: {}\r\n\r\n"`) {
		t.Errorf("got %s", e)
	}
	if e := next(t, events); !strings.HasPrefix(e, "clock ") {
		t.Errorf("got %s", e)
	}
}

func TestFeedConcurrently(t *testing.T) {
	f := NewFeed(1000)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { publish(f, 50) })
	}
	got := int64(0)
	for got < 200 {
		b := f.after(got)
		for _, e := range b.entries {
			if e.Seq != got+1 {
				t.Fatalf("after %d came %d", got, e.Seq)
			}
			got = e.Seq
		}
		if got < 200 {
			<-b.changed
		}
	}
	all.Wait()
}

func FuzzCursor(f *testing.F) {
	feed := NewFeed(3)
	publish(feed, 5)
	for _, c := range []string{"", ".", feed.cursor(4), "x.4", feed.epoch + ".99999999999999999999"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c string) {
		if seq, ok := feed.parse(c); ok {
			b := feed.after(seq)
			if b.gap == (seq >= 2 && seq <= 5) {
				t.Errorf("cursor %q: gap %v", c, b.gap)
			}
		}
	})
}

// However long the feed runs, exactly the newest entries are kept, in order.
func TestFeedKeepsTheNewest(t *testing.T) {
	f := NewFeed(3)
	for n := int64(1); n <= 20; n++ {
		if got := f.Publish(Entry{}); got != n {
			t.Fatalf("published %d as %d", n, got)
		}
		entries, seq := f.snapshot()
		if seq != n || len(entries) != int(min(n, 3)) || entries[len(entries)-1].Seq != n || entries[0].Seq != max(1, n-2) {
			t.Fatalf("after %d: %+v", n, entries)
		}
	}
	if b := f.after(16); !b.gap {
		t.Error("an entry was lost without a word")
	}
	if b := f.after(17); b.gap || len(b.entries) != 3 {
		t.Errorf("batch %+v", b)
	}
}
