package app

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"duban/bot/understand"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/org"
	"duban/seeds"
)

// defaultView is that of somebody who knows the units of the seeds.
func defaultView(p *understand.Parser) (understand.View, error) {
	set, err := seeds.Demo()
	if err != nil {
		return understand.View{}, err
	}
	var units []understand.Unit
	for _, u := range set.Units {
		unit := org.Unit{ID: u.ID, Name: u.Name, Kind: u.Kind}
		units = append(units, understand.Unit{ID: u.ID, Name: u.Name, Aliases: u.Names(), School: unit.IsSchool()})
	}
	return understand.View{Roster: p.Roster(units, nil)}, nil
}

// maxLine bounds one message on the standard input of Parse.
const maxLine = 1 << 20

// Parse reads messages, one a line, and writes what was understood, one JSON
// object a line. Working days are those of cfg. now is the instant the messages are taken to be written at; explain
// adds why each was understood so.
func Parse(cfg *config.Config, in io.Reader, out io.Writer, now time.Time, explain bool) error {
	p := understand.New(cfg.Calendar.Days())
	view, err := defaultView(p)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for lines.Scan() {
		var understood any = understand.ParseLine(p, lines.Text(), view, now)
		if explain {
			understood = understand.ExplainLine(p, lines.Text(), view, now)
		}
		if err := enc.Encode(understood); err != nil {
			return errs.At("write intent", err)
		}
	}
	if err := lines.Err(); err != nil {
		return errs.With(errs.Invalid, "读不了输入：有一行超过 1 MiB。", err)
	}
	return errs.At("write intents", w.Flush())
}
