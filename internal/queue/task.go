// Package queue carries work between the parts of duban: asynq tasks, the
// workers that carry them out, and the sweeper that rebuilds the queue from the
// database. A task names rows and decides nothing: losing it, running it twice
// or running it late does no harm.
package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"duban/bot"
	"duban/internal/errs"
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
)

// Task is one piece of work. Tasks with equal ID are the same.
type Task struct {
	Type Type   `json:"-"`
	ID   string `json:"-"`

	Row        int64  `json:"row,omitempty"`
	Generation int    `json:"generation,omitempty"`
	Name       string `json:"name,omitempty"` // person or group
	Day        string `json:"day,omitempty"`

	Message *bot.Message `json:"message,omitempty"`
}

// Jobs are what tasks are carried out by. An error means that trying again may
// help; whatever the rows say has been done is not done again.
type Jobs struct {
	Inbound func(ctx context.Context, m bot.Message) error
	Step    func(ctx context.Context, chase int64, generation int) error
	Tell    func(ctx context.Context, person string) error
	Send    func(ctx context.Context, message int64) error
	Fetch   func(ctx context.Context, file int64) error
	Digest  func(ctx context.Context, group, day string) error
	Check   func(ctx context.Context, day string) error
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
		return j.Step(ctx, t.Row, t.Generation)
	case Tell:
		return j.Tell(ctx, t.Name)
	case Send:
		return j.Send(ctx, t.Row)
	case Fetch:
		return j.Fetch(ctx, t.Row)
	case Digest:
		return j.Digest(ctx, t.Name, t.Day)
	case Check:
		return j.Check(ctx, t.Day)
	}
	return errs.Newf(errs.Internal, "不认识的任务 %q", t.Type)
}

func types() []Type { return []Type{Inbound, Step, Tell, Send, Fetch, Digest, Check} }

// StepTask is the due step of a round, as of a generation.
func StepTask(chase int64, generation int) Task {
	return Task{Type: Step, ID: fmt.Sprintf("step:%d:%d", chase, generation), Row: chase, Generation: generation}
}

// TellTask looks at a person. The instant keeps it apart from an earlier look
// that may just be ending.
func TellTask(person string, at time.Time) Task {
	return Task{Type: Tell, ID: fmt.Sprintf("tell:%s:%d", person, at.UnixMilli()), Name: person}
}

// SendTask sends a message; the number of tries so far is part of its name.
func SendTask(message int64, tries int) Task {
	return Task{Type: Send, ID: fmt.Sprintf("send:%d:%d", message, tries), Row: message}
}

// FetchTask fetches a file.
func FetchTask(file int64, tries int) Task {
	return Task{Type: Fetch, ID: fmt.Sprintf("fetch:%d:%d", file, tries), Row: file}
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
