package store_test

import (
	"errors"
	"testing"

	"duban/internal/org"
	"duban/internal/store"
)

// staff is a small bureau: a section chief with two posts, a principal whose post
// was handed over, a teacher without post, somebody who left.
func staff(t *testing.T, s *store.Store) {
	t.Helper()
	exec(t, s, `INSERT INTO units (id, name, short, aliases, kind, parent, term_kind, sort_no) VALUES
		('school', '第一中学', '一中', '["一中","市一中"]', 'senior', 'bureau', 'senior', 3),
		('safety', '安全法规股', '', '[]', 'section', 'bureau', '', 2),
		('bureau', '教育局', '教育局', '[]', 'bureau', '', '', 1)`)
	exec(t, s, `INSERT INTO persons (id, name, unit_id, active, created_at) VALUES
		('chief', '王强', 'safety', 1, 1), ('old', '李明', 'school', 1, 1), ('new', '赵敏', 'school', 1, 1),
		('teacher', '王强', 'school', 1, 1), ('gone', '孙立', 'school', 0, 1)`)
	exec(t, s, `INSERT INTO posts (id, unit_id, title, role, charge, safety, on_call, rank_no) VALUES
		('head', 'school', '校长', 'unit_head', '[]', 0, 0, 5),
		('duty', 'bureau', '值班', 'office', '[]', 0, 1, 2),
		('section', 'safety', '股长', 'section_chief', '["school","safety"]', 1, 0, 1),
		('vacant', 'school', '副校长', 'unit_head', '[]', 0, 0, 6)`)
	exec(t, s, `INSERT INTO holdings (post_id, person_id, since, until) VALUES
		('head', 'old', 1, 500), ('head', 'new', 500, 0), ('duty', 'chief', 1, 0), ('section', 'chief', 1, 0), ('vacant', 'gone', 1, 0)`)
	exec(t, s, `INSERT INTO accounts (platform, corp, user_id, person_id, bound_at) VALUES
		('wecom', 'c', 'u1', 'chief', 1), ('dingtalk', 'c', 'u1', 'new', 1), ('wecom', 'c', 'u2', 'teacher', 1),
		('wecom', 'c', 'u3', 'gone', 1), ('dingtalk', 'c', 'u9', 'chief', 1), ('wecom', 'c', 'u4', 'old', 1)`)
}

var (
	headPost    = org.Post{ID: "head", UnitID: "school", Title: "校长", Role: org.UnitHead, Rank: 5}
	dutyPost    = org.Post{ID: "duty", UnitID: "bureau", Title: "值班", Role: org.Office, OnCall: true, Rank: 2}
	sectionPost = org.Post{ID: "section", UnitID: "safety", Title: "股长", Role: org.SectionChief, Charge: []string{"school", "safety"}, Safety: true, Rank: 1}
	chief       = org.Actor{PersonID: "chief", Name: "王强", UnitID: "safety", Posts: []org.Post{sectionPost, dutyPost}}
	teacher     = org.Actor{PersonID: "teacher", Name: "王强", UnitID: "school"}
)

func TestActor(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		staff(t, s)
		for _, c := range []struct {
			name, platform, user string
			want                 org.Actor
			known                bool
		}{
			{"with posts, the first asked first", "wecom", "u1", chief, true},
			{"holds the post now", "dingtalk", "u1", org.Actor{PersonID: "new", Name: "赵敏", UnitID: "school", Posts: []org.Post{headPost}}, true},
			{"handed the post over", "wecom", "u4", org.Actor{PersonID: "old", Name: "李明", UnitID: "school"}, true},
			{"never had one", "wecom", "u2", teacher, true},
			{"left", "wecom", "u3", org.Actor{}, false},
			{"stranger", "wecom", "nobody", org.Actor{}, false},
			{"same id on another platform", "dingtalk", "u2", org.Actor{}, false},
			{"another letter case", "wecom", "U1", org.Actor{}, false},
		} {
			got, known, err := s.Read(ctx).ActorByAccount(ctx, c.platform, "c", c.user)
			ok(t, err)
			same(t, c.name, got, c.want)
			same(t, c.name+": known", known, c.known)
		}
		_, known, err := s.Read(ctx).ActorByAccount(ctx, "wecom", "other corp", "u1")
		ok(t, err)
		same(t, "another organisation", known, false)
		got, known, err := s.Read(ctx).ActorByPerson(ctx, "chief")
		ok(t, err)
		same(t, "by person", got, chief)
		same(t, "by person: known", known, true)
		_, known, err = s.Read(ctx).ActorByPerson(ctx, "nobody")
		ok(t, err)
		same(t, "unknown person", known, false)
	})
}

