package ledger

// Table is one sheet, worded and ready to be written. Cells are texts and whole
// numbers.
type Table struct {
	Name    string // of the sheet
	Title   string
	Note    string // below the title: how many lines, made when
	Columns []Column
	Rows    [][]any
	Tail    string // said below the last line; "" for nothing
}

// Column is a column's head and its width in characters of Latin text.
type Column struct {
	Name  string
	Width float64
}
