package app

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"duban/internal/errs"
	"duban/internal/notify"
)

const (
	thumbSide   = 480        // points, the longer side
	thumbPixels = 25_000_000 // of the stored picture: what is unpacked at once
)

// thumbs makes small copies of stored pictures.
type thumbs struct{ stored notify.Pictures }

var errNoThumb = errs.New(errs.Invalid, "这张照片缩不成小图。")

// Thumb implements ledger.Thumbs.
func (t thumbs) Thumb(ctx context.Context, unit, sha string) (io.ReadCloser, error) {
	r, err := t.stored.Picture(ctx, unit, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, errs.At("read picture", err)
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || size.Width*size.Height > thumbPixels {
		return nil, errNoThumb
	}
	whole, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, errNoThumb
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, shrink(whole), &jpeg.Options{Quality: 80})
	return io.NopCloser(&out), errs.At("write thumbnail", err)
}

// shrink makes each point of the small copy the average of some points of its place.
func shrink(from image.Image) image.Image {
	b := from.Bounds()
	n := max(1, (max(b.Dx(), b.Dy())+thumbSide-1)/thumbSide) // n × n points become one
	step := max(1, n/3)
	to := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()/n), max(1, b.Dy()/n)))
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			to.SetRGBA(x, y, average(from, image.Rect(0, 0, n, n).Add(b.Min).Add(image.Pt(x*n, y*n)).Intersect(b), step))
		}
	}
	return to
}

func average(from image.Image, of image.Rectangle, step int) color.RGBA {
	var red, green, blue, n uint32
	for y := of.Min.Y; y < of.Max.Y; y += step {
		for x := of.Min.X; x < of.Max.X; x += step {
			r, g, b, _ := from.At(x, y).RGBA()
			red, green, blue, n = red+r>>8, green+g>>8, blue+b>>8, n+1
		}
	}
	return color.RGBA{uint8(red / n), uint8(green / n), uint8(blue / n), 255}
}
