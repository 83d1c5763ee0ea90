//go:build browser

// The browser tests need Chromium or Chrome: go test -tags browser ./internal/sim/phone
// With PHONE_SHOTS=some/folder they leave pictures of every step.

package phone

import (
	"context"
	"fmt"
	"iter"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser is one visitor with a window of a given size. Whatever the console
// says is remembered as a complaint.
type browser struct {
	t     *testing.T
	ctx   context.Context
	site  *site
	width int
	name  string
	fresh bool // nothing was done yet

	mu         sync.Mutex
	complaints []string
}

// flags make the browser quiet and alone: no network but ours, no profile.
func flags(t *testing.T) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.NoFirstRun, chromedp.Flag("disable-gpu", true), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	if path := os.Getenv("DUBAN_TEST_CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	return options
}

func visit(t *testing.T, width, height int, dark bool) *browser {
	t.Helper()
	s := newSite(t)
	srv := httptest.NewServer(s.h)
	t.Cleanup(srv.Close)
	t.Cleanup(s.feed.Close)
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), flags(t)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, site: s, width: width, name: fmt.Sprint(width), fresh: true}
	go b.listen(chromedp.Console(ctx))
	scheme := "light"
	if dark {
		scheme = "dark"
		b.name += "-dark"
	}
	b.do(chromedp.EmulateViewport(int64(width), int64(height), chromedp.EmulateScale(1.5)))
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate(srv.URL + "/demo/"))
	b.see(`document.querySelectorAll('.person').length === 7`)
	return b
}

// listen collects what the console says until the browser is closed.
func (b *browser) listen(messages iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range messages {
		if err != nil {
			return
		}
		b.mu.Lock()
		b.complaints = append(b.complaints, m.String()+" "+m.URL)
		b.mu.Unlock()
	}
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 15*time.Second)
	defer cancel()
	if b.fresh {
		ctx, b.fresh = b.ctx, false // a time limit on the first action would be one on the browser
	}
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// see waits until the expression is true in the page.
func (b *browser) see(expr string) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, chromedp.Poll[chromedp.Void](expr, chromedp.WithPollingTimeout(8*time.Second))); err != nil {
		b.shot("failed")
		b.t.Fatalf("never saw %s: %v", expr, err)
	}
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// tab goes to a page of the narrow layout; the wide one shows all at once.
func (b *browser) tab(name string) {
	if b.width < 1180 {
		b.click(`.tabs [data-tab="` + name + `"]`)
	}
}

func (b *browser) write(panel, text string) {
	b.do(chromedp.SendKeys(chromedp.CSS(panel+" textarea"), text))
	b.click(panel + " .send")
}

// said waits for words in a panel's conversation.
func (b *browser) said(panel, text string) {
	b.t.Helper()
	b.see(fmt.Sprintf(`document.querySelector(%q).textContent.includes(%q)`, panel+" .log", text))
}

// check fails on sideways scrolling and on anything the console said.
func (b *browser) check() {
	b.t.Helper()
	over, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth`))
	if err != nil || over > 0 {
		b.t.Errorf("the page is %d px too wide, %v", over, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		b.t.Errorf("console: %s", strings.Join(b.complaints, "\n"))
	}
}

// shot saves a picture when PHONE_SHOTS names a folder.
func (b *browser) shot(name string) {
	dir := os.Getenv("PHONE_SHOTS")
	if dir == "" {
		return
	}
	b.do(chromedp.Sleep(350 * time.Millisecond)) // let the animations end
	if err := os.WriteFile(filepath.Join(dir, b.name+"-"+name+".png"), b.capture(), 0o600); err != nil {
		b.t.Error(err)
	}
}

func (b *browser) capture() []byte {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	return png
}

// The whole visit: ask, press, send a photo, talk in the group, move the clock.
func TestVisit(t *testing.T) {
	sizes := []struct {
		width, height int
		dark          bool
	}{{390, 844, false}, {390, 844, true}, {1280, 800, false}, {1280, 800, true}, {1024, 768, false}, {1680, 1000, false}, {360, 640, false}}
	for _, size := range sizes {
		t.Run(fmt.Sprint(size.width, " dark ", size.dark), func(t *testing.T) {
			b := visit(t, size.width, size.height, size.dark)
			b.shot("0-start")
			b.click(`[data-person="t1"]`)
			b.write("#chat", "我的任务")
			b.said("#chat", "您手上有 2 件")
			b.click(`#chat .actions button`)
			b.said("#chat", "记下了：12-8")
			b.shot("1-asked")
			b.sendPhoto()
			b.shot("2-photo")
			b.talkInGroup()
			b.moveClock()
			b.otherPlatform()
			b.check()
		})
	}
}

