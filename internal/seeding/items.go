package seeding

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"duban/internal/duty"
	"duban/internal/store"
	"duban/seeds"
)

// work returns the items of all years as drafts and the audiences they refer to.
func work(set *seeds.Set) ([]duty.Item, []store.Audience, error) {
	book := audiences{set: set, known: map[string]bool{}}
	for _, a := range set.Audiences {
		ids, err := set.Resolve(a.Name)
		if err != nil {
			return nil, nil, err
		}
		book.add(store.Audience{ID: a.Name, Label: a.Name, Kinds: a.Select.Kinds, Units: ids})
	}
	var list []duty.Item
	for _, y := range set.Years {
		for _, it := range y.Items {
			audience, err := book.of(y, it)
			if err != nil {
				return nil, nil, err
			}
			list = append(list, item(y, it, audience))
		}
	}
	return list, book.list, nil
}

func item(y seeds.Year, it seeds.Item, audience string) duty.Item {
	p, _ := y.Point(it.PointNo())
	return duty.Item{
		Year: y.Document.Year, Code: it.Code, Point: p.No, PointTitle: p.Title, Desc: it.Desc, Kind: it.Kind,
		Figures: strings.Join(it.Fig, "；"), Metric: metric(it.Metric), Every: every(it.Period),
		Due: it.Due.Date, DueSource: duty.Source(it.Due.Source), DueText: it.Due.Text,
		Lead: p.Lead, Assist: p.Co, Audience: audience, Profile: it.Remind, ByKind: byKind(it.Period), Privacy: it.Privacy, State: duty.Draft,
	}
}

// byKind names the profiles of the kinds of unit that report in rounds of their own.
func byKind(p *seeds.Period) []string {
	if p == nil {
		return nil
	}
	profiles := map[string]string{"week": "weekly", "month": "monthly", "quarter": "quarterly", "term": "term"}
	var list []string
	for kind, every := range p.ByKind {
		if profile, ok := profiles[every]; ok {
			list = append(list, kind+"="+profile)
		}
	}
	slices.Sort(list)
	return list
}

// metric makes a target only of a number that the document has; one that is
// missing or assumed waits for the office, and the unit alone is kept.
func metric(m *seeds.Metric) duty.Metric {
	switch {
	case m == nil:
		return duty.Metric{}
	case m.Value == nil || m.Assumed:
		return duty.Metric{Unit: m.Unit}
	}
	return duty.Metric{Op: m.Op, Target: *m.Value, Unit: m.Unit}
}

// every says how often, as people read it: the document's word, and what is
// assumed where it says nothing exact: "每周", "定期（假定每月）", "假定每学期".
func every(p *seeds.Period) string {
	if p == nil {
		return ""
	}
	exact := seeds.Rounds()[p.Every]
	if p.Text != "" {
		exact = p.Text
	}
	if p.Stated == exact {
		return exact
	}
	for _, kind := range []string{"center_school", "primary", "middle", "senior", "vocational", "kindergarten"} {
		if other, ok := p.ByKind[kind]; ok {
			exact += "，" + seeds.UnitKinds()[kind] + seeds.Rounds()[other]
		}
	}
	if p.FromMonth != 0 {
		exact += fmt.Sprintf("，%d–%d月", p.FromMonth, p.ToMonth)
	}
	if p.Stated == "" {
		return "假定" + exact
	}
	return p.Stated + "（假定" + exact + "）"
}

// audiences gathers who reports. An item that asks the units of several
// audiences, or a list of its own, gets an audience of its own.
type audiences struct {
	set   *seeds.Set
	known map[string]bool
	list  []store.Audience
}

func (b *audiences) add(a store.Audience) {
	if !b.known[a.ID] {
		b.known[a.ID] = true
		b.list = append(b.list, a)
	}
}

func (b *audiences) of(y seeds.Year, it seeds.Item) (string, error) {
	point, _ := y.Point(it.PointNo())
	ids, err := b.set.Reporters(y.Document.Year, it.Code)
	if err != nil {
		return "", err
	}
	switch {
	case len(it.Units) > 0:
		id := fmt.Sprintf("%d/%s", y.Document.Year, it.Code)
		b.add(store.Audience{ID: id, Label: b.labels(ids), Units: ids})
		return id, nil
	case len(point.Reporters) == 0:
		return "", nil
	case len(point.Reporters) == 1:
		a, _ := b.set.Audience(point.Reporters[0])
		return a.Name, nil
	}
	id := fmt.Sprintf("%d/%d", y.Document.Year, point.No)
	b.add(store.Audience{ID: id, Label: joined(point.Reporters), Units: ids})
	return id, nil
}

func (b *audiences) labels(ids []string) string {
	var names []string
	for _, id := range ids {
		u, _ := b.set.Unit(id)
		name := u.Short
		if name == "" {
			name = u.Name
		}
		names = append(names, name)
	}
	return joined(names)
}

// maxLabel is the longest label the database takes, in characters.
const maxLabel = 100

// joined lists names, or tells how many they are when that would be too long.
func joined(names []string) string {
	if all := strings.Join(names, "、"); utf8.RuneCountInString(all) <= maxLabel {
		return all
	}
	return fmt.Sprintf("%s等%d个", names[0], len(names))
}
