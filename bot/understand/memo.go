package understand

import "strings"

// memo keeps what several rules and the judgement ask of the same text. A message is
// read by one goroutine, so it needs no lock.
type memo struct {
	asks, wrong, done, fixed *bool
	category                 *topicOf
	place                    *string
	dates                    [2][]when
	dated                    [2]bool
	filters                  []string
	filtered                 bool
}

// topicOf is the category of a hazard and how sure its words make it.
type topicOf struct {
	name  string
	score int
}

func remember[T any](at **T, find func() T) T {
	if *at == nil {
		v := find()
		*at = &v
	}
	return **at
}

// wrong reports whether the text tells of something being wrong.
func (m *message) wrong() bool {
	return remember(&m.memo.wrong, func() bool { return defective(m.text) })
}

// done reports whether the text tells of something being finished.
func (m *message) done() bool {
	return remember(&m.memo.done, func() bool { return finished(m.text) })
}

func (m *message) fixed() bool {
	return remember(&m.memo.fixed, func() bool { return fixedNow(m.text) })
}

func (m *message) place() string {
	return remember(&m.memo.place, func() string {
		if name, from, to := schoolIn(m.roster, m.text); name != "" { // a school's name may hold a place's: 石码头小学
			if at := placeRest.FindString(m.text[to:]); at != "" {
				return strings.TrimPrefix(at, "的")
			}
			return placeOf(m.text[:from] + " " + m.text[to:])
		}
		return placeOf(m.text)
	})
}

// category returns what kind of hazard the text is about, and how sure that is.
func (m *message) category() (name string, score int) {
	c := remember(&m.memo.category, func() topicOf {
		name, score := categoryOf(m.text)
		return topicOf{name, score}
	})
	return c.name, c.score
}

// dates returns the dates of the text; callers must not change them.
func (m *message) dates(dir direction) []when {
	if !m.memo.dated[dir] {
		m.memo.dated[dir], m.memo.dates[dir] = true, m.reader(dir).dates(m.text)
	}
	return m.memo.dates[dir]
}
