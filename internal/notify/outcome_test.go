package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/inbox"
	"duban/internal/notice"
	"duban/internal/org"
)

var noon = time.UnixMilli(1757476800000).UTC()

// TestOutcome holds what each class of failure means for each sort of message.
func TestOutcome(t *testing.T) {
	m := &Mailer{Clock: clock.NewFrozen(noon)}
	fail := func(class bot.SendClass, after time.Duration) error {
		return &bot.SendError{Class: class, Reason: "r", After: after, Err: errors.New("x")}
	}
	for _, c := range []struct {
		name  string
		kind  notice.Kind
		err   error
		tries int
		state string
		next  time.Duration // until the next try, 0 for none
	}{
		{"taken", notice.Morning, nil, 1, notice.MsgSent, 0},
		{"never to arrive", notice.Morning, fail(bot.Permanent, 0), 1, notice.MsgFailed, 0},
		{"a bad moment", notice.Morning, fail(bot.Temporary, 0), 1, notice.MsgQueued, 5 * time.Second},
		{"another bad moment", notice.Morning, fail(bot.Temporary, 0), 3, notice.MsgQueued, 20 * time.Second},
		{"bad moments without end", notice.Morning, fail(bot.Temporary, 0), maxTries, notice.MsgFailed, 0},
		{"life and safety go on", notice.Emergency, fail(bot.Temporary, 0), maxTries, notice.MsgQueued, 10 * time.Minute},
		{"but not for ever", notice.Emergency, fail(bot.Temporary, 0), maxTriesUrgent, notice.MsgFailed, 0},
		{"too fast", notice.Answer, fail(bot.RateLimit, 90*time.Second), 1, notice.MsgQueued, 90 * time.Second},
		{"too fast, no word how long", notice.Answer, fail(bot.RateLimit, 0), 2, notice.MsgQueued, 10 * time.Second},
		{"wrong settings wait for the operator", notice.Morning, fail(bot.Config, 0), 100, notice.MsgQueued, 5 * time.Minute},
		{"in doubt: at most once", notice.Morning, fail(bot.Ambiguous, 0), 1, notice.MsgUnknown, 0},
		{"in doubt: a digest too", notice.DigestKind, errors.New("time-out"), 1, notice.MsgUnknown, 0},
		{"in doubt: at least once", notice.Emergency, fail(bot.Ambiguous, 0), 1, notice.MsgQueued, 5 * time.Second},
		{"in doubt: a document comes again", notice.Document, fail(bot.Ambiguous, 0), 1, notice.MsgQueued, 5 * time.Second},
		{"a document is not tried for ever", notice.Document, fail(bot.Temporary, 0), maxTries, notice.MsgFailed, 0},
		{"in doubt: a new hazard too", notice.NewHazard, errors.New("time-out"), 1, notice.MsgQueued, 5 * time.Second},
	} {
		got := m.outcome(t.Context(), notice.Message{Kind: c.kind, Attempts: c.tries, State: notice.MsgSending}, bot.Receipt{PlatformID: "id"}, c.err)
		next := time.Time{}
		if c.next > 0 {
			next = noon.Add(c.next)
		}
		if got.State != c.state || !got.NextAt.Equal(next) {
			t.Errorf("%s: %s, next %s; want %s, %s", c.name, got.State, got.NextAt, c.state, next)
		}
		if sent := got.State == notice.MsgSent; sent != got.Sent.Equal(noon) || sent != (got.PlatformID == "id") || sent != (got.Reason == "") {
			t.Errorf("%s: recorded as %+v", c.name, got)
		}
	}
}

func TestRoadsAreTakenOnceAndDie(t *testing.T) {
	r := NewRoads()
	r.keep("a", "url", noon.Add(time.Hour), noon)
	r.keep("dead", "url", noon, noon)
	r.keep("none", "", noon.Add(time.Hour), noon)
	if url, ok := r.take("a", noon.Add(59*time.Minute)); !ok || url != "url" {
		t.Error("a living road is not found")
	}
	r.keep("b", "url", noon.Add(time.Hour), noon)
	for _, key := range []string{"a", "dead", "none", "unknown"} {
		if _, ok := r.take(key, noon); ok {
			t.Errorf("%s: a road that is not there", key)
		}
	}
	if _, ok := r.take("b", noon.Add(time.Hour)); ok {
		t.Error("a road was taken after its end")
	}
	for range 3 * maxRoads {
		r.keep(time.Duration(len(r.known)).String(), "url", noon.Add(time.Hour), noon)
	}
	if len(r.known) > maxRoads {
		t.Errorf("%d roads are kept", len(r.known))
	}
	var none *Roads
	if _, ok := none.take("a", noon); ok {
		t.Error("no memory knows a road")
	}
}

func TestKeys(t *testing.T) {
	if a, b := onPlatform("notice:7", "wecom"), onPlatform("notice:7@wecom", "dingtalk"); a != "notice:7@wecom" || b != "notice:7@dingtalk" {
		t.Errorf("%s, %s", a, b)
	}
	long := bot.Message{Platform: bot.WeCom, Robot: "r", ID: string(make([]byte, 500))}
	if len(AnswerKey(long)) > 140 {
		t.Error("an answer's key has no bound")
	}
}

