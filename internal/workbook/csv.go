package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"duban/internal/errs"
	"duban/internal/ledger"
)

// byteOrder tells a spreadsheet program that a CSV file is UTF-8.
const byteOrder = "\ufeff"

// CSV writes a zip with one CSV file for each table. It is a zip because there
// may be two, and because not every platform carries a bare .csv.
func CSV(tables []ledger.Table) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, t := range tables {
		file, err := z.Create(t.Name + ".csv")
		if err != nil {
			return nil, errs.At("write csv", err)
		}
		if _, err = file.Write([]byte(byteOrder)); err != nil {
			return nil, errs.At("write csv", err)
		}
		w := csv.NewWriter(file)
		w.UseCRLF = true
		if err := write(w, t); err != nil {
			return nil, errs.At("write csv", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, errs.At("write csv", err)
	}
	return out.Bytes(), nil
}

// write leaves title and note out: programs that read CSV want the heads first.
func write(w *csv.Writer, t ledger.Table) error {
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	if err := w.Write(head); err != nil {
		return err
	}
	for r, err := range t.Rows {
		if err == nil {
			err = w.Write(record(r))
		}
		if err != nil {
			return err
		}
	}
	if t.Tail != "" {
		if err := w.Write([]string{t.Tail}); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func record(row []any) []string {
	line := make([]string, len(row))
	for i, c := range row {
		if text, ok := plain(c).(string); ok {
			line[i] = inert(text)
		} else {
			line[i] = fmt.Sprint(c)
		}
	}
	return line
}

// inert keeps a spreadsheet program from reading a text as a formula.
func inert(text string) string {
	if strings.ContainsAny(firstRune(strings.TrimLeft(text, " \n")), "=+-@＝＋－＠") {
		return "'" + text
	}
	return text
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}
