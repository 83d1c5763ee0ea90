package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"
)

const place1 = "GPS-28.55N-112.33E" // stands for a location in a picture's metadata

// scene is a picture whose corners tell where up is: red, green, blue, white by the
// clock from the left upper one.
func scene(wide, high int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			c := color.RGBA{255, 0, 0, 255}
			switch left, upper := x < wide/2, y < high/2; {
			case !left && upper:
				c = color.RGBA{0, 255, 0, 255}
			case !left:
				c = color.RGBA{0, 0, 255, 255}
			case !upper:
				c = color.RGBA{255, 255, 255, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// corners names the colours of a picture's corners by the clock.
func corners(t *testing.T, data []byte) string {
	t.Helper()
	m, kind, err := image.Decode(bytes.NewReader(data))
	if err != nil || kind != "jpeg" {
		t.Fatalf("%s, %v", kind, err)
	}
	w, h, out := m.Bounds().Dx(), m.Bounds().Dy(), ""
	for _, at := range []image.Point{{w / 8, h / 8}, {w - 1 - w/8, h / 8}, {w - 1 - w/8, h - 1 - h/8}, {w / 8, h - 1 - h/8}} {
		switch r, g, b, _ := m.At(at.X, at.Y).RGBA(); {
		case r > 0xC000 && g > 0xC000 && b > 0xC000:
			out += "W"
		case r > 0xC000:
			out += "R"
		case g > 0xC000:
			out += "G"
		case b > 0xC000:
			out += "B"
		default:
			out += "?"
		}
	}
	return out
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// segment is an APPn or comment segment of a JPEG.
func segment(marker byte, body string) []byte {
	head := []byte{0xFF, marker, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(body)+2))
	return append(head, body...)
}

type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// exif is an Exif block with an orientation, in either byte order, and a place.
func exif(order byteOrder, o uint16) string {
	mark := "MM"
	if order.Uint16([]byte{1, 0}) == 1 {
		mark = "II"
	}
	b := []byte("Exif\x00\x00" + mark)
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, tag := range []uint16{0x8825, 0x0112} {
		b = order.AppendUint16(b, tag)
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, o)
		b = order.AppendUint16(b, 0)
	}
	return string(order.AppendUint32(b, 0)) + place1
}

func with(raw []byte, segments ...[]byte) []byte {
	out := bytes.Clone(raw[:2])
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, raw[2:]...)
}

// made is what becomes of a picture.
func made(t *testing.T, raw []byte) (print, error) {
	t.Helper()
	kind, err := sniff(raw)
	if err != nil {
		return print{}, err
	}
	return newStudio(0).develop(t.Context(), raw, kind)
}

func TestPicturesLoseTheirTracesAndStandUpright(t *testing.T) {
	plain := jpegOf(t, scene(96, 64))
	for name, c := range map[string]struct {
		raw     []byte
		corners string
	}{
		"plain":              {plain, "RGBW"},
		"upright":            {with(plain, segment(0xE1, exif(binary.BigEndian, 1))), "RGBW"},
		"mirrored":           {with(plain, segment(0xE1, exif(binary.BigEndian, 2))), "GRWB"},
		"upside down":        {with(plain, segment(0xE1, exif(binary.LittleEndian, 3))), "BWRG"},
		"mirrored down":      {with(plain, segment(0xE1, exif(binary.BigEndian, 4))), "WBGR"},
		"transposed":         {with(plain, segment(0xE1, exif(binary.BigEndian, 5))), "RWBG"},
		"turned right":       {with(plain, segment(0xE1, exif(binary.BigEndian, 6))), "WRGB"},
		"transversed":        {with(plain, segment(0xE1, exif(binary.LittleEndian, 7))), "BGRW"},
		"turned left":        {with(plain, segment(0xE1, exif(binary.LittleEndian, 8))), "GBWR"},
		"nonsense direction": {with(plain, segment(0xE1, exif(binary.BigEndian, 77))), "RGBW"},
		"XMP":                {with(plain, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+place1)), "RGBW"},
		"IPTC and a comment": {with(plain, segment(0xED, place1), segment(0xFE, place1)), "RGBW"},
		"behind the picture": {append(bytes.Clone(plain), place1...), "RGBW"},
		"broken Exif":        {with(plain, segment(0xE1, "Exif\x00\x00MM\x00*\xff\xff\xff\xff"+place1)), "RGBW"},
		"PNG with text":      {pngWith(t, "tEXt", "eXIf", "zTXt", "iTXt", "tIME"), "RGBW"},
	} {
		p, err := made(t, c.raw)
		if err != nil || p.kind != "image/jpeg" {
			t.Errorf("%s: %s, %v", name, p.kind, err)
			continue
		}
		if got := corners(t, p.data); got != c.corners {
			t.Errorf("%s: corners %s, want %s", name, got, c.corners)
		}
		if got := corners(t, p.thumb); got != c.corners {
			t.Errorf("%s: the thumbnail's corners %s, want %s", name, got, c.corners)
		}
		if bytes.Contains(append(p.data, p.thumb...), []byte("GPS")) || bytes.Contains(p.data, []byte("Exif")) {
			t.Errorf("%s: traces are still in it", name)
		}
	}
}

