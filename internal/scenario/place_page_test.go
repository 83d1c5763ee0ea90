package scenario

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"duban/bot"
	"duban/internal/app"
)

// public is the address that the codes and links of a scenario hold.
const public = "https://duban.example.edu.cn"

func withPages(o setup) setup {
	o.env = append(o.env, "DUBAN_SERVER_PUBLIC_URL="+public)
	return o
}

// code makes a place at 文昌中学 and returns the path of its page.
func (w *world) code(name string) string {
	w.t.Helper()
	w.wecom("wenchang-aq", "生成二维码 "+name)
	w.settle()
	w.take()
	return "/q/" + w.query("SELECT token FROM places ORDER BY id DESC LIMIT 1")
}

// browse opens a page of the first node and returns what it says.
func (w *world) browse(r *http.Request) (int, string) {
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, html.UnescapeString(string(body))
}

func (w *world) request(method, path string, body io.Reader) *http.Request {
	r, err := http.NewRequestWithContext(w.ctx, method, "http://"+w.nodes[0].Addr()+path, body)
	if err != nil {
		panic(err) // a path of ours
	}
	return r
}

var ticketField = regexp.MustCompile(`name="form" value="([^"]+)"`)

// paper is a form as it was handed out.
func (w *world) paper(path string) (ticket string) {
	if g := ticketField.FindStringSubmatch(second(w.browse(w.request("GET", path, nil)))); g != nil {
		ticket = g[1]
	}
	return ticket
}

func second(_ int, s string) string { return s }

