package media

import (
	"errors"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// pictures are the kinds that can be made anew.
var pictures = map[string]bool{"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true}

// papers are the other kinds people need for evidence.
var papers = map[string]bool{
	"application/pdf": true, "application/msword": true, "application/vnd.ms-excel": true, "application/vnd.ms-powerpoint": true,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   true,
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         true,
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": true,
	"application/x-ole-storage": true, // older office files
	"audio/amr":                 true, "audio/mpeg": true, "audio/mp4": true, "audio/x-m4a": true, "audio/ogg": true,
	"video/mp4": true, "video/quicktime": true,
}

// sniff finds out what the bytes are, whatever their name says. Apple's format is
// refused by name: no well-kept decoder in Go reads it, and both platforms turn it
// into JPEG unless a picture is sent as a file.
func sniff(raw []byte) (kind string, err error) {
	kind, _, _ = strings.Cut(mimetype.Detect(raw).String(), ";")
	switch {
	case pictures[kind] || papers[kind]:
		return kind, nil
	case strings.HasPrefix(kind, "image/heic"), strings.HasPrefix(kind, "image/heif"), kind == "image/avif":
		return "", ErrHEIC
	}
	return "", ErrKind
}

// IsPicture returns nil for a picture that Put takes as one, else the refusal: where only
// pictures are asked for, nothing else is stored.
func IsPicture(raw []byte) error {
	kind, err := sniff(raw)
	if err == nil && !pictures[kind] {
		return ErrKind
	}
	return err
}

// Refused reports whether an error of Put is one of its refusals, which are final.
func Refused(err error) bool {
	for _, refusal := range []error{ErrTooLarge, ErrPixels, ErrEmpty, ErrKind, ErrHEIC, ErrDamaged} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}
