package phone

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"duban/internal/errs"
)

//go:embed static
var assets embed.FS

// Page serves the phone page over a World and its Feed.
type Page struct {
	world  World
	feed   *Feed
	photos *shelf
	beat   time.Duration // how often an idle stream shows a sign of life
	slots  chan struct{} // bounds open streams
	moving sync.Mutex    // one visitor moves the clock at a time
}

// New returns the page. The World must publish to the same feed.
func New(w World, feed *Feed) *Page {
	return &Page{world: w, feed: feed, photos: newShelf(shelfBytes), beat: 15 * time.Second, slots: make(chan struct{}, 64)}
}

// Register adds the page's routes below /demo/.
func (p *Page) Register(r gin.IRouter) {
	g := r.Group("/demo", harden)
	g.GET("/", func(c *gin.Context) { serveAsset(c, "index.html") })
	g.GET("/static/*file", func(c *gin.Context) { serveAsset(c, c.Param("file")) })
	api := g.Group("/api")
	api.GET("/state", p.state)
	api.GET("/events", p.events)
	api.GET("/photo/:id", p.photo)
	api.GET("/file/:id", p.file)
	api.POST("/send", ownPage, p.send)
	api.POST("/advance", ownPage, p.advance)
}

// serveAsset answers an embedded file, unless the browser has it already.
func serveAsset(c *gin.Context, name string) {
	data, err := assets.ReadFile(path.Join("static", path.Clean("/"+name)))
	if err != nil {
		fail(c, errs.New(errs.NotFound, "没有这个页面。请从 /demo/ 打开演示。"))
		return
	}
	sum := sha256.Sum256(data)
	h := c.Writer.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(data))
}

// contentType does not depend on the machine's own table for what matters:
// browsers refuse scripts of a wrong type.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// stateAnswer is the World's state with the record of what was said.
type stateAnswer struct {
	State
	Entries []Entry `json:"entries"`
	Cursor  string  `json:"cursor"` // follow the events from here
}

func (p *Page) state(c *gin.Context) {
	// The record is read first: what is said meanwhile comes again as an event,
	// which the page recognises by its number; the other way round it were lost.
	entries, seq := p.feed.snapshot()
	st, err := p.world.State(c.Request.Context())
	if err != nil {
		fail(c, errs.At("demo state", err))
		return
	}
	c.JSON(http.StatusOK, stateAnswer{State: st, Entries: entries, Cursor: p.feed.cursor(seq)})
}

func (p *Page) photo(c *gin.Context) {
	ph, ok := p.photos.get(c.Param("id"))
	if !ok {
		fail(c, errs.New(errs.NotFound, "这张照片已经不在了：演示只保留最近的照片。"))
		return
	}
	c.Header("Cache-Control", "private, max-age=86400, immutable")
	c.Data(http.StatusOK, ph.kind, ph.data)
}

// file is only ever saved, never shown by the browser.
func (p *Page) file(c *gin.Context) {
	f, ok := p.feed.files.get(c.Param("id"))
	if !ok {
		fail(c, errs.New(errs.NotFound, "这个文件已经不在了：演示只保留最近的文件。请再导出一次。"))
		return
	}
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	c.Data(http.StatusOK, "application/octet-stream", f.data)
}
