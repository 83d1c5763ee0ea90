package scenario

import (
	"strings"
	"testing"

	"duban/internal/store"
	"duban/seeds"
)

// A running escalation keeps the version of the policies it began with; what begins
// later goes by the new one.
func TestARunningRoundKeepsItsPolicies(t *testing.T) {
	each(t, setup{now: "2025-09-14T12:00:00+08:00"}, func(w *world) {
		w.settle()
		body := strings.Replace(string(seeds.Policies()), "        - {at: 1, to: section_chief}\n", "", 1) // of the profile deadline
		w.ok(w.store().Within(w.ctx, func(tx *store.Tx) error {
			v, fresh, err := tx.SavePolicies(w.ctx, []byte(body), w.clock.Now())
			if v != 2 || !fresh {
				t.Errorf("version %d, fresh %v", v, fresh)
			}
			return err
		}))
		w.stop(w.nodes[0])
		w.node() // learns the new version at once
		w.until("2025-09-16 12:00")
		if got := strings.Join(to(w.take(), "zhicheng-guzhang"), ""); !strings.Contains(got, "12-7 ") {
			t.Errorf("the round lost a level it began with: %q", got)
		}
		w.wecom("wenchang-jia", "上报隐患 配电房门没锁")
		w.settle()
		w.take()
		w.same("versions of the items' rounds", w.query("SELECT MAX(policy_version) FROM chases WHERE subject_kind = 'assignment'"), "1")
		w.same("version of the new round", w.query("SELECT MIN(policy_version) FROM chases WHERE subject_kind = 'hazard'"), "2")
	})
}
