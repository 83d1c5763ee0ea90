package fixnotice

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/hazard"
)

var (
	paragraphs = regexp.MustCompile(`<w:p>.*?</w:p>`)
	tags       = regexp.MustCompile(`<[^>]*>`)
)

// read returns the lines of a document, and how many pictures it has.
func read(t *testing.T, doc []byte) (words string, pictures int) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(doc), int64(len(doc)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "word/media/") {
			pictures++
		}
		if f.Name != "word/document.xml" {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paragraphs.FindAllString(string(body), -1) {
			words += tags.ReplaceAllString(p, "") + "\n"
		}
	}
	return words, pictures
}

func TestNotice(t *testing.T) {
	var dot bytes.Buffer
	if err := png.Encode(&dot, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	day := func(n int) calendar.Date { return calendar.Of(2025, 9, n) }
	plain := func(change func(*hazard.Hazard)) hazard.Hazard {
		h := hazard.Hazard{Year: 2025, Seq: 56, Category: "消防", Location: "食堂后厨", Desc: "软管 <老化>", State: hazard.Reported, FixDue: day(19)}
		change(&h)
		return h
	}
	for name, c := range map[string]struct {
		h        hazard.Hazard
		more     int
		want     []string
		without  []string
		pictures int
	}{
		"as it was reported": {plain(func(*hazard.Hazard) {}), 0, []string{"编号：YH-2025-0056", "资阳区文昌中学：", "软管 &lt;老化&gt;", "未定级", "2025年9月19日 周五前（默认时限）", "3．", "签发单位（盖章）：安全法规股", "说明：小字"},
			[]string{"五落实", "挂牌", "另有"}, 2},
		"a chosen limit": {plain(func(h *hazard.Hazard) { h.Level, h.FixDays = hazard.Ordinary, 7 }), 3, []string{"一般", "2025年9月19日 周五前\n", "另有 3 张没有放进来"}, []string{"默认时限"}, 2},
		"a major one": {plain(func(h *hazard.Hazard) {
			h.Level, h.ListedAt, h.Five.Measures = hazard.Major, time.Unix(1, 0), "换软管"
		}), 0,
			[]string{"重大（挂牌督办）", "（五落实）后方可整改", "整改措施：换软管", "5．"}, nil, 2},
		"handed up":               {plain(func(h *hazard.Hazard) { h.HelpedAt = time.Unix(1, 0) }), 0, []string{"已提请局里协调，期限待答复后确定"}, []string{"9月19日"}, 2},
		"without place and limit": {plain(func(h *hazard.Hazard) { h.Location, h.FixDue = "", 0 }), 0, []string{"未写明", "待定级后确定"}, nil, 2},
	} {
		doc, err := Paper{Hazard: c.h, Unit: "资阳区文昌中学", From: "安全法规股", Found: day(10), Today: day(11), Note: "小字", Photos: [][]byte{dot.Bytes(), dot.Bytes()}, More: c.more}.Make()
		if err != nil {
			t.Fatal(err)
		}
		words, pictures := read(t, doc)
		for _, w := range c.want {
			if !strings.Contains(words, w) {
				t.Errorf("%s: %q is not in\n%s", name, w, words)
			}
		}
		for _, w := range c.without {
			if strings.Contains(words, w) {
				t.Errorf("%s: %q is in\n%s", name, w, words)
			}
		}
		if pictures != c.pictures {
			t.Errorf("%s: %d pictures", name, pictures)
		}
	}
}

// A notice without photos and small print has no rows for them.
func TestNoticeWithoutPhotos(t *testing.T) {
	doc, err := Paper{Hazard: hazard.Hazard{Year: 2025, Seq: 1, Desc: "一\n二"}}.Make()
	if err != nil {
		t.Fatal(err)
	}
	words, pictures := read(t, doc)
	if pictures > 0 || strings.Contains(words, "照片\n") || strings.Contains(words, "说明：") || !strings.Contains(words, "一\n二\n") {
		t.Errorf("%d pictures in\n%s", pictures, words)
	}
}
