package arch

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

const module = "duban"

// tiers order the domain from the bottom: a package may import any of the tiers
// below its own, none beside it, none above. The lowest import nothing of ours.
var tiers = [][]string{
	{"internal/errs", "internal/clock", "internal/calendar", "internal/login"},
	{"internal/org"},
	{"internal/notice"},
	{"internal/duty", "internal/hazard", "internal/journal", "internal/inbox", "internal/media", "internal/slip", "internal/place", "internal/inspect", "internal/response"},
	{"internal/remind"},
	{"internal/supervise", "internal/digest", "internal/ledger", "internal/burden", "internal/quota", "internal/link"},
}

// domain stands for all tiers where a package of the outer ring is described.
const domain = "domain"

// outer says what each package around the domain may import of ours. "/..." takes
// a tree along. Why each arrow is there: docs/adr/0001-layout-and-walls.md.
var outer = map[string][]string{
	"bot":             {"internal/errs"},
	"bot/understand":  {"internal/calendar"},
	"bot/render":      {"bot", domain},
	"bot/command":     {"bot", "bot/render", "bot/understand", domain},
	"bot/contacts":    {"bot", "bot/render", domain},
	"bot/download":    {"bot", "internal/errs"},
	"bot/lane":        {},
	"bot/sealed":      {},
	"bot/wecom":       {"bot", "bot/sealed", "internal/errs", "internal/clock"},
	"bot/wecom/aibot": {"bot", "bot/download", "bot/lane", "bot/wecom", "internal/errs"},
	"bot/dingtalk":    {"bot", "bot/download", "bot/lane", "bot/sealed", "internal/errs", "internal/clock"},
	"handlers":        {"bot", "bot/wecom", "bot/wecom/aibot", "bot/dingtalk", "internal/config", "internal/obs", domain},

	"internal/config":  {"internal/calendar"},
	"internal/obs":     {},
	"internal/notify":  {"bot", "bot/render", "internal/obs", "internal/workbook", "internal/docx", "internal/fixnotice", "internal/poster", domain},
	"internal/queue":   {"bot", "internal/notify", "internal/obs", domain},
	"internal/store":   {"migrations", domain},
	"internal/seeding": {"seeds", "internal/store", domain},

	"internal/workbook": {"internal/errs", "internal/ledger"},

	"internal/docx":   {"internal/errs"},
	"internal/poster": {"internal/docx", "internal/errs", "internal/place"},

	"internal/fixnotice": {"internal/calendar", "internal/docx", "internal/hazard"},

	"internal/media/keep":  {domain},
	"internal/media/s3":    {"internal/errs", "internal/media"},
	"internal/media/fetch": {"bot", "bot/render", "internal/obs", domain},

	"migrations": {},
	"seeds":      {"internal/calendar", "internal/errs"},

	// A fake platform knows the wire format and nothing of duban's insides; only
	// then does it prove anything.
	"internal/sim/...": {"bot", "bot/wecom", "bot/dingtalk", "internal/errs", "internal/sim/...", "seeds"},

	"internal/testkit":        {"internal/clock", "internal/store"},
	"internal/testkit/script": {"seeds"},

	// The places that wire.
	"internal/app":   {"bot/...", "handlers", "internal/...", "seeds", "migrations"},
	"internal/demo":  {"bot/...", "internal/...", "seeds"},
	"internal/bench": {"bot/...", "internal/...", "seeds"},
	"internal/soak":  {"bot", "internal/app", "internal/clock", "internal/config", "internal/notice", "internal/sim/...", "seeds"},

	"internal/soak/lines": {"internal/app", "internal/clock", "internal/config", "internal/sim/...", "seeds"},

	".": {"internal/app", "internal/burden", "internal/calendar", "internal/config", "internal/demo", "internal/errs", "internal/obs"},
}

// notFromInside are the wiring packages, which "internal/..." does not mean.
var notFromInside = map[string][]string{
	// internal/sim/phone is not among them: it has the handler that moves a movable clock.
	"internal/app":  {"internal/demo", "internal/bench", "internal/soak", "internal/testkit", "internal/testkit/script", "internal/sim/wecom", "internal/sim/dingtalk", "internal/sim/stage"},
	"internal/demo": {"internal/bench", "internal/soak", "internal/testkit", "internal/testkit/script", "internal/store"},
}

