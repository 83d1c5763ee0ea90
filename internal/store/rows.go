package store

import (
	"encoding/json"

	"duban/internal/calendar"
)

// The row types mirror the tables one to one; a test compares them with both
// schemas. They never leave this package.

type unitRow struct {
	ID       string `gorm:"primaryKey"`
	Name     string
	Short    string
	Aliases  string
	Kind     string
	Parent   string
	TermKind string
	SortNo   int
}

func (unitRow) TableName() string { return "units" }

type audienceRow struct {
	ID      string `gorm:"primaryKey"`
	Label   string
	Kinds   string
	UnitIDs string `gorm:"column:unit_ids"`
}

func (audienceRow) TableName() string { return "audiences" }

type personRow struct {
	ID        string `gorm:"primaryKey"`
	Name      string
	UnitID    string
	Active    bool
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

func (personRow) TableName() string { return "persons" }

type postRow struct {
	ID     string `gorm:"primaryKey"`
	UnitID string
	Title  string
	Role   string
	Charge string
	Safety bool
	OnCall bool
	RankNo int

	HandOver bool
}

func (postRow) TableName() string { return "posts" }

type holdingRow struct {
	ID       int64 `gorm:"primaryKey"`
	PostID   string
	PersonID string
	Since    int64
	Until    int64
}

func (holdingRow) TableName() string { return "holdings" }

type accountRow struct {
	Platform string `gorm:"primaryKey"`
	Corp     string `gorm:"primaryKey"`
	UserID   string `gorm:"primaryKey"`
	PersonID string
	BoundAt  int64
	SeenAt   int64 // when the person last wrote from it, to within an hour
}

func (accountRow) TableName() string { return "accounts" }

type bindRequestRow struct {
	ID        int64 `gorm:"primaryKey"`
	Platform  string
	Corp      string
	UserID    string
	PersonID  string
	State     string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	DecidedAt int64
	DecidedBy string
}

func (bindRequestRow) TableName() string { return "bind_requests" }

type groupRow struct {
	ID       string `gorm:"primaryKey"`
	Platform string
	ChatID   string
	Webhook  string
	Title    string
	UnitID   string
	Digest   bool
	Active   bool
}

func (groupRow) TableName() string { return "chat_groups" }

type policyRow struct {
	Version   int `gorm:"primaryKey;autoIncrement:false"`
	Body      string
	Digest    string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

func (policyRow) TableName() string { return "policies" }

type termRow struct {
	ID      string `gorm:"primaryKey"`
	Term    string
	AtCodes string
	Meaning string
	Source  string
}

func (termRow) TableName() string { return "terms" }

type itemRow struct {
	ID           int64 `gorm:"primaryKey"`
	Year         int
	Code         string
	Point        int
	PointTitle   string
	Descr        string
	Kind         string
	Figures      string
	MetricOp     string
	MetricTarget float64
	MetricUnit   string
	Every        string
	Due          string
	DueSource    string
	DueText      string
	LeadID       string
	LeadSource   string
	AssistIDs    string `gorm:"column:assist_ids"`
	Audience     string
	DoersSource  string `gorm:"column:audience_source"`
	Profile      string
	ByKind       string
	Privacy      string
	State        string
	ConfirmedAt  int64
	ConfirmedBy  string
}

func (itemRow) TableName() string { return "items" }

type assignmentRow struct {
	ID         int64 `gorm:"primaryKey"`
	ItemID     int64
	UnitID     string
	Part       string
	Period     string
	Opens      string
	Due        string
	State      string
	Status     string
	Percent    float64
	Value      *float64
	Note       string
	ETA        string `gorm:"column:eta"`
	Evidence   string
	AssignedAt int64
	SignedAt   int64
	ReportedAt int64
	ClosedAt   int64
	Version    int
}

func (assignmentRow) TableName() string { return "assignments" }

type reportRow struct {
	ID           int64 `gorm:"primaryKey"`
	AssignmentID int64
	PersonID     string
	Platform     string
	At           int64
	Status       string
	Percent      *float64
	Value        *float64
	Note         string
	ETA          string `gorm:"column:eta"`
	Files        int
}

func (reportRow) TableName() string { return "reports" }

type counterRow struct {
	Name  string `gorm:"primaryKey"`
	Value int64
}

func (counterRow) TableName() string { return "counters" }

type hazardRow struct {
	ID        int64 `gorm:"primaryKey"`
	Year      int
	Seq       int
	UnitID    string
	Category  string
	Location  string
	Descr     string
	Level     string
	LevelHint string
	Urgent    bool
	Anonymous bool
	Reporter  string
	State     string
	SignDue   string
	FixDue    string
	SignedAt  int64
	SignedBy  string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	Origin    string
	Version   int
}

func (hazardRow) TableName() string { return "hazards" }

// hazardLifeRow is what happens to a hazard between signing and closing.
type hazardLifeRow struct {
	HazardID     int64 `gorm:"primaryKey;autoIncrement:false"`
	GradedAt     int64
	GradedBy     string
	Control      string
	ControlledAt int64
	Blocked      string
	HelpedAt     int64
	Eta          string
	FixedAt      int64
	FixedBy      string
	FixDay       string
	FixNote      string
	ReviewedAt   int64
	ReviewedBy   string
	ReviewNote   string
	SelfReviewed bool
	ClosedAt     int64
	ClosedBy     string
	MergedInto   int64
	ListedAt     int64
	Reopened     int
}

func (hazardLifeRow) TableName() string { return "hazard_lives" }

type fileRow struct {
	ID          int64 `gorm:"primaryKey"`
	SubjectKind string
	SubjectID   int64
	UnitID      string
	Home        string
	PersonID    string
	Platform    string
	Kind        string
	Ref         string
	Name        string
	State       string
	Reason      string
	SHA256      string `gorm:"column:sha256"`
	Mime        string
	Size        int64
	Attempts    int
	NextAt      int64
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
	Stage       string
	Hash        int64 // the bits of an unsigned number
	Width       int
	Height      int
	SeenAt      int64
}

func (fileRow) TableName() string { return "files" }

type journalRow struct {
	ID          int64 `gorm:"primaryKey"`
	At          int64
	Actor       string
	Channel     string
	SubjectKind string
	SubjectID   int64
	Action      string
	BeforeValue string
	AfterValue  string
	Note        string
}

func (journalRow) TableName() string { return "journal" }

type sealRow struct {
	Seal   int64 `gorm:"primaryKey;autoIncrement:false"`
	LineID int64
	Prev   string
	Hash   string
}

func (sealRow) TableName() string { return "seals" }

type sealHeadRow struct {
	ID      int64 `gorm:"primaryKey;autoIncrement:false"`
	Seal    int64
	Hash    string
	FloorID int64
	MarkID  int64
	MarkAt  int64
}

func (sealHeadRow) TableName() string { return "seal_head" }

type incidentRow struct {
	ID       int64 `gorm:"primaryKey"`
	Kind     string
	Type     string
	UnitID   string
	PersonID string
	Location string
	At       int64
	Told     int
	AckedAt  int64
	AckedBy  string
}

func (incidentRow) TableName() string { return "incidents" }

type inboxRow struct {
	ID         int64 `gorm:"primaryKey"`
	Platform   string
	Robot      string
	MsgID      string
	UserID     string
	ChatID     string
	Command    string
	Outcome    string
	ReplyTitle string
	Reply      string
	Buttons    string
	ReceivedAt int64
	TookMS     int `gorm:"column:took_ms"`
}

func (inboxRow) TableName() string { return "inbox" }

type dialogueRow struct {
	Platform  string `gorm:"primaryKey"`
	Corp      string `gorm:"primaryKey"`
	UserID    string `gorm:"primaryKey"`
	ChatID    string `gorm:"primaryKey"`
	Pending   string
	List      string
	ExpiresAt int64
	UpdatedAt int64 `gorm:"autoUpdateTime:false"`
}

func (dialogueRow) TableName() string { return "dialogues" }

type chaseRow struct {
	ID            int64 `gorm:"primaryKey"`
	SubjectKind   string
	SubjectID     int64
	Profile       string
	PolicyVersion int
	Position      string
	Generation    int
	NextAt        int64
	State         string
	Reason        string
	UpdatedAt     int64 `gorm:"autoUpdateTime:false"`
}

func (chaseRow) TableName() string { return "chases" }

type noticeRow struct {
	ID          int64 `gorm:"primaryKey"`
	Kind        string
	Urgency     string
	SubjectKind string
	SubjectID   int64
	PersonID    string
	PostID      string
	GroupID     string
	NotBefore   int64
	DedupeKey   string
	Step        string
	Text        string
	Weight      int
	State       string
	Reason      string
	MessageID   int64
	CreatedAt   int64 `gorm:"autoCreateTime:false"`
}

func (noticeRow) TableName() string { return "notices" }

type messageRow struct {
	ID           int64 `gorm:"primaryKey"`
	DedupeKey    string
	Kind         string
	PersonID     string
	GroupID      string
	Platform     string
	Address      string
	Title        string
	Text         string
	Buttons      string
	List         string
	State        string
	Reason       string
	PlatformID   string
	Attempts     int
	NextAt       int64
	ClaimedUntil int64
	CreatedAt    int64 `gorm:"autoCreateTime:false"`
	SentAt       int64
	Batch        string
	Code         string
}

func (messageRow) TableName() string { return "messages" }

type runRow struct {
	Name   string `gorm:"primaryKey"`
	At     int64
	Result string
}

func (runRow) TableName() string { return "runs" }

// models lists one value of each row type, for the schema check.
func models() []any {
	return []any{
		&unitRow{}, &audienceRow{}, &personRow{}, &postRow{}, &holdingRow{}, &accountRow{}, &bindRequestRow{}, &groupRow{},
		&policyRow{}, &termRow{}, &itemRow{}, &assignmentRow{}, &reportRow{},
		&counterRow{}, &hazardRow{}, &hazardLifeRow{}, &fileRow{}, &journalRow{}, &sealRow{}, &sealHeadRow{}, &incidentRow{},
		&inboxRow{}, &dialogueRow{}, &chaseRow{}, &noticeRow{}, &messageRow{}, &runRow{},
		&extensionRow{}, &delegationRow{}, &preferenceRow{}, &lastActRow{}, &repeatRow{}, &slipRow{},
		&placeRow{}, &scanRow{}, &linkRow{}, &appKeyRow{}, &leaseRow{}, &presenceRow{},
		&hazardCourseRow{}, &formerRow{}, &followerRow{}, &spotRow{},
		&responseRow{}, &responseMemberRow{}, &dutyShiftRow{},
		&checklistRow{}, &inspectionRow{}, &drillRow{},
	}
}

func packList(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	b, _ := json.Marshal(list)
	return string(b)
}

func unpackList(s string) []string {
	var list []string
	if s == "" || s == "[]" {
		return nil
	}
	_ = json.Unmarshal([]byte(s), &list)
	return list
}

// day reads a stored date; the columns are only ever written from Date.String.
func day(s string) calendar.Date {
	d, _ := calendar.Parse(s)
	return d
}

type extensionRow struct {
	ID           int64 `gorm:"primaryKey"`
	AssignmentID int64
	AskedBy      string
	AskedAt      int64
	OldDue       string
	NewDue       string
	Reason       string
	Late         bool
	State        string
	DecidedBy    string
	DecidedAt    int64
	Note         string
}

func (extensionRow) TableName() string { return "extensions" }

type delegationRow struct {
	ID        int64 `gorm:"primaryKey"`
	FromID    string
	ToID      string
	FromDay   string
	UntilDay  string
	State     string
	CreatedBy string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
}

func (delegationRow) TableName() string { return "delegations" }

type preferenceRow struct {
	PersonID   string `gorm:"primaryKey"`
	QuietUntil int64
}

func (preferenceRow) TableName() string { return "preferences" }

type lastActRow struct {
	PersonID string `gorm:"primaryKey"`
	Body     string
	At       int64
}

func (lastActRow) TableName() string { return "last_acts" }
