package media

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	xdraw "golang.org/x/image/draw"
)

// view is a made-up photo of a place: soft light, surfaces and objects, as the seed
// says. Like photos, many are bright above and dark below.
func view(seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 7))
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	tilt, top := r.Float64()*2-1, 120+r.Float64()*100
	for y := range 480 {
		for x := range 640 {
			v := uint8(top - 80*float64(y)/480 + 30*tilt*float64(x)/640)
			m.SetRGBA(x, y, color.RGBA{v, v, uint8(min(255, int(v)+10)), 255})
		}
	}
	for range 12 + r.IntN(20) {
		w, h := 20+r.IntN(260), 20+r.IntN(200)
		x, y, c := r.IntN(640)-w/2, r.IntN(480)-h/2, color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		draw.Draw(m, image.Rect(x, y, x+w, y+h), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return m
}

// noisy is what a sensor adds.
func noisy(m *image.RGBA, seed uint64) *image.RGBA {
	r, out := rand.New(rand.NewPCG(seed, 3)), image.NewRGBA(m.Rect)
	for i, v := range m.Pix {
		out.Pix[i] = uint8(min(255, max(0, int(v)+r.IntN(17)-8)))
	}
	return out
}

func sent(t *testing.T, m image.Image) uint64 {
	t.Helper()
	p, err := made(t, jpegOf(t, m))
	if err != nil {
		t.Fatal(err)
	}
	return p.hash
}

func TestTheSamePhotoIsKnownAgain(t *testing.T) {
	for seed := range uint64(8) {
		m := view(seed)
		want := sent(t, m)
		small := image.NewRGBA(image.Rect(0, 0, 300, 225))
		xdraw.CatmullRom.Scale(small, small.Rect, m, m.Rect, draw.Src, nil)
		brighter := image.NewRGBA(m.Rect)
		for i, v := range m.Pix {
			brighter.Pix[i] = uint8(min(255, float64(v)*1.08))
		}
		var rough bytes.Buffer
		if err := jpeg.Encode(&rough, m, &jpeg.Options{Quality: 25}); err != nil {
			t.Fatal(err)
		}
		p, err := made(t, rough.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range map[string]uint64{"scaled": sent(t, small), "brighter": sent(t, brighter), "noisy": sent(t, noisy(m, seed)), "compressed": p.hash,
			"a point less at the border": sent(t, m.SubImage(image.Rect(1, 1, 639, 479)))} {
			if !Near(got, want) {
				t.Errorf("%d, %s: %d bits differ", seed, name, bits.OnesCount64(got^want))
			}
		}
	}
}

// Two photos of different places are hardly ever taken for the same: among the pairs
// of two hundred there is none.
func TestDifferentPhotosAreNotNear(t *testing.T) {
	const n = 200
	var hashes []uint64
	for seed := range uint64(n) {
		small := shrink(view(1000+seed), 480, 360)
		hashes = append(hashes, hashOf(small))
	}
	nearest := 64
	for i, a := range hashes {
		for _, b := range hashes[:i] {
			if nearest = min(nearest, bits.OnesCount64(a^b)); Near(a, b) {
				t.Errorf("photo %d is taken for another: %x, %x", i, a, b)
			}
		}
	}
	t.Logf("the nearest of %d pairs differ in %d bits", n*(n-1)/2, nearest)
}

func TestWhatHasNothingToSeeHasNoHash(t *testing.T) {
	fill := func(f func(x, y int) float64) *image.RGBA {
		m := image.NewRGBA(image.Rect(0, 0, 320, 240))
		for y := range 240 {
			for x := range 320 {
				v := uint8(f(x, y))
				m.SetRGBA(x, y, color.RGBA{v, v, v, 255})
			}
		}
		return m
	}
	for name, m := range map[string]*image.RGBA{
		"black":             fill(func(int, int) float64 { return 0 }),
		"a dark room":       noisy(fill(func(int, int) float64 { return 12 }), 1),
		"a white wall":      noisy(fill(func(int, int) float64 { return 235 }), 2),
		"a wall in shade":   fill(func(x, _ int) float64 { return 60 + float64(x)/4 }),
		"a wall with light": fill(func(x, _ int) float64 { return 200 - float64(x)/3 }),
		"only up and down":  fill(func(_, y int) float64 { return 128 + 100*math.Sin(float64(y)/20) }),
		"too small":         scene(8, 8),
	} {
		if h := sent(t, m); h != 0 {
			t.Errorf("%s has the hash %x", name, h)
		}
	}
	if Near(0, 0) || Near(0, 1) {
		t.Error("pictures without a hash are near")
	}
}

func TestTheSamePhotoBeforeAndAfter(t *testing.T) {
	const a, b, near = 0x0F0F0F0F0F0F0F0F, 0x00FF00FF00FF00FF, 0x0F0F0F0F0F0F0F03
	for name, c := range map[string]struct {
		files []File
		want  bool
	}{
		"the same":              {[]File{{Stage: Before, Hash: a}, {Stage: After, Hash: a}}, true},
		"nearly the same":       {[]File{{Stage: After, Hash: near}, {Stage: Before, Hash: b}, {Stage: Before, Hash: a}}, true},
		"another":               {[]File{{Stage: Before, Hash: a}, {Stage: After, Hash: b}}, false},
		"without hashes":        {[]File{{Stage: Before}, {Stage: After}}, false},
		"twice before":          {[]File{{Stage: Before, Hash: a}, {Stage: Before, Hash: a}}, false},
		"at the review":         {[]File{{Stage: Before, Hash: a}, {Stage: Check, Hash: a}}, false},
		"under control for now": {[]File{{Stage: Before, Hash: a}, {Stage: Control, Hash: a}}, false},
	} {
		if got := Unchanged(c.files); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !Alike([]uint64{b, a}, []uint64{0, near}) || Alike([]uint64{b, 0}, []uint64{0, near}) || Alike(nil, []uint64{a}) {
		t.Error("alike")
	}
}
