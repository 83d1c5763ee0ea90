package contacts

import (
	"context"
	"fmt"

	"duban/bot"
	"duban/internal/errs"
	"duban/internal/org"
)

// What a comparison may close: of one platform no more than a tenth, unless that is very
// few. More is rather a setting gone wrong than people who left.
const (
	oneIn = 10
	few   = 5
)

// Compared is what asking a platform about all bound accounts found.
type Compared struct {
	Asked   int
	Unsaid  int           // the platform did not say
	Gone    []org.Account // bound, and not seen any more
	Back    []org.Account // resting, and seen again
	Stopped bool          // so many are gone that nothing was changed
	Trouble error         // why the platform says nothing at all
	at      bot.Platform
}

// Compare asks a platform about every account that is bound or rests there. It finds what
// no event told. Nothing is changed: that is Follow.
func (d *Desk) Compare(ctx context.Context, p bot.Platform, teller bot.MemberTeller, bound, resting []org.Account) Compared {
	c := Compared{at: p}
	ask := func(list []org.Account, wanted bool, into *[]org.Account) {
		for _, a := range list {
			if c.Trouble != nil || ctx.Err() != nil {
				return
			}
			c.Asked++
			known, err := teller.Member(ctx, a.UserID)
			switch class := bot.ClassOf(err); {
			case class == bot.Config:
				c.Trouble = err
			case err != nil:
				c.Unsaid++
			case known == wanted:
				*into = append(*into, a)
			}
		}
	}
	ask(bound, false, &c.Gone)
	ask(resting, true, &c.Back)
	c.Stopped = len(c.Gone) > max(few, len(bound)/oneIn)
	return c
}

// Follow carries out what a comparison found, as if the platform had told it: who is not
// seen any more rests, and is back when seen again.
func (d *Desk) Follow(ctx context.Context, c Compared, day string) error {
	if c.Stopped || c.Trouble != nil {
		return nil
	}
	for kind, list := range map[bot.ContactKind][]org.Account{bot.ContactHidden: c.Gone, bot.ContactHere: c.Back} {
		for _, a := range list {
			change := bot.ContactChange{Platform: c.at, Robot: "compare", ID: fmt.Sprintf("compare-%s-%s-%s", day, kind, a.UserID), Corp: a.Corp,
				Kind: kind, Users: []string{a.UserID}, At: d.Clock.Now()}
			if err := d.Take(ctx, change); err != nil {
				return errs.At("follow comparison", err)
			}
		}
	}
	return nil
}
