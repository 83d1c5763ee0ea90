package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"duban/internal/errs"
	"duban/internal/media"
	"duban/internal/notice"
	"duban/internal/place"
	"duban/internal/store"
	"duban/internal/testkit"
)

// shelf keeps photos by their first words; "bad" ones it refuses.
type shelf struct{ kept []string }

func (s *shelf) Keep(_ context.Context, unit string, photo []byte) (media.File, error) {
	if strings.HasPrefix(string(photo), "bad") {
		return media.File{}, media.ErrDamaged
	}
	s.kept = append(s.kept, unit+"/"+string(photo))
	return media.File{SHA256: fmt.Sprintf("%064x", photo), MIME: "image/jpeg", Size: int64(len(photo))}, nil
}

// wall is a harness with a code at 文昌中学.
func wall(t *testing.T, s *store.Store) (*harness, *shelf, place.Place) {
	t.Helper()
	h, photos := newHarness(t, s), &shelf{}
	h.engine.Photos = photos
	h.say("wenchang-aq", "生成二维码 实验楼二楼走廊", false)
	p, found, err := s.Read(t.Context()).PlaceByCode(t.Context(), "W5P5")
	if err != nil || !found {
		t.Fatal(err)
	}
	return h, photos, p
}

func (h *harness) form(p place.Place, f place.Form) place.Receipt {
	h.t.Helper()
	h.told = nil
	out, err := h.engine.FileForm(h.t.Context(), p.Token, f)
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// toldTo lists who was told of what kind.
func (h *harness) toldTo() []string {
	var list []string
	for _, n := range h.told {
		list = append(list, string(n.Kind)+" "+n.PersonID)
	}
	slices.Sort(list)
	return list
}

func (h *harness) files(hazard int64) []media.File {
	h.t.Helper()
	list, err := h.store.Read(h.t.Context()).FilesOf(h.t.Context(), notice.Subject{Kind: notice.HazardSubj, ID: hazard})
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

// TestAFormFilesLikeAMessage holds that the same ledger counts on, the same people are
// told, and that who fills it in is named nowhere.
func TestAFormFilesLikeAMessage(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		h, photos, p := wall(t, s)
		h.say("wenchang-jia", "匿名上报：实验楼二楼走廊 灭火器过期了", false)
		chat := h.toldTo()
		out := h.form(p, place.Form{Once: "t1", Words: "墙上的灭火器过期了", Photos: [][]byte{[]byte("one"), []byte("bad"), []byte("two")}})
		if got := h.toldTo(); !slices.Equal(got, chat) || len(got) == 0 {
			t.Errorf("told %v, by chat %v", got, chat)
		}
		want := `文昌中学 · 实验楼二楼走廊 · 消防
墙上的灭火器过期了
照片：2 张
处理：文昌中学安全专干，9月11日 周四前签收，9月19日 周五前整改（默认时限）
已按匿名登记，处理的人看不到您的姓名。`
		if out.Title != "已登记 YH-2025-0002" || out.Text != want || out.Outcome != place.Filed || len(out.Remarks) != 1 || out.Remarks[0] != "第 2 张照片没有收下：文件不完整，请重拍一张。" {
			t.Errorf("%+v", out)
		}
		if alert := h.told[0].Text; !strings.Contains(alert, "上报人：匿名") {
			t.Errorf("told:\n%s", alert)
		}
		files := h.files(2)
		if len(files) != 2 || files[0].State != media.Stored || files[0].Stage != media.Before || files[0].Home != "s-wenchang" || files[0].MIME != "image/jpeg" {
			t.Errorf("files %+v of %v", files, photos.kept)
		}
		lines, err := s.Read(t.Context()).History(t.Context(), notice.Subject{Kind: notice.HazardSubj, ID: 2}, 5)
		if err != nil || len(lines) != 1 || lines[0].Actor != "anonymous" || lines[0].Channel != "page" {
			t.Errorf("history %+v, %v", lines, err)
		}
	})
}

func TestAFormSentFiveTimesFilesOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, s *store.Store) {
		h, photos, p := wall(t, s)
		f := place.Form{Once: "t1", Words: "走廊灯不亮", Photos: [][]byte{[]byte("one")}}
		first := h.form(p, f)
		for range 4 {
			if again := h.form(p, f); again.Text != first.Text || again.Title != first.Title || len(h.told) != 0 {
				t.Errorf("again: %s, told %v", again.Text, h.told)
			}
		}
		if len(photos.kept) != 1 || len(h.files(1)) != 1 {
			t.Errorf("photos %v", photos.kept)
		}
		f.Words = "走廊窗户也坏了"
		if other := h.form(p, f); other.Title != "已登记 YH-2025-0002" {
			t.Errorf("other words in the same form: %s", other.Text)
		}
	})
}

func TestWhoLeavesAContactIsNamedToTheHandlersAlone(t *testing.T) {
	h, _, p := wall(t, testkit.SQLite(t))
	out := h.form(p, place.Form{Once: "t", Words: "走廊灯不亮", Name: "李四", Phone: "13800000000"})
	if !strings.HasSuffix(out.Text, "\n您留的联系方式只给处理的人看。") || strings.Contains(out.Text, "李四") {
		t.Errorf("%s", out.Text)
	}
	if alert := h.told[0].Text; !strings.Contains(alert, "上报人：李四 13800000000，") {
		t.Errorf("told:\n%s", alert)
	}
	if answer := h.say("wenchang-jia", "查隐患1", false); !strings.Contains(answer, "YH-2025-0001") || strings.Contains(answer, "李四") {
		t.Errorf("a colleague reads %s", answer)
	}
	for _, who := range []string{"wenchang-aq", "anquan-guzhang"} {
		if answer := h.say(who, "查隐患1", false); !strings.Contains(answer, "\n扫码上报的人：李四 13800000000") {
			t.Errorf("%s reads %s", who, answer)
		}
	}
	h.form(p, place.Form{Once: "u", Words: "走廊窗户坏了"})
	if answer := h.say("wenchang-aq", "查隐患2", false); strings.Contains(answer, "扫码上报的人") {
		t.Errorf("of an anonymous one: %s", answer)
	}
}

