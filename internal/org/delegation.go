package org

import (
	"duban/internal/calendar"
	"duban/internal/errs"
)

// Delegation hands somebody's duties to somebody else for some days (委托), both
// days included.
type Delegation struct {
	ID    int64
	From  string // person id
	To    string
	First calendar.Date
	Last  calendar.Date
	By    string // who set it: the person or the office on the person's behalf
}

// On reports whether the delegation is in force on a day.
func (d Delegation) On(day calendar.Date) bool { return d.First <= day && day <= d.Last }

func (d Delegation) overlaps(o Delegation) bool { return d.First <= o.Last && o.First <= d.Last }

// maxDelegation bounds the days of one delegation.
const maxDelegation = 180

// Check returns nil if the delegation makes sense beside those that exist.
// Handing on to somebody who is away is refused, and so is being away while
// standing in for somebody: with them every loop and every chain.
func (d Delegation) Check(others []Delegation, today calendar.Date) error {
	switch {
	case d.From == d.To:
		return errs.New(errs.Invalid, "不能委托给自己，请写另一位同事的姓名。")
	case d.Last < d.First || d.Last < today:
		return errs.New(errs.Invalid, "委托的结束日期不对，请写今天以后的日期，例如“委托王强到9月12日”。")
	case d.Last.Sub(d.First) > maxDelegation:
		return errs.Newf(errs.Invalid, "委托一次最长 %d 天，时间更长请联系局办公室调整岗位。", maxDelegation)
	}
	for _, o := range others {
		if o.To == d.From && o.From == d.To && o.overlaps(d) {
			return errs.Newf(errs.Conflict, "对方 %s 到 %s 已经把事情委托给您了，不能再互相委托。请换一位同事。", o.First.Say(today), o.Last.Say(today))
		}
		if o.To == d.From && o.From != d.From && o.overlaps(d) {
			return errs.Newf(errs.Conflict, "您 %s 到 %s 正替别的同事代办，这几天不能再把事情委托出去。请先请对方改委托别人，或换个日期。", o.First.Say(today), o.Last.Say(today))
		}
		if o.From == d.To && o.overlaps(d) {
			return errs.Newf(errs.Conflict, "对方 %s 到 %s 也委托给了别人，接不了。请换一位同事。", o.First.Say(today), o.Last.Say(today))
		}
	}
	return nil
}

// WithDelegations returns the directory knowing who stands in for whom.
func (d *Directory) WithDelegations(list []Delegation) *Directory {
	next := *d
	next.delegations = list
	return &next
}

// StandIn returns who takes a person's notices on a day; ok is false if nobody
// does. It follows a chain to its end.
func (d *Directory) StandIn(person string, day calendar.Date) (string, bool) {
	to, found := person, false
	for range d.delegations { // a loop cannot be longer than that
		next := ""
		for _, g := range d.delegations {
			if g.From == to && g.On(day) {
				next = g.To
			}
		}
		if next == "" || next == person {
			break
		}
		to, found = next, true
	}
	return to, found
}

// ActingPosts returns the posts that a person fills for others on a day.
func (d *Directory) ActingPosts(person string, day calendar.Date) []Post {
	var out []Post
	for _, g := range d.delegations {
		if to, ok := d.StandIn(g.From, day); !ok || to != person || !g.On(day) {
			continue
		}
		for _, h := range d.holders {
			if h.PersonID == g.From && h.Post.Role != Admin {
				out = append(out, h.Post)
			}
		}
	}
	return out
}

// Delegations returns those that begin on or after a day or are in force then.
func (d *Directory) Delegations() []Delegation { return d.delegations }

// Away returns who has handed their duties to somebody else on a day.
func (d *Directory) Away(day calendar.Date) []string {
	var out []string
	for _, g := range d.delegations {
		if g.On(day) {
			out = append(out, g.From)
		}
	}
	return out
}
