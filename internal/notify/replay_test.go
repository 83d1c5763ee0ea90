package notify

import (
	"context"
	"slices"
	"testing"
	"time"

	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/notice"
	"duban/internal/response"
	"duban/internal/slip"
)

// shelf is a store with one piece of work, which is open, and what is put in.
type shelf struct {
	messages []notice.Message
	notices  []notice.Notice
	reopened int
}

func (s *shelf) ResponsesByID(context.Context, ...int64) ([]response.Response, error) {
	return nil, nil
}

func (s *shelf) MessageByID(_ context.Context, id int64) (notice.Message, bool, error) {
	for _, m := range s.messages {
		if m.ID == id {
			return m, true, nil
		}
	}
	return notice.Message{}, false, nil
}

func (s *shelf) MessagesByKey(_ context.Context, keys ...string) (list []notice.Message, _ error) {
	for _, m := range s.messages {
		for _, k := range keys {
			if m.Key == k {
				list = append(list, m)
			}
		}
	}
	return list, nil
}

func (s *shelf) NoticesOf(_ context.Context, ids ...int64) (map[int64][]notice.Notice, error) {
	all := map[int64][]notice.Notice{}
	for _, n := range s.notices {
		if slices.Contains(ids, n.MessageID) {
			all[n.MessageID] = append(all[n.MessageID], n)
		}
	}
	return all, nil
}

func (s *shelf) ReopenNotices(ctx context.Context, id int64, _ time.Time, _ string, _ ...notice.Kind) (int, error) {
	all, err := s.NoticesOf(ctx, id)
	s.reopened += len(all[id])
	return len(all[id]), err
}

func (s *shelf) RequeueMessage(_ context.Context, m notice.Message, _ time.Time) (bool, error) {
	for i := range s.messages {
		if s.messages[i].ID == m.ID {
			s.messages[i].State = notice.MsgQueued
		}
	}
	return true, nil
}

func (s *shelf) WorkByID(_ context.Context, ids ...int64) (list []duty.Work, _ error) {
	for _, id := range ids {
		w := duty.Work{}
		w.ID, w.State = id, duty.Assigned
		if id == 9 {
			w.State = duty.Closed
		}
		list = append(list, w)
	}
	return list, nil
}

func (s *shelf) HazardsByID(context.Context, ...int64) ([]hazard.Hazard, error) { return nil, nil }

func (s *shelf) SlipsByID(context.Context, ...int64) ([]slip.Slip, error) { return nil, nil }

// TestReplay holds what may be sent again: nothing that arrived, may have arrived,
// went by the other platform, or is not true any more.
func TestReplay(t *testing.T) {
	const failed, unknown = notice.MsgFailed, notice.MsgUnknown
	yesterday := noon.AddDate(0, 0, -1)
	about := func(message, work int64) notice.Notice {
		return notice.Notice{Kind: notice.Reminder, MessageID: message, Subject: notice.Subject{Kind: notice.Assignment, ID: work}}
	}
	one := func(kind notice.Kind, state string, created time.Time) notice.Message {
		return notice.Message{ID: 1, Key: "k@wecom", Kind: kind, State: state, Created: created}
	}
	twin := func(state string) notice.Message {
		return notice.Message{ID: 2, Key: "k@dingtalk", Kind: notice.Reminder, State: state, Created: noon}
	}
	for _, c := range []struct {
		name     string
		messages []notice.Message
		notices  []notice.Notice
		even     bool
		want     Verdict
	}{
		{"failed", []notice.Message{one(notice.Reminder, failed, noon)}, []notice.Notice{about(1, 7)}, false, Requeued},
		{"no such message", nil, nil, false, Missing},
		{"sent", []notice.Message{one(notice.Reminder, notice.MsgSent, noon)}, nil, true, NotEnded},
		{"waiting", []notice.Message{one(notice.Reminder, notice.MsgQueued, noon)}, nil, true, NotEnded},
		{"may have arrived", []notice.Message{one(notice.Reminder, unknown, noon)}, nil, false, Doubtful},
		{"may have arrived, all the same", []notice.Message{one(notice.Reminder, unknown, noon)}, nil, true, Requeued},
		{"life and safety in doubt", []notice.Message{one(notice.Emergency, unknown, noon)}, nil, false, Requeued},
		{"went by the other platform", []notice.Message{one(notice.Reminder, failed, noon), twin(notice.MsgSent)}, nil, true, Elsewhere},
		{"may have gone by the other", []notice.Message{one(notice.Reminder, failed, noon), twin(unknown)}, nil, false, Elsewhere},
		{"failed on both", []notice.Message{one(notice.Reminder, failed, noon), twin(failed)}, []notice.Notice{about(1, 7)}, false, Requeued},
		{"done meanwhile", []notice.Message{one(notice.Reminder, failed, noon)}, []notice.Notice{about(1, 9)}, false, Over},
		{"one of two is left", []notice.Message{one(notice.Morning, failed, noon)}, []notice.Notice{about(1, 9), about(1, 7)}, false, Requeued},
		{"yesterday's morning message", []notice.Message{one(notice.Morning, failed, yesterday)}, []notice.Notice{about(1, 7)}, false, Carried},
		{"one that was carried over", []notice.Message{one(notice.Morning, failed, yesterday)}, nil, false, Outdated},
		{"yesterday's digest", []notice.Message{one(notice.DigestKind, failed, yesterday)}, nil, false, Outdated},
	} {
		s := &shelf{messages: c.messages, notices: c.notices}
		got, err := Replayer{EvenIfUnknown: c.even, Now: noon, Loc: time.UTC}.Replay(t.Context(), s, 1)
		if err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
		}
	}
}

// TestReplayOfTwins: what failed on both platforms is sent by one of them.
func TestReplayOfTwins(t *testing.T) {
	s := &shelf{messages: []notice.Message{
		{ID: 1, Key: "k@wecom", Kind: notice.Answer, State: notice.MsgFailed, Created: noon},
		{ID: 2, Key: "k@dingtalk", Kind: notice.Answer, State: notice.MsgFailed, Created: noon},
	}}
	r := Replayer{Now: noon, Loc: time.UTC}
	first, err1 := r.Replay(t.Context(), s, 1)
	second, err2 := r.Replay(t.Context(), s, 2)
	if err1 != nil || err2 != nil || first != Requeued || second != Elsewhere {
		t.Errorf("%s %v, %s %v", first, err1, second, err2)
	}
}
