package scenario

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // what pdftoppm draws
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/sim/stage"
	"duban/internal/testkit"
)

// shotsEnv names a folder in which the pages are left as pictures, to be looked at.
const shotsEnv = "DUBAN_TEST_PAPERS"

// papers asks for every sort of document and saves them into a folder, as a phone
// would.
func (w *world) papers(dir string) {
	w.t.Helper()
	save := func(name string) {
		w.t.Helper()
		w.settle()
		w.take()
		w.ok(os.WriteFile(filepath.Join(dir, name), w.lastFile(bot.DingTalk), 0o600))
	}
	w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化，接口处有裂纹，闻得到气味", scene(1200, 900, 1), scene(900, 1200, 2))
	w.wecom("wenchang-jia", "匿名上报：操场围墙开裂", scene(1600, 900, 3))
	w.wecom("wenchang-jia", "上报隐患 宿舍楼二楼应急灯不亮")
	w.dingtalk("anquan-guzhang", "隐患1 定为重大")
	w.wecom("wenchang-aq", "隐患1 已停用封闭，改用电灶，并安排专人看守")
	w.wecom("wenchang-aq", "YH0001 五落实：责任 王校长；措施 更换全部软管并加装燃气报警器；资金 2万元；时限 10月8日；预案 停用燃气改用电灶")
	w.dingtalk("anquan-guzhang", "通知书 YH0001")
	save("notice.docx")
	w.dingtalk("anquan-guzhang", "看照片 YH0001")
	save("photos.docx")
	w.wecom("wenchang-aq", "隐患2 已修好，请复查", scene(1200, 1200, 4))
	w.dingtalk("anquan-guzhang", "隐患2 复查通过")
	w.dingtalk("anquan-guzhang", "隐患2 销号")
	w.settle()
	w.take()
	w.dingtalk("anquan-guzhang", "导出全部台账")
	save("ledger.xlsx")
	for _, place := range []string{"实验楼二楼走廊", "食堂后厨", "操场看台"} {
		w.dingtalk("anquan-guzhang", "生成二维码 文昌中学 "+place)
		w.settle()
	}
	w.dingtalk("anquan-guzhang", "打印二维码 文昌中学")
	save("poster.docx")
}

// scene is a picture in which something can be seen: bright bands, different for each
// number.
func scene(wide, high, n int) stage.Photo {
	m := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			r := math.Hypot(float64(x-wide/2), float64(y-high/2)) / float64(20*n)
			m.SetRGBA(x, y, color.RGBA{uint8(40 * n), uint8(127 + 120*math.Sin(r)), uint8(255 * x / wide), 255})
		}
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil) // into memory
	return stage.Photo{ContentType: "image/jpeg", Data: b.Bytes()}
}

// printed is a document as LibreOffice prints it.
type printed struct {
	pages    int
	text     string // without white space
	fonts    [][]string
	pictures int
}

// run runs a program and returns what it prints.
func (w *world) run(ctx context.Context, name string, args ...string) string {
	w.t.Helper()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	if err != nil {
		w.t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

var emptySpace = regexp.MustCompile(`\s+`)

func (w *world) look(ctx context.Context, pdf string) printed {
	w.t.Helper()
	var p printed
	p.text = emptySpace.ReplaceAllString(w.run(ctx, "pdftotext", "-layout", pdf, "-"), "")
	for _, line := range tableLines(w.run(ctx, "pdffonts", pdf)) {
		p.fonts = append(p.fonts, strings.Fields(line))
	}
	for _, line := range tableLines(w.run(ctx, "pdfimages", "-list", pdf)) {
		if strings.Fields(line)[2] == "image" {
			p.pictures++
		}
	}
	shots := strings.TrimSuffix(pdf, ".pdf")
	w.run(ctx, "pdftoppm", "-png", "-r", "70", pdf, shots)
	names, err := filepath.Glob(shots + "*.png")
	w.ok(err)
	for _, name := range names {
		if share := w.inked(name); share < 0.005 {
			w.t.Errorf("%s is nearly empty: %.4f of it is inked", filepath.Base(name), share)
		}
	}
	p.pages = len(names)
	return p
}

// tableLines are the lines below the two of a table's head.
func tableLines(out string) []string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return lines[min(2, len(lines)):]
}

// inked is the share of a page that is not white.
func (w *world) inked(name string) float64 {
	w.t.Helper()
	f, err := os.Open(name)
	w.ok(err)
	defer f.Close()
	m, _, err := image.Decode(f)
	w.ok(err)
	n, b := 0, m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := m.At(x, y).RGBA(); min(r, g, bl) < 0xE000 {
				n++
			}
		}
	}
	return float64(n) / float64(b.Dx()*b.Dy())
}