// libraries says where a library may be used. What is not listed may be used
// nowhere, so that a new dependency is a decision and not an accident.
var libraries = map[string][]string{
	"github.com/gin-gonic/gin":            {"handlers", "internal/sim/...", "internal/app", "internal/demo", "internal/bench"},
	"github.com/hibiken/asynq":            {"internal/queue"},
	"gorm.io":                             {"internal/store"},
	"github.com/glebarez":                 {"internal/store"},
	"github.com/pressly/goose/v3":         {"internal/store"},
	"github.com/go-sql-driver/mysql":      {"internal/store", "internal/testkit", "internal/bench", "internal/soak"},
	"github.com/silenceper/wechat/v2":     {"bot/wecom"},
	"github.com/coder/websocket":          {"bot/wecom/aibot", "bot/dingtalk", "internal/sim/..."},
	"golang.org/x/time/rate":              {"bot/wecom", "bot/dingtalk", "handlers"},
	"golang.org/x/sync":                   {"bot/wecom", "bot/dingtalk", "handlers", "internal/app", "internal/notify", "internal/media"},
	"github.com/mozillazg/go-pinyin":      {"bot/understand"},
	"golang.org/x/text":                   {"bot/understand"},
	"github.com/goccy/go-yaml":            {"internal/calendar", "internal/remind", "seeds"},
	"github.com/6tail/lunar-go":           {"internal/calendar", "bot/understand"},
	"golang.org/x/image":                  {"internal/media"},
	"github.com/minio/minio-go/v7":        {"internal/media/s3"},
	"github.com/boombuler/barcode":        {"internal/poster"},
	"github.com/gabriel-vasile/mimetype":  {"internal/media"},
	"github.com/xuri/excelize/v2":         {"internal/workbook"},
	"github.com/knadh/koanf":              {"internal/config"},
	"github.com/prometheus/client_golang": {"internal/obs"},
	"github.com/redis/go-redis/v9":        {"internal/queue", "internal/testkit", "internal/soak"},
	"github.com/alicebob/miniredis/v2":    {"internal/queue", "internal/testkit"},
	"github.com/spf13/cobra":              {"."},
}

// world are the parts of the standard library that leave the process.
var world = []string{"os", "os/...", "net", "net/http", "net/http/...", "database/sql", "database/sql/..."}

// pure reports whether a package decides without looking at the world. Only media
// among the domain's may: keeping files is what it is for.
func pure(pkg string) bool {
	inDomain := slices.Contains(slices.Concat(tiers...), pkg)
	return inDomain && pkg != "internal/media" || pkg == "bot/understand" || pkg == "bot/render" || pkg == "internal/workbook" || pkg == "internal/docx" || pkg == "internal/poster" || pkg == "internal/fixnotice"
}

// breaches says what is wrong with a package that imports these. An empty result
// is a package that keeps the rules. Paths of ours are relative to the module.
func breaches(pkg string, imports []string) []string {
	may, known := allowed(pkg)
	if !known {
		return []string{fmt.Sprintf("%s is not in the table of internal/arch: say what it may import", pkg)}
	}
	var list []string
	for _, imp := range imports {
		switch own, ours := relative(imp); {
		case pure(pkg) && matches(imp, world):
			list = append(list, fmt.Sprintf("%s must not use %s: it only decides", pkg, imp))
		case ours && !matches(own, may):
			list = append(list, fmt.Sprintf("%s must not import %s", pkg, own))
		case !ours && !standard(imp) && !matches(pkg, homes(imp)):
			list = append(list, fmt.Sprintf("%s must not use %s", pkg, imp))
		}
	}
	return list
}

// allowed returns what a package may import of ours, as patterns.
func allowed(pkg string) ([]string, bool) {
	for i, tier := range tiers {
		if slices.Contains(tier, pkg) {
			return slices.Concat(tiers[:i]...), true
		}
	}
	for pattern, may := range outer {
		if match(pkg, pattern) {
			return without(expand(may), notFromInside[pkg]), true
		}
	}
	return nil, false
}

func expand(may []string) []string {
	if !slices.Contains(may, domain) {
		return may
	}
	return append(slices.Clone(may), slices.Concat(tiers...)...)
}

// without marks the exceptions by a leading "!".
func without(may, except []string) []string {
	may = slices.Clone(may)
	for _, e := range except {
		may = append(may, "!"+e)
	}
	return may
}

func matches(pkg string, patterns []string) bool {
	yes := false
	for _, p := range patterns {
		if no, ok := strings.CutPrefix(p, "!"); ok && match(pkg, no) {
			return false
		}
		yes = yes || match(pkg, p)
	}
	return yes
}

func match(pkg, pattern string) bool {
	root, tree := strings.CutSuffix(pattern, "/...")
	return pkg == root || tree && strings.HasPrefix(pkg, root+"/")
}

// homes returns where the library that holds imp may be used: the longest path
// listed decides.
func homes(imp string) []string {
	for p := imp; p != "."; p = path.Dir(p) {
		if where, ok := libraries[p]; ok {
			return where
		}
	}
	return nil
}

func relative(imp string) (string, bool) {
	if imp == module {
		return ".", true
	}
	return strings.CutPrefix(imp, module+"/")
}

// standard reports whether imp is of the standard library: no domain in front.
func standard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	return !strings.Contains(first, ".")
}
