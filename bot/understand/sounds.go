package understand

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// sound is how a character is spoken, without tone and without the differences
// that much of the south does not make: zh and z, l and n, f and hu, -ng and -n.
type sound string

// silent is the sound of what is no Chinese character.
const silent sound = ""

// sounds knows how characters are spoken.
type sounds map[rune]sound

// syllables returns the first reading of every common character, without tone.
func syllables() map[rune]string {
	table := make(map[rune]string, 21000)
	args := pinyin.NewArgs()
	for r := rune(0x4E00); r <= 0x9FA5; r++ {
		if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
			table[r] = p[0]
		}
	}
	return table
}

func newSounds(table map[rune]string) sounds {
	s := make(sounds, len(table))
	for r, p := range table {
		s[r] = southern(p)
	}
	return s
}

func (s sounds) of(rs []rune) []sound {
	out := make([]sound, len(rs))
	for i, r := range rs {
		out[i] = s[r]
	}
	return out
}

// southern blurs a syllable.
func southern(p string) sound {
	for _, pair := range [][2]string{{"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"n", "l"}, {"hu", "f"}} {
		if rest, ok := strings.CutPrefix(p, pair[0]); ok {
			p = pair[1] + rest
			break
		}
	}
	if strings.HasPrefix(p, "fu") && len(p) > 2 {
		p = "f" + p[2:]
	}
	return sound(strings.TrimSuffix(p, "g"))
}
