package inspect

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// commas end a part. An enumeration comma does so only before a number.
	commas = regexp.MustCompile(`[，,；;。！!\n]+|、`)
	// fine is a whole part that says all is well; “不正常” is none.
	fine = regexp.MustCompile(`^(其余|其他|其它|别的|剩下|余下)?的?([0-9]+项)?(都|全部|全|均|一切|一律|各项|检查)*` +
		`(正常|没问题|良好|合格|完好|没事|(没有|没|未|无)(发现)?(异常|问题|隐患)|[oO][kK])(的|了)?$`)
	numbered = regexp.MustCompile(`^(第?([0-9]{1,2})(?:[-~到至]([0-9]{1,2}))?)(项|条)?([.．:：)）])?`)
	// counted is what follows a number that counts or names something.
	counted = regexp.MustCompile(`^([0-9.．%％年月日号楼栋层间个具处名人台只米斤度元盏扇条根块张辆次点分秒岁班级把套瓶箱袋盒支两公厘毫平千])`)
	bare    = regexp.MustCompile(`^[0-9]+$`)
	wide    = strings.NewReplacer("０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9", "　", " ")
)

// Read reads what somebody said about a list of so many entries, its name taken
// off. Every word that does not say “in order” ends in an exception or in Loose,
// so that nothing reported is lost; nothing gets the number of an entry unless
// the number was said.
func Read(entries int, text string) Answer {
	r := reader{entries: entries}
	for _, part := range parts(wide.Replace(text)) {
		fields := strings.Fields(part)
		for i, field := range fields {
			if bareCount(fields, i) {
				r.words(field)
				continue
			}
			r.field(field, i == 0)
		}
		r.sealed = true
	}
	return r.answer
}

// bareCount reports whether a field is a number that counts the next field (“少
// 2 具”), or names it (“3 号车”). At the start of a part only the latter is likely.
func bareCount(fields []string, i int) bool {
	if i+1 == len(fields) || !bare.MatchString(fields[i]) {
		return false
	}
	return strings.HasPrefix(fields[i+1], "号") || i > 0 && counted.MatchString(fields[i+1])
}

// parts cuts at commas, and at an enumeration comma where a number follows words.
func parts(text string) []string {
	var all []string
	from := 0
	for _, at := range commas.FindAllStringIndex(text, -1) {
		if text[at[0]:at[1]] == "、" && numbered.FindString(text[at[1]:]) == "" {
			continue
		}
		all = append(all, text[from:at[0]])
		from = at[1]
	}
	return append(all, text[from:])
}

// reader gathers the answer field by field.
type reader struct {
	entries int
	answer  Answer
	open    int  // trailing exceptions the next words belong to; 0: words are loose
	worded  bool // whether those have words yet
	loosely bool // whether the last loose text still goes on
	sealed  bool // a comma came after the last words
	last    int  // the last number said
}

func (r *reader) field(field string, first bool) {
	if m := fine.FindStringSubmatch(field); m != nil {
		r.fine(m[1] != "")
		return
	}
	if from, to, rest, ok := r.number(field, first); ok {
		r.begin(from, to)
		if rest != "" {
			r.field(rest, false)
		}
		return
	}
	r.words(field)
}

// number reads the number of an entry. Within a part only a higher one than the
// last counts, so that “灭火器少 2 具” stays one exception.
func (r *reader) number(field string, first bool) (from, to int, rest string, ok bool) {
	m := numbered.FindStringSubmatch(field)
	if m == nil {
		return 0, 0, "", false
	}
	rest = field[len(m[0]):]
	if m[4] == "条" && !strings.HasPrefix(field, "第") || m[4]+m[5] == "" && counted.MatchString(rest) {
		return 0, 0, "", false
	}
	if m[5] != "" && strings.IndexAny(rest, "0123456789") == 0 {
		return 0, 0, "", false // 3.5 and 12:30 are no entries
	}
	from, _ = strconv.Atoi(m[2])
	to = from
	if m[3] != "" {
		to, _ = strconv.Atoi(m[3])
	}
	if from < 1 || to < from || to > r.entries || !first && from <= r.last {
		return 0, 0, "", false
	}
	return from, to, strings.TrimLeft(rest, "、 "), true
}

// begin opens exceptions; several numbers in a row share the words that follow.
func (r *reader) begin(from, to int) {
	if r.worded {
		r.open, r.worded = 0, false
	}
	for n := from; n <= to; n++ {
		r.answer.Exceptions = append(r.answer.Exceptions, Exception{Entry: n})
		r.open++
	}
	r.last, r.loosely, r.sealed = to, false, false
}

// fine closes what is open. Numbers right before it are in order (“1、2 正常”),
// unless it speaks of the rest (“5，其余正常”).
func (r *reader) fine(rest bool) {
	if r.open > 0 && !r.worded && !r.sealed && !rest {
		r.answer.Exceptions = r.answer.Exceptions[:len(r.answer.Exceptions)-r.open]
	}
	r.answer.Fine = true
	r.open, r.worded, r.loosely = 0, false, false
}

func (r *reader) words(field string) {
	join := " "
	if r.sealed {
		join = "，"
	}
	r.sealed = false
	a := &r.answer
	switch {
	case r.open > 0:
		for i := len(a.Exceptions) - r.open; i < len(a.Exceptions); i++ {
			a.Exceptions[i].Words = joined(a.Exceptions[i].Words, join, field)
		}
		r.worded = true
	case r.loosely:
		a.Loose[len(a.Loose)-1] = joined(a.Loose[len(a.Loose)-1], join, field)
	default:
		a.Loose = append(a.Loose, field)
		r.loosely = true
	}
}

func joined(before, join, after string) string {
	if before == "" {
		return after
	}
	return before + join + after
}
