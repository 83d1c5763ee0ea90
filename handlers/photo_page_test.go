package handlers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/hazard"
	"duban/internal/link"
	"duban/internal/media"
	"duban/internal/obs"
)

const (
	jpegBytes = "\xff\xd8\xff\xe0 a picture"
	browserA  = "ABCDEFGHIJKLMNOPQRSTUVWXYA"
)

// fakeLinks has one link, bound to one browser.
type fakeLinks struct{ err error }

func (d fakeLinks) Open(_ context.Context, t string, v link.Visitor) (link.Opened, error) {
	if d.err != nil {
		return link.Opened{}, d.err
	}
	if t != token || v.Browser != browserA {
		return link.Opened{}, link.ErrClosed
	}
	file := func(id int64, kind, state, sha string) media.File {
		return media.File{ID: id, Kind: kind, State: media.State(state), SHA256: sha, Home: "s", Created: time.Unix(1757476800, 0)}
	}
	return link.Opened{Bound: true, Unit: "文昌中学", Until: time.Unix(1757476800, 0), Hazard: hazard.Hazard{Year: 2025, Seq: 1, Desc: "<b>漏水</b>", State: hazard.Reported, Reporter: "teacher"},
		Files: []media.File{file(1, "image", "stored", "jpeg"), file(2, "image", "stored", "page"), file(3, "image", "stored", "gone"), file(4, "image", "pending", "jpeg"),
			file(5, "file", "stored", "jpeg"), file(6, "image", "stored", "away")}}, nil
}

func (d fakeLinks) Bind(_ context.Context, t, _ string) error {
	if t != token {
		return link.ErrClosed
	}
	return d.err
}

type fakePhotos struct{}

func (fakePhotos) Picture(_ context.Context, _, sha string) (io.ReadCloser, error) {
	switch sha {
	case "gone":
		return nil, errs.New(errs.NotFound, "照片找不到了。")
	case "away":
		return nil, errors.New("the disk is away")
	case "page":
		return io.NopCloser(strings.NewReader("<html><script>alert(1)</script>")), nil
	}
	return io.NopCloser(strings.NewReader(jpegBytes)), nil
}

func (f fakePhotos) Thumb(ctx context.Context, home, sha string) (io.ReadCloser, error) {
	return f.Picture(ctx, home, sha)
}

func visit(t *testing.T, desk fakeLinks, method, path, browser string) *httptest.ResponseRecorder {
	t.Helper()
	h := New(Options{Clock: clock.NewFrozen(time.Unix(1757476800, 0)), Log: obs.NewLogCapture().Logger(), Metrics: obs.NewMetrics(),
		Photos: &PhotoPages{Desk: desk, Store: fakePhotos{}, Loc: time.UTC, Secure: true}})
	r := httptest.NewRequest(method, path, nil)
	if browser != "" {
		r.AddCookie(&http.Cookie{Name: browserCookie, Value: browser})
	}
	out := httptest.NewRecorder()
	h.ServeHTTP(out, r)
	return out
}

func TestPicturesOfALink(t *testing.T) {
	closed := visit(t, fakeLinks{}, "GET", "/h/x", "").Body.String()
	for name, c := range map[string]struct {
		method, path, browser string
		err                   error
		status                int
	}{
		"a picture":                  {"GET", "/h/" + token + "/full/1", browserA, nil, 200},
		"a small one":                {"GET", "/h/" + token + "/small/1", browserA, nil, 200},
		"looked at ahead":            {"HEAD", "/h/" + token + "/full/1", browserA, nil, 200},
		"in another browser":         {"GET", "/h/" + token + "/full/1", strings.Repeat("B", 26), nil, 404},
		"without a cookie":           {"GET", "/h/" + token + "/full/1", "", nil, 404},
		"with a cookie of ideas":     {"GET", "/h/" + token + "/full/1", browserA + "x", nil, 404},
		"through another link":       {"GET", "/h/" + strings.Repeat("A", 26) + "/full/1", browserA, nil, 404},
		"a page that says it is one": {"GET", "/h/" + token + "/full/2", browserA, nil, 404},
		"one that is lost":           {"GET", "/h/" + token + "/full/3", browserA, nil, 404},
		"one that is not there yet":  {"GET", "/h/" + token + "/full/4", browserA, nil, 404},
		"a file that is no picture":  {"GET", "/h/" + token + "/full/5", browserA, nil, 404},
		"of another hazard":          {"GET", "/h/" + token + "/full/77", browserA, nil, 404},
		"a number of ideas":          {"GET", "/h/" + token + "/full/01", browserA, nil, 404},
		"while the disk is away":     {"GET", "/h/" + token + "/full/6", browserA, nil, 503},
		"while the database is away": {"GET", "/h/" + token, browserA, errors.New("gone"), 503},
		"bound while it is away":     {"POST", "/h/" + token, "", errors.New("gone"), 503},
		"a link that is not there":   {"POST", "/h/" + strings.Repeat("A", 26), "", nil, 404},
	} {
		out := visit(t, fakeLinks{c.err}, c.method, c.path, c.browser)
		body := out.Body.String()
		if out.Code != c.status || c.status == 404 && body != closed || c.status == 200 && c.method == "GET" && body != jpegBytes {
			t.Errorf("%s: %d %.80q", name, out.Code, body)
		}
	}
}

func TestTheAlbum(t *testing.T) {
	body := visit(t, fakeLinks{}, "GET", "/h/"+token, browserA).Body.String()
	for _, want := range []string{"YH-2025-0001", "文昌中学 · 地点未填", "&lt;b&gt;漏水&lt;/b&gt;", "/small/1", "/full/1", "照片还没有取到"} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if strings.Contains(body, "teacher") || strings.Contains(body, "/full/4") || strings.Contains(body, "/full/5") {
		t.Errorf("%s", body)
	}
}

func TestTheCookieOfABrowser(t *testing.T) {
	for _, before := range []string{"", browserA, "a word of somebody's"} {
		out := visit(t, fakeLinks{}, "POST", "/h/"+token, before)
		cookies := out.Result().Cookies()
		if out.Code != http.StatusSeeOther || out.Header().Get("Location") != "/h/"+token || len(cookies) != 1 {
			t.Fatalf("%d %v", out.Code, out.Header())
		}
		c := cookies[0]
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/h/" || len(c.Value) != 26 || (c.Value == before) != (before == browserA) {
			t.Errorf("cookie %v after %q", c, before)
		}
	}
}
