package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"duban/internal/errs"
	"duban/internal/org"
)

func (r unitRow) unit() org.Unit {
	return org.Unit{ID: r.ID, Name: r.Name, Short: r.Short, Aliases: unpackList(r.Aliases), Kind: r.Kind, Parent: r.Parent, TermKind: r.TermKind}
}

func (r postRow) post() org.Post {
	return org.Post{ID: r.ID, UnitID: r.UnitID, Title: r.Title, Role: org.Role(r.Role), Charge: unpackList(r.Charge),
		Safety: r.Safety, OnCall: r.OnCall, Rank: r.RankNo, HandOver: r.HandOver}
}

func (r accountRow) account() Account {
	return Account{Platform: r.Platform, Corp: r.Corp, UserID: r.UserID, PersonID: r.PersonID}
}

func (r bindRequestRow) account() Account {
	return Account{Platform: r.Platform, Corp: r.Corp, UserID: r.UserID, PersonID: r.PersonID}
}

func (r groupRow) group() Group {
	return Group{ID: r.ID, Platform: r.Platform, ChatID: r.ChatID, Webhook: r.Webhook, Title: r.Title, UnitID: r.UnitID, Digest: r.Digest}
}

// Account is a person's identity on a platform.
type Account = org.Account

func (t *Tx) loadDirectory(context.Context) (*org.Directory, error) {
	var units []unitRow
	if err := t.db.Order("sort_no, id").Find(&units).Error; err != nil {
		return nil, errs.At("load units", err)
	}
	type held struct {
		Post       postRow `gorm:"embedded"` // gorm skips an unexported embedded field
		PersonID   string
		PersonName string
	}
	var rows []held
	err := t.db.Table("posts").Select("posts.*, persons.id AS person_id, persons.name AS person_name").
		Joins("JOIN holdings ON holdings.post_id = posts.id AND holdings.until = 0").
		Joins("JOIN persons ON persons.id = holdings.person_id AND persons.active = 1").
		Order("posts.rank_no, posts.id, persons.id").Scan(&rows).Error
	if err != nil {
		return nil, errs.At("load posts", err)
	}
	us := make([]org.Unit, 0, len(units))
	for _, u := range units {
		us = append(us, u.unit())
	}
	hs := make([]org.Holder, 0, len(rows))
	for _, r := range rows {
		hs = append(hs, org.Holder{PersonID: r.PersonID, Name: r.PersonName, Post: r.Post.post()})
	}
	var away []delegationRow
	if err := t.db.Where("state = 'active'").Order("id").Find(&away).Error; err != nil {
		return nil, errs.At("load delegations", err)
	}
	roster, err := t.roster()
	if err != nil {
		return nil, err
	}
	return org.NewDirectory(us, hs).WithDelegations(delegations(away)).WithRoster(roster), nil
}

// ActorByAccount returns who is behind a platform account; ok is false for a
// stranger.
func (t *Tx) ActorByAccount(_ context.Context, platform, corp, userID string) (a org.Actor, ok bool, err error) {
	return t.actor("accounts.seen_at", "JOIN accounts ON accounts.person_id = persons.id AND accounts.platform = ? AND accounts.corp = ? AND accounts.user_id = ?",
		platform, corp, userID)
}

// ActorByPerson returns a person with the posts held now.
func (t *Tx) ActorByPerson(ctx context.Context, personID string) (a org.Actor, ok bool, err error) {
	found, err := t.ActorsByPerson(ctx, personID)
	a, ok = found[personID]
	return a, ok, err
}

// ActorsByPerson returns people with the posts held now, by id. Who has left is
// missing.
func (t *Tx) ActorsByPerson(_ context.Context, personIDs ...string) (map[string]org.Actor, error) {
	list, err := t.actors("0", "JOIN (SELECT 1 AS one) x ON persons.id IN ?", personIDs)
	out := make(map[string]org.Actor, len(list))
	for _, a := range list {
		out[a.PersonID] = a
	}
	return out, err
}

