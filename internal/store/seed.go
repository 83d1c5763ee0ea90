package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/inspect"
	"duban/internal/org"
)

// Seed is the initial data as the database keeps it: references have been
// checked, and each entry is named once.
type Seed struct {
	Units     []org.Unit // in the order people read them
	Audiences []Audience
	Posts     []org.Post
	Persons   []Person
	Holdings  []Holding
	Accounts  []Account
	Groups    []Group
	Terms     []Term
	Items     []duty.Item // as drafts; ids are not used
	Roster    []org.Shift

	Checklists []inspect.Checklist // in the order people read them
}

// Person is somebody on the roster.
type Person struct{ ID, Name, UnitID string }

// Holding says who holds a post since when; a zero Until means still.
type Holding struct {
	PostID, PersonID string
	Since, Until     time.Time
}

// Audience is a name for several units, as an item's Audience refers to it.
type Audience struct {
	ID    string
	Label string
	Kinds []string // kinds of unit it selects by, for people to read
	Units []string // unit ids
}

// Term is a coded term of the document. Meaning is empty until the bureau says
// what it means.
type Term struct {
	ID      string
	Words   string   // what people type, joined by "、"
	Codes   []string // year/code of the items that use it
	Meaning string
	Source  string
}

// Change counts what seeding did to one table.
type Change struct {
	Table                         string
	Created, Changed, Ended, Same int
	Kept                          []string // entries whose row was no longer the files' to change
}

// Any reports whether a row was written.
func (c Change) Any() bool { return c.Created+c.Changed+c.Ended > 0 }

// Seed brings the database to what the files say. An entry is looked at only
// when it is new, changed or gone since the last seeding, so what was changed in
// the system meanwhile stays. Of an entry that is gone, a holding ends, a person
// and a group become inactive, an account is unbound, a draft item becomes void;
// other rows stay because history refers to them. Files without any person have
// no roster: nobody is made inactive for that. A confirmed item is never touched. Everything happens in the caller's transaction; two nodes that seed at
// once wait for each other. The changes come in the order of the tables.
func (t *Tx) Seed(ctx context.Context, s Seed, now time.Time) ([]Change, error) {
	if err := t.LockSeeds(ctx); err != nil {
		return nil, err
	}
	l, err := t.openLedger(now)
	if err != nil {
		return nil, err
	}
	roster, groups := onlyIf(len(s.Persons) > 0), onlyIf(len(s.Persons)+len(s.Groups) > 0)
	changes := []Change{}
	runs := []func() (Change, error){
		func() (Change, error) { return merge(l, unitTable(s.Units)) },
		func() (Change, error) { return merge(l, audienceTable(s.Audiences)) },
		func() (Change, error) { return merge(l, postTable(s.Posts)) },
		roster("persons", func() (Change, error) { return merge(l, personTable(s.Persons, now)) }),
		roster("holdings", func() (Change, error) { return merge(l, holdingTable(s.Holdings, now)) }),
		roster("accounts", func() (Change, error) { return l.accounts(s.Accounts) }),
		groups("chat_groups", func() (Change, error) { return merge(l, groupTable(s.Groups)) }),
		func() (Change, error) { return merge(l, termTable(s.Terms)) },
		func() (Change, error) { return merge(l, itemTable(s.Items, now)) },
		onlyIf(len(s.Checklists) > 0)("checklists", func() (Change, error) { return merge(l, checklistTable(s.Checklists)) }),
	}
	if len(s.Roster) > 0 || l.knows(shifts) { // most bureaus have none
		runs = append(runs, func() (Change, error) { return merge(l, shiftTable(s.Roster)) })
	}
	for _, run := range runs {
		c, err := run()
		if isDuplicate(err) {
			err = errStale // somebody was bound or added meanwhile; look again
		}
		if err != nil {
			return nil, errs.At("seed "+c.Table, err)
		}
		changes = append(changes, c)
	}
	t.directories.forget()
	return changes, errs.At("note what was seeded", l.close())
}

// onlyIf leaves a table alone when the files say nothing about its kind.
func onlyIf(said bool) func(table string, run func() (Change, error)) func() (Change, error) {
	return func(table string, run func() (Change, error)) func() (Change, error) {
		if said {
			return run
		}
		return func() (Change, error) { return Change{Table: table}, nil }
	}
}

func unitTable(list []org.Unit) seedTable[unitRow] {
	rows := make([]unitRow, 0, len(list))
	for i, u := range list {
		rows = append(rows, unitRow{ID: u.ID, Name: u.Name, Short: u.Short, Aliases: packList(u.Aliases), Kind: u.Kind, Parent: u.Parent,
			TermKind: u.TermKind, SortNo: i + 1})
	}
	return seedTable[unitRow]{name: "units", want: rows, key: func(r unitRow) string { return r.ID }}
}

