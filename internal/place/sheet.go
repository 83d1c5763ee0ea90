package place

import (
	"encoding/json"
	"strings"

	"duban/internal/errs"
)

// sheet is the wish for a printed sheet, kept until the file is made.
type sheet struct {
	Places []int64 `json:"places"`
}

const sheetPrefix = `{"places":`

// PackSheet writes the wish for a sheet of places.
func PackSheet(ids ...int64) string {
	b, _ := json.Marshal(sheet{ids}) // plain data, cannot fail
	return string(b)
}

// IsSheet reports whether a wish is one for a sheet.
func IsSheet(packed string) bool { return strings.HasPrefix(packed, sheetPrefix) }

// UnpackSheet reads a kept wish.
func UnpackSheet(packed string) ([]int64, error) {
	var s sheet
	err := json.Unmarshal([]byte(packed), &s)
	return s.Places, errs.At("read wish for a sheet", err)
}
