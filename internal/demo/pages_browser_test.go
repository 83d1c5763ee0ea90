//go:build browser

package demo

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"duban/bot"
	"duban/internal/sim/stage"
)

// startWithPages is a demonstration whose address is known beforehand, so that it has pages.
func startWithPages(t *testing.T) *Demo {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	d, err := Open(t.Context(), Options{Addr: addr, Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		if err := d.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return d
}

// code has a place made in the chat and returns its page's address.
func code(t *testing.T, d *Demo) string {
	t.Helper()
	tell(t, d, "wenchang-aq", "生成二维码 实验楼二楼走廊")
	p, found, err := d.App.Store().Read(t.Context()).PlaceByCode(t.Context(), "W5P5")
	if err != nil || !found {
		t.Fatal(err)
	}
	return p.Address(strings.TrimSuffix(d.URL, "/demo/"))
}

func tell(t *testing.T, d *Demo, person, text string) string {
	t.Helper()
	id, _ := d.Stage.UserID(person, bot.WeCom)
	answer, err := d.Stage.Say(t.Context(), stage.Line{Platform: bot.WeCom, UserID: id, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// snapshot is a picture as a phone makes one.
func snapshot(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for i := range 1600 {
		for j := range 1200 {
			m.Set(i, j, color.RGBA{uint8(i / 7), uint8(j / 5), uint8((i + j) / 11), 255})
		}
	}
	path := filepath.Join(t.TempDir(), "IMG_1.jpg")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, m, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

// fits fails on sideways scrolling and on buttons too small for a thumb.
func (v *visitor) fits(what string) {
	v.t.Helper()
	v.see(`document.readyState === 'complete'`)
	over, err := chromedp.Run(v.ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - innerWidth`))
	if err != nil || over > 0 {
		v.t.Errorf("%s is %d px too wide, %v", what, over, err)
	}
	small, err := chromedp.Run(v.ctx, chromedp.Evaluate[int](`[...document.querySelectorAll('button, .button, .dial a, textarea')].filter((e) => e.getBoundingClientRect().height < 40).length`))
	if err != nil || small > 0 {
		v.t.Errorf("%s has %d buttons too small, %v", what, small, err)
	}
}

// press clicks what leads to another page, and waits for it.
func (v *visitor) press(selector string) {
	v.t.Helper()
	v.leads(chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

func (v *visitor) leads(actions ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 20*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, actions...); err != nil {
		v.t.Fatal(err)
	}
}

// quiet remembers what the console says: a policy that is broken shows there.
func (v *visitor) quiet() (complaints func() []string) {
	list := make(chan string, 100)
	go func() {
		for m, err := range chromedp.Console(v.ctx) {
			if err != nil {
				return
			}
			list <- m.String()
		}
	}()
	return func() []string {
		var out []string
		for {
			select {
			case s := <-list:
				out = append(out, s)
			default:
				return out
			}
		}
	}
}

// TestAPasserByOnAPhone scans, fills in, takes a photo and reads the number; then the
// officer looks at the photo through a link.
func TestAPasserByOnAPhone(t *testing.T) {
	for _, c := range []struct {
		name   string
		width  int
		height int
		scheme string
	}{{"usual", 390, 844, "light"}, {"small", 320, 568, "light"}, {"dark", 390, 844, "dark"}} {
		t.Run(c.name, func(t *testing.T) {
			d := startWithPages(t)
			page := code(t, d)
			v := visit(t, "about:blank", c.width, c.height)
			complaints := v.quiet()
			media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: c.scheme}}}
			if _, err := chromedp.Call(v.ctx, emulation.SetEmulatedMedia, media); err != nil {
				t.Fatal(err)
			}
			v.leads(chromedp.Navigate(page))
			v.see(`document.querySelector('h1').textContent === '报隐患' && document.querySelector('.where').textContent.includes('文昌中学')`)
			v.see(`getComputedStyle(document.querySelector('button')).borderRadius === '12px'`) // the style is let in
			v.fits("the form")
			v.shot(c.name + "-1-form")
			v.do(chromedp.SendKeys(chromedp.CSS("#words"), "墙上的灭火器过期了"), chromedp.SetUploadFiles(chromedp.CSS("#photo"), []string{snapshot(t)}))
			v.shot(c.name + "-2-filled")
			v.press("button")
			v.see(`document.querySelector('h1')?.textContent === '已登记 YH-2025-0001' && document.querySelector('#answer').textContent.includes('照片：1 张')`)
			v.fits("the answer")
			v.shot(c.name + "-3-answer")
			v.leads(chromedp.Reload())
			v.see(`document.querySelector('h1')?.textContent === '已登记 YH-2025-0001'`) // sent again, filed once
			v.press(".button")
			v.do(chromedp.SendKeys(chromedp.CSS("#words"), "走廊着火了"))
			v.press("button")
			v.see(`document.querySelector('#answer')?.textContent.includes('119')`)
			v.fits("the alarm")
			v.shot(c.name + "-4-alarm")
			v.leads(chromedp.Navigate(page + "x"))
			v.see(`document.querySelector('h1').textContent === '打不开'`)
			v.shot(c.name + "-5-nowhere")

			v.leads(chromedp.Navigate(linkOf(t, d)))
			v.see(`document.querySelector('h1').textContent === '隐患照片'`)
			v.shot(c.name + "-6-unopened")
			v.press("button")
			v.see(`document.querySelector('h1')?.textContent === 'YH-2025-0001' && [...document.images].filter((i) => i.naturalWidth > 0).length === 1`)
			v.fits("the photos")
			v.shot(c.name + "-7-photos")
			v.press(".photos a")
			v.see(`document.images.length === 1 && document.images[0].naturalWidth === 1600`)
			for _, s := range complaints() {
				if !strings.Contains(s, "404") && !strings.Contains(s, "favicon") {
					t.Errorf("console: %s", s)
				}
			}
		})
	}
}

var linkIn = regexp.MustCompile(`http://127\.0\.0\.1:\d+/h/[A-Z2-7]{26}`)

// linkOf has the officer ask for the photos and returns the link that came.
func linkOf(t *testing.T, d *Demo) string {
	t.Helper()
	if answer := tell(t, d, "wenchang-aq", "看照片 YH0001"); !strings.Contains(answer, "链接") {
		t.Fatalf("%s", answer)
	}
	if err := d.App.Advance(t.Context(), d.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	for _, s := range d.Stage.WeCom.Sent() {
		if found := linkIn.FindString(s.Text); found != "" {
			return found
		}
	}
	t.Fatal(fmt.Sprint("no link came: ", len(d.Stage.WeCom.Sent())))
	return ""
}
