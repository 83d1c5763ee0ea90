package store_test

import (
	"sync"
	"testing"

	"duban/internal/notice"
	"duban/internal/response"
	"duban/internal/store"
)

func addResponse(t *testing.T, s *store.Store, r response.Response) {
	t.Helper()
	ok(t, s.Within(ctx, func(tx *store.Tx) error { return tx.AddResponse(ctx, r) }))
}

func incidents(list []response.Response) (ids []int64) {
	for _, r := range list {
		ids = append(ids, r.Incident)
	}
	return ids
}

func TestResponses(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		r := response.Response{Incident: 7, Kind: response.Emergency, Type: "fire", UnitID: "school", State: response.Calling, Step: 1, Policy: 3,
			Started: instant(1000), Heard: instant(1000), Next: instant(4000), Alert: "火情"}
		addResponse(t, s, r)
		addResponse(t, s, response.Response{Incident: 8, Kind: response.Emergency, UnitID: "school", State: response.Answered, Started: instant(2000), Heard: instant(2000)})
		addResponse(t, s, response.Response{Incident: 9, Kind: response.Sensitive, UnitID: "school", State: response.Offered, Started: instant(3000), Heard: instant(3000)})
		r.Generation = 1
		tx := s.Read(ctx)
		found, err := tx.ResponsesByID(ctx, 7)
		ok(t, err)
		same(t, "stored", found, []response.Response{r})
		for what, c := range map[string]struct {
			get  func() ([]response.Response, error)
			want []int64
		}{
			"due before":          {func() ([]response.Response, error) { return tx.DueResponses(ctx, instant(3999), 9) }, nil},
			"due":                 {func() ([]response.Response, error) { return tx.DueResponses(ctx, instant(4000), 9) }, []int64{7}},
			"open emergencies":    {func() ([]response.Response, error) { return tx.OpenResponses(ctx, response.Emergency, 9) }, []int64{8, 7}},
			"open hand-overs":     {func() ([]response.Response, error) { return tx.OpenResponses(ctx, response.Sensitive, 9) }, nil},
			"of a unit":           {func() ([]response.Response, error) { return tx.ResponsesAt(ctx, "school", instant(2000)) }, []int64{9, 8}},
			"of another unit":     {func() ([]response.Response, error) { return tx.ResponsesAt(ctx, "other", instant(0)) }, nil},
			"of nobody in it":     {func() ([]response.Response, error) { return tx.ResponsesOf(ctx, "p", response.Told, instant(0)) }, nil},
			"asked for no number": {func() ([]response.Response, error) { return tx.ResponsesByID(ctx) }, nil},
		} {
			list, err := c.get()
			ok(t, err)
			same(t, what, incidents(list), c.want)
		}
		at, err := tx.NextResponseAt(ctx)
		ok(t, err)
		same(t, "next", at, instant(4000))
	})
}

// Two nodes take one step once: who was slower finds that it has moved on.
func TestAResponseMovesOnOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		addResponse(t, s, response.Response{Incident: 7, State: response.Calling, Next: instant(1000)})
		round := notice.Round{ID: 7, Generation: 1}
		taken := 0
		var mu sync.Mutex
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				err := s.Within(ctx, func(tx *store.Tx) error {
					held, err := tx.LockResponses(ctx, round)
					if err != nil || len(held) == 0 {
						return err
					}
					held[0].Step, held[0].Next = 1, instant(9000)
					if err := tx.SaveResponse(ctx, held[0]); err != nil {
						return err
					}
					mu.Lock()
					defer mu.Unlock()
					taken++
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		list, err := s.Read(ctx).ResponsesByID(ctx, 7)
		ok(t, err)
		if taken != 1 || list[0].Step != 1 || list[0].Generation != 2 || !list[0].Next.Equal(instant(9000)) {
			t.Errorf("taken %d times: %+v", taken, list)
		}
	})
}

