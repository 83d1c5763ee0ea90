package workbook

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"duban/internal/ledger"
)

// TestSheetsPrintOnA4 holds that each sheet goes across A4 pages, as wide as the
// page, with the heads of the columns on each.
func TestSheetsPrintOnA4(t *testing.T) {
	column := []ledger.Column{{Name: "编号", Width: 20}}
	data, err := XLSX([]ledger.Table{{Name: "督办台账", Columns: column, Rows: ledger.Listed()}, {Name: "隐患台账", Columns: column, Rows: ledger.Listed()}})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	heads := map[string]string{}
	for _, n := range f.GetDefinedName() {
		if n.Name == "_xlnm.Print_Titles" {
			heads[n.Scope] = n.RefersTo
		}
	}
	for _, sheet := range []string{"督办台账", "隐患台账"} {
		props, err := f.GetSheetProps(sheet)
		if err != nil || props.FitToPage == nil || !*props.FitToPage {
			t.Errorf("%s does not fit the page: %v", sheet, err)
		}
		page, err := f.GetPageLayout(sheet)
		if err != nil || page.FitToHeight == nil || page.FitToWidth == nil {
			t.Fatalf("%s: %+v, %v", sheet, page, err)
		}
		if *page.Size != 9 || *page.Orientation != "landscape" || *page.FitToWidth != 1 || *page.FitToHeight != 0 {
			t.Errorf("%s: paper %d %s, %d × %d pages", sheet, *page.Size, *page.Orientation, *page.FitToWidth, *page.FitToHeight)
		}
		if want := "'" + sheet + "'!$3:$3"; heads[sheet] != want {
			t.Errorf("%s repeats %q, want %q", sheet, heads[sheet], want)
		}
	}
}
