// Package arch holds the walls between the packages: a test that reads the imports
// of the whole module and compares them with the tables in rules_test.go.
package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const root = "../.."

func TestWalls(t *testing.T) {
	imports := map[string][]string{}
	eachFile(t, parser.ImportsOnly, func(pkg string, f *ast.File, _ *token.FileSet) {
		list := imports[pkg]
		for _, spec := range f.Imports {
			imp, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, imp)
		}
		imports[pkg] = list // also without any: the package must be known
	})
	if len(imports) < 20 {
		t.Fatalf("only %d packages found, the module has more", len(imports))
	}
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		list := imports[pkg]
		slices.Sort(list)
		for _, breach := range breaches(pkg, slices.Compact(list)) {
			t.Error(breach)
		}
	}
}

// TestWallsHold shows that the tables refuse what they are there to refuse.
func TestWallsHold(t *testing.T) {
	for _, c := range []struct {
		pkg, imp string
		want     []string
	}{
		{"internal/duty", "duban/internal/calendar", nil},
		{"internal/duty", "duban/internal/hazard", []string{"internal/duty must not import internal/hazard"}},
		{"internal/org", "duban/internal/duty", []string{"internal/org must not import internal/duty"}},
		{"internal/calendar", "duban/internal/errs", []string{"internal/calendar must not import internal/errs"}},
		{"internal/calendar", "github.com/goccy/go-yaml/ast", nil},
		{"internal/supervise", "duban/internal/remind", nil},
		{"internal/supervise", "duban/internal/store", []string{"internal/supervise must not import internal/store"}},
		{"internal/remind", "gorm.io/gorm/clause", []string{"internal/remind must not use gorm.io/gorm/clause"}},
		{"internal/notify", "github.com/hibiken/asynq", []string{"internal/notify must not use github.com/hibiken/asynq"}},
		{"internal/queue", "github.com/hibiken/asynq", nil},
		{"internal/remind", "net/http", []string{"internal/remind must not use net/http: it only decides"}},
		{"internal/media", "os", nil},
		{"bot/command", "github.com/gin-gonic/gin", []string{"bot/command must not use github.com/gin-gonic/gin"}},
		{"bot/command", "duban/bot/wecom", []string{"bot/command must not import bot/wecom"}},
		{"bot/dingtalk", "github.com/silenceper/wechat/v2/work", []string{"bot/dingtalk must not use github.com/silenceper/wechat/v2/work"}},
		{"internal/sim/phone", "github.com/gin-gonic/gin", nil},
		{"internal/sim/wecom", "duban/internal/store", []string{"internal/sim/wecom must not import internal/store"}},
		{"internal/app", "duban/internal/store", nil},
		{"internal/app", "duban/internal/sim/wecom", []string{"internal/app must not import internal/sim/wecom"}},
		{"internal/store", "duban/internal/app", []string{"internal/store must not import internal/app"}},
		{".", "duban/internal/store", []string{". must not import internal/store"}},
		{"internal/errs", "example.com/new/library", []string{"internal/errs must not use example.com/new/library"}},
		{"internal/brandnew", "fmt", []string{"internal/brandnew is not in the table of internal/arch: say what it may import"}},
	} {
		if diff := cmp.Diff(c.want, breaches(c.pkg, []string{c.imp})); diff != "" {
			t.Errorf("%s importing %s (-want +got):\n%s", c.pkg, c.imp, diff)
		}
	}
}

// wallClock lists who may ask the machine for the time: the clock, the command
// line's default, the fake platforms' sockets, the platform clients as the default
// of their Now, the age of a cached directory, and the measuring program. All
// others are given a clock.
var wallClock = []string{"internal/clock", ".", "internal/sim/...", "bot/wecom", "bot/dingtalk", "internal/store/directory.go", "internal/bench", "internal/soak/..."}

// TestTimeIsAParameter finds uses of the machine's clock, and functions that run
// before anybody can inject one.
func TestTimeIsAParameter(t *testing.T) {
	eachFile(t, parser.SkipObjectResolution, func(pkg string, f *ast.File, fset *token.FileSet) {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					t.Errorf("%s: no init functions", fset.Position(n.Pos()))
				}
			case *ast.SelectorExpr:
				at := fset.Position(n.Pos())
				file := path.Join(pkg, path.Base(at.Filename))
				if readsClock(n) && !matches(pkg, wallClock) && !matches(file, wallClock) {
					t.Errorf("%s: time.%s; take a clock.Clock", at, n.Sel.Name)
				}
			}
			return true
		})
	})
}

func readsClock(n *ast.SelectorExpr) bool {
	x, ok := n.X.(*ast.Ident)
	return ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, n.Sel.Name)
}

// eachFile parses every Go file of the module but tests, whatever its build tags.
func eachFile(t *testing.T, mode parser.Mode, visit func(pkg string, f *ast.File, fset *token.FileSet)) {
	t.Helper()
	fset := token.NewFileSet()
	tree := os.DirFS(root)
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && skipped(tree, name) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path.Join(root, name), nil, mode)
		if err != nil {
			return err
		}
		visit(path.Dir(name), f, fset)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// skipped reports whether the go command would not look into a folder either.
func skipped(tree fs.FS, dir string) bool {
	base := path.Base(dir)
	if strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || slices.Contains([]string{"testdata", "vendor", "node_modules"}, base) {
		return true
	}
	_, err := fs.Stat(tree, path.Join(dir, "go.mod"))
	return err == nil // a module of its own
}
