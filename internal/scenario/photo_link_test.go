package scenario

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"duban/bot"
	"duban/internal/link"
)

// visitor is one browser: it keeps its cookies and follows redirects.
type visitor struct {
	w *world
	c *http.Client
}

func (w *world) visitor() visitor {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	w.ok(err)
	return visitor{w, &http.Client{Jar: plain{jar}}}
}

// plain gives cookies back over http as well, which the loopback of the tests is.
type plain struct{ *cookiejar.Jar }

func (p plain) SetCookies(u *url.URL, list []*http.Cookie) {
	for _, c := range list {
		c.Secure = false
	}
	p.Jar.SetCookies(u, list)
}

func (v visitor) do(method, path string) (*http.Response, string) {
	v.w.t.Helper()
	resp, err := v.c.Do(v.w.request(method, path, nil))
	v.w.ok(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	v.w.ok(err)
	return resp, string(body)
}

var linkIn = regexp.MustCompile(regexp.QuoteMeta(public) + `(/h/[A-Z2-7]{26})`)

// linkFor has a person ask for photos and returns the path of the link that came, "" for
// none.
func (w *world) linkFor(platform bot.Platform, person string, hazard int) string {
	w.t.Helper()
	w.say(platform, person, fmt.Sprintf("看照片 YH%04d", hazard))
	w.settle()
	for _, text := range to(w.take(), person) {
		if g := linkIn.FindStringSubmatch(text); g != nil {
			return g[1]
		}
	}
	return ""
}

// twoSchools files a hazard with a photo at each of two schools: 1 at 文昌中学, 2 at 石码头小学.
func (w *world) twoSchools() {
	w.t.Helper()
	w.wecom("wenchang-jia", "上报隐患 食堂后厨燃气软管老化", photo(90))
	w.dingtalk("shimatou-aq", "上报隐患 车棚顶棚松动", photo(40))
	w.settle()
	w.take()
}

var pictureIn = regexp.MustCompile(`/h/[A-Z2-7]{26}/(?:full|small)/(\d+)`)

// TestALinkOpensInOneBrowserForAWhile follows a link from the chat to its end.
func TestALinkOpensInOneBrowserForAWhile(t *testing.T) {
	each(t, withPages(setup{}), func(w *world) {
		w.twoSchools()
		w.same("answer", w.wecom("wenchang-aq", "看照片 YH0001"), "YH-2025-0001 的照片 1 张，马上以文件发给您，另发一个可以点开看的链接。")
		w.settle()
		all := w.take()
		g := linkIn.FindStringSubmatch(list(all))
		if g == nil || len(all) != 2 {
			t.Fatalf("pushed: %s", list(all))
		}
		w.same("words", strings.ReplaceAll(strings.Join(to(all, "wenchang-aq"), "|"), g[0], "LINK"),
			"YH-2025-0001 的照片也可以点开看，30 分钟内有效，只在第一次打开它的浏览器里能看，请不要转发：\nLINK|照片_YH-2025-0001.docx")
		path, robot, phone, other := g[1], w.visitor(), w.visitor(), w.visitor()
		for _, method := range []string{"HEAD", "GET", "GET"} { // a preview presses no button
			resp, body := robot.do(method, path)
			if resp.StatusCode != 200 || strings.Contains(body, "YH-2025") || strings.Contains(body, "文昌") {
				t.Errorf("before it is opened: %d %s", resp.StatusCode, body)
			}
		}
		if resp, _ := robot.do("GET", path+"/full/1"); resp.StatusCode != 404 {
			t.Errorf("a picture before it is opened: %d", resp.StatusCode)
		}
		resp, body := phone.do("POST", path)
		if resp.StatusCode != 200 || !strings.Contains(body, "YH-2025-0001") || !strings.Contains(body, "整改前") || strings.Contains(body, "教师甲") {
			t.Fatalf("opened: %d %s", resp.StatusCode, body)
		}
		if h := resp.Header; h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("headers %v", h)
		}
		pictures := pictureIn.FindAllString(body, -1)
		if len(pictures) != 2 {
			t.Fatalf("pictures %v", pictures)
		}
		for _, p := range pictures {
			resp, body := phone.do("GET", p)
			h := resp.Header
			if resp.StatusCode != 200 || http.DetectContentType([]byte(body)) != "image/jpeg" || h.Get("Content-Type") != "image/jpeg" || h.Get("X-Content-Type-Options") != "nosniff" ||
				h.Get("Cache-Control") != "no-store" || !strings.HasPrefix(h.Get("Content-Disposition"), `inline; filename="yh-2025-0001-`) || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
				t.Errorf("%s: %d %v", p, resp.StatusCode, h)
			}
		}
		for _, method := range []string{"GET", "POST"} {
			if resp, _ := other.do(method, path); resp.StatusCode != 404 {
				t.Errorf("in another browser: %d", resp.StatusCode)
			}
		}
		w.same("history", w.query("SELECT CONCAT(actor, ' ', after_value, ' ', (SELECT COUNT(*) FROM journal WHERE action = 'photos_opened')) FROM journal WHERE action = 'photos_opened'"), "wenchang-aq YH-2025-0001 1")
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(link.Life-time.Second)))
		if resp, _ := phone.do("GET", path); resp.StatusCode != 200 {
			t.Errorf("shortly before its end: %d", resp.StatusCode)
		}
		w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(time.Second)))
		for _, p := range append(pictures, path) {
			if resp, _ := phone.do("GET", p); resp.StatusCode != 404 {
				t.Errorf("after its end: %s %d", p, resp.StatusCode)
			}
		}
		w.take()
	})
}

