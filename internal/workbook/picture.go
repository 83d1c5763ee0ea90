package workbook

import (
	"bytes"
	"image"
	_ "image/jpeg" // sizes of the pictures
	_ "image/png"  // "
	"math"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"duban/internal/ledger"
)

// Sizes of a row with pictures, in points as rows are measured and in pixels as
// pictures are.
const (
	pictureRow  = 108.0
	lineHeight  = 17.0
	tallest     = 400.0 // of a row; the format's limit is 409
	pictureHigh = 112   // leaves a line for words below
	margin      = 4
)

// line writes a row of the table, and its pictures into their cells.
func (s *stream) line(row []any) error {
	cells, pictures := make([]any, len(row)), map[int]ledger.Picture{}
	for i, c := range row {
		style := s.looks.cell
		if p, ok := c.(ledger.Picture); ok && len(p.Data) > 0 {
			style, pictures[i] = s.looks.caption, p
		}
		cells[i] = excelize.Cell{StyleID: style, Value: plain(c)}
	}
	high := s.height(row)
	if len(pictures) > 0 {
		high = max(pictureRow, high)
	}
	high = min(high, tallest)
	if err := s.put(cells, excelize.RowOpts{Height: high}); err != nil || len(pictures) == 0 {
		return err
	}
	// The library asks for the height of the row to find where a picture ends, and does
	// not look at rows that were streamed: it is told as that of all rows, which has left
	// with the first row and is not written again.
	if err := s.f.SetSheetProps(s.table.Name, &excelize.SheetPropsOptions{DefaultRowHeight: &high}); err != nil {
		return err
	}
	for i := range row {
		if p, ok := pictures[i]; ok {
			if err := s.picture(i, p.Data); err != nil {
				return err
			}
		}
	}
	return nil
}

// picture puts a picture into a cell of the last row. It moves, shrinks and hides with
// its row, so that it stays with it when somebody filters or sorts.
func (s *stream) picture(column int, data []byte) error {
	size, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return err
	}
	cell, err := excelize.CoordinatesToCellName(column+1, s.row)
	if err != nil {
		return err
	}
	wide := s.table.Columns[column].Width*7 - margin // a character is seven pixels wide
	scale := min(wide/float64(size.Width), pictureHigh/float64(size.Height))
	x := margin/2 + (wide-scale*float64(size.Width))/2
	return s.f.AddPictureFromBytes(s.table.Name, cell, &excelize.Picture{Extension: "." + kind, File: data, Format: &excelize.GraphicOptions{
		ScaleX: scale, ScaleY: scale, OffsetX: int(x), OffsetY: margin, LockAspectRatio: true, Positioning: "twoCell"}})
}

// height is how high a row must be for its words, roughly: a Chinese character is as
// wide as two Latin ones. Not every program finds out by itself.
func (s *stream) height(row []any) float64 {
	most := 1.0
	for i, c := range row {
		text, ok := c.(string)
		if !ok {
			continue
		}
		lines := 0.0
		for part := range strings.SplitSeq(text, "\n") {
			width := float64(len(part)+utf8.RuneCountInString(part)) / 2 // UTF-8: three bytes a Chinese character
			lines += max(1, math.Ceil(width/(s.table.Columns[i].Width-1)))
		}
		most = max(most, lines)
	}
	return most * lineHeight
}
