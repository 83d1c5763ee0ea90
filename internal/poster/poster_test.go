package poster

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"

	"duban/internal/place"
)

func places(n int) []place.Place {
	var list []place.Place
	for i := range n {
		list = append(list, place.Place{UnitID: "wenchang", Name: fmt.Sprintf("实验楼%d楼走廊 <东>", i+1), Code: "D7K2", Token: strings.Repeat("T", 26)})
	}
	return list
}

// With POSTER_OUT=file the sheet is left to be looked at.
func TestSheet(t *testing.T) {
	s := Sheet{Public: "https://duban.example.edu.cn", Unit: func(string) string { return "文昌中学" }}
	data, err := s.Make(places(8))
	if err != nil {
		t.Fatal(err)
	}
	if out := os.Getenv("POSTER_OUT"); out != "" {
		if err := os.WriteFile(out, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	pictures := 0
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r)
		switch {
		case strings.HasSuffix(f.Name, ".png"):
			pictures++
		case xml.Unmarshal(body, new(struct{})) != nil:
			t.Errorf("%s is no XML", f.Name)
		}
		if f.Name == "word/document.xml" && (strings.Count(string(body), "文昌中学") != 8 || strings.Count(string(body), `w:type="page"`) != 1 || !strings.Contains(string(body), "实验楼8楼走廊 &lt;东&gt;")) {
			t.Errorf("the sheet is not whole: %s", body)
		}
	}
	if pictures != 8 {
		t.Errorf("%d codes", pictures)
	}
}

// TestWhatTheCodeHolds holds it for both forms: the page's address where phones can reach
// it, else the sentence to send.
func TestWhatTheCodeHolds(t *testing.T) {
	const public = "https://duban.example.edu.cn"
	p := places(1)[0]
	for address, c := range map[string]struct{ public, holds, says string }{
		"with an address":    {public, public + "/q/" + p.Token, "扫码上报，不用登录；也可以在督办助手里发“报隐患 @D7K2 哪里不对”"},
		"without an address": {"", "报隐患 @D7K2", "在督办助手里发“报隐患 @D7K2 哪里不对”（扫码得到前半句）"},
	} {
		data, err := Sheet{Public: c.public, Unit: func(string) string { return "文昌中学" }}.Make([]place.Place{p})
		if err != nil {
			t.Fatal(err)
		}
		parts := unzip(t, data)
		want, err := Code(c.holds)
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		for name, body := range parts {
			if strings.HasSuffix(name, ".png") {
				code = body
			}
		}
		if words := parts["word/document.xml"]; code != string(want) || !strings.Contains(words, c.says) || strings.Contains(words, p.Token) {
			t.Errorf("%s: another code, or it says %s", address, words)
		}
	}
}

func unzip(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(body)
	}
	return parts
}

func TestCodeHasARim(t *testing.T) {
	data, err := Code("https://duban.example.edu.cn/q/" + strings.Repeat("T", 26))
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range m.Bounds().Dx() {
		for _, p := range [][2]int{{i, 0}, {i, 31}, {0, i}, {31, i}} {
			if r, _, _, _ := m.At(p[0], p[1]).RGBA(); r == 0 {
				t.Fatalf("black at %v", p)
			}
		}
	}
	if r, _, _, _ := m.At(32, 32).RGBA(); r != 0 {
		t.Error("the code does not begin behind the rim")
	}
}