// TestWhoGetsALink is the permission matrix over two schools: who may see a hazard gets a
// link to it, nobody else gets one, and no link shows a picture of the other school.
func TestWhoGetsALink(t *testing.T) {
	each(t, withPages(setup{everywhere: true}), func(w *world) {
		w.twoSchools()
		for person, may := range map[string][2]bool{
			"wenchang-jia": {true, false}, "wenchang-aq": {true, false}, "wenchang-xz": {true, false},
			"shimatou-aq": {false, true}, "shimatou-xz": {false, true},
			"anquan-guzhang": {true, true}, "anquan-zhiban": {true, true}, "ju-fuju-anquan": {true, true}, "ban-ducha": {true, true},
			"jijiao-guzhang": {false, false},
		} {
			for i, want := range may {
				path := w.linkFor(bot.WeCom, person, i+1)
				if (path != "") != want {
					t.Errorf("%s and hazard %d: link %v, want %v", person, i+1, path != "", want)
				}
				if path == "" {
					continue
				}
				v := w.visitor()
				_, body := v.do("POST", path)
				own := pictureIn.FindStringSubmatch(body)
				if own == nil || !strings.Contains(body, fmt.Sprintf("YH-2025-%04d", i+1)) {
					t.Fatalf("%s opens %s", person, body)
				}
				for id := range 6 {
					resp, _ := v.do("GET", fmt.Sprintf("%s/full/%d", path, id))
					if shown := resp.StatusCode == 200; shown != (fmt.Sprint(id) == own[1]) {
						t.Errorf("%s sees picture %d through a link to hazard %d: %v", person, id, i+1, shown)
					}
				}
			}
		}
	})
}

// TestRightsCountEachTimeALinkIsOpened takes them away at each step.
func TestRightsCountEachTimeALinkIsOpened(t *testing.T) {
	for name, take := range map[string]string{
		"a post ends":     "UPDATE holdings SET until = 1 WHERE person_id = 'anquan-guzhang'",
		"somebody leaves": "UPDATE persons SET active = 0 WHERE id = 'anquan-guzhang'",
		"the hazard is another school's to the person": "UPDATE hazards SET unit_id = 's-shimatou' WHERE id = 1",
	} {
		t.Run(name, func(t *testing.T) {
			each(t, withPages(setup{everywhere: true}), func(w *world) {
				w.twoSchools()
				who := "anquan-guzhang"
				if strings.Contains(take, "hazards") {
					who = "wenchang-aq"
				}
				opened, unopened := w.linkFor(bot.WeCom, who, 1), w.linkFor(bot.WeCom, who, 1)
				v := w.visitor()
				_, body := v.do("POST", opened)
				picture := pictureIn.FindString(body)
				if picture == "" {
					t.Fatalf("%s", body)
				}
				_, err := w.db().ExecContext(w.ctx, take)
				w.ok(err)
				w.ok(w.nodes[0].Advance(w.ctx, w.clock.Now().Add(20*time.Second))) // the directory is kept for a moment
				nothing, _ := v.do("GET", "/h/"+strings.Repeat("A", 26))
				_, want := v.do("GET", "/h/"+strings.Repeat("A", 26))
				for _, visit := range [][2]string{{"GET", opened}, {"POST", opened}, {"GET", picture}, {"GET", unopened}, {"POST", unopened}} {
					resp, body := v.do(visit[0], visit[1])
					if resp.StatusCode != nothing.StatusCode || body != want {
						t.Errorf("%s %s: %d", visit[0], strings.ReplaceAll(visit[1], opened, "…"), resp.StatusCode)
					}
				}
				w.take()
			})
		})
	}
}

// TestATokenOfALinkIsNowhere looks for it and for the cookie in all that stays.
func TestATokenOfALinkIsNowhere(t *testing.T) {
	each(t, watched(withPages(setup{})), func(w *world) {
		w.twoSchools()
		path := w.linkFor(bot.WeCom, "wenchang-aq", 1)
		v := w.visitor()
		v.do("POST", path)
		cookies := v.c.Jar.Cookies(w.request("GET", path, nil).URL)
		if len(cookies) != 1 {
			t.Fatalf("cookies %v", cookies)
		}
		token := strings.TrimPrefix(path, "/h/")
		for place, text := range w.places("") {
			if strings.Contains(text, token) || strings.Contains(text, cookies[0].Value) {
				t.Errorf("a secret is found in the %s", place)
			}
		}
	})
}

// TestALinkPressedInManyBrowsersAtOnceOpensInOne lets them race.
func TestALinkPressedInManyBrowsersAtOnceOpensInOne(t *testing.T) {
	each(t, withPages(setup{}), func(w *world) {
		w.twoSchools()
		path := w.linkFor(bot.WeCom, "wenchang-aq", 1)
		var opened atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			v := w.visitor()
			all.Go(func() {
				resp, err := v.c.Do(w.request("POST", path, nil))
				if err != nil {
					t.Error(err)
					return
				}
				defer resp.Body.Close()
				if resp.StatusCode == 200 {
					opened.Add(1)
				} else if resp.StatusCode != 404 {
					t.Errorf("%d", resp.StatusCode)
				}
			})
		}
		all.Wait()
		w.same("opened", fmt.Sprintf("%d %s", opened.Load(), w.query("SELECT COUNT(*) FROM journal WHERE action = 'photos_opened'")), "1 1")
	})
}

func TestWithoutAnAddressThereIsNoLink(t *testing.T) {
	onSQLite(t, setup{}, func(w *world) {
		w.twoSchools()
		w.same("answer", w.wecom("wenchang-aq", "看照片 YH0001"), "YH-2025-0001 的照片 1 张，马上以文件发给您。")
		w.settle()
		w.expect(said{"file", "wenchang-aq", "照片_YH-2025-0001.docx"})
	})
}
