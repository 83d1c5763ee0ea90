package ledger

import "iter"

// Table is one sheet, worded and ready to be written, a line after the other. Cells
// are texts, whole numbers and pictures.
type Table struct {
	Name    string // of the sheet
	Title   string
	Note    string // below the title: how many lines, made when
	Columns []Column
	Rows    iter.Seq2[[]any, error]
	Tail    string // said below the last line; "" for nothing
}

// Column is a column's head and its width in characters of Latin text.
type Column struct {
	Name  string
	Width float64
}

// Picture is a cell with a picture, and words for below it or for where pictures
// cannot be shown.
type Picture struct {
	Data  []byte // JPEG or PNG; nil: only the words
	Words string
}

// Listed are rows that are there already.
func Listed(rows ...[]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}
