package command

import (
	"regexp"
	"slices"

	"duban/internal/hazard"
)

// betweenWords are what stands between the words by which people name a hazard.
var betweenWords = regexp.MustCompile(`[\s,，。、；;：:的那这个条处了和]+`)

// mostWords bounds what one search asks the database for.
const mostWords = 8

// byWords keeps the hazards that the words fit best. list is what the filter leaves, the
// newest first; where it holds no more than a part, older ones with these very words are
// read as well, so that nothing is out of reach.
func (s *session) byWords(list []hazard.Hazard, f hazard.Filter, words string) ([]hazard.Hazard, error) {
	if f.Words = searchWords(words); len(list) < f.Limit || len(f.Words) == 0 {
		return withWords(list, words), nil
	}
	older, err := s.tx.Hazards(s.ctx, f)
	if err != nil {
		return nil, err
	}
	for _, h := range older {
		if !slices.ContainsFunc(list, func(o hazard.Hazard) bool { return o.ID == h.ID }) {
			list = append(list, h)
		}
	}
	return withWords(list, words), nil
}

// searchWords cuts what names a hazard into words that have to be there: 食堂燃气软管 means
// 食堂后厨燃气软管 as well.
func searchWords(words string) []string {
	var out []string
	for _, part := range betweenWords.Split(words, -1) {
		r := []rune(part)
		for len(r) > 3 {
			out, r = append(out, string(r[:2])), r[2:]
		}
		if len(r) > 0 {
			out = append(out, string(r))
		}
	}
	return out[:min(len(out), mostWords)]
}
