// Package queue carries work between the parts of duban: asynq tasks, the
// workers that carry them out, and the sweeper that rebuilds the queue from the
// database. A task names rows and decides nothing: losing it, running it twice
// or running it late does no harm.
package queue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"duban/bot"
	"duban/internal/errs"
	"duban/internal/notice"
)

// Type names a kind of task.
type Type string

// The types.
const (
	Inbound Type = "inbound" // carry out a message that was held
	Step    Type = "step"    // take the due step of a round
	Tell    Type = "tell"    // look at what a person has waiting
	Send    Type = "send"    // send a message
	Fetch   Type = "fetch"   // fetch an attachment
	Digest  Type = "digest"  // make a group's digest
	Check   Type = "check"   // the daily look at calendars
	Respond Type = "respond" // call people to an incident that nobody has answered
	Tidy    Type = "tidy"    // the nightly look after files
)

// Task is one piece of work, or several alike that are done at one go. Tasks with
// equal ID are the same.
type Task struct {
	Type Type   `json:"-"`
	ID   string `json:"-"`

	Rounds []notice.Round `json:"rounds,omitempty"`
	Rows   []int64        `json:"rows,omitempty"`  // messages or a file
	Names  []string       `json:"names,omitempty"` // people or a group
	Day    string         `json:"day,omitempty"`

	Message *bot.Message `json:"message,omitempty"`
}

// Jobs are what tasks are carried out by. An error means that trying again may
// help; whatever the rows say has been done is not done again.
type Jobs struct {
	Inbound func(ctx context.Context, m bot.Message) error
	Step    func(ctx context.Context, rounds []notice.Round) error
	Tell    func(ctx context.Context, people []string) error
	Send    func(ctx context.Context, messages []int64) error
	Fetch   func(ctx context.Context, file int64) error
	Digest  func(ctx context.Context, group, day string) error
	Check   func(ctx context.Context, day string) error
	Respond func(ctx context.Context, rounds []notice.Round) error
	Tidy    func(ctx context.Context, day string) error
}

// Run carries out a task.
func (j Jobs) Run(ctx context.Context, t Task) error {
	switch t.Type {
	case Inbound:
		if t.Message == nil {
			return errs.New(errs.Internal, "任务里没有消息")
		}
		return j.Inbound(ctx, *t.Message)
	case Step:
		return j.Step(ctx, t.Rounds)
	case Tell:
		return j.Tell(ctx, t.Names)
	case Send:
		return j.Send(ctx, t.Rows)
	case Fetch:
		return each(t.Rows, func(file int64) error { return j.Fetch(ctx, file) })
	case Digest:
		return each(t.Names, func(group string) error { return j.Digest(ctx, group, t.Day) })
	case Check:
		return j.Check(ctx, t.Day)
	case Respond:
		return j.Respond(ctx, t.Rounds)
	case Tidy:
		return j.Tidy(ctx, t.Day)
	}
	return errs.Newf(errs.Internal, "不认识的任务 %q", t.Type)
}

func types() []Type { return []Type{Inbound, Step, Tell, Send, Fetch, Digest, Check, Respond, Tidy} }

func each[T any](list []T, do func(T) error) error {
	var all error
	for _, one := range list {
		all = errors.Join(all, do(one))
	}
	return all
}

// StepTask takes the due steps of rounds.
func StepTask(rounds ...notice.Round) Task {
	return Task{Type: Step, ID: named(Step, rounds), Rounds: rounds}
}

// RespondTask calls people to incidents that nobody has answered.
func RespondTask(rounds ...notice.Round) Task {
	return Task{Type: Respond, ID: named(Respond, rounds), Rounds: rounds}
}

// TellTask looks at people. The instant keeps it apart from an earlier look that
// may just be ending.
func TellTask(at time.Time, people ...string) Task {
	return Task{Type: Tell, ID: fmt.Sprintf("%s:%d", named(Tell, people), at.UnixMilli()), Names: people}
}

// SendTask sends messages; the number of tries so far is part of its name.
func SendTask(tries int, messages ...int64) Task {
	return Task{Type: Send, ID: fmt.Sprintf("%s:%d", named(Send, messages), tries), Rows: messages}
}

// SendTasks sends messages that nobody has tried to send, several with one task.
func SendTasks(messages []int64) (tasks []Task) {
	for part := range slices.Chunk(messages, sendsAtOnce) {
		tasks = append(tasks, SendTask(0, part...))
	}
	return tasks
}

// FetchTask fetches a file.
func FetchTask(file int64, tries int) Task {
	return Task{Type: Fetch, ID: fmt.Sprintf("fetch:%d:%d", file, tries), Rows: []int64{file}}
}

// named names a task by what it is about: in plain words for one, by a digest for
// several.
func named[T any](kind Type, list []T) string {
	if len(list) == 1 {
		return fmt.Sprintf("%s:%v", kind, list[0])
	}
	sum := sha256.Sum256(fmt.Append(nil, list))
	return fmt.Sprintf("%s:%d:%s", kind, len(list), hex.EncodeToString(sum[:16]))
}

func encode(t Task) []byte {
	b, _ := json.Marshal(t) // plain data, cannot fail
	return b
}

func decode(kind string, payload []byte) (Task, error) {
	t := Task{}
	if err := json.Unmarshal(payload, &t); err != nil {
		return t, errs.At("decode task", err)
	}
	t.Type = Type(kind)
	return t, nil
}