func pngWith(t *testing.T, kinds ...string) []byte {
	raw := pngOf(t, scene(96, 64))
	const afterHeader = 8 + 25
	dirty := bytes.Clone(raw[:afterHeader])
	for _, kind := range kinds {
		dirty = binary.BigEndian.AppendUint32(dirty, uint32(len(place1)))
		dirty = append(dirty, kind+place1...)
		dirty = binary.BigEndian.AppendUint32(dirty, crc32.ChecksumIEEE([]byte(kind+place1)))
	}
	return append(append(dirty, raw[afterHeader:]...), place1...)
}

func TestAllFormsBecomeJPEGsOfUsefulSize(t *testing.T) {
	var moving bytes.Buffer
	if err := gif.Encode(&moving, scene(96, 64), nil); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		raw         []byte
		wide, high  int
		small, tiny int // sides of the thumbnail
	}{
		"small":             {jpegOf(t, scene(96, 64)), 96, 64, 96, 64},
		"large":             {jpegOf(t, scene(4000, 3000)), 2560, 1920, 480, 360},
		"a panorama":        {jpegOf(t, scene(9000, 30)), 2560, 8, 480, 1},
		"turned and large":  {with(jpegOf(t, scene(4000, 3000)), segment(0xE1, exif(binary.BigEndian, 6))), 1920, 2560, 360, 480},
		"one point":         {pngOf(t, scene(1, 1)), 1, 1, 1, 1},
		"GIF":               {moving.Bytes(), 96, 64, 96, 64},
		"WebP":              {sample(t, "lossy.webp"), 150, 103, 150, 103},
		"transparent WebP":  {sample(t, "transparent.webp"), 75, 100, 75, 100},
		"progressive JPEG":  {sample(t, "progressive.jpeg"), 150, 103, 150, 103},
		"JPEG in red first": {sample(t, "rgb.jpeg"), 150, 103, 150, 103},
	} {
		p, err := made(t, c.raw)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		full, _, err1 := image.DecodeConfig(bytes.NewReader(p.data))
		thumb, _, err2 := image.DecodeConfig(bytes.NewReader(p.thumb))
		if err1 != nil || err2 != nil || full.Width != c.wide || full.Height != c.high || thumb.Width != c.small || thumb.Height != c.tiny {
			t.Errorf("%s: %d×%d with a thumbnail of %d×%d, %v, %v", name, full.Width, full.Height, thumb.Width, thumb.Height, err1, err2)
		}
		if p.width != full.Width || p.height != full.Height {
			t.Errorf("%s: says %d×%d", name, p.width, p.height)
		}
	}
}

func TestTransparentPartsAreWhite(t *testing.T) {
	p, err := made(t, pngOf(t, image.NewNRGBA(image.Rect(0, 0, 20, 20))))
	if err != nil || corners(t, p.data) != "WWWW" {
		t.Errorf("%v: %s", err, corners(t, p.data))
	}
}

