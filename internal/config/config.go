// Package config reads duban's configuration from duban.yaml and the
// environment, checks it as a whole and explains in Chinese what to mend.
// Secrets are of a type that cannot print.
package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones also where the machine has none (small containers)
)

// Config is the whole configuration, complete and checked after Load. Every
// text is trimmed; unset optional settings are zero.
type Config struct {
	Server   Server
	Database Database
	Redis    Redis
	Timezone string // IANA name; Location gives it loaded
	Calendar Calendar
	WeCom    WeCom
	DingTalk DingTalk
	Platform Platform
	Callback Callback
	Admin    Admin
	Pages    Pages
	Dev      Dev
	Log      Log
	Data     Data
	Media    Media
	Notice   Notice

	// Warnings are remarks in Chinese that do not keep duban from starting, for
	// the log and for `duban doctor`. They contain no secrets.
	Warnings []string

	location *time.Location
}

// Location returns the loaded time zone, in which days begin and times are shown.
func (c *Config) Location() *time.Location {
	if c.location == nil {
		return time.UTC
	}
	return c.location
}

// Server says where duban listens and what this process does.
type Server struct {
	Addr      string // host:port
	PublicURL string // how phones and platforms reach us, without a slash at the end
	Roles     Roles

	TrustedProxies []string // addresses or networks whose X-Forwarded-For is believed
}

// Pages are what people see in a browser.
type Pages struct {
	Login []string // the platforms that people log in with: WeComName, DingTalkName
}

// The platforms as settings name them.
const (
	WeComName    = "wecom"
	DingTalkName = "dingtalk"
)

// LogsIn reports whether people log in to the pages with a platform.
func (p Pages) LogsIn(platform string) bool { return slices.Contains(p.Login, platform) }

// Platform is what calls of both platforms have in common.
type Platform struct {
	Timeout time.Duration // of one call
}

// Database says where the rows live.
type Database struct {
	DSN Secret // "sqlite:PATH" or "mysql:" and a go-sql-driver DSN; secret for its password
}

// The database kinds of Split.
const (
	SQLite = "sqlite"
	MySQL  = "mysql"
)

// Split returns the kind of database and what follows the prefix: a path for
// SQLite, a go-sql-driver DSN for MySQL. An unknown prefix gives an empty kind.
func (d Database) Split() (kind, rest string) {
	kind, rest, ok := strings.Cut(d.DSN.Reveal(), ":")
	if !ok || (kind != SQLite && kind != MySQL) || rest == "" {
		return "", ""
	}
	return kind, rest
}

// Redis says where the queue lives.
type Redis struct {
	URL Secret // redis://, rediss:// or redis+sentinel forms; unset means in-process
}

// InProcess reports whether duban brings its own Redis along.
func (r Redis) InProcess() bool { return !r.URL.IsSet() }

// WeCom holds the self-built app (自建应用) and the smart bot (智能机器人).
type WeCom struct {
	CorpID         string
	AgentID        int64
	Secret         Secret
	Token          Secret
	EncodingAESKey Secret
	APIBase        string   // without a slash at the end
	LoginBase      string   // where members log in; empty: the platform's own
	ScanBase       string   // the same in browsers outside WeCom; empty: the platform's own
	JSSDK          string   // address of the script for pages inside WeCom; empty: unused
	Buttons        string   // ButtonsAsText or ButtonsAsCard
	Webhooks       Webhooks // group robots by the name the roster uses
	Bot            WeComBot
}

// How WeCom's app shows buttons.
const (
	ButtonsAsText = "text" // as words to type
	ButtonsAsCard = "card" // as a template card
)

// Enabled reports whether the self-built app is configured.
func (w WeCom) Enabled() bool {
	return w.AgentID != 0 || w.Secret.IsSet() || w.Token.IsSet() || w.EncodingAESKey.IsSet()
}

// The ways a smart bot receives.
const (
	BotCallback  = "callback"
	BotWebSocket = "websocket"
)

// WeComBot is the smart bot, the only way to hear what is written in groups.
type WeComBot struct {
	ID             string
	Secret         Secret
	Token          Secret
	EncodingAESKey Secret
	Mode           string // BotCallback or BotWebSocket
	WSURL          string
	FileHosts      []string // host suffixes its files may come from; empty: those known
}

