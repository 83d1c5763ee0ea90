package arch

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

type composeFile struct {
	Services map[string]struct {
		Image       string            `yaml:"image"`
		Command     []string          `yaml:"command"`
		Environment map[string]string `yaml:"environment"`
		Ports       []string          `yaml:"ports"`
		DependsOn   map[string]struct {
			Condition string `yaml:"condition"`
		} `yaml:"depends_on"`
		Healthcheck struct {
			Test    []string `yaml:"test"`
			Disable bool     `yaml:"disable"`
		} `yaml:"healthcheck"`
	} `yaml:"services"`
}

// TestCompose holds what makes the compose file safe: the order of starting, no
// password that everybody knows, nothing open to the outside.
func TestCompose(t *testing.T) {
	var c composeFile
	// The library takes a key that a merge brought for one written twice.
	if err := yaml.UnmarshalWithOptions([]byte(repoFile(t, "docker-compose.yml")), &c, yaml.AllowDuplicateMapKey()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"migrate", "seed", "app", "worker", "mysql", "redis"} {
		if _, ok := c.Services[name]; !ok {
			t.Errorf("service %s is missing", name)
		}
	}
	for name, s := range c.Services {
		for on, how := range s.DependsOn {
			other, ok := c.Services[on]
			switch {
			case !ok:
				t.Errorf("%s waits for %s, which does not exist", name, on)
			case how.Condition == "service_healthy" && len(other.Healthcheck.Test) == 0:
				t.Errorf("%s waits for the health of %s, which has no check", name, on)
			case how.Condition == "service_started" || how.Condition == "":
				t.Errorf("%s does not wait until %s is ready", name, on)
			}
		}
		if _, tag, ok := strings.Cut(s.Image, ":"); !ok || tag == "latest" {
			t.Errorf("%s: the image %q is not pinned", name, s.Image)
		}
		for _, p := range s.Ports {
			if !strings.HasPrefix(p, "127.0.0.1:") {
				t.Errorf("%s: port %s is open to the outside", name, p)
			}
		}
		for key, value := range s.Environment {
			if strings.Contains(key, "PASSWORD") && value != "yes" && !strings.Contains(value, ":?") {
				t.Errorf("%s: %s has a default", name, key)
			}
		}
	}
	order := func(service, needs, condition string) {
		if got := c.Services[service].DependsOn[needs].Condition; got != condition {
			t.Errorf("%s waits for %s with %q, want %q", service, needs, got, condition)
		}
	}
	order("migrate", "mysql", "service_healthy")
	order("seed", "migrate", "service_completed_successfully")
	for _, s := range []string{"app", "worker"} {
		order(s, "seed", "service_completed_successfully")
		order(s, "mysql", "service_healthy")
		order(s, "redis", "service_healthy")
	}
	if cmd := strings.Join(c.Services["redis"].Command, " "); !strings.Contains(cmd, "--appendfsync always") || !strings.Contains(cmd, "noeviction") {
		t.Error("redis may lose messages that were acknowledged (docs/adr/0006)")
	}
}

// TestImage holds the program's version to go.mod's, and the image to a user
// without rights.
func TestImage(t *testing.T) {
	docker := repoFile(t, "Dockerfile")
	want := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(repoFile(t, "go.mod"))[1]
	got := regexp.MustCompile(`golang:(\d+\.\d+)-`).FindStringSubmatch(docker)
	if got == nil || got[1] != want {
		t.Errorf("the image is built with Go %v, go.mod says %s", got, want)
	}
	for _, line := range []string{"CGO_ENABLED=0", "\nUSER 10001", "\nHEALTHCHECK ", "/healthz"} {
		if !strings.Contains(docker, line) {
			t.Errorf("the Dockerfile has lost %q", line)
		}
	}
}

// TestMetricsInDocs finds metrics that operators are told to watch but that do
// not exist.
func TestMetricsInDocs(t *testing.T) {
	name := regexp.MustCompile(`\bduban_[a-z_]+`)
	known := name.FindAllString(repoFile(t, "internal/obs/metrics.go"), -1)
	told := name.FindAllString(repoFile(t, "docs/operator/daily.zh-CN.md"), -1)
	if len(told) == 0 {
		t.Fatal("no metrics in docs/operator/daily.zh-CN.md")
	}
	for _, m := range told {
		if !slices.Contains(known, m) {
			t.Errorf("docs/operator/daily.zh-CN.md names %s, which does not exist", m)
		}
	}
}

func repoFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(path.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
