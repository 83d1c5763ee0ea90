package render

import (
	"fmt"

	"duban/internal/hazard"
	"duban/internal/media"
	"duban/internal/notice"
)

// FileRefused tells the sender of a photo or file why it was not kept and what to do
// next, and that the words which came with it stand. h is the hazard it belongs to,
// nil if it belongs to none.
func FileRefused(f media.File, h *hazard.Hazard) string {
	what := "照片"
	if !f.Picture() {
		what = "文件"
	}
	text := "刚才有一" + map[string]string{"照片": "张", "文件": "个"}[what] + what + "没有存下来：" + refusal(f.Reason)
	switch {
	case h != nil:
		text += fmt.Sprintf("\n%s 的文字已经登记，不受影响。补照片请直接发给我，再发“隐患%d 补充照片”。", h.Number(), h.Seq)
	case f.Subject.Kind == notice.Assignment:
		text += "\n您报的进度已经记下，不受影响。"
	}
	return text
}

// refusal is why, and what helps.
func refusal(reason string) string {
	switch reason {
	case "too_large", "media_too_large":
		return "超过 20 MB。请在聊天里按“照片”发，不选原图；或用普通拍照模式重拍。"
	case "pixels":
		return "像素太多，打不开。请用普通拍照模式（不用超高像素和全景）重拍一张再发。"
	case "empty":
		return "是空的。请重新选一张，或重拍后再发。"
	case "kind":
		return "不是照片，也不是能收的文件（可能是压缩包，或改过名字）。请直接拍照或从相册里选照片发；压缩包请解开后再发。"
	case "heic":
		return "是苹果手机的 HEIC 格式，这里打不开。请在聊天里按“照片”发，不要按“文件”发；或在手机“设置—相机—格式”里选“兼容性最佳”后重拍。"
	case "damaged":
		return "没有传完整，或者已经损坏。请在相册里点开看看，再重新发一次。"
	}
	return "没有取到。请重新发一次；还不行请联系平台管理员。"
}

// What is said of photos that are nearly the same before and after.
const (
	// SameForReviewer is for who reviews.
	SameForReviewer = "整改后的照片和整改前的几乎一样，复查时请留意。"
	// SameForFixer is for who sent them.
	SameForFixer = "整改后的照片和整改前的几乎一样，请看看是不是发错了。"
)

// SamePhotos tells who sent a photo of a mended hazard that it looks like the one
// before.
func SamePhotos(h hazard.Hazard) string {
	return fmt.Sprintf("%s %s\n发错了请补发一张，再发“隐患%d 补充照片”；没有发错不用回复。", h.Number(), SameForFixer, h.Seq)
}

// MaybeTwice tells those who may merge two hazards that their photos are nearly the
// same. It is an entry of the morning's message.
func (c Context) MaybeTwice(h, older hazard.Hazard) string {
	return fmt.Sprintf("%s 和 %s 的照片几乎一样\n   %s · 是同一处请回复“隐患%d和隐患%d重复，合并”", h.Number(), older.Number(), c.Dir.Label(h.UnitID), older.Seq, h.Seq)
}
