package fetch

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/media"
	"duban/internal/obs"
	"duban/internal/store"
	"duban/internal/testkit"
)

var noon = time.UnixMilli(1757476800000).UTC()

const pointer = "media-id-that-is-a-credential"

type work struct{ *store.Store }

func (w work) Within(ctx context.Context, fn func(Tx) error) error {
	return w.Store.Within(ctx, func(tx *store.Tx) error { return fn(tx) })
}

// platform yields the same every time, and counts.
type platform struct {
	mu    sync.Mutex
	calls int
	body  []byte
	err   error
}

func (p *platform) Fetch(context.Context, bot.Attachment) (io.ReadCloser, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls++
	if p.err != nil {
		return nil, p.err
	}
	return io.NopCloser(bytes.NewReader(p.body)), nil
}

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func newWorker(t *testing.T, s *store.Store, p *platform) (*Worker, *clock.Movable, *obs.LogCapture) {
	t.Helper()
	folder, err := media.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	c, logs := clock.NewFrozen(noon), obs.NewLogCapture()
	return &Worker{Work: work{s}, Store: media.NewStore(folder, 0), Clock: c, Log: logs.Logger(),
		Times: hours{},
		From:  func(f media.File) (bot.Fetcher, bool) { return p, f.Platform == "wecom" }}, c, logs
}

func add(t *testing.T, s *store.Store, name string) int64 {
	t.Helper()
	var id int64
	err := s.Within(t.Context(), func(tx *store.Tx) error {
		list, err := tx.AddFiles(t.Context(), []media.File{{UnitID: "school", PersonID: "p", Platform: name, Kind: "image", Ref: pointer,
			Name: "张三的照片.png", State: media.Pending, NextAt: noon, Created: noon}})
		if err == nil {
			id = list[0].ID
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func file(t *testing.T, s *store.Store, id int64) media.File {
	t.Helper()
	f, ok, err := s.Read(t.Context()).FileByID(t.Context(), id)
	if err != nil || !ok {
		t.Fatalf("file is gone: %v", err)
	}
	return f
}

func TestWhatBecomesOfAFile(t *testing.T) {
	fail := func(class bot.SendClass, reason string) error {
		return &bot.SendError{Class: class, Reason: reason, Err: errors.New("x")}
	}
	for name, c := range map[string]struct {
		p      *platform
		on     string
		state  media.State
		reason string
		again  time.Duration // until the next try
	}{
		"stored":              {&platform{body: picture(t)}, "wecom", media.Stored, "", 0},
		"gone":                {&platform{err: fail(bot.Permanent, "media_gone")}, "wecom", media.Failed, "media_gone", 0},
		"away":                {&platform{err: fail(bot.Temporary, "busy")}, "wecom", media.Pending, "busy", 2 * time.Second},
		"too fast":            {&platform{err: &bot.SendError{Class: bot.RateLimit, Reason: "quota", After: time.Minute, Err: errors.New("x")}}, "wecom", media.Pending, "quota", time.Minute},
		"a plain error":       {&platform{err: errors.New("connection lost")}, "wecom", media.Pending, "unreachable", 2 * time.Second},
		"no picture at all":   {&platform{body: []byte("<html></html>")}, "wecom", media.Failed, "kind", 0},
		"nothing":             {&platform{}, "wecom", media.Failed, "empty", 0},
		"half a picture":      {&platform{body: picture(t)[:40]}, "wecom", media.Failed, "damaged", 0},
		"a platform not here": {&platform{}, "dingtalk", media.Pending, "platform_off", 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, s *store.Store) {
				w, _, logs := newWorker(t, s, c.p)
				id := add(t, s, c.on)
				if err := w.Do(t.Context(), id); err != nil {
					t.Fatal(err)
				}
				f := file(t, s, id)
				next := time.Time{}
				if c.again > 0 {
					next = noon.Add(c.again)
				}
				if f.State != c.state || f.Reason != c.reason || !f.NextAt.Equal(next) || f.Attempts != 1 {
					t.Errorf("%s %q, next %s, tries %d", f.State, f.Reason, f.NextAt, f.Attempts)
				}
				if f.State == media.Stored && (f.Home != "school" || f.MIME != "image/jpeg" || f.Size == 0 || f.Width != 4 || f.Height != 4 || !f.Seen.Equal(noon)) {
					t.Errorf("stored as %+v", f)
				}
				for _, line := range logs.Lines(-8) {
					if strings.Contains(line.String(), pointer) || strings.Contains(line.String(), "张三") {
						t.Errorf("logged: %s", line)
					}
				}
			})
		})
	}
}

func TestTriesEnd(t *testing.T) {
	p := &platform{err: errors.New("connection lost")}
	s := testkit.SQLite(t)
	w, c, _ := newWorker(t, s, p)
	id := add(t, s, "wecom")
	for range 40 {
		if err := w.Do(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		c.Set(c.Now().Add(longest))
	}
	if f := file(t, s, id); f.State != media.Failed || p.calls != maxTries {
		t.Errorf("%s after %d calls, want failed after %d", f.State, p.calls, maxTries)
	}
}

func TestManyWorkersFetchOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		p := &platform{body: picture(t)}
		w, _, _ := newWorker(t, s, p)
		id := add(t, s, "wecom")
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := w.Do(t.Context(), id); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if p.calls != 1 || file(t, s, id).State != media.Stored {
			t.Errorf("fetched %d times", p.calls)
		}
	})
}
