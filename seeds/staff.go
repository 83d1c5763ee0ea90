package seeds

import "duban/internal/calendar"

// Person is somebody who uses the bot. One person may have several accounts.
type Person struct {
	ID   string `yaml:"id"`
	Name string `yaml:"name"`
	Unit string `yaml:"unit"`
	Demo bool   `yaml:"-"`
}

// Holding says that a person holds a post, from From up to and including To;
// no To means still.
type Holding struct {
	Person string        `yaml:"person"`
	Post   string        `yaml:"post"`
	From   calendar.Date `yaml:"from"`
	To     calendar.Date `yaml:"to"`
	Demo   bool          `yaml:"-"`
}

// Account is a person's user id on a platform.
type Account struct {
	Person   string `yaml:"person"`
	Platform string `yaml:"platform"` // wecom, dingtalk
	UserID   string `yaml:"user_id"`
	Demo     bool   `yaml:"-"`
}

// Group is a group chat that gets a digest. Ref names where it goes: with Via
// webhook the name of a configured key (never the key itself), with Via
// conversation the platform's conversation id.
type Group struct {
	ID       string `yaml:"id"`
	Name     string `yaml:"name"`
	Platform string `yaml:"platform"`
	Via      string `yaml:"via"`
	Ref      string `yaml:"ref"`
	Scope    string `yaml:"scope"` // the unit whose work the digest tells about; the bureau means everything
	Digest   bool   `yaml:"digest"`
	Demo     bool   `yaml:"-"`
}

// Platforms lists the platforms an account or a group may be on.
func Platforms() []string { return []string{"wecom", "dingtalk"} }

// Confirmation is the office's 立项确认 of one item: who owns it and by when.
type Confirmation struct {
	Item  string        `yaml:"item"` // code
	Owner string        `yaml:"owner"`
	By    string        `yaml:"by"` // the post that confirmed
	On    calendar.Date `yaml:"on"`
	Due   calendar.Date `yaml:"due"`
	Units []string      `yaml:"units"` // reporting units; empty: as Set.Reporters says
	Note  string        `yaml:"note"`
	Year  int           `yaml:"-"` // set by the loader
	Demo  bool          `yaml:"-"`
}

// Term is a group of coded terms the document does not explain. Meaning stays
// empty until the bureau writes it; nobody else explains it.
type Term struct {
	Name    string           `yaml:"name"`
	Words   []string         `yaml:"words"` // what people type or read
	At      map[int][]string `yaml:"at"`    // year -> item codes
	Meaning string           `yaml:"meaning"`
	Source  string           `yaml:"source"` // where the bureau took the meaning from
}
