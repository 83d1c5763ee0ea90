package notify

import (
	"errors"
	"fmt"

	"duban/internal/errs"
	"duban/internal/media"
)

// leftOut counts the photos that a document does not show, by why.
type leftOut struct{ lost, expired, refused, other int }

// count takes err for what kept a photo out whose file should be there.
func (l *leftOut) count(f media.File, err error) {
	switch {
	case f.State == media.Expired, f.State == media.Deleted:
		l.expired++
	case f.State == media.Missing, errs.Is(err, errs.NotFound):
		l.lost++
	case f.State == media.Failed:
		l.refused++
	default:
		l.other++
	}
}

func (l leftOut) lines() (lines []string) {
	for _, one := range []struct {
		n   int
		say string
	}{
		{l.lost, "另有 %d 张的文件找不到了，请联系平台管理员。"},
		{l.expired, "另有 %d 张已过保存期限，按规定删除了。"},
		{l.refused, "另有 %d 张发来时就没有存下来。"},
		{l.other, "另有 %d 张没有放进来。"},
	} {
		if one.n > 0 {
			lines = append(lines, fmt.Sprintf(one.say, one.n))
		}
	}
	return lines
}

// instead is what is said when there is nothing to show.
func (l leftOut) instead() string {
	switch {
	case l.other > 0:
		return "照片还没有取到，请过几分钟再发一次“看照片”。"
	case l.lost > 0:
		return "照片的文件找不到了，请联系平台管理员。"
	case l.expired > 0:
		return "照片已过保存期限，按规定删除了。"
	}
	return "照片发来时就没有存下来，请重新拍一张发给我。"
}

func isTrouble(err error) bool {
	var t *media.Trouble
	return errors.As(err, &t)
}
