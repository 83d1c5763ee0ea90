package scenario

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"strings"
	"testing"

	"duban/bot"
	"duban/internal/sim/stage"
)

// scenery is a photo of a place in which there is something to see, as the seed says,
// compressed like this.
func scenery(w *world, seed uint64, quality int) stage.Photo {
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for range 40 {
		x, y, c := r.IntN(320), r.IntN(240), color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		draw.Draw(m, image.Rect(x-60, y-50, x+r.IntN(90), y+r.IntN(70)), image.NewUniform(c), image.Point{}, draw.Src)
	}
	var b bytes.Buffer
	w.ok(jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}))
	return stage.Photo{ContentType: "image/jpeg", Data: b.Bytes()}
}

// first sends a photo and lets it arrive before the words.
func (w *world) first(person string, p stage.Photo) {
	w.t.Helper()
	w.photoOnly(stage.Line{Platform: bot.WeCom, UserID: person, Photos: []stage.Photo{p}})
	w.settle()
}

// Somebody who sends a photo that an open hazard of the school has already is asked
// whether it is the same one; another school is not.
func TestThePhotoOfAnOpenHazardOffersJoining(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		w.first("wenchang-jia", scenery(w, 1, 90))
		if got := w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化"); !strings.HasPrefix(got, "已登记 YH-2025-0001") {
			t.Fatal(got)
		}
		w.first("wenchang-xz", scenery(w, 1, 40))
		w.same("asked", w.wecom("wenchang-xz", "上报隐患 食堂一楼墙面有裂缝"), `文昌中学已经有一条照片几乎一样的：YH-2025-0001 食堂后厨燃气软管老化（已上报）。您说的是：
1. 补充到这一条
2. 是另一处，另外登记
请回复数字，回复以后才算登记。
可回复：“1” / “2”`)
		w.until("2025-09-10 09:40") // longer than photos wait for words
		if got := w.wecom("wenchang-xz", "1"); !strings.HasPrefix(got, "已补充到 YH-2025-0001：食堂后厨燃气软管老化\n照片：1 张") {
			t.Errorf("joining: %s", got)
		}
		w.first("shimatou-aq", scenery(w, 1, 90))
		if got := w.wecom("shimatou-aq", "上报隐患 食堂后厨燃气软管老化"); !strings.HasPrefix(got, "已登记 YH-2025-0002") {
			t.Errorf("another school: %s", got)
		}
		w.first("wenchang-xz", scenery(w, 2, 90))
		if got := w.wecom("wenchang-xz", "上报隐患 操场围墙开裂"); !strings.HasPrefix(got, "已登记 YH-2025-0003") {
			t.Errorf("another photo: %s", got)
		}
		w.settle()
		w.take()
		w.same("photos of the first", w.query("SELECT COUNT(*) FROM files WHERE subject_kind = 'hazard' AND subject_id = 1"), "2")
	})
}

// On DingTalk words and photo come together: the safety section, which may merge, is
// told the next morning.
func TestAPhotoWithItsWordsIsComparedOnceItIsThere(t *testing.T) {
	each(t, setup{everywhere: true}, func(w *world) {
		w.dingtalk("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", scenery(w, 1, 90))
		w.settle()
		w.dingtalk("wenchang-xz", "上报隐患 食堂一楼墙面有裂缝", scenery(w, 1, 40))
		w.settle()
		w.take()
		w.until("2025-09-11 09:00")
		told := strings.Join(to(w.take(), "anquan-guzhang"), "\n")
		if !strings.Contains(told, "YH-2025-0002 和 YH-2025-0001 的照片几乎一样\n   文昌中学 · 是同一处请回复“隐患1和隐患2重复，合并”") {
			t.Errorf("the safety section reads:\n%s", told)
		}
	})
}

// The same photo before and after is pointed out to who sent it and to who reviews,
// and holds nothing up.
func TestTheSamePhotoBeforeAndAfterIsPointedOut(t *testing.T) {
	for name, send := range map[string]func(w *world) string{
		"photo first": func(w *world) string {
			w.first("wenchang-aq", scenery(w, 1, 40))
			return w.wecom("wenchang-aq", "隐患1 已修好，请复查")
		},
		"together": func(w *world) string {
			answer := w.dingtalk("wenchang-aq", "隐患1 已修好，请复查", scenery(w, 1, 40))
			w.settle()
			return answer + strings.Join(to(w.take(), "wenchang-aq"), "\n")
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, setup{everywhere: true}, func(w *world) {
				w.first("wenchang-jia", scenery(w, 1, 90))
				w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化")
				w.settle()
				w.take()
				answer := send(w)
				if !strings.HasPrefix(answer, "已记下：YH-2025-0001") || !strings.Contains(answer, "整改后的照片和整改前的几乎一样，请看看是不是发错了。") {
					t.Errorf("the fixer reads:\n%s", answer)
				}
				w.settle()
				w.take()
				if got := w.wecom("anquan-guzhang", "查隐患1"); !strings.Contains(got, "提醒：整改后的照片和整改前的几乎一样，复查时请留意。") {
					t.Errorf("the reviewer looks:\n%s", got)
				}
				if got := w.wecom("anquan-guzhang", "隐患1 复查通过"); !strings.HasPrefix(got, "YH-2025-0001 复查通过") || !strings.Contains(got, "几乎一样") {
					t.Errorf("the review is answered:\n%s", got)
				}
				w.settle()
				w.take()
			})
		})
	}
}
