package link

import (
	"encoding/json"
	"strings"

	"duban/internal/errs"
)

// page is the wish for a link to a hazard's photos. The link itself is made when the
// message leaves, so that it is kept nowhere.
type page struct {
	Hazard int64 `json:"link_to"`
}

const pagePrefix = `{"link_to":`

// PackPage writes the wish for a link to the photos of a hazard.
func PackPage(hazard int64) string {
	b, _ := json.Marshal(page{hazard}) // plain data, cannot fail
	return string(b)
}

// IsPage reports whether a wish is one for a link.
func IsPage(packed string) bool { return strings.HasPrefix(packed, pagePrefix) }

// UnpackPage reads a kept wish.
func UnpackPage(packed string) (int64, error) {
	var p page
	err := json.Unmarshal([]byte(packed), &p)
	return p.Hazard, errs.At("read wish for a link", err)
}