func TestPersonsNamed(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		staff(t, s)
		for name, want := range map[[2]string][]org.Actor{
			{"王强", ""}: {chief, teacher}, {"王强", "school"}: {teacher}, {"孙立", ""}: nil, {"王", ""}: nil,
		} {
			got, err := s.Read(ctx).PersonsNamed(ctx, name[0], name[1])
			ok(t, err)
			same(t, name[0]+" "+name[1], got, want)
		}
	})
}

func TestDirectory(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		staff(t, s)
		d, err := s.Read(ctx).Directory(ctx)
		ok(t, err)
		same(t, "units", d.Units(), []org.Unit{
			{ID: "bureau", Name: "教育局", Short: "教育局", Kind: "bureau"},
			{ID: "safety", Name: "安全法规股", Kind: "section", Parent: "bureau"},
			{ID: "school", Name: "第一中学", Short: "一中", Aliases: []string{"一中", "市一中"}, Kind: "senior", Parent: "bureau", TermKind: "senior"},
		})
		same(t, "holders", d.HoldersOf("school"), []org.Holder{{PersonID: "new", Name: "赵敏", Post: headPost}})
		same(t, "on call", d.OnCall(), []org.Holder{{PersonID: "chief", Name: "王强", Post: dutyPost}})
		same(t, "safety", d.SafetySection(), []org.Holder{{PersonID: "chief", Name: "王强", Post: sectionPost}})
	})
}

func TestAddPerson(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		add := func(tx *store.Tx) error { return tx.AddPerson(ctx, "p", "钱进", "school", noon) }
		do(t, s, add)
		got, known, err := s.Read(ctx).ActorByPerson(ctx, "p")
		ok(t, err)
		same(t, "known", known, true)
		same(t, "person", got, org.Actor{PersonID: "p", Name: "钱进", UnitID: "school"})
		same(t, "created", count(t, s, "SELECT created_at FROM persons WHERE id = 'p'"), int(noon.UnixMilli()))
		if err := s.Within(ctx, add); !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("twice: %v, want ErrDuplicate", err)
		}
	})
}

func TestAccounts(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		a := fill[store.Account](t)
		do(t, s, func(tx *store.Tx) error { return tx.Bind(ctx, a, noon) })
		for name, b := range map[string]store.Account{
			"the same again":                {Platform: a.Platform, Corp: a.Corp, UserID: a.UserID, PersonID: a.PersonID},
			"the account to another person": {Platform: a.Platform, Corp: a.Corp, UserID: a.UserID, PersonID: "x"},
			"the person to another account": {Platform: a.Platform, Corp: a.Corp, UserID: "x", PersonID: a.PersonID},
		} {
			if err := s.Within(ctx, func(tx *store.Tx) error { return tx.Bind(ctx, b, noon) }); !errors.Is(err, store.ErrDuplicate) {
				t.Errorf("%s: %v, want ErrDuplicate", name, err)
			}
		}
		second := store.Account{Platform: "a", Corp: a.Corp, UserID: a.UserID, PersonID: a.PersonID}
		other := store.Account{Platform: a.Platform, Corp: a.Corp, UserID: "o", PersonID: "other"}
		do(t, s, func(tx *store.Tx) error { return errors.Join(tx.Bind(ctx, second, noon), tx.Bind(ctx, other, noon)) })
		got, err := s.Read(ctx).AccountsOf(ctx, a.PersonID, "other", "nobody")
		ok(t, err)
		same(t, "accounts", got, map[string][]store.Account{a.PersonID: {a, second}, "other": {other}})
		do(t, s, func(tx *store.Tx) error { return tx.Seen(ctx, second, noon) })
		got, err = s.Read(ctx).AccountsOf(ctx, a.PersonID)
		ok(t, err)
		same(t, "the one last written from is first", got, map[string][]store.Account{a.PersonID: {second, a}})
		none, err := s.Read(ctx).AccountsOf(ctx)
		ok(t, err)
		same(t, "accounts of nobody", none, map[string][]store.Account{})

		do(t, s, func(tx *store.Tx) error { return tx.Unbind(ctx, a) })
		got, err = s.Read(ctx).AccountsOf(ctx, a.PersonID)
		ok(t, err)
		same(t, "after unbinding", got, map[string][]store.Account{a.PersonID: {second}})
	})
}

