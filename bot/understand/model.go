package understand

import (
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The learned judgement weighs the words of a message and what the rules found in
// it. Its weights are counted from the labelled messages in testdata/corpus by
// `go test ./bot/understand -run TestModel -update`; nothing of it is fetched or
// learned while the program runs.
//
//go:embed model.tsv
var modelFile string

// model holds what each feature says for and against each command.
type model struct {
	commands []Command
	weights  map[string][]weight
}

type weight struct {
	command int
	value   float32
}

// scale is how the file writes weights: as whole hundredths.
const scale = 100

// readModel reads the form that writeModel wrote: the commands, then a feature a line.
func readModel(file string) (*model, error) {
	head, rest, _ := strings.Cut(file, "\n")
	m := &model{weights: make(map[string][]weight, strings.Count(rest, "\n"))}
	for _, c := range strings.Split(head, "\t") {
		m.commands = append(m.commands, Command(c))
	}
	for line := range strings.Lines(rest) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		row := make([]weight, 0, len(parts)-1)
		for _, p := range parts[1:] {
			command, value, ok := strings.Cut(p, ":")
			k, err1 := strconv.Atoi(command)
			v, err2 := strconv.Atoi(value)
			if !ok || err1 != nil || err2 != nil || k < 0 || k >= len(m.commands) {
				return nil, fmt.Errorf("model: feature %q has a bad weight", parts[0])
			}
			row = append(row, weight{k, float32(v) / scale})
		}
		m.weights[unescape.Replace(parts[0])] = row
	}
	return m, nil
}

// Features may hold the signs that the file is built with.
var (
	escape   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n")
)

// Guess is a command and how likely it is meant, 0..1.
type Guess struct {
	Command Command
	Chance  float64
}

// judge returns the likeliest commands, best first, the unlikely ones left out.
func (m *model) judge(features []string) []Guess {
	sum := make([]float64, len(m.commands))
	slices.Sort(features)
	features = slices.Compact(features)
	known := 0
	for _, f := range features {
		if row, ok := m.weights[f]; ok {
			known++
			for _, w := range row {
				sum[w.command] += float64(w.value)
			}
		}
	}
	norm := 4 / math.Sqrt(float64(known+1))
	for k := range sum {
		sum[k] *= norm
	}
	top := slices.Max(sum)
	total := 0.0
	for k := range sum {
		sum[k] = math.Exp(sum[k] - top)
		total += sum[k]
	}
	var out []Guess
	for k, v := range sum {
		if p := v / total; p >= 0.02 {
			out = append(out, Guess{m.commands[k], p})
		}
	}
	slices.SortStableFunc(out, func(a, b Guess) int { return cmp.Compare(b.Chance, a.Chance) })
	return out
}
