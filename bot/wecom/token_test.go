package wecom

import (
	"context"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"duban/bot"
)

// A sender that comes late with a refused token must not throw away, or distrust,
// the newer one that another sender has fetched meanwhile.
func TestLateRefusalLeavesTheNewTokenAlone(t *testing.T) {
	fetches := 0
	tk := &tokens{
		timeout: time.Second, now: func() time.Time { return time.Unix(0, 0) }, log: slog.New(slog.DiscardHandler),
		fetch: func(context.Context) (string, time.Duration, error) {
			fetches++
			return "tok-" + strconv.Itoa(fetches), time.Hour, nil
		},
	}
	get := func(want string) {
		t.Helper()
		if got, err := tk.GetAccessToken(); got != want || err != nil {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
	}
	get("tok-1")
	tk.drop("tok-1")
	get("tok-2")
	tk.drop("tok-1")
	get("tok-2")
	tk.distrust("tok-1", fail(bot.Config, "token_rejected", nil))
	get("tok-2")
	tk.distrust("tok-2", fail(bot.Config, "token_rejected", nil))
	if got, err := tk.GetAccessToken(); got != "" || bot.ClassOf(err) != bot.Config || fetches != 2 {
		t.Errorf("got %q, %v after %d fetches", got, err, fetches)
	}
}
