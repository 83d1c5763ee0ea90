package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"path"
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
	Hash   uint64 // of a picture, see Near
	Width  int    // of a picture, in points
	Height int
}

// Store keeps what people send, by the unit it belongs to and by content: the same
// photo is there once. Pictures are made anew before they are stored.
type Store struct {
	objects Objects
	studio  *studio
}

// NewStore returns a store that keeps pictures with at most side points on their
// longer side; 0 stands for Side.
func NewStore(o Objects, side int) *Store { return &Store{o, newStudio(side)} }

// Refusals of Put. They are final: the same content is refused again.
var (
	ErrTooLarge = errors.New("file is too large")
	ErrPixels   = errors.New("picture has too many points")
	ErrEmpty    = errors.New("file is empty")
	ErrKind     = errors.New("file is of a kind that is not taken")
	ErrHEIC     = errors.New("picture is in a format that only some phones read")
	ErrDamaged  = errors.New("file is damaged")
)

// Put stores what r yields for a unit. A file is either there whole or not at all.
// Errors are one of the refusals, a *Trouble of the store, or r's own.
func (s *Store) Put(ctx context.Context, unit string, r io.Reader) (Blob, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxSize+1))
	switch {
	case err != nil:
		return Blob{}, errs.At("read file", err)
	case len(raw) > MaxSize:
		return Blob{}, ErrTooLarge
	case len(raw) == 0:
		return Blob{}, ErrEmpty
	}
	kind, err := sniff(raw)
	if err != nil {
		return Blob{}, err
	}
	p := print{data: raw, kind: kind}
	if pictures[kind] {
		if p, err = s.studio.develop(ctx, raw, kind); err != nil {
			return Blob{}, err
		}
	}
	return s.keep(ctx, unit, p)
}

// keep stores the thumbnail first, so that a stored picture has one.
func (s *Store) keep(ctx context.Context, unit string, p print) (Blob, error) {
	sum := sha256.Sum256(p.data)
	blob := Blob{SHA256: hex.EncodeToString(sum[:]), MIME: p.kind, Size: int64(len(p.data)), Hash: p.hash, Width: p.width, Height: p.height}
	key, err := place(unit, blob.SHA256)
	if err != nil {
		return Blob{}, err
	}
	if len(p.thumb) > 0 {
		if err := s.objects.Put(ctx, key+thumbMark, p.thumb); err != nil {
			return Blob{}, errs.At("store thumbnail", err)
		}
	}
	return blob, errs.At("store file", s.objects.Put(ctx, key, p.data))
}

// Open returns the content stored for a unit. errs.NotFound if there is none.
func (s *Store) Open(ctx context.Context, home, sha string) (io.ReadCloser, error) {
	key, err := place(home, sha)
	if err != nil {
		return nil, err
	}
	r, err := s.objects.Get(ctx, key)
	return r, errs.At("open file", err)
}

// Thumb returns a small JPEG of a stored picture, at most 480 points on its longer
// side. One that was stored before there were thumbnails gets its own now.
// errs.NotFound if there is no such picture.
func (s *Store) Thumb(ctx context.Context, home, sha string) (io.ReadCloser, error) {
	key, err := place(home, sha)
	if err != nil {
		return nil, err
	}
	r, err := s.objects.Get(ctx, key+thumbMark)
	if errs.CodeOf(err) != errs.NotFound {
		return r, errs.At("open thumbnail", err)
	}
	full, err := s.objects.Get(ctx, key)
	if err != nil {
		return nil, errs.At("open picture", err)
	}
	defer full.Close()
	small, err := s.thumbOf(ctx, full)
	if err != nil {
		return nil, err
	}
	if err := s.objects.Put(ctx, key+thumbMark, small); err != nil {
		return nil, errs.At("store thumbnail", err)
	}
	return io.NopCloser(bytes.NewReader(small)), nil
}

func (s *Store) thumbOf(ctx context.Context, full io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(full, MaxSize+1))
	if err != nil {
		return nil, errs.At("read picture", err)
	}
	kind, err := sniff(raw)
	if err != nil || !pictures[kind] {
		return nil, errs.With(errs.NotFound, "这个文件没有缩略图。", err)
	}
	p, err := s.studio.develop(ctx, raw, kind)
	return p.thumb, err
}

// Stat returns the size of content, errs.NotFound if it is not there.
func (s *Store) Stat(ctx context.Context, home, sha string) (int64, error) {
	key, err := place(home, sha)
	if err != nil {
		return 0, err
	}
	return s.objects.Stat(ctx, key)
}

// Delete removes content stored for a unit; what is not there is no error.
func (s *Store) Delete(ctx context.Context, home, sha string) error {
	key, err := place(home, sha)
	if err != nil {
		return err
	}
	return errs.At("delete file", errors.Join(s.objects.Delete(ctx, key), s.objects.Delete(ctx, key+thumbMark)))
}

// Probe stores, reads and removes a few bytes, for the doctor.
func (s *Store) Probe(ctx context.Context) error {
	const key = shared + "/00/probe"
	if err := s.objects.Put(ctx, key, []byte("duban")); err != nil {
		return err
	}
	r, err := s.objects.Get(ctx, key)
	if err != nil {
		return err
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || string(got) != "duban" {
		return NewTrouble(StoreStrange, errors.Join(errors.New("read something else than was written"), err))
	}
	return s.objects.Delete(ctx, key)
}

var (
	unitName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	shaName  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

const (
	shared    = "none"   // the place of files that belong to no unit
	thumbMark = ".thumb" // behind the key of the picture
)

func place(unit, sha string) (string, error) {
	if unit == "" {
		unit = shared
	}
	if !unitName.MatchString(unit) || !shaName.MatchString(sha) {
		return "", errKey
	}
	return path.Join(unit, sha[:2], sha), nil
}
