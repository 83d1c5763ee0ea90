// Package media keeps the files people send: which there are, where they came
// from, and the store that holds their bytes.
package media

import (
	"strings"
	"time"

	"duban/internal/notice"
)

// State is where an attachment stands.
type State string

// The states of a file.
const (
	Pending State = "pending" // known to the platform, not fetched yet
	Stored  State = "stored"
	Failed  State = "failed"  // will not come any more; Reason says why
	Missing State = "missing" // was stored, and its bytes are not in their place
	Expired State = "expired" // kept long enough: its bytes are being deleted
	Deleted State = "deleted" // its bytes are gone as they should
)

// Stage is what part of a hazard's life a picture shows.
type Stage string

// The stages. A file of none was added to something else, or shows no step.
const (
	Before  Stage = "before"  // as it was reported
	Control Stage = "control" // under temporary control (临时管控)
	After   Stage = "after"   // mended
	Check   Stage = "check"   // seen at the review
)

// File is an attachment somebody sent. A file without subject waits for the
// words it belongs to.
type File struct {
	ID       int64
	Subject  notice.Subject
	UnitID   string // whose it is now
	Home     string // the unit it is stored under, once it is
	PersonID string
	Platform string
	Kind     string // image, voice, video, file
	Ref      string // the platform's pointer to it
	Name     string
	State    State
	Reason   string
	SHA256   string
	MIME     string
	Size     int64
	Attempts int
	NextAt   time.Time
	Created  time.Time

	Stage  Stage
	Hash   uint64 // perceptual, see Near; 0: none
	Width  int    // of a stored picture, in points
	Height int
	Seen   time.Time // when its bytes were last seen in their place
}

// Picture reports whether a file is a photo, as far as is known: what was sent as a
// picture, and what turned out to be one.
func (f File) Picture() bool { return f.Kind == "image" || strings.HasPrefix(f.MIME, "image/") }
