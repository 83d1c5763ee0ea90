package handlers

import (
	"context"
	"crypto/rand"
	_ "embed" // for the script
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"duban/bot/wecom"
)

// PageSDK lets pages inside WeCom use what the app offers to pages. It is used for one
// thing: a page with photos cannot be passed on from the menu.
type PageSDK struct {
	Script string // address of the platform's script
	Public string // the address people see, without a slash at the end
	Sign   func(ctx context.Context, address, nonce string) (wecom.Signed, error)
}

//go:embed pages/wecom.js
var sdkScript []byte

const sdkPath = "/pages/wecom.js"

// signTime bounds how long a page waits for its signature. Without one it is shown as well.
const signTime = 2 * time.Second

func (s *surface) mountSDK(r *gin.Engine) {
	if s.PageSDK == nil {
		return
	}
	r.GET(sdkPath, func(c *gin.Context) {
		c.Header("Cache-Control", "public, max-age=3600")
		c.Data(http.StatusOK, "text/javascript; charset=utf-8", sdkScript)
	})
}

// sdk is what a page needs for the platform's script.
type sdk struct {
	wecom.Signed
	Script, Ours string
}

// sdk signs the page of a request, nil where there is nothing to sign for.
func (s *surface) sdk(c *gin.Context) *sdk {
	if s.PageSDK == nil || !strings.Contains(strings.ToLower(c.Request.UserAgent()), "wxwork") {
		return nil
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), signTime)
	defer cancel()
	signed, err := s.PageSDK.Sign(ctx, s.PageSDK.Public+c.Request.URL.RequestURI(), rand.Text())
	if err != nil {
		s.Log.WarnContext(c.Request.Context(), "page not signed", "error", err)
		return nil
	}
	return &sdk{Signed: signed, Script: s.PageSDK.Script, Ours: sdkPath}
}

// scripts widens the policy of a page by the two scripts.
func (v *sdk) scripts(policy string) string {
	if v == nil {
		return policy
	}
	return policy + "; script-src 'self' " + v.Script + "; connect-src 'none'"
}