// actor reads one person; see actors.
func (t *Tx) actor(seen, join string, args ...any) (org.Actor, bool, error) {
	list, err := t.actors(seen, join, args...)
	if err != nil || len(list) == 0 {
		return org.Actor{}, false, err
	}
	return list[0], true, nil
}

// actors reads people and posts in one round trip; somebody without a post gives
// one row with empty post columns.
func (t *Tx) actors(seen, join string, args ...any) ([]org.Actor, error) {
	type row struct {
		PID, PName, PUnit string
		Seen              int64
		PostID            *string
		UnitID, Title     string
		Role, Charge      string
		Safety, OnCall    bool
		RankNo            int
	}
	var rows []row
	err := t.db.Table("persons").
		Select("persons.id AS p_id, "+seen+" AS seen, persons.name AS p_name, persons.unit_id AS p_unit, posts.id AS post_id, "+
			"COALESCE(posts.unit_id,'') AS unit_id, COALESCE(posts.title,'') AS title, COALESCE(posts.role,'') AS role, "+
			"COALESCE(posts.charge,'') AS charge, COALESCE(posts.safety,0) AS safety, COALESCE(posts.on_call,0) AS on_call, COALESCE(posts.rank_no,0) AS rank_no").
		Joins(join, args...).
		Joins("LEFT JOIN holdings ON holdings.person_id = persons.id AND holdings.until = 0").
		Joins("LEFT JOIN posts ON posts.id = holdings.post_id").
		Where("persons.active = 1").Scan(&rows).Error
	if err != nil {
		return nil, errs.At("load person", err)
	}
	// Sorted here: MySQL would make a temporary table on disk for it, for each message.
	slices.SortFunc(rows, func(a, b row) int {
		if a.PID != b.PID || a.PostID == nil || b.PostID == nil {
			return cmp.Compare(a.PID, b.PID)
		}
		return cmp.Or(cmp.Compare(a.RankNo, b.RankNo), cmp.Compare(*a.PostID, *b.PostID))
	})
	var out []org.Actor
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].PersonID != r.PID {
			out = append(out, org.Actor{PersonID: r.PID, Name: r.PName, UnitID: r.PUnit, Seen: instant(r.Seen)})
		}
		if r.PostID != nil {
			p := postRow{ID: *r.PostID, UnitID: r.UnitID, Title: r.Title, Role: r.Role, Charge: r.Charge, Safety: r.Safety, OnCall: r.OnCall, RankNo: r.RankNo}
			a := &out[len(out)-1]
			a.Posts = append(a.Posts, p.post())
		}
	}
	return out, nil
}

// PersonsNamed returns the active people of a name, narrowed to a unit if given.
func (t *Tx) PersonsNamed(ctx context.Context, name, unitID string) ([]org.Actor, error) {
	var rows []personRow
	q := t.db.Where("name = ? AND active = 1", name)
	if unitID != "" {
		q = q.Where("unit_id = ?", unitID)
	}
	if err := q.Order("id").Limit(10).Find(&rows).Error; err != nil {
		return nil, errs.At("find person", err)
	}
	var out []org.Actor
	for _, r := range rows {
		a, ok, err := t.ActorByPerson(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, a)
		}
	}
	return out, nil
}

// AddPerson inserts somebody who is not on the roster yet.
func (t *Tx) AddPerson(_ context.Context, id, name, unitID string, now time.Time) error {
	return errs.At("add person", t.db.Create(&personRow{ID: id, Name: name, UnitID: unitID, Active: true, CreatedAt: millis(now)}).Error)
}

// AccountsOf returns the accounts of people, by person id, the one last written
// from first.
func (t *Tx) AccountsOf(_ context.Context, personIDs ...string) (map[string][]Account, error) {
	var rows []accountRow
	if err := t.db.Where("person_id IN ?", personIDs).Order("seen_at DESC, platform DESC, corp").Find(&rows).Error; err != nil {
		return nil, errs.At("load accounts", err)
	}
	out := make(map[string][]Account, len(rows))
	for _, r := range rows {
		out[r.PersonID] = append(out[r.PersonID], r.account())
	}
	return out, nil
}

