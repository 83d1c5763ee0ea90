// Package poster makes the sheets that are printed, cut and hung up at the places.
package poster

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"duban/internal/docx"
	"duban/internal/errs"
	"duban/internal/place"
)

// Sheet is what is printed.
type Sheet struct {
	Public string // the address in front of the pages; "" writes the sentence into the code
	Unit   func(id string) string
}

// qrSize is the edge of a code on paper, in millimetres: read from a metre away.
const qrSize = 58

// Make returns the sheet of places as a document, six to a page.
func (s Sheet) Make(list []place.Place) ([]byte, error) {
	const perPage = 6
	var doc docx.Document
	for i := 0; i < len(list); i += perPage {
		if i > 0 {
			doc.NewPage()
		}
		var cells []docx.Cell
		for _, p := range list[i:min(i+perPage, len(list))] {
			c, err := s.cell(p)
			if err != nil {
				return nil, err
			}
			cells = append(cells, c)
		}
		if err := doc.Grid(cells, qrSize); err != nil {
			return nil, err
		}
	}
	return doc.Bytes()
}

func (s Sheet) cell(p place.Place) (docx.Cell, error) {
	code, err := Code(p.Address(s.Public))
	if err != nil {
		return docx.Cell{}, err
	}
	how := "扫码上报，不用登录；也可以在督办助手里发“" + p.Sentence() + "哪里不对”"
	if s.Public == "" {
		how = "在督办助手里发“" + p.Sentence() + "哪里不对”（扫码得到前半句）"
	}
	return docx.Cell{
		Above:   []docx.Text{{Words: s.Unit(p.UnitID), Size: 11, Centre: true}, {Words: "发现隐患请上报", Size: 15, Bold: true, Centre: true}},
		Picture: code,
		Below:   []docx.Text{{Words: p.Name, Size: 14, Bold: true, Centre: true}, {Words: "编号 " + p.Code, Size: 12, Centre: true}, {Words: how, Size: 8, Centre: true}},
	}, nil
}

// quiet is the white rim in modules without which scanners find no code (ISO/IEC 18004).
const quiet = 4

// Code draws a text as a code that survives scratches (level Q) as a PNG.
func Code(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.Q, qr.Auto)
	if err != nil {
		return nil, errs.At("draw code", err)
	}
	const scale = 8
	edge := code.Bounds().Dx()
	big, err := barcode.Scale(code, edge*scale, edge*scale)
	if err != nil {
		return nil, errs.At("draw code", err)
	}
	all := image.NewPaletted(image.Rect(0, 0, (edge+2*quiet)*scale, (edge+2*quiet)*scale), color.Palette{color.White, color.Black})
	draw.Draw(all, big.Bounds().Add(image.Pt(quiet*scale, quiet*scale)), big, image.Point{}, draw.Src)
	var out bytes.Buffer
	err = png.Encode(&out, all)
	return out.Bytes(), errs.At("draw code", err)
}
