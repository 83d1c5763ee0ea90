package seeding

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"duban/internal/calendar"
	"duban/internal/inspect"
	"duban/internal/org"
	"duban/internal/store"
	"duban/seeds"
)

// rows turns a checked set into rows, with notes on what waits for a later day.
func (s Seeder) rows(set *seeds.Set, now time.Time) (store.Seed, []string, error) {
	out := store.Seed{Units: units(set), Posts: posts(set), Terms: terms(set), Roster: roster(set), Checklists: checklists(set)}
	for _, p := range set.Persons {
		out.Persons = append(out.Persons, store.Person{ID: p.ID, Name: p.Name, UnitID: p.Unit})
	}
	for _, a := range set.Accounts {
		out.Accounts = append(out.Accounts, org.Account{Platform: a.Platform, Corp: s.Corps[a.Platform], UserID: a.UserID, PersonID: a.Person})
	}
	for _, g := range set.Groups {
		out.Groups = append(out.Groups, group(g))
	}
	var notes []string
	out.Holdings, notes = holdings(set.Holdings, now, s.loc())
	if len(set.Persons) == 0 {
		notes = append(notes, "文件里没有人员名单（staff.yaml），库里已有的人员、任职和账号保持不变；第一次使用请填写名单，或让大家在聊天里绑定")
	}
	var err error
	out.Items, out.Audiences, err = work(set)
	return out, notes, err
}

func units(set *seeds.Set) []org.Unit {
	var list []org.Unit
	for _, u := range set.Units {
		list = append(list, org.Unit{ID: u.ID, Name: u.Name, Short: u.Short, Aliases: u.Aliases, Kind: u.Kind, Parent: u.Parent, TermKind: u.Term})
	}
	return list
}

func posts(set *seeds.Set) []org.Post {
	var list []org.Post
	for _, p := range set.Posts {
		list = append(list, org.Post{ID: p.ID, UnitID: p.Unit, Title: p.Title, Role: org.Role(p.Role), Charge: charge(set, p.Charge),
			Safety: p.Safety, OnCall: p.OnCall, Rank: p.Rank, HandOver: p.HandOver})
	}
	return list
}

func roster(set *seeds.Set) []org.Shift {
	var list []org.Shift
	for _, d := range set.Roster {
		for i, who := range d.On {
			list = append(list, org.Shift{Day: d.Day, Weekday: d.WeekdayNumber(), Place: i + 1, PostID: who.Post, PersonID: who.Person})
		}
	}
	return list
}

// charge names every unit below those named. The whole tree is no limit at all,
// which the directory writes as an empty list.
func charge(set *seeds.Set, named []string) []string {
	var list []string
	for _, u := range set.Units {
		for up, ok := u, true; ok; up, ok = set.Unit(up.Parent) {
			if !slices.Contains(named, up.ID) {
				continue
			}
			if up.Parent == "" {
				return nil
			}
			list = append(list, u.ID)
			break
		}
	}
	return list
}

// holdings leaves out who has not begun yet and keeps open who has not left yet,
// since the directory asks only who holds a post now.
func holdings(all []seeds.Holding, now time.Time, loc *time.Location) (list []store.Holding, notes []string) {
	today := calendar.In(now, loc)
	for _, h := range all {
		row := store.Holding{PostID: h.Post, PersonID: h.Person, Since: h.From.At(0, 0, loc)}
		switch {
		case h.From > today:
			notes = append(notes, fmt.Sprintf("%s 从 %s 起任 %s，到那天再运行一次 duban seed", h.Person, h.From.Say(today), h.Post))
			continue
		case !h.To.IsZero() && h.To >= today:
			notes = append(notes, fmt.Sprintf("%s 任 %s 到 %s 为止，过后再运行一次 duban seed", h.Person, h.Post, h.To.Say(today)))
		case !h.To.IsZero():
			row.Until = h.To.Add(1).At(0, 0, loc)
		}
		list = append(list, row)
	}
	return list, notes
}

// group is reached by the name of a configured robot or by a conversation id.
func group(g seeds.Group) org.Group {
	row := org.Group{ID: g.ID, Platform: g.Platform, Title: g.Name, UnitID: g.Scope, Digest: g.Digest}
	if g.Via == "webhook" {
		row.Webhook = g.Ref
	} else {
		row.ChatID = g.Ref
	}
	return row
}

func terms(set *seeds.Set) []store.Term {
	var list []store.Term
	for _, t := range set.Terms {
		row := store.Term{ID: t.Name, Words: strings.Join(t.Words, "、"), Meaning: t.Meaning, Source: t.Source}
		for _, y := range set.Years {
			for _, code := range t.At[y.Document.Year] {
				row.Codes = append(row.Codes, fmt.Sprintf("%d/%s", y.Document.Year, code))
			}
		}
		list = append(list, row)
	}
	return list
}

// checklists says who goes through each list: tags of units are known here only.
func checklists(set *seeds.Set) []inspect.Checklist {
	var list []inspect.Checklist
	for _, c := range set.Checklists {
		row := inspect.Checklist{Key: c.Key, Name: c.Name, Aliases: c.Aliases, Place: c.Place, Rhythm: inspect.Rhythm(c.Rhythm),
			Units: set.UnitsOf(c), ZeroReport: c.ZeroReport}
		for _, e := range c.Entries {
			row.Entries = append(row.Entries, inspect.Entry{Text: e.Text, Category: e.Category, Place: e.Place})
		}
		list = append(list, row)
	}
	return list
}
