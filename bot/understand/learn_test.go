package understand

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"sort"
	"strings"
	"testing"
)

type ex struct {
	f []int
	y int
	text, cmd string
}

func load(files ...string) [][2]string {
	var out [][2]string
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil { continue }
		for i, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
			p := strings.Split(l, "\t")
			if i == 0 || len(p) != 3 || strings.HasPrefix(l, "#") { continue }
			out = append(out, [2]string{p[0], p[1]})
		}
	}
	return out
}

func (p *Parser) lineMessage(line string) (*message, string, Intent) {
	in := Input{Addressed: true, Now: now}
	line = strings.ReplaceAll(line, `\n`, "\n")
	if m := quoteMark.FindStringSubmatch(line); m != nil {
		in.Quote = m[1]
		line = strings.Replace(line, m[0], "", 1)
	}
	in.Attachments = len(attachmentMark.FindAllStringIndex(line, -1))
	in.Text = attachmentMark.ReplaceAllString(line, " ")
	m := p.message(in)
	for _, r := range p.rules {
		if it, ok := r.match(m); ok {
			return m, r.why, finish(m, r, it)
		}
	}
	return m, "none", Intent{Command: None}
}

func TestLearn(t *testing.T) {
	if os.Getenv("LEARN") == "" { t.Skip() }
	p := parser()
	train := load(strings.Fields(os.Getenv("TRAIN"))...)
	test := load(strings.Fields(os.Getenv("TEST"))...)
	norule := os.Getenv("NORULE") != ""
	count := map[string]int{}
	for _, r := range train {
		m, why, it := p.lineMessage(r[0])
		seen := map[string]bool{}
		for _, f := range m.features(why, it.Command) {
			if norule && strings.HasPrefix(f, "=rule") { continue }
			if !seen[f] { seen[f] = true; count[f]++ }
		}
	}
	ids := map[string]int{}
	for f, n := range count { if n >= 2 { ids[f] = len(ids) } }
	classes := map[string]int{}
	var names []string
	enc := func(r [2]string) ex {
		m, why, it := p.lineMessage(r[0])
		var e ex
		e.text = r[0]; e.cmd = string(it.Command)
		seen := map[int]bool{}
		for _, f := range m.features(why, it.Command) {
			if id, ok := ids[f]; ok && !seen[id] { seen[id] = true; e.f = append(e.f, id) }
		}
		if _, ok := classes[r[1]]; !ok { classes[r[1]] = len(names); names = append(names, r[1]) }
		e.y = classes[r[1]]
		return e
	}
	var tr, te []ex
	for _, r := range train { tr = append(tr, enc(r)) }
	for _, r := range test { te = append(te, enc(r)) }
	K, F := len(names), len(ids)
	w := make([][]float64, F); g2 := make([][]float64, F)
	for i := range w { w[i] = make([]float64, K); g2[i] = make([]float64, K) }
	rng := rand.New(rand.NewPCG(1, 2))
	lr, l2 := 0.3, 1e-4
	score := func(e ex) []float64 {
		s := make([]float64, K)
		nrm := 1.0
		for _, f := range e.f { for k := range s { s[k] += w[f][k] * nrm } }
		return s
	}
	for ep := 0; ep < 15; ep++ {
		rng.Shuffle(len(tr), func(i, j int) { tr[i], tr[j] = tr[j], tr[i] })
		for _, e := range tr {
			s := score(e)
			mx := s[0]; for _, v := range s { mx = math.Max(mx, v) }
			z := 0.0
			for k := range s { s[k] = math.Exp(s[k] - mx); z += s[k] }
			for k := range s {
				g := s[k] / z
				if k == e.y { g -= 1 }
				if math.Abs(g) < 1e-4 { continue }
				for _, f := range e.f {
					gg := g + l2*w[f][k]
					g2[f][k] += gg * gg
					w[f][k] -= lr * gg / (1 + math.Sqrt(g2[f][k]))
				}
			}
		}
	}
	ok, rule := 0, 0
	conf := map[string]int{}
	for _, e := range te {
		s := score(e)
		b := 0
		for k := range s { if s[k] > s[b] { b = k } }
		if b == e.y { ok++ } else { conf[names[e.y]+" -> "+names[b]]++
			if os.Getenv("SHOW") != "" { t.Logf("%s: %s, want %s (rule %s)", e.text, names[b], names[e.y], e.cmd) } }
		if e.cmd == names[e.y] { rule++ }
	}
	fmt.Printf("train %d features %d classes %d: learned %.1f%%  rules %.1f%%\n", len(tr), F, K, 100*float64(ok)/float64(len(te)), 100*float64(rule)/float64(len(te)))
	var cs []string
	for c, n := range conf { cs = append(cs, fmt.Sprintf("%3d %s", n, c)) }
	sort.Sort(sort.Reverse(sort.StringSlice(cs)))
	if os.Getenv("CONF") != "" { for _, c := range cs { fmt.Println(c) } }
}