// Two people who claim one account at the same time: one gets it.
func TestBindRace(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		err := race(8, func(i int) error {
			a := store.Account{Platform: "wecom", Corp: "c", UserID: "u", PersonID: string(rune('a' + i))}
			err := s.Within(ctx, func(tx *store.Tx) error { return tx.Bind(ctx, a, noon) })
			if errors.Is(err, store.ErrDuplicate) {
				return nil
			}
			return err
		})
		ok(t, err)
		same(t, "accounts", count(t, s, "SELECT COUNT(*) FROM accounts"), 1)
	})
}

func TestBindRequests(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		a, b := fill[store.Account](t), store.Account{Platform: "p", Corp: "c", UserID: "u", PersonID: "x"}
		var first, other, again store.BindRequest
		ask := func(into *store.BindRequest, a store.Account) {
			do(t, s, func(tx *store.Tx) (err error) { *into, err = tx.AskBind(ctx, a, noon); return err })
		}
		ask(&first, a)
		ask(&other, b)
		ask(&again, a)
		same(t, "request", first, store.BindRequest{ID: first.ID, Account: a, State: "open"})
		same(t, "asked again", again, first)
		if first.ID == 0 || first.ID == other.ID {
			t.Errorf("ids %d and %d", first.ID, other.ID)
		}
		got, known, err := s.Read(ctx).BindRequest(ctx, first.ID)
		ok(t, err)
		same(t, "stored", got, first)
		same(t, "known", known, true)

		do(t, s, func(tx *store.Tx) error { return tx.DecideBind(ctx, first.ID, "refused", "admin", noon) })
		_, known, err = s.Read(ctx).BindRequest(ctx, first.ID)
		ok(t, err)
		same(t, "decided requests are gone", known, false)
		same(t, "decision kept", count(t, s, "SELECT COUNT(*) FROM bind_requests WHERE state='refused' AND decided_by='admin' AND decided_at=?", noon.UnixMilli()), 1)
		ask(&again, a)
		same(t, "asked after a refusal", again, first)
	})
}

func TestGroups(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		exec(t, s, `INSERT INTO chat_groups (id, platform, chat_id, webhook, title, unit_id, digest, active) VALUES
			('g2', 'wecom', 'c2', 'https://h/2', '二组', 'school', 1, 1), ('g1', 'dingtalk', 'c1', '', '一组', 'bureau', 1, 1),
			('quiet', 'wecom', 'c3', '', '', '', 0, 1), ('ended', 'wecom', 'c4', '', '', '', 1, 0)`)
		g2 := store.Group{ID: "g2", Platform: "wecom", ChatID: "c2", Webhook: "https://h/2", Title: "二组", UnitID: "school", Digest: true}
		got, err := s.Read(ctx).DigestGroups(ctx)
		ok(t, err)
		same(t, "groups", got, []store.Group{{ID: "g1", Platform: "dingtalk", ChatID: "c1", Title: "一组", UnitID: "bureau", Digest: true}, g2})
		one, known, err := s.Read(ctx).GroupByID(ctx, "g2")
		ok(t, err)
		same(t, "group", one, g2)
		same(t, "known", known, true)
		_, known, err = s.Read(ctx).GroupByID(ctx, "none")
		ok(t, err)
		same(t, "unknown", known, false)
	})
}
