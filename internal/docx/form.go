package docx

import "fmt"

// Field is one line of a form: what it is called, what is written there, and pictures.
type Field struct {
	Name     string
	Lines    []Text
	Pictures [][]byte
}

// widths of a form's columns, in twentieths of a point; together the width of the page.
const (
	nameWidth  = 1900
	valueWidth = 8300
)

// Form adds a table of names and values within lines. Pictures are at most size
// millimetres wide and high, side by side as far as they fit. A long value goes on on
// the next page.
func (d *Document) Form(fields []Field, size float64) error {
	d.body.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>` + edges("single", "000000") + `</w:tblBorders><w:tblLayout w:type="fixed"/>` +
		`<w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>` +
		fmt.Sprintf(`<w:tblGrid><w:gridCol w:w="%d"/><w:gridCol w:w="%d"/></w:tblGrid>`, nameWidth, valueWidth))
	for _, f := range fields {
		if err := d.field(f, size); err != nil {
			return err
		}
	}
	d.body.WriteString(`</w:tbl>` + paragraph(Text{Size: 6}))
	return nil
}

func (d *Document) field(f Field, size float64) error {
	const cell = `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>`
	d.body.WriteString(`<w:tr>` + fmt.Sprintf(cell, nameWidth) + paragraph(Text{Words: f.Name, Size: formSize, Centre: true}) + `</w:tc>` + fmt.Sprintf(cell, valueWidth))
	lines := f.Lines
	if len(lines) == 0 && len(f.Pictures) == 0 {
		lines = []Text{{}} // a cell holds a paragraph
	}
	for _, l := range lines {
		if l.Size == 0 {
			l.Size = formSize
		}
		d.body.WriteString(paragraph(l))
	}
	if len(f.Pictures) > 0 {
		d.body.WriteString(`<w:p><w:pPr><w:spacing w:before="80" w:after="80"/></w:pPr>`)
		for _, data := range f.Pictures {
			drawn, err := d.drawing(data, size, size)
			if err != nil {
				return err
			}
			d.body.WriteString(`<w:r>` + drawn + `</w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>`)
		}
		d.body.WriteString(`</w:p>`)
	}
	d.body.WriteString(`</w:tc></w:tr>`)
	return nil
}

// formSize is the size of a form's letters in points.
const formSize = 12

// edges are all lines of a table.
func edges(kind, colour string) string {
	out := ""
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		out += fmt.Sprintf(`<w:%s w:val="%s" w:sz="4" w:color="%s"/>`, side, kind, colour)
	}
	return out
}
