// Package command carries out what people ask for, one file per command. Every
// command works inside the one transaction of its message.
package command

import (
	"context"
	"time"

	"duban/internal/burden"
	"duban/internal/calendar"
	"duban/internal/digest"
	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/inbox"
	"duban/internal/journal"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/remind"
	"duban/internal/supervise"
)

// People finds and binds persons.
type People interface {
	ActorByAccount(ctx context.Context, platform, corp, userID string) (org.Actor, bool, error)
	ActorByPerson(ctx context.Context, personID string) (org.Actor, bool, error)
	PersonsNamed(ctx context.Context, name, unitID string) ([]org.Actor, error)
}

// Binder changes which account belongs to whom.
type Binder interface {
	AddPerson(ctx context.Context, id, name, unitID string, now time.Time) error
	Bind(ctx context.Context, a org.Account, now time.Time) error
	Unbind(ctx context.Context, a org.Account) error
}

// Sightings remembers where people last wrote from.
type Sightings interface {
	Seen(ctx context.Context, a org.Account, now time.Time) error
}

// BindDesk keeps the requests that the office decides.
type BindDesk interface {
	AskBind(ctx context.Context, a org.Account, now time.Time) (org.BindRequest, error)
	BindRequest(ctx context.Context, id int64) (org.BindRequest, bool, error)
	DecideBind(ctx context.Context, id int64, state, by string, now time.Time) error
}

// Duties reads and changes supervised work.
type Duties interface {
	Work(ctx context.Context, f duty.Filter) ([]duty.Work, error)
	SaveAssignment(ctx context.Context, a duty.Assignment) error
	AddReport(ctx context.Context, r duty.ReportLine) (int64, error)
	DropReport(ctx context.Context, id int64) error
	FirstValue(ctx context.Context, assignmentID int64) (duty.ReportLine, bool, error)
}

// Extensions keeps wishes for later deadlines.
type Extensions interface {
	AddExtension(ctx context.Context, e duty.Extension) (duty.Extension, error)
	OpenExtensions(ctx context.Context, assignments ...int64) ([]duty.Extension, error)
	SaveExtension(ctx context.Context, e duty.Extension) error
}

// Absences keeps who stands in for whom and who wants to be left alone.
type Absences interface {
	AddDelegation(ctx context.Context, d org.Delegation, now time.Time) error
	Delegations(ctx context.Context, today calendar.Date) ([]org.Delegation, error)
	EndDelegations(ctx context.Context, from string) (int, error)
	SetQuiet(ctx context.Context, personID string, until time.Time) error
	QuietUntil(ctx context.Context, personID string) (time.Time, error)
}

// Items changes the ledger of items.
type Items interface {
	Items(ctx context.Context, year int, codes ...string) ([]duty.Item, error)
	AddItem(ctx context.Context, i duty.Item) (duty.Item, error)
	SaveItem(ctx context.Context, i duty.Item) error
	Audience(ctx context.Context, id string) (label string, units []string, ok bool, err error)
	AddAssignments(ctx context.Context, list []duty.Assignment) ([]duty.Assignment, error)
}

// Repeats keeps which collections were wanted although they repeat earlier ones.
type Repeats interface {
	burden.Collections
	AddRepeat(ctx context.Context, itemID, repeatsID int64, by string, now time.Time) error
}

// ItemLife is what the office needs to rule over an item's life.
type ItemLife interface {
	StopItem(ctx context.Context, itemID int64, reason string, now time.Time) error
}

// Tallies counts work and hazards.
type Tallies interface {
	WorkTally(ctx context.Context, by string, sections, units []string, from, to, today calendar.Date) (map[string]duty.Tally, error)
	HazardTally(ctx context.Context, by string, f hazard.Filter) (map[string]hazard.Tally, error)
	FixTimes(ctx context.Context, by string, f hazard.Filter, day time.Duration) (map[string]hazard.FixTimes, error)
}

// Ledgers reads what is exported of the ledger of work.
type Ledgers interface {
	Ledger(ctx context.Context, f duty.LedgerFilter) ([]duty.Work, error)
	HazardIDs(ctx context.Context, f hazard.Filter) ([]int64, error)
}

// Mornings reads what a person was told this morning.
type Mornings interface {
	MorningOf(ctx context.Context, personID string, since time.Time) ([]notice.Notice, error)
	HazardsByID(ctx context.Context, ids ...int64) ([]hazard.Hazard, error)
	HandedUp(ctx context.Context) ([]hazard.Hazard, error)
}

// Acts remembers what a person did last and takes back what was told of it.
type Acts interface {
	LastAct(ctx context.Context, personID string) (string, time.Time, error)
	SaveLastAct(ctx context.Context, personID, body string, at time.Time) error
	TakeBackNotices(ctx context.Context, keys []string) (told []string, err error)
}

// Hazards reads and changes the ledger of hazards.
type Hazards interface {
	Hazards(ctx context.Context, f hazard.Filter) ([]hazard.Hazard, error)
	HazardByID(ctx context.Context, id int64) (hazard.Hazard, bool, error)
	AddHazard(ctx context.Context, h hazard.Hazard) (hazard.Hazard, error)
	SaveHazard(ctx context.Context, h hazard.Hazard) error
}

