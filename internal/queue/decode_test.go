package queue

import (
	"slices"
	"testing"
)

// FuzzDecode reads whatever Redis may hold: a task names rows, and what it names survives
// being written again.
func FuzzDecode(f *testing.F) {
	f.Add("fetch", encode(FetchTask(7, 2)))
	f.Add("send", []byte(`{"Rows":[1,2,3]}`))
	f.Add("", []byte(`null`))
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		task, err := decode(kind, payload)
		if err != nil {
			return
		}
		again, err := decode(kind, encode(task))
		if err != nil || !slices.Equal(again.Rows, task.Rows) || again.Type != task.Type {
			t.Errorf("%+v became %+v: %v", task, again, err)
		}
	})
}