// TestASensitiveFormKeepsNothing holds it for words, for what stands in the place of a
// name, and for photos; unit and time are kept once.
func TestASensitiveFormKeepsNothing(t *testing.T) {
	for name, f := range map[string]place.Form{
		"words":               {Words: "初二三班的王小明说体育老师猥亵他"},
		"words after a start": {Words: "上报隐患：初二三班的王小明说体育老师猥亵他"},
		"a name":              {Words: "走廊灯不亮", Name: "体育老师猥亵王小明"},
	} {
		t.Run(name, func(t *testing.T) {
			h, photos, p := wall(t, testkit.SQLite(t))
			f.Once, f.Photos = "t", [][]byte{[]byte("one")}
			out := h.form(p, f)
			again := h.form(p, f)
			if out.Outcome != place.Sensitive || !strings.Contains(out.Text, "110") || !strings.Contains(out.Text, "没有保存") || strings.Contains(out.Text, "请联系我") || again.Text != out.Text {
				t.Errorf("%+v", out)
			}
			if len(photos.kept)+len(h.told)+len(h.files(1)) != 0 {
				t.Errorf("kept %v, told %v", photos.kept, h.told)
			}
			if _, found, err := h.store.Read(t.Context()).ScanOnce(t.Context(), f.Key()); err != nil || found {
				t.Errorf("a scan is kept, %v", err)
			}
		})
	}
}

func TestAnEmergencyInAFormRaisesTheAlarmOnce(t *testing.T) {
	h, photos, p := wall(t, testkit.SQLite(t))
	f := place.Form{Once: "t", Words: "走廊着火了，快来人", Phone: "13800000000", Photos: [][]byte{[]byte("one")}}
	out := h.form(p, f)
	if out.Outcome != place.Emergency || !strings.Contains(out.Text, "119") || !strings.Contains(out.Text, "我已马上通知：文昌中学") {
		t.Errorf("%+v", out)
	}
	told := strings.Join(h.toldTo(), ",")
	for _, who := range []string{"wenchang-xz", "wenchang-aq", "anquan-guzhang", "anquan-zhiban"} {
		if !strings.Contains(told, "emergency "+who) {
			t.Errorf("%s was not told: %s", who, told)
		}
	}
	if alert := h.told[0].Text; !strings.Contains(alert, "文昌中学 实验楼二楼走廊，09:30 由 扫码的人（13800000000） 报告") || !strings.Contains(alert, "快来人") {
		t.Errorf("told:\n%s", alert)
	}
	if again := h.form(p, f); !strings.Contains(again.Text, "119") || again.Outcome != out.Outcome || len(h.told) != 0 || len(photos.kept) != 0 {
		t.Errorf("again: %+v, told %v, kept %v", again, h.told, photos.kept)
	}
}

// TestSelfHarmIsPassedOnWithoutWords holds it for every reading of the words.
func TestSelfHarmIsPassedOnWithoutWords(t *testing.T) {
	h, _, p := wall(t, testkit.SQLite(t))
	if out := h.form(p, place.Form{Once: "t", Words: "王小明站在楼顶要跳楼"}); out.Outcome != place.Emergency {
		t.Fatalf("%+v", out)
	}
	for _, n := range h.told {
		if strings.Contains(n.Text, "王小明") {
			t.Errorf("told: %s", n.Text)
		}
	}
}

func TestCodesThatLeadNowhere(t *testing.T) {
	h, photos, p := wall(t, testkit.SQLite(t))
	seen, err := h.engine.PlaceAt(t.Context(), p.Token)
	if err != nil || seen.Unit != "文昌中学" || seen.Name != "实验楼二楼走廊" {
		t.Errorf("%+v, %v", seen, err)
	}
	h.say("wenchang-aq", "停用二维码 W5P5", false)
	for _, token := range []string{p.Token, strings.Repeat("A", 26), "", "W5P5", strings.Repeat("长", 400)} {
		_, seen := h.engine.PlaceAt(t.Context(), token)
		_, filed := h.engine.FileForm(t.Context(), token, place.Form{Once: "t", Words: "走廊灯不亮", Photos: [][]byte{[]byte("one")}})
		if !errs.Is(seen, errs.NotFound) || !errs.Is(filed, errs.NotFound) || errs.Say(seen) != errs.Say(filed) || len(photos.kept) != 0 {
			t.Errorf("%.30q: %v, %v", token, seen, filed)
		}
	}
	if _, err := h.engine.FileForm(t.Context(), p.Token, place.Form{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("an empty form: %v", err)
	}
}

// TestAPlaceWithADangerousNameRaisesNoAlarm holds that naming a kitchen is no gas alarm,
// and that a fire there still is one.
func TestAPlaceWithADangerousNameRaisesNoAlarm(t *testing.T) {
	h := newHarness(t, testkit.SQLite(t))
	for text, want := range map[string]string{"生成二维码 食堂后厨": "已生成二维码：", "生成二维码 厨房煤气间": "已生成二维码：", "生成二维码 食堂着火了": "🆘 火情"} {
		if answer := h.say("wenchang-aq", text, false); !strings.HasPrefix(answer, want) {
			t.Errorf("%s: %s", text, answer)
		}
	}
}
