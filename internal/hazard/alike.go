package hazard

import "strings"

// Alike reports whether two hazards of one unit sound like the same one: the same place,
// the same category, and words about the same thing. 油烟机漏油 and 冰箱里有过期的肉 in one
// canteen are two.
func Alike(a, b Hazard) bool {
	if strings.TrimSpace(a.Desc) == strings.TrimSpace(b.Desc) {
		return a.Location == b.Location
	}
	return a.Location != "" && a.Location == b.Location && a.Category == b.Category && a.Category != Other &&
		SameMatter(a.Without(a.Location), b.Without(b.Location))
}

// Without is what a hazard's description says beside its place.
func (h Hazard) Without(place string) string {
	if rest := strings.TrimSpace(strings.Replace(h.Desc, place, "", 1)); rest != "" {
		return rest
	}
	return h.Desc
}

// SameMatter reports whether two descriptions share a character that names something. One
// is enough: people write 灯不亮 and 灯坏了, 地砖 and 瓷砖.
func SameMatter(a, b string) bool {
	for _, r := range a {
		if !strings.ContainsRune(common, r) && strings.ContainsRune(b, r) {
			return true
		}
	}
	return false
}

// common are the characters that name nothing: signs, particles, numbers and what can be
// said of anything that is not in order.
const common = " \t\n,.:;!?，。：；！？、“”（）()-0123456789" +
	"的了是在有没不无未还很都也就又太已经着过把被和与及这那个处条些一二三四五六七八九十两几多少大小新老旧" +
	"坏损破裂松掉漏断动亮响停锈翘开关好上下里外边前后左右中间面旁口东西南北楼层号请尽快来人我们他学校隐患问题危险安全容易可能要会能"
