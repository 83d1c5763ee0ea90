package understand

import (
	"strings"
	"time"

	"duban/internal/calendar"
)

// Parser understands messages. It holds only what was built once, so one Parser
// serves any number of goroutines.
type Parser struct {
	workdays   Workdays
	homophones *homophones
	sounds     sounds
	roster     *Roster // for messages without one
	commands   *model  // what a message is for
	categories *model  // what kind of hazard it tells of
	sure       []rule  // these decide
	rules      []rule  // these propose
}

// rule is one way to understand a message. The first rule that accepts decides.
type rule struct {
	why   string
	match func(*message) (Intent, bool)
}

// New returns a Parser that counts working days with w; nil means Monday to
// Friday.
func New(w Workdays) *Parser {
	if w == nil {
		w = weekdays{}
	}
	table := syllables()
	p := &Parser{workdays: w, sounds: newSounds(table), homophones: newHomophones(repaired, table), sure: sure(), rules: rules()}
	p.commands, p.categories = mustRead(commandWeights), mustRead(categoryWeights)
	p.roster = p.usual()
	return p
}

// sure are the rules that nothing overrules.
func sure() []rule {
	return []rule{
		{"guard", guard},
		{"overheard", overheard},
		{"pending answer", pendingAnswer},
		{"attachments only", attachmentsOnly},
		{"bulk", bulk},
		{"a command's name", bareName},
		{"a set of hazards", hazardSet},
	}
}

// rules is the order of proposals, from the most particular commands to the most
// general. A hazard's or item's own verbs come before questions, and reports come last
// because almost any sentence could be one.
func rules() []rule {
	return []rule{
		{"help", help},
		{"document", document},
		{"small talk", smallTalk},
		{"unbind", unbind},
		{"bind", bind},
		{"quiet", quiet},
		{"feedback", feedback},
		{"delegate", delegate},
		{"undo", undo},
		{"hazard merge", hazardMerge},
		{"hazard void", hazardVoid},
		{"hazard supervise", hazardSupervise},
		{"hazard grade", hazardGrade},
		{"hazard reopen", hazardReopen},
		{"hazard review", hazardReview},
		{"hazard close", hazardClose},
		{"dialogue word", dialogueWord},
		{"broadcast", broadcast},
		{"recurring task", recurringTask},
		{"review of extension", reviewExtend},
		{"extension", extend},
		{"review of item", reviewTask},
		{"reassign", reassign},
		{"export", export},
		{"digest", digest},
		{"create task", createTask},
		{"urge", urge},
		{"acknowledge", ack},
		{"statistics", stats},
		{"zero report", zeroReport},
		{"hazard query", queryHazard},
		{"hazard filed", reportHazardNamed},
		{"hazard fix", hazardFix},
		{"task query", queryTask},
		{"progress", reportProgress},
		{"hazard seen", reportHazardSeen},
		{"progress without reference", progressByWords},
		{"picture with words", clarifyPicture},
	}
}

// Parse understands one message. It never fails: what it cannot place is None,
// or Clarify when the robot was spoken to with nothing but attachments. The text
// may be of any length; only the first 1200 characters are matched.
//
// Plain words of danger, overheard words, answers to an open question, commands over
// everything and the forms that the help teaches are decided by rules alone. For the rest
// a rule proposes and the learned judgement decides, which weighs the proposal together
// with the words.
func (p *Parser) Parse(in Input) Intent {
	m := p.message(in)
	for _, r := range p.sure {
		if it, ok := r.match(m); ok {
			return finish(m, r.why, it)
		}
	}
	why, it := p.propose(m)
	return p.decide(m, why, it)
}

// doubt is below what chance the asker's own items are asked for advice.
const doubt = 0.6

// withItems picks what a message is for. Where that is in doubt and the words name one of
// the asker's own items, it is about that item.
func (m *message) withItems(guesses []Guess) Guess {
	if guesses[0].Chance >= doubt || len(m.in.View.Items) == 0 {
		return guesses[0]
	}
	named := Resolve(m.in.View, TaskRef{Keyword: topic(m.text)})
	if len(named) == 0 || len(named) > 2 {
		return guesses[0]
	}
	for _, g := range guesses {
		if g.Command == ReportProgress || g.Command == QueryTask {
			return Guess{g.Command, doubt}
		}
	}
	return guesses[0]
}

