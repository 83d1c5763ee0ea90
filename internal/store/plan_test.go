package store_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/internal/calendar"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/inspect"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/response"
	"duban/internal/slip"
	"duban/internal/store"
)

// How much the tables hold for looking at plans: every big table has rows·rows
// lines, of which few concern one person, one unit or this minute.
const (
	rows     = 50
	fewLines = 6 * rows // a unit's lines read and sorted, far less than a table
)

// crowd fills the big tables. a counts the unit or person, b the line within.
func crowd(t *testing.T, s *store.Store) {
	t.Helper()
	const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d),
		g(a, b, k) AS (SELECT x.i, y.i, (x.i - 1) * %[1]d + y.i FROM n x CROSS JOIN n y) `
	const late = "1000000 + k" // times; noon is 100000
	few := func(now, then string) string { return fmt.Sprintf("CASE WHEN k <= 20 THEN %s ELSE %s END", now, then) }
	u, p := "CONCAT('u', a)", "CONCAT('p', a)"
	tables := map[string]string{
		"units (id, name, aliases)":                                                               "SELECT DISTINCT " + u + ", " + u + ", '[]' FROM g",
		"persons (id, name, unit_id, active)":                                                     "SELECT DISTINCT " + p + ", " + p + ", " + u + ", 1 FROM g",
		"posts (id, unit_id, role, charge)":                                                       "SELECT DISTINCT CONCAT('post', a), " + u + ", 'unit_head', '[]' FROM g",
		"holdings (post_id, person_id, since, until)":                                             "SELECT CONCAT('post', a), CONCAT('p', b), k, CASE WHEN a = b THEN 0 ELSE k END FROM g",
		"accounts (platform, corp, user_id, person_id)":                                           "SELECT 'wecom', 'c', CONCAT('user', k), CONCAT('p', k) FROM g",
		"inbox (platform, robot, msg_id, reply, buttons)":                                         "SELECT 'wecom', 'r', CONCAT('m', k), '', '' FROM g",
		"dialogues (platform, corp, user_id, chat_id, pending, list)":                             "SELECT 'wecom', 'c', CONCAT('user', k), '', '', '' FROM g",
		"items (id, year, code, descr, figures, assist_ids, state, lead_id)":                      "SELECT DISTINCT a, 2025, CONCAT('9-', a), '', '', '[]', 'confirmed', CASE WHEN a <= 3 THEN 'u7' ELSE '' END FROM g",
		"assignments (item_id, unit_id, state, due, note)":                                        "SELECT b, " + u + ", CASE WHEN b % 2 = 0 THEN 'assigned' ELSE 'closed' END, '2025-10-01', '' FROM g",
		"hazards (year, seq, unit_id, reporter, descr, state, created_at)":                        "SELECT 2025, k, " + u + ", CONCAT('p', b), '', CASE WHEN k % 50 = 0 THEN 'reported' ELSE 'closed' END, k FROM g",
		"hazard_lives (hazard_id, control, blocked, fix_note, review_note, closed_at, helped_at)": "SELECT k, '', '', '', '', k, CASE WHEN k <= 20 THEN k ELSE 0 END FROM g",
		"repeats (item_id)": "SELECT DISTINCT a FROM g WHERE a <= 5",
		"chases (subject_kind, subject_id, position, state, next_at)":                                               "SELECT 'assignment', k, '', 'active', " + few("k", late) + " FROM g",
		"notices (dedupe_key, kind, subject_kind, subject_id, person_id, text, state, not_before)":                  "SELECT CONCAT('k', k), 'reminder', 'assignment', k, " + p + ", '', CASE WHEN b = 1 THEN 'pending' ELSE 'taken' END, " + few("k", late) + " FROM g",
		"messages (dedupe_key, batch, text, buttons, list, state, next_at)":                                         "SELECT CONCAT('k', k), CONCAT('b', a), '', '', '', CASE WHEN b = 1 THEN 'queued' WHEN b = 2 THEN 'sending' ELSE 'sent' END, " + few("k", late) + " FROM g",
		"files (ref, person_id, created_at, subject_id, home, sha256, hash, seen_at, subject_kind, state, next_at)": "SELECT '', " + p + ", k, k, " + u + ", CONCAT('h', k), k, k, CASE WHEN b = 1 THEN '' ELSE 'hazard' END, CASE WHEN b = 2 THEN 'pending' ELSE 'stored' END, " + few("k", late) + " FROM g",
		"journal (id, at, subject_kind, subject_id, before_value, after_value, note)":                               "SELECT k, k, 'assignment', k, '', '', '' FROM g",
		"slips (id, year, seq, once_key, unit_id, section_id, reason)":                                              "SELECT k, 2025, k, CONCAT('s', k), CONCAT('u', a), CONCAT('s', b), '' FROM g",
		"places (id, unit_id, code, token)":                                                                         "SELECT k, CONCAT('u', a), CONCAT('c', k), CONCAT('t', k) FROM g",
		"scans (once_key, hazard_id)":                                                                               "SELECT CONCAT('s', k), k FROM g",
		"links (hash, person_id, expires_at)":                                                                       "SELECT CONCAT('h', k), CONCAT('p', a), k FROM g",
		"responses (incident_id, unit_id, kind, state, next_at, heard_at, alert)":                                   "SELECT k, CONCAT('u', a), 'emergency', CASE WHEN b = 1 THEN 'calling' ELSE 'ended' END, " + few("k", late) + ", k, '' FROM g",
		"response_members (incident_id, part, person_id, at)":                                                       "SELECT k, 'told', CONCAT('p', a), k FROM g",
		"hazard_courses (hazard_id, duty, measures, money, limits, plan, coordination)":                             "SELECT k, '', '', '', '', '', '' FROM g",
		"spot_checks (hazard_id, month, note)":                                                                      "SELECT k, CONCAT('m', a), '' FROM g",
		"hazard_followers (hazard_id, person_id, interest, since)":                                                  "SELECT k, CONCAT('p', a), 'follows', k FROM g",
		"runs (name, at, result)":                                                                                   "SELECT CONCAT('run', k), k, '' FROM g",
		"seals (seal, line_id)":                                                                                     "SELECT k, k FROM g WHERE k <= 2490",
		"seal_head (id, seal, hash, floor_id)":                                                                      "SELECT 1, 2490, 'h', 2450 FROM g WHERE k = 1",
		"checklists (id, aliases, entries, unit_ids, active)":                                                       "SELECT DISTINCT CONCAT('l', a), '[]', '[]', '[]', 1 FROM g WHERE a <= 10",
		"inspections (list_id, period, unit_id, to_day, found)":                                                     "SELECT CONCAT('l', a), CONCAT('d', b), CONCAT('u', (k * 7) % 50), '2025-09-10', '[]' FROM g",
		"presences (platform, corp, user_id)":                                                                       "SELECT 'wecom', 'c', CONCAT('user', k) FROM g",
		"drills (report_id, assignment_id)":                                                                         "SELECT k, k FROM g",
	}
	for into, from := range tables {
		exec(t, s, "INSERT INTO "+into+" "+fmt.Sprintf(numbers, rows)+from)
		if s.Dialect() == store.MySQL {
			exec(t, s, "ANALYZE TABLE "+strings.Fields(into)[0])
		}
	}
}

// sorted says why a query may sort what its index finds: it is one person's or one
// unit's, or what is due right now.
const sorted = "few lines"

// wholeItems is a query that wants nearly all of a table of some hundred lines.
const wholeItems = "FROM `items` WHERE state IN"

// hotQueries are the queries that run for each message or each tick.
func hotQueries(tx *store.Tx) map[string]func() error {
	now := instant(100000)
	subject := notice.Subject{Kind: notice.Assignment, ID: 7}
	return map[string]func() error{
		"FindInbound":               func() error { _, _, err := tx.FindInbound(ctx, "wecom", "r", "m7"); return err },
		"ActorByAccount, " + sorted: func() error { _, _, err := tx.ActorByAccount(ctx, "wecom", "c", "user7"); return err },
		"Dialogue": func() error {
			_, err := tx.Dialogue(ctx, store.DialogueKey{Platform: "wecom", Corp: "c", UserID: "user7"})
			return err
		},
		"Work of a unit by code, " + sorted: func() error {
			_, err := tx.Work(ctx, duty.Filter{Units: []string{"u7"}, Codes: []string{"9-7"}})
			return err
		},
		"Work of units open, " + sorted: func() error {
			_, err := tx.Work(ctx, duty.Filter{Units: []string{"u7", "u8"}, OpenOnly: true})
			return err
		},
		"WorkByID": func() error { _, err := tx.WorkByID(ctx, 7, 8); return err },
		"Hazards of a unit, " + sorted: func() error {
			_, err := tx.Hazards(ctx, hazard.Filter{Units: []string{"u7"}, OpenOnly: true})
			return err
		},
		"Hazards of a reporter, " + sorted: func() error { _, err := tx.Hazards(ctx, hazard.Filter{Reporter: "p7"}); return err },
		"Hazards of units or a reporter, " + sorted: func() error {
			_, err := tx.Hazards(ctx, hazard.Filter{Units: []string{"u7"}, Reporter: "p7", EitherOwn: true})
			return err
		},
		"Hazards of a unit by words, " + sorted: func() error {
			_, err := tx.Hazards(ctx, hazard.Filter{Units: []string{"u7"}, Words: []string{"软管"}})
			return err
		},
		"Hazards of a category": func() error { _, err := tx.Hazards(ctx, hazard.Filter{Category: "消防"}); return err },
		"Hazards of a grade":    func() error { _, err := tx.Hazards(ctx, hazard.Filter{Level: hazard.Major}); return err },
		"Hazards overdue, " + sorted: func() error {
			_, err := tx.Hazards(ctx, hazard.Filter{OpenOnly: true, Overdue: true, Today: calendar.Of(2025, 9, 10), Limit: 200})
			return err
		},
		"Hazards of a unit and a period, " + sorted: func() error {
			_, err := tx.Hazards(ctx, hazard.Filter{Units: []string{"u7"}, Since: instant(70), Before: instant(99), Limit: 200})
			return err
		},
		"Hazards of a period": func() error {
			_, err := tx.Hazards(ctx, hazard.Filter{Since: instant(70), Before: instant(99), Limit: 200})
			return err
		},
		"Hazards to be fixed in a period, " + sorted: func() error {
			_, err := tx.Hazards(ctx, hazard.Filter{OpenOnly: true, FixFrom: calendar.Of(2025, 9, 8), FixTo: calendar.Of(2025, 9, 14), Limit: 200})
			return err
		},
		"HazardIDs of a unit, " + sorted: func() error {
			_, err := tx.HazardIDs(ctx, hazard.Filter{Units: []string{"u7"}, Told: true, Limit: 5000})
			return err
		},
		"PicturesOf, " + sorted: func() error { _, err := tx.PicturesOf(ctx, 7, 8, 9); return err },
		"HazardTally of a unit, " + sorted: func() error {
			_, err := tx.HazardTally(ctx, "category", hazard.Filter{Units: []string{"u7"}})
			return err
		},
		"HazardTally of a time, " + sorted: func() error {
			_, err := tx.HazardTally(ctx, "category", hazard.Filter{Since: instant(70), Before: instant(99)})
			return err
		},
		"FixTimes of a unit, " + sorted: func() error {
			_, err := tx.FixTimes(ctx, "category", hazard.Filter{Units: []string{"u7"}}, 8*time.Hour)
			return err
		},
		"Hazards by number, " + sorted:          func() error { _, err := tx.Hazards(ctx, hazard.Filter{Seq: 7}); return err },
		"Hazards by number and year, " + sorted: func() error { _, err := tx.Hazards(ctx, hazard.Filter{Seq: 7, Year: 2025}); return err },
		"Ledger of a unit, " + sorted: func() error {
			_, err := tx.Ledger(ctx, duty.LedgerFilter{Units: []string{"u7"}, Limit: 5000})
			return err
		},
		"Ledger of a section, " + sorted: func() error {
			_, err := tx.Ledger(ctx, duty.LedgerFilter{Sections: []string{"u7"}, Limit: 5000})
			return err
		},
		"DueChases":                         func() error { _, err := tx.DueChases(ctx, now, 50); return err },
		"NextChaseAt":                       func() error { _, err := tx.NextChaseAt(ctx); return err },
		"LockChases":                        func() error { _, err := tx.LockChases(ctx, notice.Round{ID: 7}, notice.Round{ID: 8}); return err },
		"ChaseOf":                           func() error { _, _, err := tx.ChaseOf(ctx, subject); return err },
		"Recipients, " + sorted:             func() error { _, err := tx.Recipients(ctx, now, 50); return err },
		"NextNoticeAt":                      func() error { _, err := tx.NextNoticeAt(ctx); return err },
		"LockPending of several, " + sorted: func() error { _, err := tx.LockPending(ctx, now, "p1", "p2", "p3"); return err },
		"Waiting":                           func() error { _, err := tx.Waiting(ctx, now, "a", "b"); return err },
		"RanOf":                             func() error { _, err := tx.RanOf(ctx, "a", "b"); return err },
		"QuietOf":                           func() error { _, err := tx.QuietOf(ctx, "p1", "p2"); return err },
		"ActorsByPerson":                    func() error { _, err := tx.ActorsByPerson(ctx, "p1", "p2"); return err },
		"AddMessages": func() error {
			_, err := tx.AddMessages(ctx, []store.Message{{Key: "plan-1", State: store.MsgSent}, {Key: "plan-2", State: store.MsgSent}})
			return err
		},
		"AddNotices": func() error {
			_, err := tx.AddNotices(ctx, []notice.Notice{{Key: "plan-1"}, {Key: "plan-2"}})
			return err
		},
		"TakeNotices":            func() error { return tx.TakeNotices(ctx, map[int64]int64{7: 1, 8: 2}) },
		"LockPending, " + sorted: func() error { _, err := tx.LockPending(ctx, now, "p1"); return err },
		"DropNotices":            func() error { return tx.DropNotices(ctx, subject, []notice.Kind{notice.Reminder}, "r") },
		"DueMessages, " + sorted: func() error { _, err := tx.DueMessages(ctx, now, 50); return err },
		"ClaimAlike": func() error {
			_, err := tx.ClaimAlike(ctx, store.Message{ID: 1, Batch: "b1", State: store.MsgQueued}, now, now, 50)
			return err
		},
		"NextMessageAt":         func() error { _, err := tx.NextMessageAt(ctx); return err },
		"DueFiles":              func() error { _, err := tx.DueFiles(ctx, now, 50); return err },
		"LooseFiles, " + sorted: func() error { _, err := tx.LooseFiles(ctx, "p7", now); return err },
		"FilesByID":             func() error { _, err := tx.FilesByID(ctx, 7, 8, 2400); return err },
		"PictureHashes":         func() error { _, err := tx.PictureHashes(ctx, 7, 8, 2400); return err },
		"ExpireFiles":           func() error { _, err := tx.ExpireFiles(ctx, instant(20), instant(20), 100); return err },
		"ExpiredFiles":          func() error { _, err := tx.ExpiredFiles(ctx, 100); return err },
		"ContentUsed":           func() error { _, err := tx.ContentUsed(ctx, "u7", "h310"); return err },
		"FilesToCheck":          func() error { _, err := tx.FilesToCheck(ctx, "missing", 100); return err },
		"CountMissing":          func() error { _, err := tx.CountMissing(ctx); return err },
		"AccountsOf, " + sorted: func() error { _, err := tx.AccountsOf(ctx, "p7", "p8"); return err },
		"Seen": func() error {
			return tx.Seen(ctx, store.Account{Platform: "wecom", Corp: "c", UserID: "user7", PersonID: "p7"}, now)
		},
		"LockPresence": func() error {
			_, _, _, err := tx.LockPresence(ctx, store.Account{Platform: "wecom", Corp: "c", UserID: "user7"})
			return err
		},
		"LockAccount": func() error {
			_, _, err := tx.LockAccount(ctx, store.Account{Platform: "wecom", Corp: "c", UserID: "user7"})
			return err
		},
		"Renumber": func() error {
			return tx.Renumber(ctx, store.Account{Platform: "wecom", Corp: "c", UserID: "user7", PersonID: "p7"}, "user7b")
		},
		"OpenAccount": func() error {
			_, err := tx.OpenAccount(ctx, org.BoundAccount{Account: store.Account{Platform: "wecom", Corp: "c", UserID: "user7", PersonID: "p8"}})
			return err
		},
		"HazardsByID":              func() error { _, err := tx.HazardsByID(ctx, 7, 8); return err },
		"ReopenNotices":            func() error { _, err := tx.ReopenNotices(ctx, 7, now, "unsent"); return err },
		"NoticesOf, " + sorted:     func() error { _, err := tx.NoticesOf(ctx, 7); return err },
		"RewordMessage":            func() error { return tx.RewordMessage(ctx, store.Message{ID: 7}) },
		"FirstValue":               func() error { _, _, err := tx.FirstValue(ctx, 7); return err },
		"PostByID":                 func() error { _, _, err := tx.PostByID(ctx, "post7"); return err },
		"StopItem, " + sorted:      func() error { return tx.StopItem(ctx, 7, "suspended", now) },
		"MessageByID":              func() error { _, _, err := tx.MessageByID(ctx, 7); return err },
		"MessagesByKey, " + sorted: func() error { _, err := tx.MessagesByKey(ctx, "k7", "k8"); return err },
		"RequeueMessage": func() error {
			_, err := tx.RequeueMessage(ctx, notice.Message{ID: 7, State: notice.MsgFailed}, now)
			return err
		},
		"MessagesByUnit, " + sorted: func() error {
			_, err := tx.MessagesByUnit(ctx, []string{"u7", "u8"}, instant(0), instant(10000000))
			return err
		},
		"AskedByUnit, " + sorted: func() error {
			_, err := tx.AskedByUnit(ctx, []string{"u7", "u8"}, calendar.Of(2025, 9, 1), calendar.Of(2025, 9, 30))
			return err
		},
		"LastRun":       func() error { _, _, err := tx.LastRun(ctx, "morning:p7:", "morning:p7:2025-09-10"); return err },
		"HandedUp":      func() error { _, err := tx.HandedUp(ctx); return err },
		"MorningOf":     func() error { _, err := tx.MorningOf(ctx, "p7", instant(0)); return err },
		"ClosedHazards": func() error { _, err := tx.ClosedHazards(ctx, store.Scope{}, instant(2_000_000)); return err },
		"Collections":   func() error { _, err := tx.Collections(ctx, calendar.Of(2025, 8, 1)); return err },
		"AskedFor":      func() error { _, err := tx.AskedFor(ctx, calendar.Of(2025, 9, 1), 7, 8); return err },
		"RepeatedByUnit, " + sorted: func() error {
			_, err := tx.RepeatedByUnit(ctx, []string{"u7", "u8"}, calendar.Of(2025, 9, 1), calendar.Of(2025, 9, 30))
			return err
		},
		"Deliveries, " + sorted: func() error {
			_, err := tx.Deliveries(ctx, notice.DeliveryQuery{Since: instant(1002400), Limit: 3000})
			return err
		},
		"Deliveries of people, " + sorted: func() error {
			_, err := tx.Deliveries(ctx, notice.DeliveryQuery{Persons: []string{"p7", "p8"}, Since: instant(1000000), Kinds: []notice.Kind{notice.Reminder}, Limit: 3000})
			return err
		},
		"Deliveries about work, " + sorted: func() error {
			_, err := tx.Deliveries(ctx, notice.DeliveryQuery{Subjects: []int64{70, 80}, Since: instant(1), Before: instant(9), Limit: 3000})
			return err
		},
		"Inspections of units, " + sorted: func() error {
			_, err := tx.Inspections(ctx, inspect.Filter{Lists: []string{"l7"}, Periods: []string{"d7"}, Units: []string{"u7"}})
			return err
		},
		"Inspections of a period, " + sorted: func() error {
			_, err := tx.Inspections(ctx, inspect.Filter{Lists: []string{"l7", "l8"}, Periods: []string{"d7", "d8"}})
			return err
		},
		"Inspections of a unit, " + sorted: func() error {
			_, err := tx.Inspections(ctx, inspect.Filter{Units: []string{"u7"}, Since: calendar.Of(2025, 9, 8)})
			return err
		},
		"Answers, " + sorted: func() error {
			_, err := tx.Answers(ctx, []string{"u7"}, calendar.Of(2025, 9, 8), calendar.Of(2025, 9, 12), time.UTC)
			return err
		},
		"InspectionByID":    func() error { _, _, err := tx.InspectionByID(ctx, 7); return err },
		"Drills, " + sorted: func() error { _, err := tx.Drills(ctx, 7, 8); return err },
		"SlipsByID":         func() error { _, err := tx.SlipsByID(ctx, 7, 8); return err },
		"Slips of units, " + sorted: func() error {
			_, err := tx.Slips(ctx, slip.Filter{Units: []string{"u7"}, Sections: []string{"s7"}, Limit: 200})
			return err
		},
		"Slips":                    func() error { _, err := tx.Slips(ctx, slip.Filter{Year: 2025, Limit: 200}); return err },
		"Places of a unit":         func() error { _, err := tx.Places(ctx, "u7"); return err },
		"PlaceByCode":              func() error { _, _, err := tx.PlaceByCode(ctx, "c7"); return err },
		"PlaceByToken":             func() error { _, _, err := tx.PlaceByToken(ctx, "t7"); return err },
		"ScanOnce":                 func() error { _, _, err := tx.ScanOnce(ctx, "s7"); return err },
		"ScanOf":                   func() error { _, _, err := tx.ScanOf(ctx, 7); return err },
		"SpotChecks, " + sorted:    func() error { _, err := tx.SpotChecks(ctx, "m7"); return err },
		"ClosedBetween, " + sorted: func() error { _, err := tx.ClosedBetween(ctx, instant(70), instant(99), 5000); return err },
		"Followers":                func() error { _, err := tx.Followers(ctx, 7); return err },
		"FollowedBy":               func() error { _, err := tx.FollowedBy(ctx, "p7", 50); return err },
		"LinkByHash":               func() error { _, _, err := tx.LinkByHash(ctx, "h7", now); return err },
		"BindLink":                 func() error { _, err := tx.BindLink(ctx, 7, "b"); return err },
		"FileByID":                 func() error { _, _, err := tx.FileByID(ctx, 7); return err },
		"DueResponses":             func() error { _, err := tx.DueResponses(ctx, now, 50); return err },
		"NextResponseAt":           func() error { _, err := tx.NextResponseAt(ctx); return err },
		"LockResponses": func() error {
			_, err := tx.LockResponses(ctx, notice.Round{ID: 7}, notice.Round{ID: 8})
			return err
		},
		"ResponsesByID": func() error { _, err := tx.ResponsesByID(ctx, 7, 8); return err },
		"ResponsesAt, " + sorted: func() error {
			_, err := tx.ResponsesAt(ctx, "u7", instant(300))
			return err
		},
		"ResponsesOf, " + sorted: func() error {
			_, err := tx.ResponsesOf(ctx, "p7", response.Told, instant(300))
			return err
		},
		"ToAnswer, " + sorted: func() error { _, err := tx.ToAnswer(ctx, "p7", instant(300)); return err },
		"AddMembers, " + sorted: func() error {
			return tx.AddMembers(ctx, []response.Member{{Incident: 7, Part: response.Told, PersonID: "new"}})
		},
		"OpenResponses, " + sorted: func() error { _, err := tx.OpenResponses(ctx, response.Emergency, 50); return err },
		"MembersOf, " + sorted:     func() error { _, err := tx.MembersOf(ctx, 7); return err },
		"AnswerIncident":           func() error { return tx.AnswerIncident(ctx, 7, "p7", now) },
		"FailMember":               func() error { _, err := tx.FailMember(ctx, 7, "p7", now); return err },
		"SilenceIncident":          func() error { return tx.SilenceIncident(ctx, 7, false, "ended") },
		"Audience":                 func() error { _, _, _, err := tx.Audience(ctx, "k7"); return err },
		"SealHead":                 func() error { _, err := tx.SealHead(ctx); return err },
		"Unsealed":                 func() error { _, err := tx.Unsealed(ctx, 2450, 0); return err },
		"Ran":                      func() error { _, err := tx.Ran(ctx, "digest:g:2025-09-10"); return err },
	}
}

func TestPlans(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s)
		for name, run := range hotQueries(s.Read(ctx)) {
			var err error
			seen := s.Record(func() { err = run() })
			ok(t, err)
			if len(seen) == 0 {
				t.Fatalf("%s: no statement seen", name)
			}
			for _, st := range seen {
				if strings.Contains(st.SQL, wholeItems) {
					continue
				}
				if s.Dialect() == store.MySQL {
					checkMySQL(t, s, name, st)
				} else {
					checkSQLite(t, s, name, st)
				}
			}
		}
	})
}

// fixed are sources without a table behind them.
var fixed = regexp.MustCompile(`^(SCAN x|SCAN CONSTANT ROW|SCAN 1 CONSTANT ROW|CO-ROUTINE x|MATERIALIZE x)`)

// TestTheNewestHazardsAreReadAlone holds that the newest of all come from the end of an
// index, and nothing else is read or sorted for them.
func TestTheNewestHazardsAreReadAlone(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		crowd(t, s)
		seen := s.Record(func() {
			_, err := s.Read(ctx).Hazards(ctx, hazard.Filter{Limit: 5}) // of so few rows, MySQL sorts all for many
			ok(t, err)
		})
		if s.Dialect() == store.MySQL {
			if read := readLines(t, s, seen[0]); read > fewLines {
				t.Errorf("%d lines read", read)
			}
			return
		}
		plan := query(t, s, "EXPLAIN QUERY PLAN "+seen[0].SQL, seen[0].Vars...)
		if len(plan) != 1 || plan[0][3] != "SCAN hazards USING INDEX hazards_newest" {
			t.Errorf("%q", plan)
		}
	})
}

func checkSQLite(t *testing.T, s *store.Store, name string, st store.Statement) {
	t.Helper()
	var plan []string
	bad := false
	for _, line := range query(t, s, "EXPLAIN QUERY PLAN "+st.SQL, st.Vars...) {
		step := line[3]
		plan = append(plan, step)
		scan := strings.HasPrefix(step, "SCAN") && !fixed.MatchString(step)
		sort := strings.Contains(step, "TEMP B-TREE") && !strings.HasSuffix(name, sorted)
		bad = bad || scan || sort
	}
	if bad {
		t.Errorf("%s reads or sorts too much:\n%s\n%s", name, st.SQL, strings.Join(plan, "\n"))
	}
}

// checkMySQL looks at the plan, where a scan has the type ALL or index, and
// counts what the query really reads: the plan's estimate ignores a LIMIT.
func checkMySQL(t *testing.T, s *store.Store, name string, st store.Statement) {
	t.Helper()
	var plan []string
	bad := false
	for _, line := range query(t, s, "EXPLAIN "+st.SQL, st.Vars...) {
		plan = append(plan, strings.Join(line, " | "))
		scan := slices.Contains(line, "ALL") || slices.Contains(line, "index")
		sort := strings.Contains(line[len(line)-1], "filesort") && !strings.HasSuffix(name, sorted)
		bad = bad || scan || sort
	}
	if read := readLines(t, s, st); bad || read > fewLines {
		t.Errorf("%s reads or sorts too much, %d lines:\n%s\n%s", name, read, st.SQL, strings.Join(plan, "\n"))
	}
}

// readLines runs a statement again and returns how many lines the server read.
func readLines(t *testing.T, s *store.Store, st store.Statement) int {
	t.Helper()
	conn, err := s.SQL().Conn(ctx)
	ok(t, err)
	defer conn.Close()
	total := func() (sum int) {
		found, err := conn.QueryContext(ctx, "SHOW SESSION STATUS LIKE 'Handler_read%'")
		ok(t, err)
		defer found.Close()
		for found.Next() {
			var counter string
			var n int
			ok(t, found.Scan(&counter, &n))
			sum += n
		}
		return sum
	}
	asking := -total() + total() // what the question itself reads
	before := total()
	found, err := conn.QueryContext(ctx, st.SQL, st.Vars...)
	ok(t, err)
	for found.Next() { //nolint:revive // only the reading counts
	}
	ok(t, found.Close())
	return total() - before - asking
}