// hand sends a form with the fields given, and with photos.
func (w *world) hand(path, ticket string, fields map[string]string, photos ...[]byte) (int, string) {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	_ = m.WriteField("form", ticket) // into memory
	for name, value := range fields {
		_ = m.WriteField(name, value)
	}
	for _, p := range photos {
		part, _ := m.CreateFormFile("photo", "IMG_1.jpg")
		_, _ = part.Write(p)
	}
	_ = m.Close()
	r := w.request("POST", path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return w.browse(r)
}

// fill opens the page, writes and sends.
func (w *world) fill(path, words string, photos ...[]byte) (int, string) {
	return w.hand(path, w.paper(path), map[string]string{"words": words}, photos...)
}

// TestAPasserByFilesThroughACode follows a hazard from the wall to 销号.
func TestAPasserByFilesThroughACode(t *testing.T) {
	each(t, withPages(setup{}), func(w *world) {
		path := w.code("实验楼二楼走廊")
		status, page := w.browse(w.request("GET", path, nil))
		if status != 200 || !strings.Contains(page, "实验楼二楼走廊") || !strings.Contains(page, "文昌中学") {
			t.Fatalf("%d %s", status, page)
		}
		w.wecom("wenchang-jia", "上报隐患 操场围墙开裂")
		w.settle()
		w.take()
		status, page = w.fill(path, "灭火器过期了", photo(90).Data)
		if status != 200 || !strings.Contains(page, "<h1>已登记 YH-2025-0002</h1>") || !strings.Contains(page, "文昌中学 · 实验楼二楼走廊 · 消防\n灭火器过期了\n照片：1 张\n处理：文昌中学安全专干") {
			t.Fatalf("%d %s", status, page)
		}
		w.settle()
		const alert = "⚠️ 新报隐患 YH-2025-0002\n文昌中学 · 实验楼二楼走廊 · 消防\n灭火器过期了\n照片：1 张\n上报人：匿名，9月11日 周四前签收，9月19日 周五前整改（默认时限）\n接办请回复“签收隐患2”。"
		w.expect(said{"push", "wenchang-aq", alert})
		w.wecom("wenchang-aq", "看照片 YH0002")
		w.settle()
		if got := to(w.take(), "wenchang-aq"); !slices.Contains(got, "照片_YH-2025-0002.docx") || w.inside(w.lastFile(bot.WeCom)) != 1 {
			t.Errorf("got %q", got)
		}
		w.wecom("wenchang-aq", "隐患2 已换新灭火器，请复查")
		w.dingtalk("anquan-guzhang", "隐患2 复查通过")
		if answer := w.dingtalk("anquan-guzhang", "隐患2 销号"); !strings.HasPrefix(answer, "已销号") {
			t.Errorf("%s", answer)
		}
		w.settle()
		for _, s := range w.take() {
			if s.To == "" {
				t.Errorf("nobody was told: %s", s.Text)
			}
		}
		w.wecom("wenchang-aq", "停用二维码 实验楼二楼走廊")
		if status, _ := w.browse(w.request("GET", path, nil)); status != 404 {
			t.Errorf("stopped: %d", status)
		}
	})
}

// TestTwentyScansAtOnce holds that each form is one hazard with a number of its own, also
// where it was sent twice at the same moment.
func TestTwentyScansAtOnce(t *testing.T) {
	each(t, withPages(setup{}), func(w *world) {
		path := w.code("实验楼二楼走廊")
		const people = 20
		answers := make([][2]string, people)
		var all sync.WaitGroup
		for i := range people {
			ticket := w.paper(path)
			for twice := range 2 {
				all.Go(func() {
					status, page := w.hand(path, ticket, map[string]string{"words": fmt.Sprintf("第 %d 盏灯不亮", i+1)}, photo(uint8(i)).Data)
					if status != 200 {
						page = fmt.Sprint(status, page)
					}
					answers[i][twice] = page
				})
			}
		}
		all.Wait()
		number := regexp.MustCompile(`<h1>已登记 (YH-2025-\d{4})</h1>`)
		seen := map[string]bool{}
		for i, a := range answers {
			g := number.FindStringSubmatch(a[0])
			if g == nil || a[0] != a[1] || seen[g[1]] {
				t.Fatalf("person %d: %s\n%s", i, a[0], a[1])
			}
			seen[g[1]] = true
		}
		w.same("hazards, photos, scans", w.query("SELECT CONCAT((SELECT COUNT(*) FROM hazards), ' ', (SELECT COUNT(*) FROM files), ' ', (SELECT COUNT(*) FROM scans))"), "20 20 20")
		w.settle()
		if len(to(w.take(), "wenchang-aq")) == 0 {
			t.Error("nobody was told")
		}
	})
}

// TestAFormMayGoToAnotherNode holds that all nodes know each other's forms, and that one
// sent to both files once.
func TestAFormMayGoToAnotherNode(t *testing.T) {
	each(t, withPages(setup{nodes: 2}), func(w *world) {
		path := w.code("实验楼二楼走廊")
		ticket := w.paper(path)
		first, second := w.nodes[0], w.nodes[1]
		for _, n := range []*app.App{second, first} {
			w.nodes[0] = n
			if status, page := w.hand(path, ticket, map[string]string{"words": "走廊灯不亮"}); status != 200 || !strings.Contains(page, "<h1>已登记 YH-2025-0001</h1>") {
				t.Errorf("%d %s", status, page)
			}
		}
		w.settle()
		w.take()
	})
}

func TestASensitiveFormIsKeptNowhere(t *testing.T) {
	each(t, watched(withPages(setup{})), func(w *world) {
		path := w.code("实验楼二楼走廊")
		status, page := w.fill(path, sensitive, photo(3).Data)
		w.settle()
		all := w.take()
		if status != 200 || !strings.Contains(page, "没有保存") || !strings.Contains(page, "110") || len(all) != 0 {
			t.Errorf("%d %s\n%s", status, page, list(all))
		}
		w.nowhere(page)
		w.same("kept", w.query("SELECT CONCAT((SELECT COUNT(*) FROM hazards), (SELECT COUNT(*) FROM files), (SELECT COUNT(*) FROM scans), (SELECT COUNT(*) FROM incidents WHERE kind = 'sensitive' AND location = '' AND person_id = ''))"), "0001")
		if n := w.blobs(); n != 0 {
			t.Errorf("%d files on disk", n)
		}
	})
}

func TestAnEmergencyAtACodeReachesPeopleAtNight(t *testing.T) {
	each(t, withPages(setup{now: "2025-09-10T23:40:00+08:00"}), func(w *world) {
		path := w.code("食堂后厨")
		status, page := w.fill(path, "煤气泄漏了，味道很大")
		if status != 200 || !strings.Contains(page, "119") || !strings.Contains(page, "我已马上通知：文昌中学") {
			t.Errorf("%d %s", status, page)
		}
		w.settle()
		all := w.take()
		for _, who := range []string{"wenchang-xz", "wenchang-aq", "anquan-guzhang", "anquan-zhiban"} {
			if got := to(all, who); len(got) == 0 || !strings.Contains(got[0], "文昌中学 食堂后厨，23:40 由 扫码的人 报告。") {
				t.Errorf("%s was told %q", who, got)
			}
		}
		w.same("hazards", w.query("SELECT COUNT(*) FROM hazards"), "0")
	})
}

// TestTheTokenOfACodeIsNowhereElse looks for it and for tickets in all that stays.
func TestTheTokenOfACodeIsNowhereElse(t *testing.T) {
	each(t, watched(withPages(setup{})), func(w *world) {
		path := w.code("实验楼二楼走廊")
		ticket := w.paper(path)
		w.hand(path, ticket, map[string]string{"words": "走廊灯不亮"})
		w.hand(path, ticket, map[string]string{"words": ""})
		w.browse(w.request("GET", path+"x", nil))
		w.settle()
		said := list(w.take())
		_, err := w.db().ExecContext(w.ctx, "DELETE FROM places") // its own row is the one place for it
		w.ok(err)
		for place, text := range w.places(said) {
			if place == "files" { // the database's log has the row
				continue
			}
			for _, secret := range []string{strings.TrimPrefix(path, "/q/"), ticket} {
				if strings.Contains(text, secret) {
					t.Errorf("a secret is found in the %s", place)
				}
			}
		}
	})
}

// TestUploadsThatAreNoPhotos holds that each gets its sentence and that the hazard is
// filed all the same.
func TestUploadsThatAreNoPhotos(t *testing.T) {
	each(t, withPages(setup{}), func(w *world) {
		path := w.code("实验楼二楼走廊")
		whole := photo(9).Data
		_, page := w.fill(path, "走廊灯不亮", append([]byte("PK\x03\x04"), make([]byte, 60)...), whole[:len(whole)/2], append(slices.Clone(whole), make([]byte, 16<<20)...))
		for _, want := range []string{"已登记 YH-2025-0001", "第 1 张照片没有收下：不是能收的照片格式", "第 2 张照片没有收下：文件不完整", "第 3 张照片没有收下：太大了，一张最多 15 MB。"} {
			if !strings.Contains(page, want) {
				t.Errorf("no %q in %s", want, page)
			}
		}
		if n := w.blobs(); n != 0 {
			t.Errorf("%d files on disk", n)
		}
		w.settle()
		w.take()
	})
}

func TestWithoutAnAddressThereAreNoPages(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		if status, _ := w.browse(w.request("GET", w.code("实验楼二楼走廊"), nil)); status != 404 {
			t.Errorf("%d", status)
		}
	})
}

// TestAPhotoOfAnOpenHazardThroughACode holds that the section hears in the morning that a
// form shows what was filed before, and who passed by hears nothing of it.
func TestAPhotoOfAnOpenHazardThroughACode(t *testing.T) {
	each(t, withPages(setup{}), func(w *world) {
		w.first("wenchang-jia", scenery(w, 1, 90))
		if got := w.wecom("wenchang-jia", "上报隐患 实验楼二楼走廊灯不亮"); !strings.HasPrefix(got, "已登记 YH-2025-0001") {
			t.Fatal(got)
		}
		path := w.code("实验楼二楼走廊")
		if status, page := w.hand(path, w.paper(path), map[string]string{"words": "灯坏了，晚上看不清"}, scenery(w, 1, 40).Data); status != 200 || strings.Contains(page, "0001") {
			t.Errorf("%d %s", status, page)
		}
		w.settle()
		w.take()
		w.until("2025-09-11 09:00")
		told := to(w.take(), "anquan-guzhang")
		if len(told) != 1 || !strings.Contains(told[0], "YH-2025-0002 和 YH-2025-0001 的照片几乎一样") {
			t.Errorf("told: %v", told)
		}
	})
}
