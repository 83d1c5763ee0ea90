package notice

import "testing"

func TestCallStep(t *testing.T) {
	for _, ring := range []string{"", "app", "phone"} {
		for n := range 12 {
			step, got, ok := Notice{Step: CallStep(n, ring)}.Call()
			if step != n || got != ring || !ok {
				t.Errorf("call %d %q is read as %d %q, %v", n, ring, step, got, ok)
			}
		}
	}
	for _, other := range []string{"", "urge", "due/yellow", "via/wecom", "call", "call/x/app"} {
		if _, _, ok := (Notice{Step: other}).Call(); ok {
			t.Errorf("%q is taken for a call", other)
		}
	}
}
