package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
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

// NodeModules makes sure that Node is there, and the libraries that a folder's lock file
// names. Without them the test is left out, unless RequireEnv names npm.
func NodeModules(t testing.TB, dir string) {
	t.Helper()
	Programs(t, "npm", "node")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err == nil {
		return
	}
	if required("npm") {
		t.Fatalf("npm is required, and nothing is installed in %s", dir)
	}
	t.Skipf("nothing is installed in %s: make conformance does it", dir)
}
