// Package workbook writes tables as files: lines in, bytes out.
package workbook

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"duban/internal/errs"
	"duban/internal/ledger"
)

// headRow is where the heads of the columns stand, below title and note. It and
// what is above stay in sight.
const headRow = 3

// XLSX writes an Excel file with a sheet for each table. Every text stays a text,
// also when somebody edits its cell: nothing a person wrote becomes a formula.
func XLSX(tables []ledger.Table) ([]byte, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	looks, err := newStyles(f)
	if err != nil {
		return nil, errs.At("write workbook", err)
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err == nil {
			err = sheet(f, looks, t)
		}
		if err != nil {
			return nil, errs.At("write sheet", err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, errs.At("write workbook", err)
	}
	return out.Bytes(), nil
}

// styles are the numbers of the looks within a file.
type styles struct{ title, note, head, cell int }

func newStyles(f *excelize.File) (s styles, err error) {
	const asText = 49 // the number format "@"
	frame := []excelize.Border{}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		frame = append(frame, excelize.Border{Type: side, Color: "BFBFBF", Style: 1})
	}
	for _, look := range []struct {
		to *int
		as excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}, NumFmt: asText}},
		{&s.note, excelize.Style{Font: &excelize.Font{Color: "7F7F7F"}, NumFmt: asText}},
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, Border: frame, NumFmt: asText,
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center"}}},
		{&s.cell, excelize.Style{Border: frame, NumFmt: asText, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
	} {
		if *look.to, err = f.NewStyle(&look.as); err != nil {
			return s, err
		}
	}
	return s, nil
}

func sheet(f *excelize.File, looks styles, t ledger.Table) error {
	if err := onPaper(f, t.Name); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	for i, c := range t.Columns { // widths come before the first row
		if err := w.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: headRow, TopLeftCell: fmt.Sprintf("A%d", headRow+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	row := 0
	add := func(style int, cells ...any) error {
		row++
		for i, c := range cells {
			if text, ok := c.(string); ok {
				c = legible(text)
			}
			cells[i] = excelize.Cell{StyleID: style, Value: c}
		}
		return w.SetRow(fmt.Sprintf("A%d", row), cells)
	}
	if err := add(looks.title, t.Title); err != nil {
		return err
	}
	if err := add(looks.note, t.Note); err != nil {
		return err
	}
	if err := add(looks.head, head...); err != nil {
		return err
	}
	for _, r := range t.Rows {
		if err := add(looks.cell, append([]any{}, r...)...); err != nil {
			return err
		}
	}
	if t.Tail != "" {
		if err := add(looks.note, t.Tail); err != nil {
			return err
		}
	}
	return w.Flush()
}

// legible drops the control characters that a file may not hold.
func legible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}
