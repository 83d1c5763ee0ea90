package media

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duban/internal/errs"
)

func newFolderStore(t *testing.T) *Store {
	t.Helper()
	f, err := OpenFolder(filepath.Join(t.TempDir(), "media"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return NewStore(f, 0)
}

func countFiles(t *testing.T, s *Store) int {
	t.Helper()
	return len(filesIn(t, s.objects.(*Folder).root.Name()))
}

func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func read(t *testing.T, r io.ReadCloser, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestContentIsKeptByUnitAndDigest(t *testing.T) {
	s, ctx := newFolderStore(t), t.Context()
	raw := jpegOf(t, scene(640, 480))
	first, err := s.Put(ctx, "s-wenchang", bytes.NewReader(raw))
	if err != nil || first.MIME != "image/jpeg" || len(first.SHA256) != 64 || first.Width != 640 || first.Height != 480 {
		t.Fatalf("%+v, %v", first, err)
	}
	if again, err := s.Put(ctx, "s-wenchang", bytes.NewReader(raw)); err != nil || again != first {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	r, err := s.Open(ctx, "s-wenchang", first.SHA256)
	if got := read(t, r, err); int64(len(got)) != first.Size {
		t.Errorf("%d bytes, said %d", len(got), first.Size)
	}
	r, err = s.Thumb(ctx, "s-wenchang", first.SHA256)
	if got := corners(t, read(t, r, err)); got != "RGBW" {
		t.Errorf("thumbnail %s", got)
	}
	if _, err := s.Open(ctx, "s-other", first.SHA256); errs.CodeOf(err) != errs.NotFound {
		t.Errorf("another school's folder has it: %v", err)
	}
	files := filesIn(t, s.objects.(*Folder).root.Name())
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, others may read it", f, err)
		}
	}
	if len(files) != 2 {
		t.Errorf("%v, want a picture and its thumbnail", files)
	}
	if err := s.Delete(ctx, "s-wenchang", first.SHA256); err != nil || countFiles(t, s) != 0 {
		t.Errorf("%v, %d files are left", err, countFiles(t, s))
	}
}

func TestWhatIsNoPictureIsKeptAsItIs(t *testing.T) {
	s := newFolderStore(t)
	raw := "%PDF-1.7\n" + strings.Repeat("x", 100)
	b, err := s.Put(t.Context(), "", strings.NewReader(raw))
	if err != nil || b.MIME != "application/pdf" || b.Hash != 0 || b.Width != 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	r, err := s.Open(t.Context(), "", b.SHA256)
	if got := read(t, r, err); string(got) != raw {
		t.Errorf("%q", got)
	}
	if _, err := s.Thumb(t.Context(), "", b.SHA256); errs.CodeOf(err) != errs.NotFound {
		t.Errorf("thumbnail of a document: %v", err)
	}
}

// What was stored before there were thumbnails gets its own when somebody looks.
func TestThumbnailsOfOlderPicturesAreMadeWhenWanted(t *testing.T) {
	s, ctx := newFolderStore(t), t.Context()
	sha := strings.Repeat("ab", 32)
	key, _ := place("school", sha)
	if err := s.objects.Put(ctx, key, pngOf(t, scene(960, 640))); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := s.Thumb(ctx, "school", sha)
		if got := corners(t, read(t, r, err)); got != "RGBW" {
			t.Errorf("thumbnail %s", got)
		}
	}
	if n := countFiles(t, s); n != 2 {
		t.Errorf("%d files", n)
	}
}

func TestNoNameLeadsOutOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	f, err := OpenFolder(filepath.Join(dir, "media"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, ctx, sha := NewStore(f, 0), t.Context(), strings.Repeat("a", 64)
	for _, name := range [][2]string{{"..", sha}, {"../x", sha}, {"a/b", sha}, {"school", "../../etc"}, {"school", strings.Repeat("A", 64)}, {"学校", sha}} {
		if _, err := s.Open(ctx, name[0], name[1]); errs.CodeOf(err) != errs.Invalid {
			t.Errorf("open %v: %v", name, err)
		}
		if _, err := s.Put(ctx, name[0], bytes.NewReader(jpegOf(t, scene(8, 6)))); name[1] == sha && errs.CodeOf(err) != errs.Invalid {
			t.Errorf("put %v: %v", name, err)
		}
	}
	for _, key := range []string{"../x", "/etc/passwd", "a/../../b", ""} {
		_, err := f.Get(ctx, key)
		if f.Put(ctx, key, nil) == nil || err == nil || f.Delete(ctx, key) == nil {
			t.Errorf("key %q leads somewhere", key)
		}
	}
	// A link inside the folder to a secret outside is not followed.
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "media", "school", "aa"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "secret"), filepath.Join(dir, "media", "school", "aa", sha)); err != nil {
		t.Skip("this system has no links")
	}
	if _, err := s.Open(ctx, "school", sha); err == nil {
		t.Error("a link out of the folder was followed")
	}
}