func TestMembersOfAnIncident(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		told := func(person string, step int, at int64) response.Member {
			return response.Member{Incident: 7, Part: response.Told, PersonID: person, Step: step, At: instant(at)}
		}
		reporter := response.Member{Incident: 7, Part: response.Reporter, PersonID: response.Stranger("wecom", "u"), At: instant(1000)}
		exec(t, s, "INSERT INTO incidents (id, kind) VALUES (7, 'emergency')")
		addResponse(t, s, response.Response{Incident: 7, Kind: response.Emergency, State: response.Calling})
		ok(t, s.Within(ctx, func(tx *store.Tx) error {
			return tx.AddMembers(ctx, []response.Member{told("a", 0, 1000), told("b", 0, 1000), reporter})
		}))
		ok(t, s.Within(ctx, func(tx *store.Tx) error {
			return tx.AddMembers(ctx, []response.Member{told("a", 1, 4000), told("c", 1, 4000)})
		}))
		ok(t, s.Within(ctx, func(tx *store.Tx) error { return tx.AddMembers(ctx, nil) }))
		for _, answer := range []struct {
			who string
			at  int64
		}{{"b", 5000}, {"a", 6000}, {"b", 7000}, {"nobody", 8000}} {
			ok(t, s.Within(ctx, func(tx *store.Tx) error { return tx.AnswerIncident(ctx, 7, answer.who, instant(answer.at)) }))
		}
		list, err := s.Read(ctx).MembersOf(ctx, 7)
		ok(t, err)
		a, b := told("a", 0, 1000), told("b", 0, 1000)
		a.Answered, b.Answered = instant(6000), instant(5000)
		same(t, "members", list, []response.Member{a, reporter, b, told("c", 1, 4000)}) // "account:…" sorts between
		same(t, "who answered first", query(t, s, "SELECT acked_by, acked_at FROM incidents")[0], []string{"b", "5000"})
		of, err := s.Read(ctx).ResponsesOf(ctx, "c", response.Told, instant(4000))
		ok(t, err)
		same(t, "of c", incidents(of), []int64{7})
		of, err = s.Read(ctx).ResponsesOf(ctx, "c", response.Told, instant(4001))
		ok(t, err)
		same(t, "of c later", len(of), 0)
		same(t, "counted", count(t, s, "SELECT told FROM incidents WHERE id = 7"), 3)
		for _, c := range []struct {
			person string
			since  int64
			want   []int64
		}{{"c", 4000, []int64{7}}, {"c", 4001, nil}, {"a", 0, nil}, {"reporter", 0, nil}, {"nobody", 0, nil}} {
			of, err = s.Read(ctx).ToAnswer(ctx, c.person, instant(c.since))
			ok(t, err)
			same(t, "to be answered by "+c.person, incidents(of), c.want)
		}
		for _, want := range []bool{true, false} {
			ok(t, s.Within(ctx, func(tx *store.Tx) error {
				news, err := tx.FailMember(ctx, 7, "c", instant(9000))
				same(t, "news", news, want)
				return err
			}))
		}
	})
}

func TestSilence(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		told := func(key, step string) notice.Notice {
			return notice.Notice{Kind: notice.Emergency, Subject: notice.Subject{Kind: notice.IncidentSubj, ID: 7}, PersonID: key, Key: key, Step: step}
		}
		list := []notice.Notice{told("first", notice.CallStep(0, "app")), told("again", notice.CallStep(1, "app")), told("queued", notice.CallStep(2, "sms")),
			told("sent", notice.CallStep(2, "sms")), told("news", "")}
		other := told("other", notice.CallStep(1, ""))
		other.Subject.ID = 8
		state := func() map[string]string {
			out := map[string]string{}
			for _, row := range query(t, s, "SELECT dedupe_key, state FROM notices UNION ALL SELECT platform, state FROM messages") {
				out[row[0]] = row[1]
			}
			return out
		}
		ok(t, s.Within(ctx, func(tx *store.Tx) error {
			if _, err := tx.AddNotices(ctx, append(list, other)); err != nil {
				return err
			}
			for key, state := range map[string]string{"queued": notice.MsgQueued, "sent": notice.MsgSent} {
				waiting, err := tx.LockPending(ctx, instant(1), key)
				if err != nil {
					return err
				}
				for _, road := range notice.Roads() {
					id, err := tx.AddMessage(ctx, notice.Message{Key: notice.MessageKey(waiting[0].ID, road), Platform: key + "@" + road, State: state})
					if err != nil {
						return err
					}
					if err := tx.SettleNotices(ctx, []int64{waiting[0].ID}, notice.Taken, "", id); err != nil {
						return err
					}
				}
			}
			return tx.SilenceIncident(ctx, 7, true, "answered")
		}))
		want := map[string]string{"first": "pending", "again": "dropped", "queued": "taken", "sent": "taken", "news": "pending", "other": "pending",
			"queued@wecom": "dropped", "queued@dingtalk": "dropped", "queued@ding": "dropped",
			"sent@wecom": "sent", "sent@dingtalk": "sent", "sent@ding": "sent"}
		same(t, "after an answer", state(), want)
		ok(t, s.Within(ctx, func(tx *store.Tx) error { return tx.SilenceIncident(ctx, 7, false, "ended") }))
		want["first"], want["news"] = "dropped", "dropped"
		same(t, "after the end", state(), want)
	})
}