func (b *browser) sendPhoto() {
	b.click("#chat .plus")
	b.shot("2-tray")
	b.click(`#chat [data-sample="灭火器过期"]`)
	b.see(`document.querySelectorAll('#chat .picked img').length === 1`)
	file := filepath.Join(b.t.TempDir(), "own.png")
	drawn := b.capture()
	if err := os.WriteFile(file, drawn, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS("#chat .album"), []string{file}))
	b.see(`document.querySelectorAll('#chat .picked img').length === 2`)
	b.do(chromedp.SendKeys(chromedp.CSS("#chat textarea"), "教学楼二楼东头灭火器过期"))
	b.shot("2-picked")
	b.click("#chat .send")
	b.said("#chat", "已登记隐患 YH-2025-0057")
	b.see(`[...document.querySelectorAll('#chat .mine .shots img')].filter((i) => i.naturalWidth > 0).length === 2`)
	b.click(`#chat .mine .shots button`)
	b.see(`document.querySelector('#viewer').open && document.querySelector('#viewer img').naturalWidth === 960`)
	b.click("#viewer .viewer-close")
	b.see(`!document.querySelector('#viewer').open`)
	b.site.world.mu.Lock()
	defer b.site.world.mu.Unlock()
	last := b.site.world.sent[len(b.site.world.sent)-1]
	if len(last.Photos) != 2 || last.Photos[0].ContentType != "image/jpeg" || len(last.Photos[0].Data) < 4000 {
		b.t.Errorf("photos did not arrive: %d", len(last.Photos))
	}
}

func (b *browser) talkInGroup() {
	b.tab("group")
	b.write("#group", "大家早上好 <img src=x onerror=alert(1)>")
	b.said("#group", "<img src=x onerror=alert(1)>")
	b.said("#group", "没有 @督办助手，机器人收不到这句话。")
	b.click("#group .chips .at")
	b.do(chromedp.SendKeys(chromedp.CSS("#group textarea"), "本周到期"))
	b.click("#group .send")
	b.said("#group", "到期 1 件")
	b.shot("3-group")
}

func (b *browser) moveClock() {
	b.tab("time")
	b.shot("4-time")
	b.click("#go-next")
	b.see(`document.querySelector('#time-clock').textContent === '08:30' && !document.querySelector('#go-next').disabled`)
	b.shot("5-toasts")
	b.said("#chat", "早上好。有 1 件事快到期")
	b.see(`document.querySelector('[data-person="k1"] .badge')?.textContent === '1'`)
	b.do(chromedp.SetValue(chromedp.CSS("#go-date"), "2025-09-11T18:00"))
	b.click("#go-to button")
	b.see(`document.querySelector('#time-date').textContent === '2025年9月11日 周四' && document.querySelector('#time-clock').textContent === '18:00'`)
	b.see(`document.querySelector('#go-next').disabled && document.querySelector('#time-next').textContent === '暂时没有安排'`)
	b.said("#group", "今日办结 3 件")
	b.tab("group")
	b.shot("6-digest")
	b.tab("pushes")
	b.see(`document.querySelectorAll('#push-list .push').length === 6`)
	b.see(`document.querySelector('#push-list').textContent.includes('原因：钉钉回复：此人不在应用可见范围')`)
	b.shot("7-pushes")
	b.click(`[data-filter="held"]`)
	b.see(`document.querySelectorAll('#push-list .push').length === 2`)
	b.click(`[data-filter="all"]`)
	b.tab("chat")
	b.shot("8-reminder")
}

// A chief on DingTalk finds the escalation, and reads it away.
func (b *browser) otherPlatform() {
	b.click(`.platforms [data-platform="dingtalk"]`)
	b.click(`[data-person="k1"]`)
	b.said("#chat", "两件事超期 1 个工作日")
	b.see(`!document.querySelector('[data-person="k1"] .badge')`)
	b.shot("9-dingtalk")
	b.click(`#chat .actions button`)
	b.said("#chat", "催办 隐患56")
	b.click(`[data-person="k2"]`)
	b.see(`document.body.dataset.platform === 'wecom' && document.querySelector('.platforms [data-platform="dingtalk"]').disabled`)
	b.do(chromedp.Reload())
	b.see(`document.querySelector('[data-person="k2"]')?.getAttribute('aria-pressed') === 'true'`)
	b.click(`[data-person="t1"]`)
	b.said("#chat", "记下了：12-8")
}

// What the server refuses is said, and the words come back into the input.
func TestRefusedMessageComesBack(t *testing.T) {
	b := visit(t, 390, 844, false)
	b.write("#chat", "停电了")
	b.see(`document.querySelector('.toast.error')?.textContent === '系统正忙，您的消息没有保存。请过几分钟再发一次。'`)
	b.see(`document.querySelector('#chat textarea').value === '停电了'`)
	b.said("#chat", "上一条没有送到")
}

// A page that was away too long loads everything anew.
func TestPageComesBackAfterRestart(t *testing.T) {
	b := visit(t, 1280, 800, false)
	b.write("#chat", "我的任务")
	b.said("#chat", "您手上有 2 件")
	b.site.feed.mu.Lock()
	b.site.feed.epoch, b.site.feed.entries, b.site.feed.seq = "restarted", nil, 0
	b.site.feed.wake()
	b.site.feed.mu.Unlock()
	b.see(`document.querySelector('#chat .blank') !== null`)
	b.write("#chat", "帮助")
	b.said("#chat", "可以这样说")
	b.check()
}
