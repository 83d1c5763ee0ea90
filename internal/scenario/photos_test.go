package scenario

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duban/internal/sim/stage"
)

// raw is a photo of these bytes, whatever its name says.
func raw(data []byte) stage.Photo { return stage.Photo{ContentType: "image/jpeg", Data: data} }

// wideJPEG is a JPEG of a size that is not worth cutting down.
func wideJPEG(w *world) []byte {
	var b bytes.Buffer
	w.ok(jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 320, 240)), nil))
	return b.Bytes()
}

// vastPNG says of itself that it has 50 000 × 50 000 points.
func vastPNG(w *world) []byte {
	var b bytes.Buffer
	w.ok(png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 4))))
	data := b.Bytes()
	binary.BigEndian.PutUint32(data[16:], 50_000)
	binary.BigEndian.PutUint32(data[20:], 50_000)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

// A photo that cannot be kept takes nothing along: the hazard is filed, and its
// reporter is told what to do, in private and once.
func TestBadPhotosLoseNoWords(t *testing.T) {
	for name, c := range map[string]struct {
		data func(*world) []byte
		why  string
	}{
		"30 MB":                  {func(*world) []byte { return make([]byte, 30<<20) }, "超过 20 MB。请在聊天里按“照片”发，不选原图；或用普通拍照模式重拍。"},
		"50 000 × 50 000 points": {vastPNG, "像素太多，打不开。请用普通拍照模式（不用超高像素和全景）重拍一张再发。"},
		"a ZIP": {func(*world) []byte { return []byte("PK\x03\x04" + strings.Repeat("\x00", 60)) },
			"不是照片，也不是能收的文件（可能是压缩包，或改过名字）。请直接拍照或从相册里选照片发；压缩包请解开后再发。"},
		"HEIC": {func(*world) []byte { return []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic") },
			"是苹果手机的 HEIC 格式，这里打不开。请在聊天里按“照片”发，不要按“文件”发；或在手机“设置—相机—格式”里选“兼容性最佳”后重拍。"},
		"a truncated JPEG": {func(w *world) []byte { d := wideJPEG(w); return d[:len(d)/2] }, "没有传完整，或者已经损坏。请在相册里点开看看，再重新发一次。"},
	} {
		t.Run(name, func(t *testing.T) {
			onSQLite(t, setup{}, func(w *world) {
				data := c.data(w)
				if got := w.dingtalk("shimatou-aq", "上报隐患 操场围墙开裂", raw(data), raw(data)); !strings.HasPrefix(got, "已登记 YH-2025-0001") {
					t.Fatalf("filing: %s", got)
				}
				if got := w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", raw(data)); !strings.HasPrefix(got, "已登记 YH-2025-0002") {
					t.Fatalf("filing: %s", got)
				}
				w.settle()
				told := w.take()
				for person, seq := range map[string]string{"shimatou-aq": "1", "wenchang-jia": "2"} {
					w.same(person, strings.Join(to(told, person), "\n"), "刚才有一张照片没有存下来："+c.why+
						"\nYH-2025-000"+seq+" 的文字已经登记，不受影响。补照片请直接发给我，再发“隐患"+seq+" 补充照片”。")
				}
				w.same("photos", w.query("SELECT COUNT(*) FROM files WHERE state = 'failed'"), "3")
				if n := w.blobs(); n != 0 {
					t.Errorf("%d files are kept", n)
				}
				w.same("look", w.wecom("wenchang-jia", "看照片 YH0002"), "YH-2025-0002 没有照片。补照片请直接发给我，再发“隐患2 补充照片”。")
			})
		})
	}
}

// Of where a photo was taken nothing is kept anywhere.
func TestThePlaceOfAPhotoIsNotKept(t *testing.T) {
	each(t, setup{}, func(w *world) {
		const place = "GPS-28.55N-112.33E"
		data, exif := wideJPEG(w), "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00"+place
		segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(exif)+2))
		dirty := append(append(append(append([]byte{}, data[:2]...), segment...), exif...), data[2:]...)
		w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", raw(append(dirty, place...)))
		w.settle()
		w.take()
		w.same("stored", w.query("SELECT state FROM files"), "stored")
		w.ok(filepath.WalkDir(w.config().Media.Dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			kept, err := os.ReadFile(path)
			if bytes.Contains(kept, []byte("GPS")) {
				t.Errorf("the place is in %s", filepath.Base(path))
			}
			return err
		}))
	})
}
