package media

import (
	"bytes"
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
	"path/filepath"
	"strings"
	"testing"

	"duban/internal/errs"
)

const place1 = "GPS-28.55N-112.33E" // stands for a location in a picture's metadata

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 8, 6))
	m.Set(3, 3, color.RGBA{200, 10, 10, 255})
	return m
}

func jpegOf(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
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

func withSegments(t *testing.T, segments ...[]byte) []byte {
	t.Helper()
	raw := jpegOf(t)
	out := bytes.Clone(raw[:2])
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, raw[2:]...)
}

func TestJPEGsLoseTheirTracesAndStayUpright(t *testing.T) {
	for name, c := range map[string]struct {
		raw    []byte
		upward byte
	}{
		"big endian Exif":    {withSegments(t, segment(0xE1, exif(binary.BigEndian, 6))), 6},
		"little endian Exif": {withSegments(t, segment(0xE1, exif(binary.LittleEndian, 8))), 8},
		"upright":            {withSegments(t, segment(0xE1, exif(binary.BigEndian, 1))), 0},
		"nonsense direction": {withSegments(t, segment(0xE1, exif(binary.BigEndian, 77))), 0},
		"XMP":                {withSegments(t, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+place1)), 0},
		"IPTC and a comment": {withSegments(t, segment(0xED, place1), segment(0xFE, place1)), 0},
		"behind the picture": {append(jpegOf(t), place1...), 0},
		"broken Exif":        {withSegments(t, segment(0xE1, "Exif\x00\x00MM\x00*\xff\xff\xff\xff"+place1)), 0},
		"plain":              {jpegOf(t), 0},
	} {
		clean, kind, err := examine(c.raw)
		if err != nil || kind != "image/jpeg" {
			t.Errorf("%s: %s, %v", name, kind, err)
			continue
		}
		if bytes.Contains(clean, []byte("GPS")) {
			t.Errorf("%s: the place is still in it", name)
		}
		found := byte(0)
		if i := bytes.Index(clean, []byte("Exif\x00\x00")); i >= 0 {
			found = orientation(clean[i:])
		}
		if found != c.upward {
			t.Errorf("%s: orientation %d, want %d", name, found, c.upward)
		}
		same(t, name, c.raw, clean)
	}
}

// same holds that both show the same picture, point by point.
func same(t *testing.T, name string, a, b []byte) {
	t.Helper()
	x, _, err1 := image.Decode(bytes.NewReader(a))
	y, _, err2 := image.Decode(bytes.NewReader(b))
	if err1 != nil || err2 != nil {
		t.Errorf("%s: %v, %v", name, err1, err2)
		return
	}
	for i := range x.Bounds().Dx() {
		for j := range x.Bounds().Dy() {
			if x.At(i, j) != y.At(i, j) {
				t.Fatalf("%s: the picture has changed at %d,%d", name, i, j)
			}
		}
	}
}

func chunk(kind, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(b, kind+body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+body)))
}

func TestPNGsLoseTheirTraces(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	const afterHeader = 8 + 25
	dirty := bytes.Clone(raw[:afterHeader])
	for _, kind := range []string{"eXIf", "tEXt", "zTXt", "iTXt", "tIME"} {
		dirty = append(dirty, chunk(kind, place1)...)
	}
	dirty = append(append(dirty, raw[afterHeader:]...), place1...)
	clean, kind, err := examine(dirty)
	if err != nil || kind != "image/png" || !bytes.Equal(clean, raw) {
		t.Errorf("%s, %v: not what it was without the traces", kind, err)
	}
}

func TestWebPsLoseTheirTraces(t *testing.T) {
	riff := func(chunks ...string) []byte {
		body := "WEBP" + strings.Join(chunks, "")
		return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	}
	part := func(kind, body string) string {
		n := string(binary.LittleEndian.AppendUint32(nil, uint32(len(body))))
		return kind + n + body + strings.Repeat("\x00", len(body)%2)
	}
	raw := append(riff(part("VP8X", "\x0c\x00\x00\x00\x07\x00\x00\x05\x00\x00"), part("VP8 ", "12345"), part("EXIF", place1), part("XMP ", place1)), place1...)
	clean, kind, err := examine(raw)
	want := riff(part("VP8X", "\x00\x00\x00\x00\x07\x00\x00\x05\x00\x00"), part("VP8 ", "12345"))
	if err != nil || kind != "image/webp" || !bytes.Equal(clean, want) {
		t.Errorf("%s, %v: %q, want %q", kind, err, clean, want)
	}
}

