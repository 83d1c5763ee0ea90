package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"regexp"
	"testing"
)

var codeName = regexp.MustCompile("`([a-z]+)\\.([A-Z][A-Za-z]*)`")

// TestGlossary finds names in docs/glossary.md that the code does not have.
func TestGlossary(t *testing.T) {
	declared := map[string]bool{}
	eachFile(t, parser.SkipObjectResolution, func(pkg string, f *ast.File, _ *token.FileSet) {
		for _, d := range f.Decls {
			for _, id := range namesOf(d) {
				declared[path.Base(pkg)+"."+id.Name] = true
			}
		}
	})
	text, err := os.ReadFile(path.Join(root, "docs/glossary.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := codeName.FindAllStringSubmatch(string(text), -1)
	if len(names) < 50 {
		t.Fatalf("only %d names found in the glossary", len(names))
	}
	for _, n := range names {
		if !declared[n[1]+"."+n[2]] {
			t.Errorf("docs/glossary.md: there is no %s.%s", n[1], n[2])
		}
	}
}

// namesOf returns the types, constants, variables and functions a declaration
// makes.
func namesOf(d ast.Decl) (list []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			list = append(list, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				list = append(list, s.Name)
			case *ast.ValueSpec:
				list = append(list, s.Names...)
			}
		}
	}
	return list
}
