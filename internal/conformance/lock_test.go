package conformance

import (
	"encoding/json"
	"os"
	"testing"
)

// The lock files name versions and checksums and no host: each place has a registry of its
// own, and .npmrc keeps npm from writing it down.
func TestLockFiles(t *testing.T) {
	for _, dir := range []string{".", "../bench/peers"} {
		raw, err := os.ReadFile(dir + "/package-lock.json")
		ok(t, err)
		var lock struct {
			Packages map[string]struct{ Version, Integrity, Resolved string }
		}
		ok(t, json.Unmarshal(raw, &lock))
		if len(lock.Packages) < 3 {
			t.Errorf("%s: only %d packages", dir, len(lock.Packages))
		}
		for name, p := range lock.Packages {
			if name != "" && (p.Version == "" || p.Integrity == "" || p.Resolved != "") {
				t.Errorf("%s: %s has version %q, checksum %q, address %q", dir, name, p.Version, p.Integrity, p.Resolved)
			}
		}
	}
}