// Enabled reports whether the smart bot is configured.
func (b WeComBot) Enabled() bool {
	return b.ID != "" || b.Secret.IsSet() || b.Token.IsSet() || b.EncodingAESKey.IsSet()
}

// The ways a DingTalk robot receives.
const (
	DingTalkHTTP   = "http"
	DingTalkStream = "stream"
)

// DingOff uses no DING (强提醒).
const DingOff = "off"

// DingTalk holds the internal app with its robot (企业内部应用机器人).
type DingTalk struct {
	ClientID     string
	ClientSecret Secret
	RobotCode    string // the client id unless told otherwise
	CorpID       string
	AgentID      int64    // 0: no work notifications
	Mode         string   // DingTalkHTTP or DingTalkStream
	APIBase      string   // new API, without a slash at the end
	OAPIBase     string   // old API, without a slash at the end
	LoginBase    string   // where people log in
	Webhooks     Webhooks // custom robots by the name the roster uses
	EventToken   Secret
	EventAESKey  Secret
	CardTemplate string // of interactive cards; empty: buttons are links
	CardRoute    string
	CardSecret   Secret
	Ding         string // the loudest DING that may be used: DingOff, app, sms, phone

	MonthlyCalls  int64 // API calls the organisation may make in a month, for all its apps
	MonthlyPushes int64 // pushes and sends through group robots in a month
}

// Enabled reports whether the robot is configured.
func (d DingTalk) Enabled() bool {
	return d.ClientID != "" || d.ClientSecret.IsSet()
}

// Webhook is a group robot's key under the name the roster of groups uses.
type Webhook struct {
	Name string
	Key  Secret
}

// Webhooks are the group robots of a platform.
type Webhooks []Webhook

// Key returns the key of a name.
func (ws Webhooks) Key(name string) (string, bool) {
	for _, w := range ws {
		if w.Name == name {
			return w.Key.Reveal(), true
		}
	}
	return "", false
}

// Callback holds what all callback addresses share.
type Callback struct {
	Secret Secret // last path segment of every callback address; unset: none
}

// Admin guards the operator's pages and metrics.
type Admin struct {
	Token Secret
}

// Dev holds what only development may set.
type Dev struct {
	Now time.Time // start of the movable clock; zero: the real clock
}

// Log says how to log.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // text or json
}

// Data says where files of our own live.
type Data struct {
	Dir string
}

// Notice is what stands on the notices to mend a hazard (整改通知书).
type Notice struct {
	Note string // small print
}

// Role is one of the jobs a duban process can do.
type Role string

// The roles.
const (
	Web       Role = "web"       // answers callbacks and pages
	Worker    Role = "worker"    // carries out queued tasks
	Scheduler Role = "scheduler" // sweeps the database and repairs the queue
)

// Roles is the set of jobs of this process, in the order given.
type Roles []Role

// Has reports whether r is among them.
func (rs Roles) Has(r Role) bool { return slices.Contains(rs, r) }

// ParseRoles reads a comma-separated list of roles as `--role` takes it.
func ParseRoles(text string) (Roles, error) {
	var roles Roles
	for word := range strings.SplitSeq(text, ",") {
		r := Role(strings.TrimSpace(word))
		if r == "" {
			continue
		}
		if r != Web && r != Worker && r != Scheduler {
			return nil, fmt.Errorf("不认识的角色“%s”，只能是 web、worker、scheduler，用逗号隔开", r)
		}
		if !roles.Has(r) {
			roles = append(roles, r)
		}
	}
	if len(roles) == 0 {
		return nil, fmt.Errorf("没有写角色，请从 web、worker、scheduler 中选，用逗号隔开")
	}
	return roles, nil
}

// fillDerived sets what follows from other settings.
func (c *Config) fillDerived() {
	if !c.Database.DSN.IsSet() {
		c.Database.DSN = NewSecret(SQLite + ":" + filepath.Join(c.Data.Dir, "duban.db"))
	}
	if c.Media.Dir == "" {
		c.Media.Dir = filepath.Join(c.Data.Dir, "media")
	}
	if c.DingTalk.RobotCode == "" {
		c.DingTalk.RobotCode = c.DingTalk.ClientID
	}
}
