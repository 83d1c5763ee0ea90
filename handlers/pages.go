package handlers

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed pages/pages.html pages/style.css
var pageFiles embed.FS

// pages are what people see in a browser: without scripts, so that any phone shows them
// and nothing that is smuggled into them runs. PageSDK adds one, to one page, in one app.
type pages struct {
	all    *template.Template
	policy string
}

func newPages() *pages {
	css, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		panic(err) // embedded: a defect of the build
	}
	sum := sha256.Sum256(css)
	all := template.New("pages").Funcs(template.FuncMap{"style": func() template.CSS { return template.CSS(css) }})
	return &pages{
		all: template.Must(all.ParseFS(pageFiles, "pages/pages.html")),
		policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
			"'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	}
}

// show writes a page. The address of the page holds a secret: it is neither kept nor
// told to other places.
func (p *pages) show(c *gin.Context, status int, name string, data any) {
	p.under(c, status, p.policy, name, data)
}

// under is show with a policy of the page's own.
func (p *pages) under(c *gin.Context, status int, policy, name string, data any) {
	var out bytes.Buffer
	if err := p.all.ExecuteTemplate(&out, name, data); err != nil {
		panic(err) // a defect of the template; nothing was written yet
	}
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	c.Data(status, "text/html; charset=utf-8", out.Bytes())
}

// trouble is a page that says why there is nothing else.
type trouble struct {
	Title, Text string
	SOS         bool // on pages where somebody may be in danger
}

func (p *pages) trouble(c *gin.Context, status int, t trouble) {
	p.show(c, status, "problem", t)
	c.Abort()
}

// closeAfter gives up a connection whose request was not read to its end.
func closeAfter(c *gin.Context) { c.Header("Connection", "close") }

var tooMany = trouble{"请稍等", "现在报的人太多，这一次没有登记。请过几分钟再试，或者直接告诉身边的老师。", true}

func (p *pages) tooMany(c *gin.Context) {
	c.Header("Retry-After", "300")
	closeAfter(c)
	p.trouble(c, http.StatusTooManyRequests, tooMany)
}