func audienceTable(list []Audience) seedTable[audienceRow] {
	rows := make([]audienceRow, 0, len(list))
	for _, a := range list {
		rows = append(rows, audienceRow{ID: a.ID, Label: a.Label, Kinds: packList(a.Kinds), UnitIDs: packList(a.Units)})
	}
	return seedTable[audienceRow]{name: "audiences", want: rows, key: func(r audienceRow) string { return r.ID }}
}

func postTable(list []org.Post) seedTable[postRow] {
	rows := make([]postRow, 0, len(list))
	for _, p := range list {
		rows = append(rows, postRow{ID: p.ID, UnitID: p.UnitID, Title: p.Title, Role: string(p.Role), Charge: packList(p.Charge),
			Safety: p.Safety, OnCall: p.OnCall, RankNo: p.Rank, HandOver: p.HandOver})
	}
	return seedTable[postRow]{name: "posts", want: rows, key: func(r postRow) string { return r.ID }}
}

func personTable(list []Person, now time.Time) seedTable[personRow] {
	rows := make([]personRow, 0, len(list))
	for _, p := range list {
		rows = append(rows, personRow{ID: p.ID, Name: p.Name, UnitID: p.UnitID, Active: true})
	}
	return seedTable[personRow]{
		name: "persons", want: rows, key: func(r personRow) string { return r.ID },
		create: func(r personRow) personRow { r.CreatedAt = millis(now); return r },
		apply:  func(old, want personRow, _ bool) (personRow, bool) { want.CreatedAt = old.CreatedAt; return want, true },
		retire: func(r personRow) (personRow, bool) { r.Active = false; return r, true },
	}
}

func holdingTable(list []Holding, now time.Time) seedTable[holdingRow] {
	rows := make([]holdingRow, 0, len(list))
	for _, h := range list {
		rows = append(rows, holdingRow{PostID: h.PostID, PersonID: h.PersonID, Since: millis(h.Since), Until: millis(h.Until)})
	}
	return seedTable[holdingRow]{
		name: "holdings", want: rows,
		key:   func(r holdingRow) string { return fmt.Sprintf("%s/%s/%d", r.PostID, r.PersonID, r.Since) },
		apply: func(old, want holdingRow, _ bool) (holdingRow, bool) { want.ID = old.ID; return want, true },
		retire: func(r holdingRow) (holdingRow, bool) {
			if r.Until == 0 {
				r.Until = millis(now)
			}
			return r, true
		},
		history: func(before, after holdingRow) journalRow {
			action := "take_post"
			if after.Until != 0 {
				action = "leave_post"
			}
			return journalRow{SubjectKind: "holding", SubjectID: after.ID, Action: action, BeforeValue: stamp(before.Until), AfterValue: stamp(after.Until),
				Note: fmt.Sprintf("post=%s person=%s", after.PostID, after.PersonID)}
		},
	}
}

// stamp is an instant in a line of history.
func stamp(ms int64) string {
	if ms == 0 {
		return ""
	}
	return instant(ms).Format(time.RFC3339)
}

func groupTable(list []Group) seedTable[groupRow] {
	rows := make([]groupRow, 0, len(list))
	for _, g := range list {
		rows = append(rows, groupRow{ID: g.ID, Platform: g.Platform, ChatID: g.ChatID, Webhook: g.Webhook, Title: g.Title, UnitID: g.UnitID,
			Digest: g.Digest, Active: true})
	}
	return seedTable[groupRow]{
		name: "chat_groups", want: rows, key: func(r groupRow) string { return r.ID },
		retire: func(r groupRow) (groupRow, bool) { r.Active = false; return r, true },
	}
}

func termTable(list []Term) seedTable[termRow] {
	rows := make([]termRow, 0, len(list))
	for _, t := range list {
		rows = append(rows, termRow{ID: t.ID, Term: t.Words, AtCodes: packList(t.Codes), Meaning: t.Meaning, Source: t.Source})
	}
	return seedTable[termRow]{
		name: "terms", want: rows, key: func(r termRow) string { return r.ID },
		apply: func(old, want termRow, _ bool) (termRow, bool) {
			if want.Meaning == "" { // what the bureau wrote is not emptied by a file that says nothing
				want.Meaning, want.Source = old.Meaning, old.Source
			}
			return want, true
		},
	}
}

