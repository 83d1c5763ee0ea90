package link

import (
	"encoding/json"
	"strings"

	"duban/internal/errs"
)

// photos is the wish for a hazard's photos as a file.
type photos struct {
	Hazard int64 `json:"photos_of"`
}

const photosPrefix = `{"photos_of":`

// PackPhotos writes the wish for the photos of a hazard.
func PackPhotos(hazard int64) string {
	b, _ := json.Marshal(photos{hazard}) // plain data, cannot fail
	return string(b)
}

// IsPhotos reports whether a wish is one for photos.
func IsPhotos(packed string) bool { return strings.HasPrefix(packed, photosPrefix) }

// UnpackPhotos reads a kept wish.
func UnpackPhotos(packed string) (int64, error) {
	var p photos
	err := json.Unmarshal([]byte(packed), &p)
	return p.Hazard, errs.At("read wish for photos", err)
}
