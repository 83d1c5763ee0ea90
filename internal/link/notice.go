package link

import (
	"encoding/json"
	"strings"

	"duban/internal/errs"
)

// notice is the wish for a hazard's notice (整改通知书) as a file.
type notice struct {
	Hazard int64 `json:"notice_of"`
}

const noticePrefix = `{"notice_of":`

// PackNotice writes the wish for the notice of a hazard.
func PackNotice(hazard int64) string {
	b, _ := json.Marshal(notice{hazard}) // plain data, cannot fail
	return string(b)
}

// IsNotice reports whether a wish is one for a notice.
func IsNotice(packed string) bool { return strings.HasPrefix(packed, noticePrefix) }

// UnpackNotice reads a kept wish.
func UnpackNotice(packed string) (int64, error) {
	var n notice
	err := json.Unmarshal([]byte(packed), &n)
	return n.Hazard, errs.At("read wish for a notice", err)
}
