package scenario

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"duban/bot"
	"duban/internal/app"
)

// bucket is an object store that can be away, and the settings that lead to it.
type bucket struct {
	backend *s3mem.Backend
	away    atomic.Bool
	env     []string
}

func newBucket(t *testing.T) *bucket {
	t.Helper()
	b := &bucket{backend: s3mem.New()}
	if err := b.backend.CreateBucket("duban"); err != nil {
		t.Fatal(err)
	}
	real := gofakes3.New(b.backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.away.Load() {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		real.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b.env = []string{"DUBAN_MEDIA_STORE=s3", "DUBAN_MEDIA_S3_ENDPOINT=" + server.URL, "DUBAN_MEDIA_S3_BUCKET=duban", "DUBAN_MEDIA_S3_STYLE=path",
		"DUBAN_MEDIA_S3_ACCESS_KEY=AKIDEXAMPLE", "DUBAN_MEDIA_S3_SECRET=not-to-be-told"}
	return b
}

func (b *bucket) objects(w *world) int {
	w.t.Helper()
	list, err := b.backend.ListBucket("duban", &gofakes3.Prefix{}, gofakes3.ListBucketPage{})
	w.ok(err)
	return len(list.Contents)
}

// The same as with a folder: photos arrive, come into the chat, and are deleted when
// they must not be kept. While the store is away they wait, and nothing is said.
func TestPhotosInAnObjectStore(t *testing.T) {
	b := newBucket(t)
	onSQLite(t, setup{env: b.env}, func(w *world) {
		b.away.Store(true)
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", scenery(w, 1, 90))
		w.settle()
		w.take()
		w.same("waits", w.query("SELECT CONCAT(state, ' ', reason) FROM files"), "pending store_denied")
		b.away.Store(false)
		w.until("2025-09-10 11:30")
		w.same("arrives", w.query("SELECT CONCAT(state, reason) FROM files"), "stored")
		if n := b.objects(w); n != 2 {
			t.Errorf("%d objects, want the photo and its thumbnail", n)
		}
		if _, err := os.Stat(w.config().Media.Dir); !os.IsNotExist(err) {
			t.Errorf("the folder that is not used: %v", err)
		}
		w.wecom("wenchang-aq", "看照片 YH0001")
		w.settle()
		w.expect(said{"file", "wenchang-aq", "照片_YH-2025-0001.docx"})
		if n := w.inside(w.lastFile(bot.WeCom)); n != 1 {
			t.Errorf("%d photos in the document", n)
		}
		w.first("wenchang-jia", scenery(w, 2, 90))
		w.wecom("wenchang-jia", sensitive)
		w.settle()
		w.take()
		if n := b.objects(w); n != 2 {
			t.Errorf("%d objects: the photo before a sensitive message is kept", n)
		}
		var found app.Finding
		app.Doctor(w.ctx, w.config(), func(f app.Finding) {
			if f.Name == "照片存储" {
				found = f
			}
		})
		w.same("doctor", found.Say, "对象存储能读写")
		for _, line := range w.logs.Lines(-8) {
			if strings.Contains(line.String(), "not-to-be-told") || strings.Contains(line.String(), "AKIDEXAMPLE") {
				t.Errorf("a secret is logged: %s", line)
			}
		}
	})
}