// chinese are fonts that have the letters; what is missing in a font comes from
// another, and what none has comes from none of these.
var chinese = regexp.MustCompile(`(?i)CJK|WenQuan|YaHei|SimSun|SimHei|Song|Hei|Ming`)

// TestPapersOpenInLibreOffice prints every sort of document with a program that is not
// ours: the words are there in fonts that have them, and so are the pictures.
func TestPapersOpenInLibreOffice(t *testing.T) {
	testkit.Programs(t, "libreoffice", "soffice", "pdftotext", "pdffonts", "pdfimages", "pdftoppm")
	onSQLite(t, setup{}, func(w *world) {
		dir := t.TempDir()
		if shots := os.Getenv(shotsEnv); shots != "" {
			dir = shots
		}
		w.papers(dir)
		ctx, cancel := context.WithTimeout(w.ctx, 2*time.Minute)
		defer cancel()
		files, err := filepath.Glob(filepath.Join(dir, "*.*x"))
		w.ok(err)
		w.run(ctx, "soffice", append([]string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--norestore", "--convert-to", "pdf", "--outdir", dir}, files...)...)
		for name, want := range map[string]struct {
			pages, pictures int
			words           []string
		}{
			"notice": {1, 2, []string{"隐患整改通知书", "编号：YH-2025-0001", "文昌中学：", "食堂后厨燃气软管老化，接口处有裂纹，闻得到气味", "2025年10月10日周五前（默认时限）", "更换全部软管并加装燃气报警器", "签发单位（盖章）：益阳市资阳区教育局安全法规股", "签收人（单位负责人）：", "说明：本通知书按隐患台账生成"}},
			"photos": {1, 2, []string{"YH-2025-0001文昌中学食堂后厨", "整改前", "2025-09-10"}},
			"ledger": {0, 3, []string{"隐患台账（全区）", "整改前照片", "督办台账（安全股牵头、协办）", "更换全部软管并加装燃气报警器", "匿名上报", "共2张，发“看照片", "第1页，共"}},
			"poster": {1, 3, []string{"发现隐患请上报", "实验楼二楼走廊", "编号W5P5", "操场看台"}},
		} {
			got := w.look(ctx, filepath.Join(dir, name+".pdf"))
			if want.pages > 0 && got.pages != want.pages || got.pictures != want.pictures {
				t.Errorf("%s: %d pages with %d pictures, want %d and %d", name, got.pages, got.pictures, want.pages, want.pictures)
			}
			for _, words := range want.words {
				if !strings.Contains(got.text, words) {
					t.Errorf("%s: %q is not in %s", name, words, got.text)
				}
			}
			w.fonts(name, got.fonts)
		}
	})
}

// fonts holds that all letters of a file are in it, and Chinese ones among them.
func (w *world) fonts(name string, list [][]string) {
	w.t.Helper()
	known := false
	for _, f := range list { // name, type (some words), encoding, emb, sub, uni, object, generation
		known = known || chinese.MatchString(f[0])
		if emb := f[len(f)-5]; emb != "yes" {
			w.t.Errorf("%s: a font is not embedded: %q", name, f)
		}
	}
	if !known {
		w.t.Errorf("%s: no font with Chinese letters: %s", name, fmt.Sprint(list))
	}
}
