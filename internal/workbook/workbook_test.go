package workbook

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"duban/internal/ledger"
)

// hostile is what a spreadsheet program could take for a formula or choke on.
var hostile = []string{`=HYPERLINK("http://x","点我")`, "+1+1", "-2", "@SUM(A1)", " =1+1", "\t=1+1", "a\x00\x1bb", "普通，文字\n第二行", "\xff坏"}

func table() ledger.Table {
	t := ledger.Table{Name: "隐患台账", Title: "隐患台账（全区）", Note: "共 9 条", Tail: "只列出一部分。",
		Columns: []ledger.Column{{Name: "序号", Width: 6}, {Name: "描述", Width: 40}}}
	var rows [][]any
	for i, h := range hostile {
		rows = append(rows, []any{i + 1, h})
	}
	t.Rows = ledger.Listed(rows...)
	return t
}

func TestXLSX(t *testing.T) {
	second := table()
	second.Name, second.Rows, second.Tail = "督办台账", ledger.Listed(), ""
	raw, err := XLSX([]ledger.Table{table(), second})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff([]string{"隐患台账", "督办台账"}, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
	rows, err := f.GetRows("隐患台账")
	want := [][]string{{"隐患台账（全区）"}, {"共 9 条"}, {"序号", "描述"}, {"1", hostile[0]}, {"2", "+1+1"}, {"3", "-2"}, {"4", "@SUM(A1)"}, {"5", " =1+1"},
		{"6", "=1+1"}, {"7", "ab"}, {"8", "普通，文字\n第二行"}, {"9", "坏"}, {"只列出一部分。"}}
	if diff := cmp.Diff(want, rows); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, cell := range []string{"B4", "B5", "B7", "B9"} {
		formula, _ := f.GetCellFormula("隐患台账", cell)
		id, _ := f.GetCellStyle("隐患台账", cell)
		style, err := f.GetStyle(id)
		if err != nil || formula != "" || style.NumFmt != 49 {
			t.Errorf("%s: formula %q, style %+v, %v", cell, formula, style, err)
		}
	}
	head, _ := f.GetCellStyle("隐患台账", "A3")
	style, err := f.GetStyle(head)
	if err != nil || !style.Font.Bold {
		t.Errorf("heads are not bold: %+v %v", style, err)
	}
	panes, err := f.GetPanes("隐患台账")
	if err != nil || !panes.Freeze || panes.YSplit != 3 {
		t.Errorf("panes %+v %v", panes, err)
	}
	if w, err := f.GetColWidth("隐患台账", "B"); err != nil || w != 40 {
		t.Errorf("width %v %v", w, err)
	}
}

func TestCSV(t *testing.T) {
	raw, err := CSV([]ledger.Table{table()})
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(z.File) != 1 || z.File[0].Name != "隐患台账.csv" {
		t.Fatalf("%v %+v", err, z)
	}
	file, err := z.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(file)
	want := "\ufeff序号,描述\r\n" +
		"1,\"'=HYPERLINK(\"\"http://x\"\",\"\"点我\"\")\"\r\n2,'+1+1\r\n3,'-2\r\n4,'@SUM(A1)\r\n5,' =1+1\r\n6,'=1+1\r\n7,ab\r\n8,\"普通，文字\r\n第二行\"\r\n9,坏\r\n只列出一部分。\r\n"
	if diff := cmp.Diff(want, string(text)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

// BenchmarkXLSX writes a full sheet.
func BenchmarkXLSX(b *testing.B) {
	t := ledger.Table{Name: "督办台账", Columns: make([]ledger.Column, 13)}
	for i := range t.Columns {
		t.Columns[i] = ledger.Column{Name: "列", Width: 20}
	}
	var rows [][]any
	for i := range ledger.MaxLines {
		row := []any{i}
		for range 12 {
			row = append(row, strings.Repeat("督办事项", 5))
		}
		rows = append(rows, row)
	}
	t.Rows = ledger.Listed(rows...)
	for b.Loop() {
		raw, err := XLSX([]ledger.Table{t})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(raw)), "bytes")
	}
}

// part is one file within a workbook.
func part(t *testing.T, raw []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	body, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
