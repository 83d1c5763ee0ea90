package hazard

import (
	"strings"
	"testing"
)

func TestWhoHearsOfAHazard(t *testing.T) {
	for _, c := range []struct {
		name, reporter string
		list           []Follower
		want           string // reporters / followers
	}{
		{"nobody said anything", "a", nil, "a/"},
		{"the reporter had enough", "a", []Follower{{1, "a", Mutes}}, "/"},
		{"the reporter follows the own one", "a", []Follower{{1, "a", Follows}}, "a/"},
		{"others follow", "a", []Follower{{1, "b", Follows}, {1, "c", NoWish}, {1, "d", Mutes}}, "a/b"},
		{"what was merged into it", "a", []Follower{{1, "b", FiledIt}, {1, "c", Follows}}, "a b/c"},
		{"nobody is known to have filed it", "", []Follower{{1, "b", Follows}}, "/b"},
	} {
		a := AudienceOf(Hazard{ID: 1, Reporter: c.reporter}, c.list)
		if got := strings.Join(a.Reporters, " ") + "/" + strings.Join(a.Followers, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
