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

// Two judgements are learned: what a message is for, and what kind of hazard it tells
// of. Each weighs the words of a text and what the rules found in it. The weights are
// counted from the labelled messages in testdata/corpus by
// `go test ./bot/understand -run TestModels -update`; nothing is fetched or learned
// while the program runs.
var (
	//go:embed learned/command.tsv
	commandWeights string
	//go:embed learned/category.tsv
	categoryWeights string
)

// model holds what each feature says for and against each class.
type model struct {
	classes []string
	weights map[string][]weight
}

type weight struct {
	class int
	value float32
}

// scale is how the file writes weights: as whole hundredths.
const scale = 100

// readModel reads the form that the test writes: the classes, then a feature a line.
func readModel(file string) (*model, error) {
	head, rest, _ := strings.Cut(file, "\n")
	m := &model{weights: make(map[string][]weight, strings.Count(rest, "\n"))}
	m.classes = strings.Split(head, "\t")
	for line := range strings.Lines(rest) {
		parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		row := make([]weight, 0, len(parts)-1)
		for _, p := range parts[1:] {
			class, value, ok := strings.Cut(p, ":")
			k, err1 := strconv.Atoi(class)
			v, err2 := strconv.Atoi(value)
			if !ok || err1 != nil || err2 != nil || k < 0 || k >= len(m.classes) {
				return nil, fmt.Errorf("model: feature %q has a bad weight", parts[0])
			}
			row = append(row, weight{k, float32(v) / scale})
		}
		m.weights[unescape.Replace(parts[0])] = row
	}
	return m, nil
}

// mustRead reads a file that is part of the program.
func mustRead(file string) *model {
	m, err := readModel(file)
	if err != nil {
		panic(err)
	}
	return m
}

// Features may hold the signs that the file is built with.
var (
	escape   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`)
	unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n")
)

// share is a class and how likely it is, 0..1.
type share struct {
	class  string
	chance float64
}

// negligible is the chance below which a class is not listed.
const negligible = 0.02

// judge returns the likeliest classes, best first. It sorts features.
func (m *model) judge(features []string) []share {
	sum := make([]float64, len(m.classes))
	slices.Sort(features)
	known := 0
	for _, f := range slices.Compact(features) {
		row, ok := m.weights[f]
		if ok {
			known++
		}
		for _, w := range row {
			sum[w.class] += float64(w.value)
		}
	}
	softmax(sum, damp(known))
	var out []share
	for k, p := range sum {
		if p >= negligible {
			out = append(out, share{m.classes[k], math.Round(p*1e4) / 1e4})
		}
	}
	slices.SortStableFunc(out, func(a, b share) int { return cmp.Compare(b.chance, a.chance) })
	return out
}

// damp keeps a long text, which has many features, from being judged with more
// certainty than a short one.
func damp(features int) float64 { return 4 / math.Sqrt(float64(features+1)) }

// softmax turns sums of weights, damped, into chances.
func softmax(sum []float64, damp float64) {
	top, total := slices.Max(sum), 0.0
	for k := range sum {
		sum[k] = math.Exp((sum[k] - top) * damp)
		total += sum[k]
	}
	for k := range sum {
		sum[k] /= total
	}
}

// Guess is a command and how likely it is meant, 0..1.
type Guess struct {
	Command Command `json:"command"`
	Chance  float64 `json:"chance"`
}

// guess judges what a message is for.
func (p *Parser) guess(features []string) []Guess {
	var out []Guess
	for _, s := range p.commands.judge(features) {
		out = append(out, Guess{Command(s.class), s.chance})
	}
	return out
}
