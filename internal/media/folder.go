package media

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"syscall"

	"duban/internal/errs"
)

// Folder keeps objects as files. All access goes through an os.Root, so no key and
// no link can lead outside.
type Folder struct{ root *os.Root }

// OpenFolder opens the folder and makes it if need be.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, errs.With(errs.Invalid, "照片文件夹建不了，请检查 DUBAN_MEDIA_DIR 和权限。", err)
	}
	root, err := os.OpenRoot(dir)
	return &Folder{root}, errs.At("open media folder", err)
}

// Close gives the folder back.
func (f *Folder) Close() error { return f.root.Close() }

// Put implements Objects. The bytes are written under a temporary name first, so
// that a crash leaves no half file under the final one.
func (f *Folder) Put(_ context.Context, key string, data []byte) error {
	if !fs.ValidPath(key) {
		return errKey
	}
	if err := f.root.MkdirAll(path.Dir(key), 0o700); err != nil {
		return folderTrouble(err)
	}
	part := key + ".part" + rand.Text()
	err := f.write(part, data)
	if err == nil {
		err = f.root.Rename(part, filepath.FromSlash(key))
	}
	if err != nil {
		_ = f.root.Remove(part)
		return folderTrouble(err)
	}
	return nil
}

func (f *Folder) write(name string, data []byte) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// Get implements Objects.
func (f *Folder) Get(_ context.Context, key string) (io.ReadCloser, error) {
	if !fs.ValidPath(key) {
		return nil, errKey
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, folderTrouble(err)
	}
	return file, nil
}

// Stat implements Objects.
func (f *Folder) Stat(_ context.Context, key string) (int64, error) {
	if !fs.ValidPath(key) {
		return 0, errKey
	}
	info, err := f.root.Stat(key)
	if err != nil {
		return 0, folderTrouble(err)
	}
	return info.Size(), nil
}

// Delete implements Objects.
func (f *Folder) Delete(_ context.Context, key string) error {
	if !fs.ValidPath(key) {
		return errKey
	}
	if err := f.root.Remove(key); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return folderTrouble(err)
	}
	return nil
}

var errKey = errs.New(errs.Invalid, "照片的位置不对。")

func folderTrouble(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errs.With(errs.NotFound, "照片找不到了。", err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return NewTrouble(StoreDenied, err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return NewTrouble(StoreFull, err)
	}
	return NewTrouble(StoreAway, err)
}