func TestHeldNoticesComeWithTheMorning(t *testing.T) {
	for name, c := range map[string]struct {
		n    notice.Notice
		want bool
	}{
		"at work":          {notice.Notice{CreatedAt: noon, NotBefore: noon}, false},
		"made at night":    {notice.Notice{CreatedAt: noon, NotBefore: noon.Add(9 * time.Hour)}, true},
		"put off by us":    {notice.Notice{CreatedAt: noon, NotBefore: noon, Reason: heldQuiet}, true},
		"a moment's delay": {notice.Notice{CreatedAt: noon, NotBefore: noon.Add(30 * time.Second)}, false},
	} {
		if got := wasHeld(c.n); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// contested is a transaction in which the claims of some messages are lost. Whatever
// follows from an outcome is looked up by its person first.
type contested struct {
	Tx
	lost     int64
	followed []string
}

func (c *contested) MessagesDone(_ context.Context, ms []notice.Message) ([]notice.Message, error) {
	return slices.DeleteFunc(slices.Clone(ms), func(m notice.Message) bool { return m.ID == c.lost }), nil
}

func (c *contested) AccountsOf(_ context.Context, ids ...string) (map[string][]org.Account, error) {
	c.followed = append(c.followed, ids...)
	return map[string][]org.Account{ids[0]: {{Platform: "dingtalk", UserID: ids[0]}}}, nil
}

func (c *contested) AddMessage(_ context.Context, m notice.Message) (int64, error) {
	c.followed = append(c.followed, "sent to "+m.PersonID+" by "+m.Platform)
	return 9, nil
}

func (c *contested) ReopenNotices(_ context.Context, id int64, _ time.Time, _ string, _ ...notice.Kind) (int, error) {
	c.followed = append(c.followed, fmt.Sprint("told again of ", id))
	return 0, nil
}

func (c *contested) MessagesByKey(_ context.Context, keys ...string) (out []notice.Message, _ error) {
	for id, key := range map[int64]string{2: "morning:b@wecom", 6: "morning:f@wecom", 7: "morning:f@dingtalk"} {
		if slices.Contains(keys, key) {
			out = append(out, notice.Message{ID: id, Key: key})
		}
	}
	slices.SortFunc(out, func(a, b notice.Message) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func (c *contested) LeaveLists(context.Context, map[inbox.DialogueKey]inbox.Left) error { return nil }

type mornings struct{ Times }

func (mornings) Morning(_ context.Context, t time.Time) (time.Time, error) { return t, nil }

// TestALostClaimHasNoConsequences: what another worker has taken over is not sent
// by the other platform, told again or left as a list by the first one.
func TestALostClaimHasNoConsequences(t *testing.T) {
	m := &Mailer{Clock: clock.NewFrozen(noon), Times: mornings{}, Senders: map[string]bot.Sender{"dingtalk": struct{ bot.Sender }{}}}
	done := []notice.Message{
		{ID: 1, State: notice.MsgFailed, PersonID: "a", Platform: "wecom"}, {ID: 2, State: notice.MsgUnknown, Kind: notice.Morning, Key: "morning:b@wecom"},
		{ID: 3, State: notice.MsgSent, PersonID: "c", Platform: "wecom", List: "[]"}, {ID: 4, State: notice.MsgQueued, PersonID: "d"},
	}
	want := map[int64]string{0: "a, sent to a by dingtalk, told again of 2, c", 1: "told again of 2, c", 2: "a, sent to a by dingtalk, c",
		3: "a, sent to a by dingtalk, told again of 2"}
	for lost, want := range want {
		tx := &contested{lost: lost}
		if _, err := m.record(t.Context(), tx, done); err != nil || strings.Join(tx.followed, ", ") != want {
			t.Errorf("lost %d: %v, error %v; want %s", lost, tx.followed, err, want)
		}
	}
}

// restarting is a database that is away for a number of tries.
type restarting struct {
	Tx
	away, tries int
	err         error
}

func (r *restarting) Within(_ context.Context, fn func(Tx) error) error {
	if r.tries++; r.tries <= r.away {
		return r.err
	}
	return fn(r.Tx)
}

// TestOutcomesOutliveARestart: what is known of messages is written down when the
// database is back, and a defect is not tried again.
func TestOutcomesOutliveARestart(t *testing.T) {
	away, defect := errs.New(errs.Unavailable, ""), errors.New("no such column")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx       context.Context
		db        restarting
		tries     int
		want      error
		followups int
	}{
		"there":           {t.Context(), restarting{}, 1, nil, 1},
		"away at first":   {t.Context(), restarting{away: 2, err: away}, 3, nil, 1},
		"a defect":        {t.Context(), restarting{away: 2, err: defect}, 1, defect, 0},
		"no time is left": {ended, restarting{away: 2, err: away}, 1, away, 0},
	} {
		tx := &contested{}
		c.db.Tx = tx
		m := &Mailer{Clock: clock.NewFrozen(noon), Times: mornings{}, Work: &c.db}
		err := m.persist(c.ctx, []notice.Message{{ID: 2, State: notice.MsgUnknown, Kind: notice.Morning, Key: "morning:b@wecom"}})
		if !errors.Is(err, c.want) || c.db.tries != c.tries || len(tx.followed) != c.followups {
			t.Errorf("%s: %v after %d tries with %v", name, err, c.db.tries, tx.followed)
		}
	}
}

// What was to be told by one platform and then by another is told again when the
// second is in doubt: the rows belong to the first.
func TestASecondRoadInDoubtTellsAgainWhatTheFirstWasToTell(t *testing.T) {
	m := &Mailer{Clock: clock.NewFrozen(noon), Times: mornings{}}
	tx := &contested{}
	_, err := m.record(t.Context(), tx, []notice.Message{{ID: 7, State: notice.MsgUnknown, Kind: notice.Morning, Key: "morning:f@dingtalk"}})
	if got := strings.Join(tx.followed, ", "); err != nil || got != "told again of 6, told again of 7" {
		t.Errorf("%s, error %v", got, err)
	}
}
