package command

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"duban/internal/duty"
	"duban/internal/hazard"
	"duban/internal/inspect"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/place"
	"duban/internal/response"
	"duban/internal/slip"
	"duban/internal/testkit"
)

// changes is a transaction that remembers what is changed in it, so that a test
// can hold the promise that each change leaves a line of history. All tests of
// this package that carry out commands run with it.
type changes struct {
	Tx
	kinds []notice.SubjectKind // what changed, in the order of changing
	ids   []int64              // its id; 0 for what has none before it is stored
	lines []journal.Entry
}

func (c *changes) changed(kind notice.SubjectKind, id int64) {
	c.kinds, c.ids = append(c.kinds, kind), append(c.ids, id)
}

// told returns an error that names the first change without a line.
func (c *changes) told() error {
	for i, kind := range c.kinds {
		if !c.has(kind, c.ids[i]) {
			return fmt.Errorf("%s %d was changed without a line of history", kind, c.ids[i])
		}
	}
	return nil
}

// has looks for a line that says who, through what, and from what or to what.
func (c *changes) has(kind notice.SubjectKind, id int64) bool {
	for _, e := range c.lines {
		whole := e.Actor != "" && e.Channel != "" && e.Action != "" && !e.At.IsZero() && e.Before+e.After != ""
		if whole && e.Subject.Kind == kind && (id == 0 || e.Subject.ID == id) {
			return true
		}
	}
	return false
}

func (c *changes) Append(ctx context.Context, list ...journal.Entry) error {
	c.lines = append(c.lines, list...)
	return c.Tx.Append(ctx, list...)
}

func (c *changes) SaveAssignment(ctx context.Context, a duty.Assignment) error {
	c.changed(notice.Assignment, a.ID)
	return c.Tx.SaveAssignment(ctx, a)
}

func (c *changes) AnswerIncident(ctx context.Context, id int64, by string, at time.Time) error {
	c.changed("incident", id)
	return c.Tx.AnswerIncident(ctx, id, by, at)
}

func (c *changes) AddIncident(ctx context.Context, i journal.Incident) (int64, error) {
	id, err := c.Tx.AddIncident(ctx, i)
	c.changed("incident", 0) // of one that joins another the line is about that
	return id, err
}

func (c *changes) AddResponse(ctx context.Context, r response.Response) error {
	c.changed("incident", r.Incident)
	return c.Tx.AddResponse(ctx, r)
}

func (c *changes) SaveResponse(ctx context.Context, r response.Response) error {
	c.changed("incident", r.Incident)
	return c.Tx.SaveResponse(ctx, r)
}

func (c *changes) AddReport(ctx context.Context, r duty.ReportLine) (int64, error) {
	c.changed(notice.Assignment, r.AssignmentID)
	return c.Tx.AddReport(ctx, r)
}

func (c *changes) AddHazard(ctx context.Context, h hazard.Hazard) (hazard.Hazard, error) {
	h, err := c.Tx.AddHazard(ctx, h)
	c.changed(notice.HazardSubj, h.ID)
	return h, err
}

func (c *changes) SaveHazard(ctx context.Context, h hazard.Hazard) error {
	c.changed(notice.HazardSubj, h.ID)
	return c.Tx.SaveHazard(ctx, h)
}

func (c *changes) AddFormer(ctx context.Context, f hazard.Former) error {
	c.changed(notice.HazardSubj, f.HazardID)
	return c.Tx.AddFormer(ctx, f)
}

func (c *changes) DropFormer(ctx context.Context, id int64, version int) error {
	c.changed(notice.HazardSubj, id)
	return c.Tx.DropFormer(ctx, id, version)
}

func (c *changes) SaveSpotChecks(ctx context.Context, checks ...hazard.SpotCheck) error {
	for _, check := range checks {
		c.changed(notice.HazardSubj, check.HazardID)
	}
	return c.Tx.SaveSpotChecks(ctx, checks...)
}

func (c *changes) Follow(ctx context.Context, f hazard.Follower, now time.Time) error {
	c.changed(notice.HazardSubj, f.HazardID)
	return c.Tx.Follow(ctx, f, now)
}

func (c *changes) AddItem(ctx context.Context, i duty.Item) (duty.Item, error) {
	i, err := c.Tx.AddItem(ctx, i)
	c.changed("item", i.ID)
	return i, err
}

func (c *changes) SaveItem(ctx context.Context, i duty.Item) error {
	c.changed("item", i.ID)
	return c.Tx.SaveItem(ctx, i)
}

func (c *changes) StopItem(ctx context.Context, itemID int64, reason string, now time.Time) error {
	c.changed("item", itemID)
	return c.Tx.StopItem(ctx, itemID, reason, now)
}

func (c *changes) AddAssignments(ctx context.Context, list []duty.Assignment) ([]duty.Assignment, error) {
	added, err := c.Tx.AddAssignments(ctx, list)
	for _, a := range added {
		c.changed("item", a.ItemID)
	}
	return added, err
}

func (c *changes) AddRepeat(ctx context.Context, item, repeats int64, by string, now time.Time) error {
	c.changed("item", item)
	return c.Tx.AddRepeat(ctx, item, repeats, by, now)
}

