package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/notice"
)

// roomy is a platform that takes a few people with one call.
type roomy struct {
	bot.Sender
	room int
}

func (r roomy) MaxBatch(bot.Reply) int { return r.room }

func (roomy) SendAll(context.Context, []string, bot.Reply, string) []bot.Fate { return nil }

// What leaves with one call has the same words and tries, different addresses, and
// no more of them than the call may have.
func TestPosts(t *testing.T) {
	m := &Mailer{Senders: map[string]bot.Sender{"wecom": roomy{room: 3}, "dingtalk": roomy{room: 1}}}
	l := func(id int64, platform, batch, to string, tries int) letter {
		return letter{notice.Message{ID: id, Platform: platform, Batch: batch, Attempts: tries}, bot.Target{UserID: to}}
	}
	for name, c := range map[string]struct {
		letters []letter
		want    string
	}{
		"none":                {nil, ""},
		"words of their own":  {[]letter{l(2, "wecom", "", "b", 1), l(1, "wecom", "", "a", 1)}, "1|2"},
		"the same":            {[]letter{l(3, "wecom", "w", "c", 1), l(1, "wecom", "w", "a", 1), l(2, "wecom", "w", "b", 1)}, "1,2,3"},
		"more than a call":    {[]letter{l(1, "wecom", "w", "a", 1), l(2, "wecom", "w", "b", 1), l(3, "wecom", "w", "c", 1), l(4, "wecom", "w", "d", 1)}, "1,2,3|4"},
		"one person twice":    {[]letter{l(1, "wecom", "w", "a", 1), l(2, "wecom", "w", "a", 1), l(3, "wecom", "w", "b", 1)}, "1|2,3"},
		"another try":         {[]letter{l(1, "wecom", "w", "a", 1), l(2, "wecom", "w", "b", 2), l(3, "wecom", "w", "c", 1)}, "1,3|2"},
		"mixed":               {[]letter{l(1, "wecom", "w", "a", 1), l(2, "wecom", "v", "b", 1), l(3, "wecom", "w", "c", 1), l(4, "wecom", "", "d", 1)}, "1,3|2|4"},
		"platform takes one":  {[]letter{l(1, "dingtalk", "w", "a", 1), l(2, "dingtalk", "w", "b", 1)}, "1|2"},
		"platform is not set": {[]letter{l(1, "x", "w", "a", 1), l(2, "x", "w", "b", 1)}, "1|2"},
	} {
		var got []string
		for _, post := range m.posts(slices.Clone(c.letters)) {
			var ids []string
			for _, l := range post {
				ids = append(ids, fmt.Sprint(l.msg.ID))
			}
			got = append(got, strings.Join(ids, ","))
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: %s, want %s", name, s, c.want)
		}
	}
}
