package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"duban/internal/errs"
)

// Chain reads the seals and their lines.
type Chain interface {
	SealHead(ctx context.Context) (Head, error)
	// Seals returns the seals after a number, in their order.
	Seals(ctx context.Context, after int64, limit int) ([]Seal, error)
	Lines(ctx context.Context, ids []int64) (map[int64]Entry, error)
	// Unsealed counts the lines in (from, to] without a seal and names the oldest
	// of them; to 0 has no end.
	Unsealed(ctx context.Context, from, to int64) (Waiting, error)
}

// Waiting is what has not been sealed yet.
type Waiting struct {
	Lines int64
	First int64     // the lowest id
	Since time.Time // when the oldest was written
}

// Fault is a place where the journal is not what was sealed.
type Fault struct {
	Seal int64 // 0: not about one seal
	Line int64
	Say  string // Chinese
}

// Error implements error.
func (f *Fault) Error() string {
	switch {
	case f.Seal > 0 && f.Line > 0:
		return fmt.Sprintf("第 %d 封（历史行 %d）：%s", f.Seal, f.Line, f.Say)
	case f.Seal > 0:
		return fmt.Sprintf("第 %d 封：%s", f.Seal, f.Say)
	}
	return fmt.Sprintf("历史行 %d：%s", f.Line, f.Say)
}

// Report is what a walk found.
type Report struct {
	Lines       int64
	First, Last time.Time // of the lines, as they were sealed
	Head        Head
	Waiting     Waiting
}

// page bounds the memory of a walk.
const page = 500

// Verify walks the chain behind seal number after (0: all of it) to its end.
// noted is a head somebody kept elsewhere; it alone shows that the end of the
// chain was cut off together with the head. A *Fault says what does not fit.
func Verify(ctx context.Context, c Chain, after int64, noted *Head) (Report, error) {
	w := walk{chain: c, noted: noted}
	begin, err := c.SealHead(ctx)
	if err != nil {
		return w.report, err
	}
	if err := w.start(ctx, after); err != nil {
		return w.report, err
	}
	if err := w.all(ctx); err != nil {
		return w.report, err
	}
	if err := w.ends(ctx, begin); err != nil {
		return w.report, err
	}
	return w.report, w.strays(ctx)
}

type walk struct {
	chain  Chain
	noted  *Head
	last   Seal
	report Report
}

// start takes the seal after which the walk begins as given.
func (w *walk) start(ctx context.Context, after int64) error {
	if after == 0 {
		return nil
	}
	list, err := w.chain.Seals(ctx, after-1, 1)
	if err != nil {
		return err
	}
	if len(list) == 0 || list[0].Number != after {
		return &Fault{Seal: after, Say: "这一封不见了"}
	}
	w.last = list[0]
	return nil
}

func (w *walk) all(ctx context.Context) error {
	for {
		seals, err := w.chain.Seals(ctx, w.last.Number, page)
		if err != nil || len(seals) == 0 {
			return err
		}
		ids := make([]int64, len(seals))
		for i, s := range seals {
			ids[i] = s.Line
		}
		lines, err := w.chain.Lines(ctx, ids)
		if err != nil {
			return err
		}
		for _, s := range seals {
			line, there := lines[s.Line]
			if err := w.next(s, line, there); err != nil {
				return err
			}
		}
	}
}

func (w *walk) next(s Seal, line Entry, there bool) error {
	fault := func(say string) error { return &Fault{Seal: s.Number, Line: s.Line, Say: say} }
	want := Link(w.last, line)
	switch {
	case s.Number != want.Number:
		return &Fault{Seal: want.Number, Say: fmt.Sprintf("缺这一封，后面直接是第 %d 封", s.Number)}
	case s.Prev != w.last.Hash:
		return fault("接不上前一封：前面有封条被删、被换或被改过")
	case !there:
		return fault("这一行历史被删了")
	case s.Hash != want.Hash:
		return fault("这一行历史的内容和封存时不一样，或者封条被改过")
	case w.noted != nil && w.noted.Number == s.Number && w.noted.Hash != s.Hash:
		return fault("和您记下的链头不一样：这一封以前的历史被整段改写过")
	}
	w.last = s
	if w.report.Lines == 0 {
		w.report.First = line.At
	}
	w.report.Lines++
	w.report.Last = line.At
	w.report.Head = Head{Number: s.Number, Hash: s.Hash}
	return nil
}

// ends compares the end of the walk with the head row, which other nodes may have
// moved on meanwhile, and with what somebody noted.
func (w *walk) ends(ctx context.Context, begin Head) error {
	now, err := w.chain.SealHead(ctx)
	if err != nil {
		return err
	}
	w.report.Head = Head{Number: w.last.Number, Hash: w.last.Hash, Floor: now.Floor}
	switch {
	case w.last.Number < begin.Number:
		return &Fault{Seal: w.last.Number + 1, Say: fmt.Sprintf("从这一封起被删了，链头应在第 %d 封", begin.Number)}
	case now.Number < w.last.Number:
		return &Fault{Seal: now.Number + 1, Say: "链头只到前一封，这一封以后是另外添上去的，或者链头被改过"}
	case now.Number == w.last.Number && now.Hash != w.last.Hash:
		return &Fault{Seal: now.Number, Say: "和链头里记的哈希不一样，链头或最后一封被改过"}
	case w.noted != nil && w.noted.Number > w.last.Number:
		return &Fault{Seal: w.last.Number + 1, Say: fmt.Sprintf("您记下的链头是第 %d 封，现在只到第 %d 封：末尾被删了", w.noted.Number, w.last.Number)}
	}
	return nil
}

// strays finds lines that came in where all had been sealed long ago.
func (w *walk) strays(ctx context.Context) error {
	floor := w.report.Head.Floor
	var late Waiting
	var err error
	if floor > 0 {
		late, err = w.chain.Unsealed(ctx, 0, floor)
	}
	if err != nil {
		return err
	}
	if late.Lines > 0 {
		return &Fault{Line: late.First, Say: fmt.Sprintf("没有封条，而它后面的早已封存：事后插进来的，共 %d 行", late.Lines)}
	}
	w.report.Waiting, err = w.chain.Unsealed(ctx, floor, 0)
	return err
}

// IsFault reports whether err says that the journal was changed.
func IsFault(err error) bool {
	var f *Fault
	return errors.As(err, &f)
}

// Noted reads a head that an operator kept; "" is none.
func Noted(s string) (*Head, error) {
	if s == "" {
		return nil, nil
	}
	h, err := ParseHead(s)
	return &h, errs.At("read noted head", err)
}
