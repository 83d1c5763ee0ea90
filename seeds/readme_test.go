package seeds

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// Whoever writes the files has only the README to go by: every file and every
// field is in it.
func TestReadmeTellsEveryField(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	parts := map[string]any{
		"units.yaml": Unit{}, "posts.yaml": Post{}, "roles.yaml": Role{}, "audiences.yaml": Audience{}, "年份/items.yaml": Item{},
		"年份/confirmed.yaml": Confirmation{}, "terms.yaml": Term{}, "checklists.yaml": Checklist{}, "roster.yaml": DutyDay{},
	}
	for name, v := range parts {
		requireFields(t, part(t, text, name), name, reflect.TypeOf(v))
	}
	for _, v := range []any{Document{}, Section{}, Point{}} {
		requireFields(t, part(t, text, "年份/points.yaml"), "points.yaml", reflect.TypeOf(v))
	}
	for _, v := range []any{Person{}, Holding{}, Account{}, Group{}} {
		requireFields(t, part(t, text, "staff.yaml"), "staff.yaml", reflect.TypeOf(v))
	}
	for kind, lists := range map[string][]string{
		"units.yaml": append(TermKinds(), keysOf(UnitKinds())...), "年份/items.yaml": append(append(Profiles(), keysOf(Kinds())...), keysOf(Rounds())...),
		"roles.yaml": RoleKeys(), "checklists.yaml": keysOf(Rhythms()), "roster.yaml": Weekdays(), "staff.yaml": Platforms(),
	} {
		for _, value := range lists {
			if !strings.Contains(part(t, text, kind), "`"+value+"`") {
				t.Errorf("%s: value %s is not explained", kind, value)
			}
		}
	}
}

// part returns the text under the heading of a file.
func part(t *testing.T, text, name string) string {
	t.Helper()
	_, after, ok := strings.Cut(text, "\n### "+name+"\n")
	if !ok {
		t.Fatalf("no part about %s", name)
	}
	before, _, _ := strings.Cut(after, "\n### ")
	return before
}

func requireFields(t *testing.T, text, file string, typ reflect.Type) {
	t.Helper()
	for i := range typ.NumField() {
		f := typ.Field(i)
		name := f.Tag.Get("yaml")
		if name == "" || name == "-" {
			continue
		}
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("%s: field %s of %s is not explained", file, name, typ.Name())
		}
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner.PkgPath() == typ.PkgPath() {
			requireFields(t, text, file, inner)
		}
	}
}

func keysOf(m map[string]string) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	return list
}
