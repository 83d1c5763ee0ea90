package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/org"
	"duban/internal/place"
	"duban/internal/poster"
	"duban/internal/store"
)

// operator stands in the history for who works on the server.
const operator = "system"

// ListPlaces hands the places of a unit, or of all, to say, a line each. Tokens are not
// shown: they are for the codes alone.
func ListPlaces(ctx context.Context, cfg *config.Config, unit string, say func(string)) error {
	return withStore(ctx, cfg, func(s *store.Store) error {
		list, dir, err := placesOf(ctx, s.Read(ctx), unit)
		if err == nil && len(list) == 0 {
			say("没有地点。用 duban places add 文件 成批生成，或在聊天里发“生成二维码 地点”。")
		}
		for _, p := range list {
			state := ""
			if !p.Active() {
				state = "\t已停用"
			}
			say(p.Code + "\t" + dir.Label(p.UnitID) + "\t" + p.Name + state)
		}
		return err
	})
}

// placesOf returns the places of a unit named as people do, "" for all.
func placesOf(ctx context.Context, tx *store.Tx, unit string) ([]place.Place, *org.Directory, error) {
	dir, err := tx.Directory(ctx)
	if err != nil {
		return nil, nil, err
	}
	units := dir.Units()
	if unit != "" {
		u, ok := called(dir, unit)
		if !ok {
			return nil, nil, errs.Newf(errs.NotFound, "没有找到“%s”这个单位，请写全名。", unit)
		}
		units = []org.Unit{u}
	}
	var list []place.Place
	for _, u := range units { // one by one: all together may be more than one query gives
		of, err := tx.Places(ctx, u.ID)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, of...)
	}
	return list, dir, nil
}

// called finds the one unit of a name.
func called(dir *org.Directory, name string) (found org.Unit, ok bool) {
	n := 0
	for _, u := range dir.Units() {
		if u.ID == name || u.Name == name || u.Short == name || slices.Contains(u.Aliases, name) {
			found, n = u, n+1
		}
	}
	return found, n == 1
}

// AddPlaces makes the places of a list: all of them, or none if a line is wrong. Those
// that are there are left as they are, stopped ones come back.
func AddPlaces(ctx context.Context, cfg *config.Config, text string, say func(string)) error {
	wanted, problems := place.ReadList(text)
	return withStore(ctx, cfg, func(s *store.Store) error {
		var done map[string]int
		err := s.Within(ctx, func(tx *store.Tx) error {
			done = map[string]int{}
			a, err := newAdding(ctx, tx, cfg)
			if err != nil {
				return err
			}
			wrong := append(slices.Clone(problems), a.unknown(wanted)...)
			if len(wrong) > 0 {
				return errs.New(errs.Invalid, "一个也没有生成，请改正后再运行：\n"+strings.Join(wrong[:min(len(wrong), 20)], "\n"))
			}
			for _, w := range wanted {
				action, err := a.add(w)
				if err != nil {
					return errs.At(fmt.Sprintf("line %d", w.Line), err)
				}
				done[action]++
			}
			return nil
		})
		if err == nil {
			say(fmt.Sprintf("新生成 %d 个，重新启用 %d 个，原来就有 %d 个。用 duban places sheets 打印。", done["place"], done["place_revived"], done[""]))
		}
		return err
	})
}

// adding is a list being carried out in one transaction.
type adding struct {
	ctx   context.Context
	tx    *store.Tx
	cfg   *config.Config
	dir   *org.Directory
	known map[string][]place.Place // by unit
}

func newAdding(ctx context.Context, tx *store.Tx, cfg *config.Config) (*adding, error) {
	list, dir, err := placesOf(ctx, tx, "")
	if err != nil {
		return nil, err
	}
	a := &adding{ctx: ctx, tx: tx, cfg: cfg, dir: dir, known: map[string][]place.Place{}}
	for _, p := range list {
		a.known[p.UnitID] = append(a.known[p.UnitID], p)
	}
	return a, nil
}

// unknown names the lines with what nobody can make a place of.
func (a *adding) unknown(wanted []place.Wanted) []string {
	var wrong []string
	for _, w := range wanted {
		if u, ok := called(a.dir, w.Unit); !ok {
			wrong = append(wrong, fmt.Sprintf("第 %d 行：没有“%s”这个单位", w.Line, w.Unit))
		} else if _, err := place.New(u.ID, w.Name, operator, clockOf(a.cfg).Now()); err != nil {
			wrong = append(wrong, fmt.Sprintf("第 %d 行：%s", w.Line, errs.Say(err)))
		}
	}
	return wrong
}

// add makes one place and returns what history says of it, "" if nothing was to be done.
func (a *adding) add(w place.Wanted) (action string, err error) {
	now := clockOf(a.cfg).Now()
	u, _ := called(a.dir, w.Unit)
	p, err := place.New(u.ID, w.Name, operator, now)
	if err != nil {
		return "", err
	}
	of := a.known[p.UnitID]
	switch at := slices.IndexFunc(of, func(o place.Place) bool { return o.Name == p.Name }); {
	case at >= 0 && of[at].Active():
		return "", nil
	case at >= 0:
		p, action = of[at].Again(), "place_revived"
		of[at], err = p, a.tx.SavePlace(a.ctx, p)
	default:
		action = "place"
		p, err = place.Add(a.ctx, a.tx, p)
		a.known[p.UnitID] = append(of, p)
	}
	if err != nil {
		return "", err
	}
	return action, a.tx.Append(a.ctx, journal.Entry{At: now, Actor: operator, Channel: "cli", Subject: notice.Subject{Kind: "place", ID: p.ID},
		Action: action, After: p.Code, Note: p.Name})
}

// PlaceSheets returns the sheets of the places in use of a unit, or of all, as one
// document to print.
func PlaceSheets(ctx context.Context, cfg *config.Config, unit string) (doc []byte, n int, err error) {
	err = withStore(ctx, cfg, func(s *store.Store) error {
		list, dir, err := placesOf(ctx, s.Read(ctx), unit)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(p place.Place) bool { return !p.Active() })
		if n = len(list); n == 0 {
			return errs.New(errs.NotFound, "没有在用的地点，没有做文件。")
		}
		doc, err = poster.Sheet{Public: cfg.Server.PublicURL, Unit: dir.Label}.Make(list)
		return err
	})
	return doc, n, err
}