// FormerFixes keeps the fixes that did not hold.
type FormerFixes interface {
	AddFormer(ctx context.Context, f hazard.Former) error
	DropFormer(ctx context.Context, hazardID int64, version int) error
	Formers(ctx context.Context, hazardID int64) ([]hazard.Former, error)
}

// Followers keeps who follows a hazard and who wants to hear no more of it.
type Followers interface {
	Followers(ctx context.Context, hazardID int64) ([]hazard.Follower, error)
	FollowedBy(ctx context.Context, personID string, limit int) ([]hazard.Follower, error)
	Follow(ctx context.Context, f hazard.Follower, now time.Time) error
}

// Files remembers the attachments people send.
type Files interface {
	AddFiles(ctx context.Context, list []media.File) ([]media.File, error)
	LooseFiles(ctx context.Context, personID string, since time.Time) ([]media.File, error)
	AttachFiles(ctx context.Context, subject notice.Subject, unitID string, ids ...int64) error
	StageFiles(ctx context.Context, stage media.Stage, ids ...int64) error
}

// Forgetter takes back what must not be kept.
type Forgetter interface {
	ForgetLoose(ctx context.Context, personID string, since time.Time) ([]media.File, error)
}

// Memory remembers messages and conversations.
type Memory interface {
	FindInbound(ctx context.Context, platform, robot, msgID string) (inbox.Inbound, bool, error)
	AddInbound(ctx context.Context, m inbox.Inbound) error
	Dialogue(ctx context.Context, k inbox.DialogueKey) (inbox.Dialogue, error)
}

// Conversations changes the state of a conversation.
type Conversations interface {
	SaveDialogue(ctx context.Context, k inbox.DialogueKey, d inbox.Dialogue) error
}

// Tx is one transaction as commands see it.
type Tx interface {
	People
	Binder
	Sightings
	BindDesk
	Duties
	Hazards
	FormerFixes
	Followers
	SpotChecks
	Files
	Evidence
	Hashes
	Forgetter
	Memory
	Conversations
	Incidents
	IncidentFinder
	Extensions
	Absences
	Items
	ItemLife
	Repeats
	Acts
	Mornings
	Tallies
	Ledgers
	Deliveries
	SlipBook
	CheckBook
	DrillBook
	PlaceBook
	PlaceFinder
	Scans
	digest.Source
	burden.Source
	notice.Writer
	journal.Writer
	supervise.Tx
	Once(ctx context.Context, name, result string, now time.Time) (bool, error)
	Forget(ctx context.Context, name string) error
	FilesOf(ctx context.Context, subject notice.Subject) ([]media.File, error)
	HazardsByID(ctx context.Context, ids ...int64) ([]hazard.Hazard, error)
}

// UnitOfWork opens transactions. fn may run more than once.
type UnitOfWork interface {
	Within(ctx context.Context, fn func(Tx) error) error
}

// Rounds starts and re-plans the reminders of a subject after it changed, in
// the same transaction.
type Rounds interface {
	Start(ctx context.Context, tx supervise.Tx, s notice.Subject) error
	Replan(ctx context.Context, tx supervise.Tx, s notice.Subject) error
	ReplanWork(ctx context.Context, tx supervise.Tx, w duty.Work) error
	Confirm(ctx context.Context, tx supervise.ConfirmTx, dir *org.Directory, c supervise.Confirmation) error
	Assist(ctx context.Context, tx supervise.ConfirmTx, dir *org.Directory, c supervise.Confirmation) ([]duty.Assignment, error)
}

// Gate looks ahead at what a confirmation would set going, and sets rounds going
// again after a rest.
type Gate interface {
	Outlook(ctx context.Context, dir *org.Directory, c supervise.Confirmation) (supervise.Outlook, error)
	Wake(ctx context.Context, tx supervise.Tx, works []duty.Work) error
	Resume(ctx context.Context, tx supervise.Tx, s notice.Subject) error
}

// Times knows the limits, the lamps and when people may be told something.
type Times interface {
	Limit(ctx context.Context, h hazard.Hazard) (hazard.Hazard, error)
	Lamp(ctx context.Context, w duty.Work, dir *org.Directory) remind.Lamp
}

// Quietness knows when people may be told something.
type Quietness interface {
	Quiet(ctx context.Context, t time.Time) (time.Time, error)
	Morning(ctx context.Context, t time.Time) (time.Time, error)
}

// Supervisor is all of that; *supervise.Desk does it.
type Supervisor interface {
	Rounds
	Gate
	Times
	Quietness
	SlipDesk
	AlarmDesk
	TermBook
}

// Wakes is the work that a committed message left for the workers.
type Wakes struct {
	Files  []int64      // attachments to fetch at once
	People []string     // persons with something to be told now
	Forget []media.File // content to delete: its rows are gone
}

// Empty reports whether there is nothing to do.
func (w Wakes) Empty() bool { return len(w.Files) == 0 && len(w.People) == 0 && len(w.Forget) == 0 }

// Waker tells the workers. It may fail silently: the sweeper finds the same work
// in the database.
type Waker interface {
	Wake(ctx context.Context, w Wakes)
}
