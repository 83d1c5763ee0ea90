package media

import (
	"bytes"
	"image"
	_ "image/gif"  // sizes of the formats people send
	_ "image/jpeg" // "
	_ "image/png"  // "
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// maxPixels refuses pictures whose unpacked size would be a weapon: 100 million
// points, twice what phones make.
const maxPixels = 100_000_000

// taken are the kinds people need for evidence. HEIC is not among them: its
// location cannot be removed safely, and both platforms turn it into JPEG.
var taken = map[string]bool{
	"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true,
	"application/pdf": true, "application/msword": true, "application/vnd.ms-excel": true, "application/vnd.ms-powerpoint": true,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   true,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         true,
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": true,
	"application/x-ole-storage": true, // older office files
	"audio/amr":                 true, "audio/mpeg": true, "audio/mp4": true, "audio/x-m4a": true, "audio/ogg": true,
	"video/mp4": true, "video/quicktime": true,
}

// examine finds out what the bytes are and returns them without traces of where
// and by whom a picture was taken.
func examine(raw []byte) (clean []byte, kind string, err error) {
	kind, _, _ = strings.Cut(mimetype.Detect(raw).String(), ";")
	if !taken[kind] {
		return nil, "", ErrKind
	}
	switch kind {
	case "image/jpeg":
		clean, err = cleanJPEG(raw)
	case "image/png":
		clean, err = cleanPNG(raw)
	case "image/webp":
		clean, err = cleanWebP(raw)
	default:
		clean = raw
	}
	if err != nil {
		return nil, "", err
	}
	switch kind {
	case "image/jpeg", "image/png", "image/gif":
		size, _, err := image.DecodeConfig(bytes.NewReader(clean))
		if err != nil {
			return nil, "", ErrDamaged
		}
		if size.Width <= 0 || size.Height <= 0 || int64(size.Width)*int64(size.Height) > maxPixels {
			return nil, "", ErrTooLarge
		}
	}
	return clean, kind, nil
}
