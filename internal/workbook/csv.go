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
		if err := w.WriteAll(records(t)); err != nil {
			return nil, errs.At("write csv", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, errs.At("write csv", err)
	}
	return out.Bytes(), nil
}

// records leaves title and note out: programs that read CSV want the heads first.
func records(t ledger.Table) [][]string {
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Name
	}
	out := [][]string{head}
	for _, r := range t.Rows {
		line := make([]string, len(r))
		for i, c := range r {
			if text, ok := c.(string); ok {
				line[i] = inert(legible(text))
			} else {
				line[i] = fmt.Sprint(c)
			}
		}
		out = append(out, line)
	}
	if t.Tail != "" {
		out = append(out, []string{t.Tail})
	}
	return out
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
