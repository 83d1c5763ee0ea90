package place

import (
	"fmt"
	"strings"
)

// Wanted is one line of a list of places to make.
type Wanted struct {
	Line int
	Unit string // as people call it
	Name string
}

// maxList bounds one list, so that one mistake is not printed by the thousand.
const maxList = 2000

// ReadList reads a list as people write it in a table and save it as text: unit and
// place in a line, between them a comma or a tab. A heading, empty lines and what begins
// with # are passed over. problems name the lines that cannot be read.
func ReadList(text string) (list []Wanted, problems []string) {
	text = strings.TrimPrefix(text, "\ufeff")
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		unit, name, ok := strings.Cut(strings.NewReplacer("，", ",", "\t", ",").Replace(line), ",")
		w := Wanted{Line: i + 1, Unit: strings.Trim(strings.TrimSpace(unit), `"`), Name: strings.Trim(strings.TrimSpace(name), `",`)}
		switch {
		case w.Unit == "单位" || w.Unit == "学校":
		case !ok || w.Unit == "" || w.Name == "":
			problems = append(problems, fmt.Sprintf("第 %d 行要写成“单位,地点”", w.Line))
		default:
			list = append(list, w)
		}
	}
	if len(list) > maxList {
		problems = append(problems, fmt.Sprintf("一次最多 %d 个地点，这里有 %d 个", maxList, len(list)))
	}
	return list, problems
}