func TestRefusedFiles(t *testing.T) {
	whole := jpegOf(t)
	var bomb bytes.Buffer
	if err := gif.Encode(&bomb, picture(), nil); err != nil {
		t.Fatal(err)
	}
	huge := bomb.Bytes()
	binary.LittleEndian.PutUint16(huge[6:], 60000)
	binary.LittleEndian.PutUint16(huge[8:], 60000)
	blobs := store(t)
	for name, c := range map[string]struct {
		raw  []byte
		want error
	}{
		"nothing":              {nil, ErrEmpty},
		"a page named .jpg":    {[]byte("<html><script>alert(1)</script></html>"), ErrKind},
		"a program":            {[]byte("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100)), ErrKind},
		"a drawing with code":  {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`), ErrKind},
		"HEIC":                 {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), ErrKind},
		"an archive":           {[]byte("PK\x03\x04" + strings.Repeat("\x00", 60)), ErrKind},
		"half a JPEG":          {whole[:len(whole)/2], ErrDamaged},
		"a JPEG's first bytes": {whole[:3], ErrDamaged},
		"a picture too large":  {huge, ErrTooLarge},
		"too many bytes":       {append(bytes.Clone(whole), make([]byte, MaxSize)...), ErrTooLarge},
	} {
		if _, err := blobs.Put("school", bytes.NewReader(c.raw)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := blobs.Put("school", io.MultiReader(bytes.NewReader(whole), failing{})); err == nil || errors.Is(err, ErrDamaged) {
		t.Errorf("a reader that fails: %v", err)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection lost") }

func store(t *testing.T) *Blobs {
	t.Helper()
	b, err := OpenBlobs(filepath.Join(t.TempDir(), "media"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestBlobsAreKeptByUnitAndContent(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "media")
	b, err := OpenBlobs(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	raw := jpegOf(t)
	first, err := b.Put("s-wenchang", bytes.NewReader(raw))
	if err != nil || first.Size != int64(len(raw)) || first.MIME != "image/jpeg" || len(first.SHA256) != 64 {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := b.Put("s-wenchang", bytes.NewReader(raw))
	if err != nil || again != first {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	r, err := b.Open("s-wenchang", first.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(r)
	_ = r.Close()
	if !bytes.Equal(got, raw) {
		t.Error("what was stored is not what was put")
	}
	if _, err := b.Open("s-other", first.SHA256); errs.CodeOf(err) != errs.NotFound {
		t.Errorf("another school's folder has it: %v", err)
	}
	var files, modes []string
	_ = filepath.Walk(dir, func(path string, info os.FileInfo, _ error) error {
		if !info.IsDir() {
			files, modes = append(files, path), append(modes, info.Mode().Perm().String())
		}
		return nil
	})
	if len(files) != 1 || modes[0] != "-rw-------" {
		t.Errorf("files %v with %v, want one that only we may read", files, modes)
	}
}

func TestNoNameLeadsOutOfTheFolder(t *testing.T) {
	dir := t.TempDir()
	b, err := OpenBlobs(filepath.Join(dir, "media"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	sha := strings.Repeat("a", 64)
	for _, name := range [][2]string{{"..", sha}, {"../x", sha}, {"a/b", sha}, {"school", "../../etc"}, {"school", strings.Repeat("A", 64)}, {"学校", sha}} {
		if _, err := b.Open(name[0], name[1]); errs.CodeOf(err) != errs.Invalid {
			t.Errorf("open %v: %v", name, err)
		}
		if _, err := b.Put(name[0], bytes.NewReader(jpegOf(t))); name[1] == sha && errs.CodeOf(err) != errs.Invalid {
			t.Errorf("put %v: %v", name, err)
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
	if _, err := b.Open("school", sha); err == nil {
		t.Error("a link out of the folder was followed")
	}
}

// FuzzExamine holds that nothing makes the examination panic and that what it
// lets through is no larger than what came in, but for an orientation.
func FuzzExamine(f *testing.F) {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, picture(), nil)
	f.Add(b.Bytes())
	f.Add(append([]byte{0xFF, 0xD8}, segment(0xE1, exif(binary.LittleEndian, 6))...))
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND"))
	f.Add([]byte("RIFF\x04\x00\x00\x00WEBPVP8X\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		clean, _, err := examine(raw)
		if err == nil && len(clean) > len(raw)+64 {
			t.Errorf("%d bytes became %d", len(raw), len(clean))
		}
	})
}
