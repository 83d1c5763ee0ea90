package app

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"duban/bot/render"
	"duban/internal/calendar"
	"duban/internal/config"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/journal"
	"duban/internal/notice"
	"duban/internal/store"
)

// VerifyJournal walks the whole chain and says what it found. noted is a head
// that was kept elsewhere, "" for none. It returns false for a journal that was
// changed.
func VerifyJournal(ctx context.Context, cfg *config.Config, noted string, say func(string)) (bool, error) {
	head, err := journal.Noted(noted)
	if err != nil {
		return false, err
	}
	s, err := openCurrent(ctx, cfg)
	if err != nil {
		return false, err
	}
	defer s.Close()
	r, err := journal.Verify(ctx, s.Read(ctx), 0, head)
	if journal.IsFault(err) {
		say("历史记录对不上：" + err.Error())
		say(fmt.Sprintf("在它之前的 %d 行没有问题。请停止改动数据库，留存现状，并与备份对照。", r.Lines))
		return false, nil
	}
	if err != nil {
		return false, err
	}
	say(fmt.Sprintf("历史记录完整：已封存 %d 行。", r.Lines))
	if r.Lines > 0 {
		say(fmt.Sprintf("首行 %s，末行 %s。", moment(r.First, cfg), moment(r.Last, cfg)))
		say("链头 " + r.Head.String())
	}
	say(waiting(r.Waiting, cfg))
	return true, nil
}

// JournalHead says where the chain ends, for an operator to keep elsewhere.
func JournalHead(ctx context.Context, cfg *config.Config, say func(string)) error {
	s, err := openCurrent(ctx, cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	head, err := s.Read(ctx).SealHead(ctx)
	if err != nil {
		return err
	}
	if head.Number == 0 {
		say("还没有封存过：服务运行后每半分钟封存一次。")
	} else {
		say(head.String())
	}
	return nil
}

// ShowJournal says the history of one subject, newest first.
func ShowJournal(ctx context.Context, cfg *config.Config, subject string, limit int, say func(string)) error {
	s, err := openCurrent(ctx, cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	tx := s.Read(ctx)
	lines, err := historyOf(ctx, tx, subject, limit)
	if err != nil {
		return err
	}
	names, err := namesIn(ctx, tx, lines)
	if err != nil {
		return err
	}
	for _, line := range render.History(lines, names, cfg.Location()) {
		say(line)
	}
	if len(lines) == 0 {
		say("没有历史记录。")
	}
	return nil
}

func openCurrent(ctx context.Context, cfg *config.Config) (*store.Store, error) {
	s, err := openStore(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := s.Current(ctx); err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

var hazardNumber = regexp.MustCompile(`^(?:(?i:YH)-?)?(?:(\d{4})-)?0*(\d{1,6})$`)

// historyOf finds the lines of "item:22-3", "hazard:56" or "person:ID".
func historyOf(ctx context.Context, tx *store.Tx, subject string, limit int) ([]journal.Entry, error) {
	kind, name, _ := strings.Cut(subject, ":")
	switch {
	case kind == "item" && name != "":
		return itemHistory(ctx, tx, name, limit)
	case kind == "hazard" && hazardNumber.MatchString(name):
		return hazardHistory(ctx, tx, name, limit)
	case kind == "person" && name != "":
		return tx.HistoryBy(ctx, name, limit)
	}
	return nil, errs.New(errs.Invalid, "--subject 要写成 item:22-3、hazard:56（或 hazard:YH-2025-0056）、person:人员ID")
}

// itemHistory is that of the item and of every unit's part of it, in all years.
func itemHistory(ctx context.Context, tx *store.Tx, code string, limit int) ([]journal.Entry, error) {
	subjects, err := tx.ItemSubjects(ctx, code)
	if err != nil {
		return nil, err
	}
	if len(subjects) == 0 {
		return nil, errs.Newf(errs.NotFound, "没有编号为 %s 的督办事项", code)
	}
	return tx.HistoryOf(ctx, subjects, limit)
}

func hazardHistory(ctx context.Context, tx *store.Tx, number string, limit int) ([]journal.Entry, error) {
	g := hazardNumber.FindStringSubmatch(number)
	year, _ := strconv.Atoi(g[1])
	seq, _ := strconv.Atoi(g[2])
	list, err := tx.Hazards(ctx, hazard.Filter{Year: year, Seq: seq})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errs.Newf(errs.NotFound, "没有编号为 %s 的隐患", number)
	}
	lines, err := tx.HistoryOf(ctx, []notice.Subject{{Kind: notice.HazardSubj, ID: list[0].ID}}, limit)
	if list[0].Category == hazard.Untold { // its words are for those who handle it
		for i := range lines {
			lines[i].Note = ""
		}
	}
	return lines, err
}

// namesIn looks up who the lines speak of.
func namesIn(ctx context.Context, tx *store.Tx, lines []journal.Entry) (map[string]string, error) {
	names := map[string]string{}
	for _, e := range lines {
		ids := []string{e.Actor}
		if e.Subject.Kind == notice.PersonSubj {
			ids = append(ids, e.Before, e.After)
		}
		for _, id := range ids {
			if _, seen := names[id]; seen || id == "" {
				continue
			}
			a, _, err := tx.ActorByPerson(ctx, id)
			if err != nil {
				return nil, err
			}
			names[id] = a.Name
		}
	}
	return names, nil
}

func moment(t time.Time, cfg *config.Config) string {
	t = t.In(cfg.Location())
	return calendar.In(t, cfg.Location()).Say(0) + t.Format(" 15:04:05")
}

func waiting(w journal.Waiting, cfg *config.Config) string {
	if w.Lines == 0 {
		return "没有等待封存的行。"
	}
	return fmt.Sprintf("另有 %d 行等待封存，最早的是 %s；封存之前的改动查不出来。", w.Lines, moment(w.Since, cfg))
}

// newestSeals is how many seals the doctor looks at.
const newestSeals = 100

// sealLate is when lines have waited for their seal for longer than a pause of the
// sweeper explains.
const sealLate = 10 * time.Minute

func (d *doctor) journal() {
	var fine string
	err := d.within(func(ctx context.Context) error {
		s, err := openCurrent(ctx, d.cfg)
		if err != nil {
			return err
		}
		defer s.Close()
		head, err := s.Read(ctx).SealHead(ctx)
		if err != nil {
			return err
		}
		r, err := journal.Verify(ctx, s.Read(ctx), max(0, head.Number-newestSeals), nil)
		if journal.IsFault(err) {
			return errs.With(errs.Invalid, "历史记录对不上："+err.Error()+"。请运行 duban journal verify", err)
		}
		fine = fmt.Sprintf("已封存到第 %d 封，最近 %d 封没有问题。%s", r.Head.Number, r.Lines, waiting(r.Waiting, d.cfg))
		if r.Waiting.Lines > 0 && d.clock.Now().Sub(r.Waiting.Since) > sealLate {
			fine = "提醒：" + fine + "封存由 scheduler 进程做，请看它在不在运行。"
		}
		return err
	})
	d.found("历史记录", err, fine)
}
