package script

import (
	"slices"

	"duban/seeds"
)

// Everywhere gives everybody who has an account on one platform one on the other,
// so that each can be heard on both.
func Everywhere(accounts []seeds.Account) []seeds.Account {
	out := slices.Clone(accounts)
	for _, platform := range []string{"wecom", "dingtalk"} {
		for _, a := range accounts {
			has := slices.ContainsFunc(out, func(b seeds.Account) bool { return b.Person == a.Person && b.Platform == platform })
			if !has {
				out = append(out, seeds.Account{Person: a.Person, Platform: platform, UserID: a.Person})
			}
		}
	}
	return out
}
