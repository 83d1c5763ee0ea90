package contacts

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"duban/bot"
	"duban/internal/org"
)

// saying answers by user id: true, false, or an error.
type saying map[string]any

func (s saying) Member(_ context.Context, id string) (bool, error) {
	if err, is := s[id].(error); is {
		return false, err
	}
	return s[id] == true, nil
}

func TestCompare(t *testing.T) {
	accounts := func(n int) (out []org.Account) {
		for i := range n {
			out = append(out, org.Account{Platform: "wecom", UserID: fmt.Sprint("u", i)})
		}
		return out
	}
	busy := &bot.SendError{Class: bot.Temporary, Err: errors.New("busy")}
	shut := &bot.SendError{Class: bot.Config, Err: errors.New("not trusted")}
	all := func(n, gone int) saying {
		s := saying{}
		for i := range n {
			s[fmt.Sprint("u", i)] = i >= gone
		}
		return s
	}
	for name, c := range map[string]struct {
		bound, resting int
		s              saying
		asked, unsaid  int
		gone, back     int
		stopped, shut  bool
	}{
		"nobody":                  {0, 0, nil, 0, 0, 0, 0, false, false},
		"all there":               {20, 0, all(20, 0), 20, 0, 0, 0, false, false},
		"few of few":              {6, 0, all(6, 5), 6, 0, 5, 0, false, false},
		"too many of few":         {6, 0, all(6, 6), 6, 0, 6, 0, true, false},
		"a tenth":                 {100, 0, all(100, 10), 100, 0, 10, 0, false, false},
		"more than a tenth":       {100, 0, all(100, 11), 100, 0, 11, 0, true, false},
		"one who is back":         {0, 1, saying{"u0": true}, 1, 0, 0, 1, false, false},
		"one who rests on":        {0, 1, saying{"u0": false}, 1, 0, 0, 0, false, false},
		"no answer about one":     {2, 0, saying{"u0": busy, "u1": true}, 2, 1, 0, 0, false, false},
		"no answers from then on": {3, 1, saying{"u0": false, "u1": shut}, 2, 0, 1, 0, false, true},
	} {
		d := &Desk{}
		got := d.Compare(t.Context(), bot.WeCom, c.s, accounts(c.bound), accounts(c.resting))
		if got.Asked != c.asked || got.Unsaid != c.unsaid || len(got.Gone) != c.gone || len(got.Back) != c.back || got.Stopped != c.stopped || (got.Trouble != nil) != c.shut {
			t.Errorf("%s: %+v", name, got)
		}
		if c.stopped || c.shut { // a desk without a database would panic if it were asked to change anything
			if err := d.Follow(t.Context(), got, "2025-09-10"); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
