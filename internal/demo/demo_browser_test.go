//go:build browser

// With DEMO_SHOTS=some/folder the visit leaves pictures, the README's among them.

package demo

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// visitor drives a browser on the running demonstration.
type visitor struct {
	t     *testing.T
	ctx   context.Context
	fresh bool // nothing was done yet
}

func visit(t *testing.T, url string, width, height int) *visitor {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.Flag("disable-gpu", true),
		chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	v := &visitor{t: t, ctx: ctx, fresh: true}
	v.do(chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(1.5)), chromedp.Navigate(url))
	return v
}

func (v *visitor) do(actions ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 20*time.Second)
	defer cancel()
	if v.fresh {
		ctx, v.fresh = v.ctx, false // a time limit on the first action would be one on the browser
	}
	if err := chromedp.Do(ctx, actions...); err != nil {
		v.t.Fatal(err)
	}
}

func (v *visitor) see(expr string) {
	v.t.Helper()
	watch := func() error {
		return chromedp.Do(v.ctx, chromedp.Poll[chromedp.Void](expr, chromedp.WithPollingTimeout(15*time.Second)))
	}
	err := watch()
	for tries := 0; left(err) && tries < 5; tries++ {
		err = watch()
	}
	if err != nil {
		v.shot("failed")
		v.t.Fatalf("never saw %s: %v", expr, err)
	}
}

// left reports whether the page that was watched gave way to the next one meanwhile.
func left(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "Cannot find context") || strings.Contains(err.Error(), "context was destroyed"))
}

func (v *visitor) said(panel, text string) {
	v.t.Helper()
	v.see(fmt.Sprintf(`document.querySelector(%q).textContent.includes(%q)`, panel+" .log", text))
}

func (v *visitor) click(selector string) {
	v.t.Helper()
	v.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

func (v *visitor) shot(name string) {
	dir := os.Getenv("DEMO_SHOTS")
	if dir == "" {
		return
	}
	v.do(chromedp.Sleep(700 * time.Millisecond)) // let the animations end
	png, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600)
	}
	if err != nil {
		v.t.Error(err)
	}
}

func start(t *testing.T) *Demo {
	t.Helper()
	d, err := Open(context.Background(), Options{Addr: "127.0.0.1:0", Dir: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
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

// A visitor's first minutes, with the real program behind the page: file a hazard
// with a photo, see it arrive at the officer, move the clock to the digest and
// the next morning.
func TestFirstMinutes(t *testing.T) {
	for _, size := range [][2]int{{1680, 1000}, {390, 844}} {
		t.Run(fmt.Sprint(size[0]), func(t *testing.T) {
			v := visit(t, start(t).URL, size[0], size[1])
			tab := func(name string) {
				if size[0] < 1180 {
					v.click(`.tabs [data-tab="` + name + `"]`)
				}
			}
			v.see(`document.querySelectorAll('.person').length > 15`)
			v.click(`[data-person="wenchang-jia"]`)
			v.click("#chat .plus")
			v.click(`#chat [data-sample="灭火器过期"]`)
			v.see(`document.querySelectorAll('#chat .picked img').length === 1`)
			v.do(chromedp.SendKeys(chromedp.CSS("#chat textarea"), "上报隐患 教学楼二楼灭火器过期"))
			v.click("#chat .send")
			v.said("#chat", "已登记 YH-2025-0001")
			v.said("#chat", "照片 1 张")
			v.see(`document.querySelector('[data-person="wenchang-aq"] .badge')?.textContent === '1'`)
			tab("time")
			v.click("#go-next")
			v.see(`document.querySelector('#time-clock').textContent === '16:30' && !document.querySelector('#go-next').disabled`)
			tab("group")
			v.said("#group", "督办日报")
			v.shot(fmt.Sprint("demo-", size[0], "-digest"))
			tab("time")
			v.click("#go-next")
			v.see(`document.querySelector('#time-clock').textContent === '08:30' && !document.querySelector('#go-next').disabled`)
			tab("chat")
			v.click(`[data-person="wenchang-aq"]`)
			v.said("#chat", "新报隐患 YH-2025-0001")
			v.said("#chat", "早上好")
			v.do(chromedp.SendKeys(chromedp.CSS("#chat textarea"), "签收隐患1"))
			v.click("#chat .send")
			v.said("#chat", "已签收 YH-2025-0001")
			v.shot(fmt.Sprint("demo-", size[0]))
		})
	}
}

// A head asks for the ledger and finds it in the chat, to be saved.
func TestAFileCanBeSaved(t *testing.T) {
	v := visit(t, start(t).URL, 1680, 1000)
	v.see(`document.querySelectorAll('.person').length > 15`)
	v.click(`[data-person="wenchang-xz"]`)
	v.do(chromedp.SendKeys(chromedp.CSS("#chat textarea"), "导出9月台账"))
	v.click("#chat .send")
	v.said("#chat", "正在导出督办台账和隐患台账")
	v.see(`document.querySelector('#chat a.file')?.download === '督办台账和隐患台账_2025-09-01至2025-09-30.xlsx'`)
	v.shot("file")
	v.do(chromedp.Evaluate[chromedp.Void](`fetch(document.querySelector('#chat a.file').href).then((r) => r.blob()).then((b) => { document.title = 'saved ' + (b.size > 5000) })`))
	v.see(`document.title === 'saved true'`)
}
