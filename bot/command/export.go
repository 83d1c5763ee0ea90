package command

import (
	"fmt"
	"strings"

	"duban/bot"
	"duban/bot/render"
	"duban/bot/understand"
	"duban/internal/journal"
	"duban/internal/ledger"
	"duban/internal/notice"
)

// export answers at once what is being made, and orders the file. The lines are
// chosen twice, now for the answer and again when the file is made: in between
// they may change, and so may what the person is allowed to see.
func (s *session) export() (bot.Reply, error) {
	q, err := s.ledgerQuery()
	if err != nil {
		return bot.Reply{}, err
	}
	asker := ledger.Asker{Actor: s.actor, Dir: s.dir, Now: s.now, Loc: s.Loc}
	book, err := ledger.Collect(s.ctx, s.tx, s.Supervise, asker, q)
	if err != nil {
		return bot.Reply{}, err
	}
	lines := strings.Join(s.view().LedgerLines(book), "\n")
	if book.Empty() {
		return text("没有可以导出的内容，没有做文件：\n%s\n可以换个时间或范围再试，例如“导出本学期隐患台账”。", lines)
	}
	if err := s.orderFile(q); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Title: "导出", Text: fmt.Sprintf("正在导出%s，%s马上发给您：\n%s%s", render.LedgerTitle(q), formName(q.Format), lines, formNote(s.intent.Slots.Format))}, nil
}

// ledgerQuery reads the wish.
func (s *session) ledgerQuery() (ledger.Query, error) {
	slots := s.intent.Slots
	q := ledger.Query{What: slots.What, Filter: slots.Filter, Stale: slots.StaleDays, Category: slots.Category, Level: slots.Level, Format: ledger.XLSX,
		Own: slots.Scope == "mine" || slots.Scope == "dept_mine"}
	if slots.Task != nil {
		q.Point, q.Code = slots.Task.Point, slots.Task.Code
	}
	if slots.What == "" {
		q.What = ledger.Both
	}
	if slots.Format == ledger.CSV {
		q.Format = ledger.CSV
	}
	if r := slots.Range; r != nil {
		q.From, q.To = r.From, r.To
	}
	name := slots.ScopeDept
	if name == "" {
		name = slots.School
	}
	if name == "" {
		return q, nil
	}
	unit, ok := s.unitNamed(name)
	if !ok {
		return q, errNotFound("没有找到“%s”，没有导出。请写股室或学校全名再发一次。", render.Cut(name, 20))
	}
	q.Unit = unit.ID
	return q, nil
}

// orderFile leaves the request for a worker, and a line of history: what left the
// house is known.
func (s *session) orderFile(q ledger.Query) error {
	if err := s.tx.Append(s.ctx, journal.Entry{At: s.now, Actor: s.actor.PersonID, Channel: string(s.m.Platform), Subject: personSubject,
		Action: string(understand.Export), After: q.What, Note: q.Pack()}); err != nil {
		return err
	}
	return s.notify(notice.Notice{Kind: notice.Document, Urgency: notice.Immediate, PersonID: s.actor.PersonID, NotBefore: s.now, CreatedAt: s.now,
		Subject: notice.Subject{Kind: notice.PersonSubj}, Text: q.Pack(), Step: notice.Via + string(s.m.Platform),
		Key: fmt.Sprintf("export:%s:%s:%s", s.m.Platform, s.m.Robot, short(s.m.ID)), Weight: -1})
}

func formName(format string) string {
	if format == ledger.CSV {
		return "CSV 文件"
	}
	return "Excel 文件"
}

// formNote says what comes instead of a form that is not made.
func formNote(format string) string {
	names := map[string]string{"pdf": "PDF", "docx": "Word"}
	switch {
	case names[format] != "":
		return fmt.Sprintf("\n暂时做不了 %s，先发 Excel，可以在电脑上打开后另存或打印。", names[format])
	case format == ledger.CSV:
		return "\nCSV 放在压缩包里，解压后用 Excel 或 WPS 打开。"
	}
	return ""
}
