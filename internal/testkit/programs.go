package testkit

import (
	"os/exec"
	"testing"
)

// Programs makes sure that the programs a test runs are there. Without them the test
// is left out, unless RequireEnv names what they belong to.
func Programs(t testing.TB, what string, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if required(what) {
			t.Fatalf("%s is required, and %s is missing", what, name)
		}
		t.Skipf("%s is missing", name)
	}
}
