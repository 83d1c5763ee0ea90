package app

import (
	"context"
	"fmt"
	"time"

	"duban/internal/errs"
	"duban/internal/notice"
	"duban/internal/store"
)

// tooLate is how long the oldest message that is due may wait before the doctor
// calls it ill. Readiness does not look at it: taking a server out of traffic
// would make the queue no shorter.
const tooLate = 10 * time.Minute

// outgoing tells how many messages wait and how long the oldest has been due.
func (d *doctor) outgoing() {
	var fine string
	err := d.within(func(ctx context.Context) error {
		return withStore(ctx, d.cfg, func(s *store.Store) error {
			tx := s.Read(ctx)
			_, lag, err := tx.Backlog(ctx, d.clock.Now())
			if err != nil {
				return err
			}
			n, err := tx.OpenStates(ctx)
			if err != nil {
				return err
			}
			fine = backlogLine(n, lag)
			if lag > tooLate {
				return errs.Newf(errs.Invalid, "%s。请看服务是否在运行，再用 duban messages list --state queued 看原因", fine)
			}
			return nil
		})
	})
	d.found("发送", err, fine)
}

func backlogLine(n map[string]int, lag time.Duration) string {
	line := fmt.Sprintf("等着发 %d 条", n[notice.MsgQueued]+n[notice.MsgSending])
	if lag > 0 {
		line += fmt.Sprintf("，最久的一条晚了 %s", lag.Round(time.Second))
	}
	return line + fmt.Sprintf("，没发成 %d 条，说不准到没到 %d 条", n[notice.MsgFailed], n[notice.MsgUnknown])
}
