package workbook

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"duban/internal/ledger"
)

func photo(t *testing.T, wide, high int, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, wide, high))
	for y := range high {
		for x := range wide {
			img.Set(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestPicturesStandInTheirCells holds that pictures written with a stream arrive in
// their cells, within the row, beside rows without, in both sheets.
func TestPicturesStandInTheirCells(t *testing.T) {
	red, blue := photo(t, 480, 360, color.RGBA{200, 0, 0, 255}), photo(t, 200, 480, color.RGBA{0, 0, 200, 255})
	columns := []ledger.Column{{Name: "内容", Width: 20}, {Name: "整改前照片", Width: 21}, {Name: "整改后照片", Width: 21}}
	first := ledger.Table{Name: "一", Columns: columns, Rows: ledger.Listed([]any{strings.Repeat("长", 200), ledger.Picture{Data: red}, ""},
		[]any{"b", "", ""}, []any{"c", ledger.Picture{Data: red, Words: "共 2 张"}, ledger.Picture{Data: blue}})}
	second := ledger.Table{Name: "二", Columns: columns, Rows: ledger.Listed([]any{"d", ledger.Picture{Words: "缺失"}, ledger.Picture{Data: blue}})}
	raw, err := XLSX([]ledger.Table{first, second})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, want := range map[string][]byte{"一!B4": red, "一!C4": nil, "一!B5": nil, "一!B6": red, "一!C6": blue, "二!B4": nil, "二!C4": blue} {
		sheet, cell, _ := strings.Cut(at, "!")
		pictures, err := f.GetPictures(sheet, cell)
		if err != nil || (len(pictures) == 1) != (want != nil) || len(pictures) == 1 && !bytes.Equal(pictures[0].File, want) {
			t.Errorf("%s: %d pictures, %v", at, len(pictures), err)
		}
	}
	for row, want := range map[int]float64{4: 22 * lineHeight, 5: lineHeight, 6: pictureRow} { // 200 characters: 22 lines
		if high, err := f.GetRowHeight("一", row); err != nil || high != want {
			t.Errorf("row %d is %v high, want %v: %v", row, high, want, err)
		}
	}
	if words, _ := f.GetCellValue("一", "B6"); words != "共 2 张" {
		t.Errorf("words below the picture: %q", words)
	}
	if words, _ := f.GetCellValue("二", "B4"); words != "缺失" {
		t.Errorf("words instead of a picture: %q", words)
	}
	anchors, same := part(t, raw, "xl/drawings/drawing1.xml"), strings.Count(part(t, raw, "xl/drawings/_rels/drawing1.xml.rels"), "<Relationship ")
	if strings.Count(anchors, `editAs="twoCell"`) != 3 || same != 2 {
		t.Errorf("%d files for: %s", same, anchors)
	}
	for _, row := range []string{"3", "5"} { // each picture ends in the row where it begins
		if from, to := strings.Count(anchors, "<xdr:row>"+row+"</xdr:row>"), map[string]int{"3": 2, "5": 4}[row]; from != to {
			t.Errorf("row %s is named %d times in %s", row, from, anchors)
		}
	}
}

// TestTheHeadsCarryAFilter holds that all lines can be filtered, and what is said
// below them is not among them.
func TestTheHeadsCarryAFilter(t *testing.T) {
	raw, err := XLSX([]ledger.Table{table()})
	if err != nil {
		t.Fatal(err)
	}
	if sheet := part(t, raw, "xl/worksheets/sheet1.xml"); !strings.Contains(sheet, `<autoFilter ref="$A$3:$B$12"`) && !strings.Contains(sheet, `<autoFilter ref="A3:B12"`) {
		t.Error(sheet[max(0, len(sheet)-900):])
	}
}

// What goes wrong while lines are read is not taken for the end of the ledger.
func TestABrokenLineEndsTheFile(t *testing.T) {
	broken := errors.New("database away")
	rows := func(yield func([]any, error) bool) {
		if yield([]any{1, "a"}, nil) {
			yield(nil, broken)
		}
	}
	for name, write := range map[string]func([]ledger.Table) ([]byte, error){"xlsx": XLSX, "csv": CSV} {
		broke := table()
		broke.Rows = rows
		if raw, err := write([]ledger.Table{broke}); !errors.Is(err, broken) || raw != nil {
			t.Errorf("%s: %d bytes, %v", name, len(raw), err)
		}
	}
}
