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
	if err := f.SetDefaultFont(letters); err != nil {
		return nil, errs.At("write workbook", err)
	}
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

// letters is a font that Windows and WPS have and others replace; without a name some
// programs take serifs.
const letters = "微软雅黑"

// styles are the numbers of the looks within a file.
type styles struct{ title, note, head, cell, caption int }

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
		{&s.title, excelize.Style{Font: &excelize.Font{Family: letters, Bold: true, Size: 14}, NumFmt: asText}},
		{&s.note, excelize.Style{Font: &excelize.Font{Family: letters, Color: "7F7F7F"}, NumFmt: asText}},
		{&s.head, excelize.Style{Font: &excelize.Font{Family: letters, Bold: true}, Border: frame, NumFmt: asText,
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDEDED"}},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}}},
		{&s.cell, excelize.Style{Border: frame, NumFmt: asText, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}}},
		{&s.caption, excelize.Style{Border: frame, NumFmt: asText, Font: &excelize.Font{Family: letters, Size: 9, Color: "595959"},
			Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "bottom", WrapText: true}}},
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
	s := stream{f: f, w: w, looks: looks, table: t}
	if err := s.write(); err != nil {
		return err
	}
	return w.Flush()
}

// stream is a sheet being written: a row after the other, nothing kept.
type stream struct {
	f     *excelize.File
	w     *excelize.StreamWriter
	looks styles
	table ledger.Table
	row   int // the last one written
}

// write writes the sheet from top to bottom. What belongs to the whole sheet, such as
// pictures and the filter, is told to the library before the stream ends, which then
// refers to it.
func (s *stream) write() error {
	head := make([]any, len(s.table.Columns))
	for i, c := range s.table.Columns {
		head[i] = c.Name
	}
	if err := s.add(s.looks.title, s.table.Title); err != nil {
		return err
	}
	if err := s.add(s.looks.note, s.table.Note); err != nil {
		return err
	}
	if err := s.add(s.looks.head, head...); err != nil {
		return err
	}
	for r, err := range s.table.Rows {
		if err == nil {
			err = s.line(r)
		}
		if err != nil {
			return err
		}
	}
	if err := s.filter(); err != nil || s.table.Tail == "" {
		return err
	}
	return s.add(s.looks.note, s.table.Tail)
}

// filter puts the arrows of a filter on the heads.
func (s *stream) filter() error {
	last, err := excelize.CoordinatesToCellName(len(s.table.Columns), max(s.row, headRow))
	if err != nil {
		return err
	}
	return s.f.AutoFilter(s.table.Name, fmt.Sprintf("A%d:%s", headRow, last), nil)
}

// add writes a row of one look.
func (s *stream) add(style int, cells ...any) error {
	for i, c := range cells {
		cells[i] = excelize.Cell{StyleID: style, Value: plain(c)}
	}
	return s.put(cells)
}

func (s *stream) put(cells []any, opts ...excelize.RowOpts) error {
	s.row++
	return s.w.SetRow(fmt.Sprintf("A%d", s.row), cells, opts...)
}

// plain is what a cell says.
func plain(c any) any {
	switch c := c.(type) {
	case string:
		return legible(c)
	case ledger.Picture:
		return legible(c.Words)
	}
	return c
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