// Seen remembers that a person wrote from an account.
func (t *Tx) Seen(_ context.Context, a Account, now time.Time) error {
	return errs.At("mark account", t.db.Model(&accountRow{}).Where("platform = ? AND corp = ? AND user_id = ?", a.Platform, a.Corp, a.UserID).
		Update("seen_at", millis(now)).Error)
}

// Bind ties a platform account to a person; one account per person, platform and
// organisation. An account or person bound otherwise gives ErrDuplicate.
func (t *Tx) Bind(_ context.Context, a Account, now time.Time) error {
	row := accountRow{Platform: a.Platform, Corp: a.Corp, UserID: a.UserID, PersonID: a.PersonID, BoundAt: millis(now)}
	return errs.At("bind account", t.db.Create(&row).Error)
}

// Unbind removes an account.
func (t *Tx) Unbind(_ context.Context, a Account) error {
	return errs.At("unbind account", t.db.Where("platform = ? AND corp = ? AND user_id = ?", a.Platform, a.Corp, a.UserID).Delete(&accountRow{}).Error)
}

// BindRequest is a wish to be bound to a person with a post.
type BindRequest = org.BindRequest

// AskBind stores a request; asking again returns the same one.
func (t *Tx) AskBind(_ context.Context, a Account, now time.Time) (BindRequest, error) {
	row := bindRequestRow{Platform: a.Platform, Corp: a.Corp, UserID: a.UserID, PersonID: a.PersonID, State: "open", CreatedAt: millis(now)}
	err := t.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "platform"}, {Name: "corp"}, {Name: "user_id"}, {Name: "person_id"}},
		DoUpdates: clause.Assignments(map[string]any{"state": "open"})}).Create(&row).Error
	if err == nil {
		err = t.db.Where("platform = ? AND corp = ? AND user_id = ? AND person_id = ?", a.Platform, a.Corp, a.UserID, a.PersonID).Take(&row).Error
	}
	if err != nil {
		return BindRequest{}, errs.At("store bind request", err)
	}
	return BindRequest{ID: row.ID, Account: a, State: row.State}, nil
}

// BindRequest returns an open request by number.
func (t *Tx) BindRequest(_ context.Context, id int64) (BindRequest, bool, error) {
	var rows []bindRequestRow
	if err := t.db.Where("id = ? AND state = 'open'", id).Find(&rows).Error; err != nil || len(rows) == 0 {
		return BindRequest{}, false, errs.At("load bind request", err)
	}
	r := rows[0]
	return BindRequest{ID: r.ID, Account: r.account(), State: r.State}, true, nil
}

// DecideBind closes a request.
func (t *Tx) DecideBind(_ context.Context, id int64, state, by string, now time.Time) error {
	return errs.At("decide bind request", t.db.Model(&bindRequestRow{}).Where("id = ?", id).
		Updates(map[string]any{"state": state, "decided_by": by, "decided_at": millis(now)}).Error)
}

// Group is a chat group.
type Group = org.Group

// DigestGroups returns the active groups that get a digest.
func (t *Tx) DigestGroups(context.Context) ([]Group, error) {
	var rows []groupRow
	if err := t.db.Where("digest = 1 AND active = 1").Order("id").Find(&rows).Error; err != nil {
		return nil, errs.At("load groups", err)
	}
	var out []Group
	for _, r := range rows {
		out = append(out, r.group())
	}
	return out, nil
}

// GroupByID returns one group.
func (t *Tx) GroupByID(_ context.Context, id string) (Group, bool, error) {
	var rows []groupRow
	if err := t.db.Where("id = ?", id).Find(&rows).Error; err != nil || len(rows) == 0 {
		return Group{}, false, errs.At("load group", err)
	}
	r := rows[0]
	return r.group(), true, nil
}
