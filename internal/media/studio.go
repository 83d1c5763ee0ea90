package media

import (
	"bytes"
	"context"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"

	"duban/internal/errs"
)

// studio makes pictures anew: upright, no larger than useful, and without anything
// that tells where and by whom they were taken.
type studio struct {
	side int                 // points on the longer side of what is kept
	most int64               // bytes that decoding one may take
	room *semaphore.Weighted // the same for all pictures together
}

// memory bounds what the pictures that are made at the same time take together. One
// that needs more alone is refused; a phone's 50 million points need 75 MB.
const memory = 384 << 20

const (
	// Side is the default bound of what is kept.
	Side = 2560
	// ThumbSide bounds thumbnails.
	ThumbSide    = 480
	keptQuality  = 85
	thumbQuality = 75
)

func newStudio(side int) *studio {
	if side <= 0 {
		side = Side
	}
	return &studio{side: side, most: memory, room: semaphore.NewWeighted(memory)}
}

// print is a picture as it is kept.
type print struct {
	data, thumb   []byte
	kind          string
	hash          uint64
	width, height int
}

// develop decodes a picture after its header has told what that takes, when there is
// room for it.
func (s *studio) develop(ctx context.Context, raw []byte, kind string) (print, error) {
	head, err := readHeader(raw, kind)
	if err != nil {
		return print{}, err
	}
	width, height := within(head.width, head.height, s.side)
	cost := head.cost + 8*int64(width)*int64(height) // what is kept, and once more turned
	if cost > s.most {
		return print{}, ErrPixels
	}
	if err := s.room.Acquire(ctx, cost); err != nil {
		return print{}, errs.At("wait for room", err)
	}
	defer s.room.Release(cost)
	full, err := decode(raw, kind)
	if err != nil || full.Bounds().Dx() < width || full.Bounds().Dy() < height {
		return print{}, ErrDamaged
	}
	return finish(turned(shrink(full, width, height), head.turn))
}

// finish makes what is stored of an upright picture.
func finish(m *image.RGBA) (print, error) {
	width, height := within(m.Rect.Dx(), m.Rect.Dy(), ThumbSide)
	small := shrink(m, width, height)
	p := print{kind: "image/jpeg", hash: hashOf(small), width: m.Rect.Dx(), height: m.Rect.Dy()}
	var full, thumb bytes.Buffer
	if err := jpeg.Encode(&full, m, &jpeg.Options{Quality: keptQuality}); err != nil {
		return print{}, errs.At("encode picture", err)
	}
	if err := jpeg.Encode(&thumb, small, &jpeg.Options{Quality: thumbQuality}); err != nil {
		return print{}, errs.At("encode thumbnail", err)
	}
	p.data, p.thumb = full.Bytes(), thumb.Bytes()
	return p, nil
}

// decode takes every complaint of a decoder for damage, also a panic: what people
// send must not end the worker, nor be tried again for ever.
func decode(raw []byte, kind string) (m image.Image, err error) {
	defer func() {
		if recover() != nil {
			m, err = nil, ErrDamaged
		}
	}()
	read := map[string]func(io.Reader) (image.Image, error){"image/jpeg": jpeg.Decode, "image/png": png.Decode, "image/gif": gif.Decode, "image/webp": webp.Decode}[kind]
	return read(bytes.NewReader(raw))
}

// within returns the size in the same proportions with at most side points on the
// longer side.
func within(width, height, side int) (int, int) {
	longer := max(width, height)
	if longer <= side {
		return width, height
	}
	return max(1, width*side/longer), max(1, height*side/longer)
}
