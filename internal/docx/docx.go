// Package docx writes simple documents that Word and WPS open: headings, lines and
// pictures on A4 paper. Both platforms take such files, phones show them, and letters
// come in the reader's own fonts, which a PDF would have to bring along.
// Form: ECMA-376, part 1.
package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	_ "image/gif"  // sizes of the pictures
	_ "image/jpeg" // "
	_ "image/png"  // "
	"strings"

	"duban/internal/errs"
)

// Type is the MIME type of a document.
const Type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// Document is a document being written. The zero value is empty and ready.
type Document struct {
	body     strings.Builder
	pictures []picture
}

type picture struct {
	name string
	data []byte
}

// Text is a line of words. Size is in points.
type Text struct {
	Words  string
	Size   int
	Bold   bool
	Centre bool
}

// Line adds a line.
func (d *Document) Line(t Text) { d.body.WriteString(paragraph(t)) }

// Picture adds a picture on a line of its own, at most wide × high millimetres.
func (d *Document) Picture(data []byte, wide, high float64) error {
	drawn, err := d.drawing(data, wide, high)
	if err == nil {
		d.body.WriteString(`<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r>` + drawn + `</w:r></w:p>`)
	}
	return err
}

// NewPage goes on at the top of the next page.
func (d *Document) NewPage() { d.body.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`) }

// Cell is one field of a Grid: lines, a picture, lines.
type Cell struct {
	Above   []Text
	Picture []byte
	Below   []Text
}

// Grid adds a table of two columns, whose rows are never split over two pages.
func (d *Document) Grid(cells []Cell, pictureSize float64) error {
	d.body.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>` + edges("dashed", "999999") + `</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr>` +
		`<w:tblGrid><w:gridCol w:w="5100"/><w:gridCol w:w="5100"/></w:tblGrid>`)
	for len(cells) > 0 {
		n := min(2, len(cells))
		row := append([]Cell{}, cells[:n]...)
		cells = cells[n:]
		if n == 1 {
			row = append(row, Cell{})
		}
		d.body.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for _, c := range row {
			if err := d.cell(c, pictureSize); err != nil {
				return err
			}
		}
		d.body.WriteString(`</w:tr>`)
	}
	d.body.WriteString(`</w:tbl>` + paragraph(Text{}))
	return nil
}

func (d *Document) cell(c Cell, size float64) error {
	d.body.WriteString(`<w:tc><w:tcPr><w:tcW w:w="2500" w:type="pct"/></w:tcPr>`)
	for _, t := range c.Above {
		d.body.WriteString(paragraph(t))
	}
	if len(c.Picture) > 0 {
		if err := d.Picture(c.Picture, size, size); err != nil {
			return err
		}
	}
	for _, t := range c.Below {
		d.body.WriteString(paragraph(t))
	}
	d.body.WriteString(paragraph(Text{Size: 6}) + `</w:tc>`) // a cell ends with a paragraph
	return nil
}

func paragraph(t Text) string {
	var words bytes.Buffer
	_ = xml.EscapeText(&words, []byte(t.Words)) // into memory; what XML cannot hold becomes U+FFFD
	props, run := `<w:spacing w:before="40" w:after="40"/>`, ""
	if t.Centre {
		props += `<w:jc w:val="center"/>`
	}
	if t.Bold {
		run += `<w:b/>`
	}
	if t.Size > 0 {
		run += fmt.Sprintf(`<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, 2*t.Size, 2*t.Size)
	}
	return `<w:p><w:pPr>` + props + `</w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/>` + run + `</w:rPr><w:t xml:space="preserve">` + words.String() + `</w:t></w:r></w:p>`
}

// emuPerMM is how many of the format's units a millimetre has.
const emuPerMM = 36000

// drawing stores a picture and returns what shows it in the proportions it has.
func (d *Document) drawing(data []byte, wide, high float64) (string, error) {
	size, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return "", errs.New(errs.Invalid, "这张图放不进文档。")
	}
	if h := wide * float64(size.Height) / float64(size.Width); h < high {
		high = h
	} else {
		wide = high * float64(size.Width) / float64(size.Height)
	}
	n := len(d.pictures) + 1
	d.pictures = append(d.pictures, picture{fmt.Sprintf("p%d.%s", n, kind), data})
	w, h := int(wide*emuPerMM), int(high*emuPerMM)
	return fmt.Sprintf(`<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%[2]d" cy="%[3]d"/><wp:docPr id="%[1]d" name="p%[1]d"/>`+
		`<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`+
		`<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:nvPicPr><pic:cNvPr id="%[1]d" name="p%[1]d"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="rId%[1]d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[2]d" cy="%[3]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>`,
		n, w, h), nil
}

// Bytes is the finished file.
func (d *Document) Bytes() ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var err error
	put := func(name string, data []byte) {
		if err == nil {
			var w interface{ Write([]byte) (int, error) }
			if w, err = z.Create(name); err == nil {
				_, err = w.Write(data)
			}
		}
	}
	put("[Content_Types].xml", []byte(contentTypes))
	put("_rels/.rels", []byte(rootRels))
	put("word/document.xml", []byte(head+d.body.String()+tail))
	put("word/styles.xml", []byte(styles))
	put("word/fontTable.xml", []byte(fonts))
	rels := xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rStyles" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
		`<Relationship Id="rFonts" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/>`
	for i, p := range d.pictures {
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/%s"/>`, i+1, p.name)
		put("word/media/"+p.name, p.data)
	}
	put("word/_rels/document.xml.rels", []byte(rels+`</Relationships>`))
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), errs.At("write document", err)
}

const (
	contentTypes = xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/>` +
		`<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="gif" ContentType="image/gif"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + Type + `.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/></Types>`
	rootRels = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	head = xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ` +
		`xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>`
	tail = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="850" w:right="850" w:bottom="850" w:left="850" w:header="400" w:footer="400" w:gutter="0"/></w:sectPr></w:body></w:document>`
)
