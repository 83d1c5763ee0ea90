package s3_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/media/s3"
)

const bucket, access, secret = "duban", "AKIDEXAMPLE", "wJalrXUtnFEMI-secret"

// serve is a store that speaks S3, with a bucket.
func serve(t *testing.T, wrap func(http.Handler) http.Handler) s3.Options {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	handler := gofakes3.New(backend).Server()
	if wrap != nil {
		handler = wrap(handler)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return s3.Options{Endpoint: server.URL, Bucket: bucket, Region: "cn-north-1", AccessKey: access, Secret: secret, Style: s3.Path}
}

func open(t *testing.T, o s3.Options) *s3.Objects {
	t.Helper()
	objects, err := s3.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// stores are all there are; each keeps the same promises.
func stores(t *testing.T, play func(t *testing.T, o media.Objects)) {
	t.Run("folder", func(t *testing.T) {
		f, err := media.OpenFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		play(t, f)
	})
	t.Run("s3", func(t *testing.T) { play(t, open(t, serve(t, nil))) })
}

func content(t *testing.T, o media.Objects, key string) string {
	t.Helper()
	r, err := o.Get(t.Context(), key)
	if err != nil {
		t.Fatalf("get %s: %v", key, err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestObjects(t *testing.T) {
	stores(t, func(t *testing.T, o media.Objects) {
		ctx, big := t.Context(), strings.Repeat("photo", 1<<20)
		for key, data := range map[string]string{"school/ab/abc": "one", "school/ab/abc.thumb": "", "other/ab/abc": big} {
			if err := o.Put(ctx, key, []byte(data)); err != nil {
				t.Fatalf("put %s: %v", key, err)
			}
			if got := content(t, o, key); got != data {
				t.Errorf("%s holds %d bytes, want %d", key, len(got), len(data))
			}
			if n, err := o.Stat(ctx, key); err != nil || n != int64(len(data)) {
				t.Errorf("stat %s: %d, %v", key, n, err)
			}
		}
		if err := o.Put(ctx, "school/ab/abc", []byte("again")); err != nil || content(t, o, "school/ab/abc") != "again" {
			t.Errorf("put over it: %v", err)
		}
		for _, key := range []string{"school/ab/none", "none/ab/abc", "school/ab"} {
			if r, err := o.Get(ctx, key); errs.CodeOf(err) != errs.NotFound && key != "school/ab" {
				t.Errorf("get %s: %v, %v", key, r, err)
			}
			if _, err := o.Stat(ctx, key); errs.CodeOf(err) != errs.NotFound && key != "school/ab" {
				t.Errorf("stat %s: %v", key, err)
			}
		}
		for range 2 {
			if err := o.Delete(ctx, "school/ab/abc"); err != nil {
				t.Errorf("delete: %v", err)
			}
		}
		if _, err := o.Stat(ctx, "school/ab/abc"); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("after deleting: %v", err)
		}
		if content(t, o, "other/ab/abc") != big {
			t.Error("another one is gone as well")
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	stores(t, func(t *testing.T, o media.Objects) {
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				if err := o.Put(t.Context(), "school/ab/abc", []byte(strings.Repeat("x", 1000+i%2))); err != nil {
					t.Error(err)
				}
				r, err := o.Get(t.Context(), "school/ab/abc")
				if err != nil {
					t.Error(err)
					return
				}
				defer r.Close()
				if b, err := io.ReadAll(r); err != nil || len(b) != 1000 && len(b) != 1001 {
					t.Errorf("half of it: %d bytes, %v", len(b), err)
				}
			})
		}
		all.Wait()
	})
}

// A photo goes through the whole store the same way, wherever its bytes are.
func TestPhotos(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for i := range 900 {
		m.SetRGBA(i, i*600/900, color.RGBA{200, 30, 30, 255})
	}
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, m, nil); err != nil {
		t.Fatal(err)
	}
	stores(t, func(t *testing.T, o media.Objects) {
		s, ctx := media.NewStore(o, 0), t.Context()
		if err := s.Probe(ctx); err != nil {
			t.Fatal(err)
		}
		blob, err := s.Put(ctx, "school", bytes.NewReader(raw.Bytes()))
		if err != nil || blob.Width != 900 {
			t.Fatalf("%+v, %v", blob, err)
		}
		r, err := s.Thumb(ctx, "school", blob.SHA256)
		if err != nil {
			t.Fatal(err)
		}
		small, err := jpeg.DecodeConfig(r)
		if err != nil || small.Width != 480 || r.Close() != nil {
			t.Errorf("thumbnail %d wide, %v", small.Width, err)
		}
		if n, err := s.Stat(ctx, "school", blob.SHA256); err != nil || n != blob.Size {
			t.Errorf("%d, %v", n, err)
		}
		if err := s.Delete(ctx, "school", blob.SHA256); err != nil {
			t.Error(err)
		}
		if _, err := s.Thumb(ctx, "school", blob.SHA256); errs.CodeOf(err) != errs.NotFound {
			t.Errorf("thumbnail of what was deleted: %v", err)
		}
	})
}

// answering answers every call with this.
func answering(status int, code string) func(http.Handler) http.Handler {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `<?xml version="1.0"?><Error><Code>`+code+`</Code><Message>key `+access+` signature of `+r.Header.Get("Authorization")+`</Message></Error>`)
		})
	}
}

