// Package supervise turns confirmed items and filed hazards into rounds of
// reminders: it opens the work of each unit, asks the planner what comes next,
// and writes notices when a step falls due. Everything happens in the
// transaction of the caller.
package supervise

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"duban/internal/clock"
	"duban/internal/duty"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
)

// Chases stores the rounds.
type Chases interface {
	ChaseOf(ctx context.Context, s notice.Subject) (notice.Chase, bool, error)
	AddChase(ctx context.Context, c notice.Chase, now time.Time) (int64, error)
	SaveChase(ctx context.Context, c notice.Chase, now time.Time) error
}

// Locker takes rounds for a step and writes them back.
type Locker interface {
	LockChases(ctx context.Context, rounds ...notice.Round) ([]notice.Chase, error)
	SaveChases(ctx context.Context, list []notice.Chase, now time.Time) error
}

// Subjects reads what is chased and ends what waits to be told about it.
type Subjects interface {
	WorkByID(ctx context.Context, ids ...int64) ([]duty.Work, error)
	HazardsByID(ctx context.Context, ids ...int64) ([]hazard.Hazard, error)
	DropNotices(ctx context.Context, s notice.Subject, kinds []notice.Kind, reason string) error
}

// Opener stores the work that a confirmation opens.
type Opener interface {
	AddAssignments(ctx context.Context, list []duty.Assignment) ([]duty.Assignment, error)
	SaveItem(ctx context.Context, i duty.Item) error
}

// Tx is what starting and re-planning rounds needs of a transaction.
type Tx interface {
	Chases
	Subjects
	Directory(ctx context.Context) (*org.Directory, error)
}

// StepTx is what taking a step needs of a transaction.
type StepTx interface {
	Tx
	Locker
	SlipBook
	AnswerBook
	notice.Writer
	journal.Writer
}

// ConfirmTx is what confirming an item needs of a transaction.
type ConfirmTx interface {
	Tx
	Opener
	journal.Writer
}

// PolicySource reads a version of the policies; 0 asks for the newest.
type PolicySource func(ctx context.Context, version int) (remind.Policies, error)

// Book keeps the policies that were read. A version never changes, so a round
// keeps the policy it started with by keeping its number.
type Book struct {
	source PolicySource
	mu     sync.Mutex
	known  map[int]remind.Policies
}

// NewBook returns a book that reads missing versions from source.
func NewBook(source PolicySource) *Book {
	return &Book{source: source, known: map[int]remind.Policies{}}
}

// Version returns the policies of a version; 0 asks for the newest.
func (b *Book) Version(ctx context.Context, version int) (remind.Policies, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p, ok := b.known[version]; ok && version != 0 {
		return p, nil
	}
	p, err := b.source(ctx, version)
	if err != nil {
		return p, errs.At("read policies", err)
	}
	b.known[p.Version] = p
	return p, nil
}

// Desk supervises: it knows the policies, the calendars and the time.
type Desk struct {
	Book  *Book
	Cal   remind.Calendars
	Clock clock.Clock
}

// subject is a chased thing with everything the planner and the recipients
// depend on.
type subject struct {
	of      notice.Subject
	facts   remind.Facts
	unit    string
	section string // the supervising section of an item
	given   string // the person of the unit whom a hazard was given to
	profile string
	work    duty.Work // without id for a hazard
}

// load reads a subject; ok is false when it does not exist any more.
func (d *Desk) load(ctx context.Context, tx Tx, dir *org.Directory, s notice.Subject) (subject, bool, error) {
	found, err := d.loadAll(ctx, tx, dir, s)
	sub, ok := found[s]
	return sub, ok, err
}

// loadAll reads subjects, with a query for each sort; those that do not exist any
// more are missing.
func (d *Desk) loadAll(ctx context.Context, tx Tx, dir *org.Directory, of ...notice.Subject) (map[notice.Subject]subject, error) {
	for _, s := range of {
		if s.Kind != notice.Assignment && s.Kind != notice.HazardSubj {
			return nil, errs.Newf(errs.Internal, "不认识的督办对象 %q", s.Kind)
		}
	}
	m, err := matters(ctx, tx, of)
	found := make(map[notice.Subject]subject, len(of))
	for _, w := range m.Works {
		sub := workSubject(w, dir)
		found[sub.of] = sub
	}
	for _, h := range m.Hazards {
		s := notice.Subject{Kind: notice.HazardSubj, ID: h.ID}
		found[s] = subject{of: s, facts: d.hazardFacts(ctx, h), unit: h.UnitID, given: h.AssignedTo, profile: hazardProfile(h)}
	}
	return found, err
}

func workSubject(w duty.Work, dir *org.Directory) subject {
	of := notice.Subject{Kind: notice.Assignment, ID: w.ID}
	unit, _ := dir.Unit(w.UnitID)
	return subject{of: of, facts: WorkFacts(w, dir), unit: w.UnitID, section: w.Item.Lead, profile: w.ProfileFor(unit.Kind), work: w}
}

func position(c notice.Chase) remind.Position {
	var p remind.Position
	if c.Position != "" {
		_ = json.Unmarshal([]byte(c.Position), &p)
	}
	return p
}

func pack(p remind.Position) string {
	b, _ := json.Marshal(p)
	return string(b)
}
