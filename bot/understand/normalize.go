package understand

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// maxRunes caps the text that is matched. What people type to a robot is short;
// a longer text is a forwarded document, recognised by its beginning.
const maxRunes = 1200

var (
	robotMention = compile(`@[^\s@]*(?:督办|助手|机器人|小督|[Bb][Oo][Tt])[^\s@]*[\s\x{2005}]*`)
	otherMention = compile(`@[\p{Han}A-Za-z][^\s@]*`)
)

// clean returns the text as its author meant it to be read: valid UTF-8, the
// robot's own mention removed, trimmed and capped.
func clean(s string) string {
	if len(s) > maxRunes*8 {
		s = s[:maxRunes*8]
	}
	s = strings.ToValidUTF8(s, "")
	if strings.Contains(s, "@") {
		s = robotMention.ReplaceAllString(s, "")
	}
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > maxRunes {
		s = string([]rune(s)[:maxRunes])
	}
	return s
}

// normalize returns the form of a cleaned text that rules match: half-width,
// simplified, dashes and blanks unified, misspelt terms repaired and Chinese
// numerals before a unit written in digits. Letters are upper case.
func (p *Parser) normalize(s string) string {
	s = fold(s)
	s = joinSpaced(s)
	s = p.homophones.repair(s)
	s = mandarin.Replace(s)
	return digits(s)
}

// fold maps characters one by one.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := false
	for _, r := range s {
		r = foldRune(r)
		if r == ' ' {
			blank = b.Len() > 0
			continue
		}
		if r < 0 {
			continue
		}
		if blank && r != '\n' {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}

// foldRune returns the plain form of r, -1 for what carries no meaning.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		switch {
		case r == '\n':
			return r
		case r <= ' ':
			return ' '
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}
	switch r {
	case '—', '–', '－', '―', '‐', '−':
		return '-'
	case '～', '〜':
		return '~'
	case '“', '”', '「', '」', '『', '』', '"', '\uFEFF', '\u200B', '\u200D':
		return -1
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	if k := width.LookupRune(r); k.Kind() == width.EastAsianFullwidth {
		return foldRune(k.Narrow())
	}
	return r
}

// joinSpaced undoes a letter-spaced text: three or more single characters in a
// row become one word.
func joinSpaced(s string) string {
	if strings.Count(s, " ") < 2 {
		return s
	}
	words := strings.Split(s, " ")
	var out []string
	for i := 0; i < len(words); {
		j := i
		for j < len(words) && isOneHan(words[j]) {
			j++
		}
		if j-i >= 3 {
			out = append(out, strings.Join(words[i:j], ""))
			i = j
			continue
		}
		out = append(out, words[i])
		i++
	}
	return strings.Join(out, " ")
}

func isOneHan(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == len(s) && unicode.Is(unicode.Han, r)
}

// mandarin writes the words of the region's dialect, as voice input and quick fingers
// leave them, in the common way.
var mandarin = strings.NewReplacer("冇得", "没有", "冇", "没", "哒", "了", "一哈", "一下", "么子", "什么", "何解", "怎么", "晓得", "知道", "细伢子", "小孩", "伢子", "孩子",
	"搞么", "做什么", "莫再", "别再", "莫要", "不要", "还冒", "还没", "蛮", "很", "咯", "了", "嘞", "了", "噻", "吧")

// simplified maps the traditional characters that occur in school matters.
var simplified = pairs("學学校校幾几務务條条報报隱隐進进時时間间題题門门衛卫樓楼電电車车燈灯園园會会長长體体" +
	"導导書书師师開开關关單单號号後后東东縣县鄉乡鎮镇區区個个這这為为與与應应該该還还從从來来對对發发" +
	"現现見见說说話话請请問问讓让給给處处災灾險险總总結结經经過过達达運运動动場场實实驗验藥药廳厅廚厨" +
	"衝冲擊击傷伤嚴严種种類类數数據据點点無无聽听讀读寫写計计劃划財财務务資资級级線线組组網网絡络術术" +
	"備备復复審审銷销擬拟辦办權权變变質质護护欄栏雙双產产業业億亿萬万鬧闹噴喷煙烟滅灭漏漏壞坏舊旧傾倾貼贴")

func pairs(s string) map[rune]rune {
	rs := []rune(s)
	m := make(map[rune]rune, len(rs)/2)
	for i := 0; i+1 < len(rs); i += 2 {
		if rs[i] != rs[i+1] {
			m[rs[i]] = rs[i+1]
		}
	}
	return m
}

// present turns a piece of normalized text back into ordinary Chinese writing.
func present(s string) string {
	s = strings.Trim(s, " \n,.;:。、-~!")
	return strings.NewReplacer(",", "，", ";", "；", "?", "？", "!", "！", "\n", " ").Replace(s)
}