// stuck answers never.
func stuck(http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	})
}

func TestTroublesAreNamedAndTellNoSecrets(t *testing.T) {
	for name, c := range map[string]struct {
		wrap func(http.Handler) http.Handler
		edit func(*s3.Options)
		want media.Reason
	}{
		"wrong key":       {answering(403, "InvalidAccessKeyId"), nil, media.StoreDenied},
		"wrong secret":    {answering(403, "SignatureDoesNotMatch"), nil, media.StoreDenied},
		"wrong clock":     {answering(403, "RequestTimeTooSkewed"), nil, media.StoreDenied},
		"no right":        {answering(403, "AccessDenied"), nil, media.StoreDenied},
		"unheard-of 401":  {answering(401, "Whatever"), nil, media.StoreDenied},
		"full":            {answering(507, "XMinioStorageFull"), nil, media.StoreFull},
		"over quota":      {answering(400, "QuotaExceeded"), nil, media.StoreFull},
		"broken":          {answering(500, "InternalError"), nil, media.StoreBusy},
		"no such bucket":  {nil, func(o *s3.Options) { o.Bucket = "elsewhere" }, media.StoreNoBucket},
		"nobody there":    {nil, func(o *s3.Options) { o.Endpoint = "http://127.0.0.1:1" }, media.StoreAway},
		"no answer":       {stuck, func(o *s3.Options) { o.Timeout = 200 * time.Millisecond }, media.StoreSlow},
		"an HTML answer":  {func(http.Handler) http.Handler { return http.NotFoundHandler() }, nil, media.StoreNoBucket},
		"a busy provider": {answering(503, "SlowDown"), func(o *s3.Options) { o.Timeout = 300 * time.Millisecond }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := serve(t, c.wrap)
			if c.edit != nil {
				c.edit(&o)
			}
			err := open(t, o).Put(t.Context(), "school/ab/abc", []byte("x"))
			var got *media.Trouble
			if !errors.As(err, &got) || got.Reason != c.want && c.want != "" || errs.CodeOf(err) != errs.Unavailable {
				t.Fatalf("%v, want %s", err, c.want)
			}
			for _, text := range []string{err.Error(), errs.Say(err)} {
				if strings.Contains(text, secret) || strings.Contains(text, access) || strings.Contains(text, "Signature=") {
					t.Errorf("tells a secret: %s", text)
				}
			}
		})
	}
}

// A store that is away for a moment is asked again at once.
func TestOneFailureIsTriedAgain(t *testing.T) {
	var mu sync.Mutex
	asked := 0
	o := serve(t, func(real http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked++
			first := asked == 1
			mu.Unlock()
			if first {
				answering(503, "SlowDown")(nil).ServeHTTP(w, r)
				return
			}
			real.ServeHTTP(w, r)
		})
	})
	objects := open(t, o)
	if err := objects.Put(t.Context(), "school/ab/abc", []byte("whole")); err != nil || content(t, objects, "school/ab/abc") != "whole" {
		t.Errorf("%v", err)
	}
}