// hugePNG has a header of 50 000 × 50 000 points and next to nothing behind it.
func hugePNG(t *testing.T) []byte {
	raw := pngOf(t, image.NewGray(image.Rect(0, 0, 4, 4)))
	binary.BigEndian.PutUint32(raw[16:], 50_000)
	binary.BigEndian.PutUint32(raw[20:], 50_000)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

func TestRefusedFiles(t *testing.T) {
	whole, progressive := jpegOf(t, scene(96, 64)), sample(t, "progressive.jpeg")
	var bomb bytes.Buffer
	if err := gif.Encode(&bomb, scene(8, 6), nil); err != nil {
		t.Fatal(err)
	}
	huge := bomb.Bytes()
	binary.LittleEndian.PutUint16(huge[6:], 60000)
	binary.LittleEndian.PutUint16(huge[8:], 60000)
	flat := pngOf(t, scene(96, 64))
	store := newFolderStore(t)
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"nothing":                {nil, ErrEmpty},
		"a page named .jpg":      {[]byte("<html><script>alert(1)</script></html>"), ErrKind},
		"a program":              {[]byte("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100)), ErrKind},
		"a drawing with code":    {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), ErrKind},
		"HEIC":                   {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), ErrHEIC},
		"HEIC in a row":          {[]byte("\x00\x00\x00\x18ftyphevc\x00\x00\x00\x00msf1hevc"), ErrHEIC},
		"AVIF":                   {[]byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1miaf"), ErrHEIC},
		"a ZIP named .jpg":       {[]byte("PK\x03\x04" + strings.Repeat("\x00", 60)), ErrKind},
		"half a JPEG":            {whole[:len(whole)/2], ErrDamaged},
		"a JPEG without its end": {whole[:len(whole)-2], ErrDamaged},
		"half a progressive one": {progressive[:len(progressive)/2], ErrDamaged},
		"the same with an end":   {append(bytes.Clone(progressive[:len(progressive)/2]), 0xFF, 0xD9), ErrDamaged},
		"half a PNG":             {flat[:len(flat)/2], ErrDamaged},
		"a JPEG's first bytes":   {whole[:3], ErrDamaged},
		"a WebP's first bytes":   {sample(t, "lossy.webp")[:60], ErrDamaged},
		"a GIF too large":        {huge, ErrPixels},
		"a PNG too large":        {hugePNG(t), ErrPixels},
		"too many bytes":         {append(bytes.Clone(whole), make([]byte, MaxSize)...), ErrTooLarge},
	} {
		if _, err := store.Put(t.Context(), "school", bytes.NewReader(c.raw)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := store.Put(t.Context(), "school", io.MultiReader(bytes.NewReader(whole), failing{})); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("a reader that fails: %v", err)
	}
	if n := countFiles(t, store); n != 0 {
		t.Errorf("%d files are left of what was refused", n)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection lost") }

// FuzzDevelop holds that nothing makes the studio panic and that what it lets through
// is a JPEG.
func FuzzDevelop(f *testing.F) {
	f.Add(jpegOf(f, scene(8, 6)))
	f.Add(with(jpegOf(f, scene(8, 6)), segment(0xE1, exif(binary.LittleEndian, 6))))
	f.Add(pngOf(f, scene(8, 6)))
	f.Add(sample(f, "progressive.jpeg"))
	f.Add(sample(f, "transparent.webp"))
	f.Add([]byte("RIFF\x04\x00\x00\x00WEBPVP8X\xff\xff\xff\x7f"))
	s := newStudio(0)
	s.most = 1 << 24
	f.Fuzz(func(t *testing.T, raw []byte) {
		kind, err := sniff(raw)
		if err != nil || !pictures[kind] {
			return
		}
		if p, err := s.develop(context.Background(), raw, kind); err == nil {
			if _, err := jpeg.Decode(bytes.NewReader(p.data)); err != nil {
				t.Error(err)
			}
		}
	})
}
