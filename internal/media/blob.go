package media

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"

	"duban/internal/errs"
)

// MaxSize bounds one file, in bytes.
const MaxSize = 20 << 20

// Blob is content as it was stored.
type Blob struct {
	SHA256 string // of the stored bytes, which are without location and other traces
	MIME   string // sniffed, never what somebody said
	Size   int64
}

// Blobs keeps files in a folder, by the unit they belong to and by content: the
// same photo is there once. All access goes through an os.Root, so no name and
// no link can lead outside.
type Blobs struct{ root *os.Root }

// OpenBlobs opens the folder and makes it if need be.
func OpenBlobs(dir string) (*Blobs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.With(errs.Invalid, "照片文件夹建不了，请检查 DUBAN_MEDIA_DIR 和权限。", err)
	}
	root, err := os.OpenRoot(dir)
	return &Blobs{root}, errs.At("open media folder", err)
}

// Close gives the folder back.
func (b *Blobs) Close() error { return b.root.Close() }

// Refusals of Put. They are final: the same content is refused again.
var (
	ErrTooLarge = errors.New("file is too large")
	ErrEmpty    = errors.New("file is empty")
	ErrKind     = errors.New("file is of a kind that is not taken")
	ErrDamaged  = errors.New("file is damaged")
)

// Put stores what r yields for a unit. The bytes are examined and freed of
// traces before anything is written; a file is either there whole or not at all.
func (b *Blobs) Put(unit string, r io.Reader) (Blob, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return Blob{}, errs.At("read file", err)
	case len(raw) > MaxSize:
		return Blob{}, ErrTooLarge
	case len(raw) == 0:
		return Blob{}, ErrEmpty
	}
	clean, kind, err := examine(raw)
	if err != nil {
		return Blob{}, err
	}
	sum := sha256.Sum256(clean)
	blob := Blob{SHA256: hex.EncodeToString(sum[:]), MIME: kind, Size: int64(len(clean))}
	name, err := place(unit, blob.SHA256)
	if err != nil {
		return Blob{}, err
	}
	return blob, errs.At("store file", b.write(name, clean))
}

// Open returns the content stored for a unit. errs.NotFound if there is none.
func (b *Blobs) Open(unit, sha string) (io.ReadCloser, error) {
	name, err := place(unit, sha)
	if err != nil {
		return nil, err
	}
	f, err := b.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.With(errs.NotFound, "照片找不到了。", err)
	}
	return f, errs.At("open file", err)
}

// Delete removes content stored for a unit; what is not there is no error.
func (b *Blobs) Delete(unit, sha string) error {
	name, err := place(unit, sha)
	if err != nil {
		return err
	}
	if err := b.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return errs.At("delete file", err)
	}
	return nil
}

var (
	unitName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	shaName  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// shared is the folder of files that belong to no unit.
const shared = "none"

func place(unit, sha string) (string, error) {
	if unit == "" {
		unit = shared
	}
	if !unitName.MatchString(unit) || !shaName.MatchString(sha) {
		return "", errs.New(errs.Invalid, "照片的位置不对。")
	}
	return path.Join(unit, sha[:2], sha), nil
}

// write puts the bytes under a temporary name first, so that a crash leaves no
// half file under the final one.
func (b *Blobs) write(name string, data []byte) error {
	if _, err := b.root.Stat(name); err == nil {
		return nil
	}
	if err := b.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	part := name + ".part" + rand.Text()
	f, err := b.root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = b.root.Rename(part, filepath.FromSlash(name))
	}
	if err != nil {
		_ = b.root.Remove(part)
	}
	return err
}