// Read reads a message as the command that its author says it is.
func (p *Parser) Read(in Input, c Command) Intent {
	m := p.message(in)
	it, _ := m.as(c)
	return finish(m, "said to be "+string(c), it)
}

// propose is what the rules make of a message.
func (p *Parser) propose(m *message) (why string, it Intent) {
	for _, r := range p.rules {
		if it, ok := r.match(m); ok {
			return r.why, finish(m, r.why, it)
		}
	}
	return "no rule", Intent{Command: None, Why: "no rule"}
}

// decide weighs the proposal. Where the judgement is of another mind, the message is
// read as what it holds for likeliest.
func (p *Parser) decide(m *message, why string, it Intent) Intent {
	if m.plain(it) {
		return it
	}
	guesses := p.guess(m.features(why, it.Command))
	best := m.withItems(guesses)
	if danger, ok := m.danger(guesses); ok {
		best = danger
	} else if best.Command == Emergency || best.Command == Sensitive {
		best = harmless(guesses)
	}
	if best.Command != it.Command {
		it, _ = m.as(best.Command)
		it = finish(m, "judged, where the rules said: "+why, it)
	}
	it.Confidence, it.Guesses = best.Chance, guesses
	return it
}

func finish(m *message, why string, it Intent) Intent {
	if it.Why == "" {
		it.Why = why
	}
	if it.Confidence == 0 {
		it.Confidence = 1
	}
	if it.Command != None && it.Command != Sensitive {
		it.Slots.Attachments = m.in.Attachments
	}
	return it
}

// message is one message prepared for the rules.
type message struct {
	p      *Parser
	in     Input
	body   string // as written, cleaned
	text   string // normalized
	core   string // text without greetings, fillers and closing particles
	quote  string // normalized
	today  calendar.Date
	roster *Roster
	task   *TaskRef
	ids    []int // hazard numbers written as such
	memo   memo
	alarms []string // the kinds of danger whose words occur
}

func (p *Parser) message(in Input) *message {
	loc := in.Now.Location()
	if loc == nil {
		loc = time.UTC
	}
	m := &message{p: p, in: in, body: clean(in.Text), today: calendar.In(in.Now, loc)}
	if m.roster = in.View.Roster; m.roster == nil {
		m.roster = p.roster
	}
	m.text = strings.TrimSpace(p.normalize(m.body))
	m.quote = p.normalize(clean(in.Quote))
	m.core = coreOf(m.text)
	m.task = taskRef(m.text)
	m.ids = hazardIDs(m.text)
	return m
}

// fillers open a sentence without meaning anything.
var fillers = []string{"那个那个", "那个,", "嗯,", "嗯 ", "呃", "额,", "诶", "哎", "你好", "您好", "麻烦你", "麻烦", "请问", "请帮我", "帮我", "帮忙",
	"我想问一下", "我想问下", "我想问", "想问一下", "想问下", "问一下", "问下", "小督", "助手", "督办助手", "我想", "我要", "哈喽", "@"}

// coreOf strips what politeness and habit put around a sentence.
func coreOf(s string) string {
	s = trimPrefixes(s, fillers...)
	s = strings.TrimRight(s, " ,。!~.;、")
	for again := true; again; {
		again = false
		for _, w := range []string{"哈", "呀", "啊", "吧", "哦", "喔", "哟", "啦", "谢谢", "谢了", "一下"} {
			if t := strings.TrimSuffix(s, w); t != s && t != "" {
				s, again = strings.TrimRight(t, " ,。!"), true
			}
		}
	}
	return s
}

func (m *message) reader(dir direction) reader {
	return reader{today: m.today, workdays: m.p.workdays, dir: dir}
}

// asks reports whether the text is a question.
func (m *message) asks() bool {
	return remember(&m.memo.asks, func() bool { return asking(m.text) })
}

func asking(s string) bool {
	return has(s, "?", "吗", "多少", "哪", "什么", "怎么", "如何", "谁", "有没有", "是不是", "来着", "咋", "几时", "几号", "几项", "几条", "几个", "几处", "几样", "几家", "啥", "哪步", "了没", "没呢", "好没", "呢")
}

func (m *message) runes() int { return len([]rune(m.core)) }

// do builds an accepted Intent.
func do(c Command, s Slots, missing ...string) (Intent, bool) {
	return Intent{Command: c, Slots: s, Missing: missing}, true
}

func no() (Intent, bool) { return Intent{}, false }
