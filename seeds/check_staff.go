package seeds

import (
	"fmt"
	"strings"

	"duban/internal/calendar"
)

const termsFile = "terms.yaml"

func staffFile(demo bool) string {
	if demo {
		return "demo/staff.yaml"
	}
	return "staff.yaml"
}

func (l *loader) checkTerms() {
	names, words := map[string]bool{}, map[string]bool{}
	for _, t := range l.set.Terms {
		l.unique(termsFile, names, t.Name)
		l.fits(termsFile, t.Name, "name", t.Name, maxID)
		l.fits(termsFile, t.Name, "words", strings.Join(t.Words, "、"), maxName)
		l.fits(termsFile, t.Name, "source", t.Source, maxText)
		if len(t.Words) == 0 {
			l.add(termsFile, t.Name, "缺 words（大家实际写的字样）")
		}
		for _, w := range t.Words {
			if words[w] {
				l.add(termsFile, t.Name, "代号“%s”写了两处", w)
			}
			words[w] = true
		}
		if t.Meaning != "" && t.Source == "" {
			l.add(termsFile, t.Name, "写了 meaning 就要写 source（出自哪份文件）")
		}
		for year, codes := range t.At {
			for _, code := range codes {
				l.itemExists(termsFile, t.Name, year, code)
			}
		}
	}
}

func (l *loader) itemExists(file, entry string, year int, code string) (Item, bool) {
	y, _ := l.set.Year(year)
	it, ok := y.Item(code)
	if !ok {
		l.add(file, entry, "%d年没有 %s 这一项", year, code)
	}
	return it, ok
}

func (l *loader) checkStaff() {
	ids := map[string]bool{}
	for _, p := range l.set.Persons {
		file := staffFile(p.Demo)
		l.unique(file, ids, p.ID)
		l.slugged(file, p.ID)
		l.named(file, p.ID, "name", p.Name, maxTitle)
		l.unitExists(file, p.ID, "unit", p.Unit)
	}
	held := map[string]bool{}
	for _, h := range l.set.Holdings {
		file := staffFile(h.Demo)
		key := fmt.Sprintf("%s/%s/%v", h.Person, h.Post, h.From)
		if held[key] {
			l.add(file, h.Person, "任职 %s 从 %v 起写了两处", h.Post, h.From)
		}
		held[key] = true
		l.personExists(file, h.Person, ids)
		l.postExists(file, h.Person, "post", h.Post)
		if h.From.IsZero() || (!h.To.IsZero() && h.To < h.From) {
			l.add(file, h.Person, "任职 %s 的起止日期不对", h.Post)
		}
	}
	accounts := map[string]bool{}
	for _, a := range l.set.Accounts {
		file := staffFile(a.Demo)
		l.personExists(file, a.Person, ids)
		l.oneOf(file, a.Person, "platform", a.Platform, Platforms())
		l.named(file, a.Person, "user_id", a.UserID, maxID)
		key := a.Platform + "/" + a.UserID
		if accounts[key] {
			l.add(file, a.Person, "账号 %s 写给了两个人", key)
		}
		accounts[key] = true
		if own := a.Person + "@" + a.Platform; accounts[own] {
			l.add(file, a.Person, "在 %s 上写了两个账号，只能有一个", a.Platform)
		} else {
			accounts[own] = true
		}
	}
}

func (l *loader) personExists(file, id string, ids map[string]bool) {
	if !ids[id] {
		l.add(file, id, "人员 %q 不在 persons 里", id)
	}
}

func (l *loader) checkGroups() {
	seen := map[string]bool{}
	for _, g := range l.set.Groups {
		file := staffFile(g.Demo)
		l.unique(file, seen, g.ID)
		l.slugged(file, g.ID)
		l.named(file, g.ID, "name", g.Name, maxName)
		l.named(file, g.ID, "ref", g.Ref, maxName)
		l.oneOf(file, g.ID, "platform", g.Platform, Platforms())
		l.oneOf(file, g.ID, "via", g.Via, []string{"webhook", "conversation"})
		l.unitExists(file, g.ID, "scope", g.Scope)
	}
}

func (l *loader) checkConfirmations() {
	seen := map[string]bool{}
	for _, c := range l.set.Confirmations {
		file := "demo/confirmed.yaml"
		if !c.Demo {
			file = fmt.Sprintf("%d/confirmed.yaml", c.Year)
		}
		key := fmt.Sprintf("%d/%s", c.Year, c.Item)
		if seen[key] {
			l.add(file, c.Item, "重复了，每个只能写一次")
		}
		seen[key] = true
		l.confirmation(file, c)
	}
}

func (l *loader) confirmation(file string, c Confirmation) {
	l.postExists(file, c.Item, "owner", c.Owner)
	l.postExists(file, c.Item, "by", c.By)
	for _, id := range c.Units {
		l.unitExists(file, c.Item, "units", id)
	}
	if c.On.IsZero() || c.Due.IsZero() {
		l.add(file, c.Item, "缺 on（确认日期）或 due（办结期限）")
	}
	if it, ok := l.itemExists(file, c.Item, c.Year, c.Item); ok {
		l.statedDue(file, c, it.Due.Date, it.Due.Source)
	}
}

// statedDue holds a confirmation to the deadline the document states: it may be
// met earlier, moving it later is not the office's to do here.
func (l *loader) statedDue(file string, c Confirmation, due calendar.Date, source string) {
	if source == Stated && c.Due > due {
		l.add(file, c.Item, "文件写明的期限是 %v，不能确认得更晚", due)
	}
}
