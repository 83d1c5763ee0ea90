package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the generated parts of the documentation")

const root = "../.."

func TestKeysAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys() {
		if seen[k.Env] || k.Help == "" || k.HelpEN == "" || k.put == nil || !strings.HasPrefix(k.Env, prefix) {
			t.Errorf("key %s is double or incomplete", k.Env)
		}
		seen[k.Env] = true
		if value, ok := strings.CutSuffix(k.Env, "_FILE"); ok && slices.ContainsFunc(Keys(), func(o Key) bool { return o.Env == value }) {
			t.Errorf("%s could not be told from the variable naming a file with %s", k.Env, value)
		}
		name := k.Env[strings.LastIndex(k.Env, "_"):]
		if hides := slices.Contains([]string{"_SECRET", "_TOKEN", "_KEY", "_DSN"}, name); hides && !k.Secret {
			t.Errorf("%s looks like a secret but is not marked so", k.Env)
		}
	}
}

// TestDocumentation keeps the tables and the example files equal to the keys;
// `go test ./internal/config -update` rewrites them.
func TestDocumentation(t *testing.T) {
	between(t, "docs/configuration.zh-CN.md", "<!-- keys: generated -->\n", table(), "<!-- /keys -->")
	between(t, ".env.example", "# keys: generated\n", variables(), "# /keys\n")
	whole(t, "duban.example.yaml", example())
}

// TestExampleIsAValidFile uncomments the example and loads it.
func TestExampleIsAValidFile(t *testing.T) {
	set := regexp.MustCompile(`(?m)^  # ([a-z_]+: "[^"]+")$`).ReplaceAllString(example(), "  $1")
	c := mustLoad(t, write(t, "duban.yaml", set))
	if diff := cmp.Diff(defaults(), c, ignoreLocation); diff != "" {
		t.Errorf("the example does not show the defaults (-want +got):\n%s", diff)
	}
	if strings.Count(set, "\n  ") < len(Keys()) {
		t.Error("keys are missing from the example")
	}
}

// TestNamesInTheRepository finds misspelt variables in files for operators.
func TestNamesInTheRepository(t *testing.T) {
	var known []string
	for _, k := range Keys() {
		known = append(known, k.Env, k.Env+"_FILE")
	}
	files := []string{".env.example", "docker-compose.yml", "Dockerfile", "README.md", "README.zh-CN.md", "seeds/README.md"}
	var docs []string
	for _, pattern := range []string{"docs/*.md", "docs/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no documentation found: %v", err)
		}
		docs = append(docs, found...)
	}
	for _, f := range files {
		docs = append(docs, filepath.Join(root, f))
	}
	for _, path := range docs {
		content, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`DUBAN_[A-Z0-9_]*[A-Z0-9]`).FindAllString(string(content), -1) {
			if !slices.Contains(known, name) && !strings.HasPrefix(name, "DUBAN_TEST_") && name != "DUBAN_X_FILE" {
				t.Errorf("%s names %s, which is no key", path, name)
			}
		}
	}
}

func table() string {
	var b strings.Builder
	b.WriteString("| 环境变量 | duban.yaml | 默认 | 机密 | 说明 |\n|---|---|---|---|---|\n")
	for _, k := range Keys() {
		fallback, secret := "", ""
		if k.Default != "" {
			fallback = "`" + k.Default + "`"
		}
		if k.Secret {
			secret = "是"
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s | %s |\n", k.Env, k.YAML, fallback, secret, k.Help)
	}
	return b.String()
}

// variables are the settings as an environment file: a default is a comment.
func variables() string {
	var b strings.Builder
	for _, k := range Keys() {
		value, off := "", ""
		if k.applies() {
			value, off = k.Default, "#"
		}
		fmt.Fprintf(&b, "# %s\n%s%s=%s\n", k.Help, off, k.Env, value)
	}
	return b.String()
}

func example() string {
	var b strings.Builder
	b.WriteString("# duban 配置示例。复制为 duban.yaml，去掉需要的行首的“# ”。\n" +
		"# 环境变量优先于本文件；密码和密钥最好用 DUBAN_…_FILE 从文件读，不写在这里。\n")
	section := ""
	for _, k := range Keys() {
		group, name, nested := strings.Cut(k.YAML, ".")
		if !nested {
			fmt.Fprintf(&b, "\n# %s\n# %s: %q\n", k.Help, k.YAML, k.Default)
			continue
		}
		if group != section {
			fmt.Fprintf(&b, "\n%s:\n", group)
			section = group
		}
		value := k.Default
		if !k.applies() {
			value = ""
		}
		fmt.Fprintf(&b, "  # %s\n  # %s: %q\n", k.Help, name, value)
	}
	return b.String()
}

// between compares, or with -update replaces, what stands between the markers.
func between(t *testing.T, name, begin, want, end string) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(content), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has lost its markers", name)
	}
	whole(t, name, head+begin+want+end+tail)
}

// whole compares, or with -update writes, a file of the repository.
func whole(t *testing.T, name, want string) {
	t.Helper()
	path := filepath.Join(root, name)
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is out of date, run `go test ./internal/config -update` (-want +got):\n%s", name, diff)
	}
}
