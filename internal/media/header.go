package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// header is what the first bytes of a picture tell about it.
type header struct {
	width, height int
	turn          byte  // Exif's orientation; 0 and 1 are upright
	cost          int64 // bytes that decoding takes, at most
}

// readHeader allocates nothing for points.
func readHeader(raw []byte, kind string) (header, error) {
	read := map[string]func(io.Reader) (image.Config, error){
		"image/jpeg": jpeg.DecodeConfig, "image/png": png.DecodeConfig, "image/gif": gif.DecodeConfig, "image/webp": webp.DecodeConfig}[kind]
	c, err := read(bytes.NewReader(raw))
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return header{}, ErrDamaged
	}
	h := header{width: c.Width, height: c.Height}
	points := int64(c.Width) * int64(c.Height)
	switch kind {
	case "image/jpeg":
		segments := walkJPEG(raw)
		h.turn, h.cost = segments.turn, int64(float64(points)*segments.perPoint)
	case "image/png":
		h.cost = points * pngDepth(raw, c.ColorModel)
	case "image/gif":
		h.cost = points
	case "image/webp":
		h.cost = 10 * points // its lossless form and its transparency are decoded by way of copies
	}
	return h, nil
}

// pngDepth is what a point of a decoded PNG takes. An interlaced one is put together
// from parts.
func pngDepth(raw []byte, m color.Model) int64 {
	const bits, interlace = 24, 28 // where the first chunk says so
	depth := int64(4)
	if _, palette := m.(color.Palette); palette {
		depth = 1
	} else if raw[bits] == 16 {
		depth = 8
	}
	if raw[interlace] != 0 {
		depth *= 2
	}
	return depth
}

// jpegSegments is what the segments before the picture tell.
type jpegSegments struct {
	turn     byte
	perPoint float64 // bytes that a decoded point takes
}

// walkJPEG goes over the segments (ITU-T T.81, annex B) as far as they are whole.
func walkJPEG(raw []byte) jpegSegments {
	found := jpegSegments{perPoint: 24}
	for i := 2; i+4 <= len(raw); {
		if raw[i] != 0xFF {
			return found
		}
		if raw[i+1] == 0xFF { // a fill byte
			i++
			continue
		}
		marker, end := raw[i+1], i+2+int(binary.BigEndian.Uint16(raw[i+2:]))
		if end > len(raw) || end < i+4 || marker == 0xDA {
			return found
		}
		switch body := raw[i+4 : end]; {
		case marker == 0xE1 && found.turn == 0:
			found.turn = orientation(body)
		case marker == 0xC0 || marker == 0xC1 || marker == 0xC2:
			found.perPoint = jpegDepth(body, marker == 0xC2)
		}
		i = end
	}
	return found
}

// jpegDepth is what a point of a decoded JPEG takes: its samples, of which colours
// have fewer than brightness; all coefficients in four bytes each if it is
// progressive; and a copy in other colours if there are more than the usual three,
// or if these are red, green and blue.
func jpegDepth(frame []byte, progressive bool) float64 {
	const fixed, each = 6, 3
	n := 0
	if len(frame) >= fixed {
		n = int(frame[5])
	}
	if n < 1 || n > 4 || len(frame) < fixed+each*n {
		return 24
	}
	var area, most float64
	for i := range n {
		sampling := frame[fixed+each*i+1]
		a := float64(sampling>>4) * float64(sampling&15)
		area, most = area+a, max(most, a)
	}
	if most == 0 {
		return 24
	}
	depth := area / most
	if progressive {
		depth *= 5
	}
	if n == 4 || n == 3 && frame[fixed] == 'R' {
		depth += 4
	}
	return depth
}

// orientation reads tag 0x0112 of the first directory of an Exif block, 0 if it
// is not there.
func orientation(exif []byte) byte {
	tiff, ok := bytes.CutPrefix(exif, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return 0
	}
	n := int64(order.Uint16(tiff[start:]))
	for k := range n {
		at := start + 2 + 12*k
		if at+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[at:]) == 0x0112 {
			if v := order.Uint16(tiff[at+8:]); v <= 8 {
				return byte(v)
			}
			return 0
		}
	}
	return 0
}