// itemTable lets the files change an item until the office has confirmed it. A
// draft of a year that the files still have becomes void when they drop it, and
// is a draft again when they name it again.
func itemTable(list []duty.Item, now time.Time) seedTable[itemRow] {
	rows := make([]itemRow, 0, len(list))
	years := map[int]bool{}
	for _, i := range list {
		i.ID, i.State, i.ConfirmedAt, i.ConfirmedBy = 0, duty.Draft, time.Time{}, ""
		years[i.Year] = true
		rows = append(rows, itemOf(i))
	}
	return seedTable[itemRow]{
		name: "items", want: rows,
		key: func(r itemRow) string { return fmt.Sprintf("%d/%s", r.Year, r.Code) },
		apply: func(old, want itemRow, again bool) (itemRow, bool) {
			want.ID = old.ID
			dropped := old.State == string(duty.VoidItem) && old.ConfirmedAt == 0
			return want, old.State == string(duty.Draft) || again && dropped
		},
		retire: func(r itemRow) (itemRow, bool) {
			if !years[r.Year] || r.State == string(duty.VoidItem) {
				return r, true
			}
			ok := r.State == string(duty.Draft)
			if ok {
				r.State = string(duty.VoidItem)
			}
			return r, ok
		},
		history: func(before, after itemRow) journalRow {
			e := journalRow{SubjectKind: "item", SubjectID: after.ID, Action: "draft", AfterValue: after.Due + " " + after.Descr}
			switch {
			case after.State == string(duty.VoidItem):
				e.Action, e.BeforeValue, e.AfterValue = "void", before.State, after.State
			case before.ID != 0:
				e.Action, e.BeforeValue = "redraft", before.Due+" "+before.Descr
			}
			return e
		},
	}
}

// accounts binds the accounts of the files. An account or a person that was bound
// otherwise in the system stays as it is.
func (l *ledger) accounts(list []Account) (Change, error) {
	c := Change{Table: "accounts"}
	rows, err := held[accountRow](l)
	if err != nil {
		return c, err
	}
	byUser, byPerson := map[string]accountRow{}, map[string]accountRow{}
	for _, r := range rows {
		byUser[accountKey(r)], byPerson[personKey(r)] = r, r
	}
	want := make([]accountRow, 0, len(list))
	for _, a := range list {
		want = append(want, accountRow{Platform: a.Platform, Corp: a.Corp, UserID: a.UserID, PersonID: a.PersonID})
	}
	free := func(r accountRow) {
		delete(byUser, accountKey(r))
		delete(byPerson, personKey(r))
	}
	var drop, fresh []accountRow
	for _, key := range l.missing(c.Table, keys(want, accountKey)) {
		if old, ok := byUser[key]; ok && l.wasLast(c.Table, key, unbound(old)) {
			drop = append(drop, old)
			c.Ended++
			free(old)
		}
	}
	for _, r := range want { // first all that change hands, so that two may swap
		old, bound := byUser[accountKey(r)]
		if bound && old.PersonID != r.PersonID && l.wasLast(c.Table, accountKey(r), unbound(old)) {
			drop = append(drop, old)
			free(old)
		}
	}
	for _, r := range want {
		news := l.note(c.Table, accountKey(r), r)
		user, taken := byUser[accountKey(r)]
		_, has := byPerson[personKey(r)]
		switch {
		case taken && user.PersonID == r.PersonID, news == entrySame:
			c.Same++
		case taken || has:
			c.Kept = append(c.Kept, r.PersonID)
		default:
			r.BoundAt = millis(l.now)
			fresh = append(fresh, r)
			if news == entryNew {
				c.Created++
			} else {
				c.Changed++
			}
		}
	}
	for _, r := range drop {
		l.history = append(l.history, journalRow{SubjectKind: "person", Action: "unbind", BeforeValue: r.PersonID, Note: r.Platform})
	}
	for _, r := range fresh {
		l.history = append(l.history, journalRow{SubjectKind: "person", Action: "bind", AfterValue: r.PersonID, Note: r.Platform})
	}
	return c, errors.Join(l.delete(drop), insert(l, fresh))
}

func (l *ledger) delete(rows []accountRow) error {
	for _, r := range rows {
		if err := l.tx.db.Delete(&r).Error; err != nil {
			return err
		}
	}
	return nil
}

// unbound is an account as the files say it.
func unbound(r accountRow) accountRow { r.BoundAt, r.SeenAt = 0, 0; return r }

func accountKey(r accountRow) string { return r.Platform + "/" + r.Corp + "/" + r.UserID }
func personKey(r accountRow) string  { return r.Platform + "/" + r.Corp + "/" + r.PersonID }
