package place

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"duban/internal/errs"
)

// The bounds of what can be filed through a page.
const (
	MaxPhotos    = 3
	MaxPhotoSize = 15 << 20
	maxWords     = 1000
	maxContact   = 30
)

// Form is what somebody fills in at a place without being known.
type Form struct {
	Once   string // the ticket it was handed out with; see Tickets
	Words  string
	Name   string // optional
	Phone  string // optional
	Photos [][]byte
}

// Clean returns the form with what may be kept of it, or what is to be filled in
// differently.
func (f Form) Clean() (Form, error) {
	f.Words = strings.TrimSpace(strings.ReplaceAll(f.Words, "\r\n", "\n")) // as browsers send lines
	f.Name, f.Phone = oneLine(f.Name), oneLine(f.Phone)
	switch {
	case utf8.RuneCountInString(f.Words) < 2:
		return f, errs.New(errs.Invalid, "请写一句有什么问题，例如“灭火器过期了”。")
	case utf8.RuneCountInString(f.Words) > maxWords:
		return f, errs.Newf(errs.Invalid, "写得太长了（最多 %d 字），请用几句话说明。", maxWords)
	case utf8.RuneCountInString(f.Name) > maxContact || utf8.RuneCountInString(f.Phone) > maxContact:
		return f, errs.Newf(errs.Invalid, "姓名和电话最多 %d 字，也可以不填。", maxContact)
	}
	return f, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Contact is how to reach who fills it in, "" if that was left open: then it counts as
// anonymous.
func (f Form) Contact() string { return strings.TrimSpace(f.Name + " " + f.Phone) }

// Key names what was sent: the same form with the same words files once, however often
// it arrives. Other words in a form that the browser kept are another report. Neither
// ticket nor words can be found from it.
func (f Form) Key() string {
	sum := sha256.Sum256([]byte(f.Once + "\n" + f.Words))
	return hex.EncodeToString(sum[:])
}

// Seen is what the page shows of a place before anything is filled in.
type Seen struct {
	Place
	Unit string // as people call it
}

// The outcomes of a scan.
const (
	Filed     = "filed"
	Emergency = "emergency"
	Sensitive = "sensitive"
)

// Scan is a form that was sent. Of a sensitive one there is none.
type Scan struct {
	ID        int64
	Once      string
	PlaceID   int64
	HazardID  int64 // 0 for an emergency
	Outcome   string
	Name      string
	Phone     string
	CreatedAt time.Time
}

// Receipt is what the answer page says.
type Receipt struct {
	Outcome string
	Title   string
	Text    string
	Remarks []string // photos that could not be kept
}
