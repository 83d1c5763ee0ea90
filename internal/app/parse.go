package app

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"duban/bot/understand"
	"duban/internal/calendar"
	"duban/internal/errs"
)

// maxLine bounds one message on the standard input of Parse.
const maxLine = 1 << 20

// Parse reads messages, one a line, and writes what was understood, one JSON
// object a line. now is the instant the messages are taken to be written at.
func Parse(in io.Reader, out io.Writer, now time.Time) error {
	p := understand.New(calendar.DefaultWorkdays())
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for lines.Scan() {
		if err := enc.Encode(understand.ParseLine(p, lines.Text(), now)); err != nil {
			return errs.At("write intent", err)
		}
	}
	if err := lines.Err(); err != nil {
		return errs.With(errs.Invalid, "读不了输入：有一行超过 1 MiB。", err)
	}
	return errs.At("write intents", w.Flush())
}
