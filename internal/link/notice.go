package link

import (
	"encoding/json"
	"strings"

	"duban/internal/errs"
)

// noticeWish is the wish for a hazard's notice (整改通知书) as a file.
type noticeWish struct {
	Hazard int64 `json:"notice_of"`
}

const noticePrefix = `{"notice_of":`

// PackNotice writes the wish for the notice of a hazard.
func PackNotice(hazard int64) string {
	b, _ := json.Marshal(noticeWish{hazard}) // plain data, cannot fail
	return string(b)
}

// IsNotice reports whether a wish is one for a notice.
func IsNotice(packed string) bool { return strings.HasPrefix(packed, noticePrefix) }

// UnpackNotice reads a kept wish.
func UnpackNotice(packed string) (int64, error) {
	var n noticeWish
	err := json.Unmarshal([]byte(packed), &n)
	return n.Hazard, errs.At("read wish for a notice", err)
}