func (c *changes) AddExtension(ctx context.Context, e duty.Extension) (duty.Extension, error) {
	c.changed(notice.Assignment, e.AssignmentID)
	return c.Tx.AddExtension(ctx, e)
}

func (c *changes) AddSlip(ctx context.Context, s slip.Slip) (slip.Slip, bool, error) {
	s, fresh, err := c.Tx.AddSlip(ctx, s)
	if fresh {
		c.changed(s.Subject.Kind, s.Subject.ID)
	}
	return s, fresh, err
}

func (c *changes) SaveSlip(ctx context.Context, s slip.Slip) error {
	c.changed(s.Subject.Kind, s.Subject.ID)
	return c.Tx.SaveSlip(ctx, s)
}

func (c *changes) SaveExtension(ctx context.Context, e duty.Extension) error {
	c.changed(notice.Assignment, e.AssignmentID)
	return c.Tx.SaveExtension(ctx, e)
}

func (c *changes) AddDelegation(ctx context.Context, d org.Delegation, now time.Time) error {
	c.changed(notice.PersonSubj, 0)
	return c.Tx.AddDelegation(ctx, d, now)
}

func (c *changes) EndDelegations(ctx context.Context, from string) (int, error) {
	n, err := c.Tx.EndDelegations(ctx, from)
	if n > 0 {
		c.changed(notice.PersonSubj, 0)
	}
	return n, err
}

func (c *changes) SetQuiet(ctx context.Context, person string, until time.Time) error {
	c.changed(notice.PersonSubj, 0)
	return c.Tx.SetQuiet(ctx, person, until)
}

func (c *changes) AddPerson(ctx context.Context, id, name, unit string, now time.Time) error {
	c.changed(notice.PersonSubj, 0)
	return c.Tx.AddPerson(ctx, id, name, unit, now)
}

func (c *changes) Bind(ctx context.Context, a org.Account, now time.Time) error {
	c.changed(notice.PersonSubj, 0)
	return c.Tx.Bind(ctx, a, now)
}

func (c *changes) Unbind(ctx context.Context, a org.Account) error {
	c.changed(notice.PersonSubj, 0)
	return c.Tx.Unbind(ctx, a)
}

func (c *changes) AskBind(ctx context.Context, a org.Account, now time.Time) (org.BindRequest, error) {
	r, err := c.Tx.AskBind(ctx, a, now)
	c.changed(notice.PersonSubj, r.ID)
	return r, err
}

func (c *changes) DecideBind(ctx context.Context, id int64, state, by string, now time.Time) error {
	c.changed(notice.PersonSubj, id)
	return c.Tx.DecideBind(ctx, id, state, by, now)
}

func (c *changes) AddPlace(ctx context.Context, p place.Place) (place.Place, bool, error) {
	p, fresh, err := c.Tx.AddPlace(ctx, p)
	if fresh {
		c.changed("place", p.ID)
	}
	return p, fresh, err
}

func (c *changes) AddInspection(ctx context.Context, r inspect.Record) (inspect.Record, error) {
	r, err := c.Tx.AddInspection(ctx, r)
	c.changed("inspection", r.ID)
	return r, err
}

func (c *changes) SaveInspection(ctx context.Context, r inspect.Record) error {
	c.changed("inspection", r.ID)
	return c.Tx.SaveInspection(ctx, r)
}

func (c *changes) DropInspection(ctx context.Context, id int64) error {
	c.changed("inspection", id)
	return c.Tx.DropInspection(ctx, id)
}

func (c *changes) AddDrill(ctx context.Context, d duty.Drill) error {
	c.changed(notice.Assignment, d.Assignment)
	return c.Tx.AddDrill(ctx, d)
}

func (c *changes) SavePlace(ctx context.Context, p place.Place) error {
	c.changed("place", p.ID)
	return c.Tx.SavePlace(ctx, p)
}

func (c *changes) AddScan(ctx context.Context, s place.Scan) error {
	if s.HazardID != 0 {
		c.changed(notice.HazardSubj, s.HazardID)
	}
	return c.Tx.AddScan(ctx, s)
}

// The net has no hole: a change without its line is found.
func TestChangesWithoutHistoryAreFound(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	err := unitOfWork{h}.Within(t.Context(), func(tx Tx) error { return tx.SetQuiet(t.Context(), "wenchang-jia", h.clock.Now()) })
	if err == nil || !strings.Contains(err.Error(), "without a line of history") {
		t.Errorf("not found: %v", err)
	}
}

// What is taken back within ten minutes leaves no trace for others, but both the
// act and the taking back stay in the history.
func TestUndoKeepsItsLines(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	h.say("wenchang-aq", "签收 22-14", false)
	h.say("wenchang-aq", "撤回", false)
	works, err := h.store.Read(t.Context()).Work(t.Context(), duty.Filter{Codes: []string{"22-14"}})
	if err != nil || len(works) == 0 {
		t.Fatalf("work %v, %v", works, err)
	}
	var actions []string
	for _, w := range works {
		lines, err := h.store.Read(t.Context()).History(t.Context(), notice.Subject{Kind: notice.Assignment, ID: w.ID}, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			actions = append(actions, l.Action+" "+l.Before+">"+l.After)
		}
	}
	if got := strings.Join(actions, ", "); got != "undo signed>assigned, sign assigned>signed" {
		t.Errorf("history %q", got)
	}
}
