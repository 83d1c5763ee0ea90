package inbox

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Listed is one entry of a numbered list that was shown to a person, so that it
// can be named by its number afterwards.
type Listed struct {
	Code   string `json:"code,omitempty"`   // item code
	ID     int64  `json:"id,omitempty"`     // assignment
	Hazard int    `json:"hazard,omitempty"` // ledger number
	Name   string `json:"name,omitempty"`
	Asks   string `json:"asks,omitempty"` // which one-word answer it wants: extension, review, urge, look
}

// String names the entry as a person would type it.
func (l Listed) String() string {
	if l.Hazard > 0 {
		return fmt.Sprintf("隐患%d", l.Hazard)
	}
	return strings.TrimSpace(l.Code)
}

type savedList struct {
	At    int64           `json:"at"` // unix seconds
	Items []Listed        `json:"items"`
	More  json.RawMessage `json:"more,omitempty"`
}

// PackPart is PackList for a list of which only a part was shown; more says, in
// the words of the command layer, how it goes on.
func PackPart(items []Listed, more json.RawMessage, at time.Time) string {
	b, _ := json.Marshal(savedList{At: at.Unix(), Items: items, More: more})
	return string(b)
}

// UnpackMore returns how a list goes on, nil if it was shown whole or is too old.
func UnpackMore(packed string, now time.Time, life time.Duration) json.RawMessage {
	var l savedList
	if packed == "" || json.Unmarshal([]byte(packed), &l) != nil || now.Sub(time.Unix(l.At, 0)) >= life {
		return nil
	}
	return l.More
}

// PackList encodes a numbered list as it stood at an instant.
func PackList(items []Listed, at time.Time) string {
	b, _ := json.Marshal(savedList{At: at.Unix(), Items: items})
	return string(b)
}

// UnpackList decodes a list that is not older than life at now; older and
// damaged ones are empty.
func UnpackList(packed string, now time.Time, life time.Duration) []Listed {
	var l savedList
	if packed == "" || json.Unmarshal([]byte(packed), &l) != nil || now.Sub(time.Unix(l.At, 0)) >= life {
		return nil
	}
	return l.Items
}
