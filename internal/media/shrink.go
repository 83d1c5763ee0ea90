package media

import (
	"image"
	"image/draw"
)

// shrink returns m with w × h points, none of them more than m has, each the mean of
// what it covers, transparent parts white. It goes over m row by row: the kernels of
// golang.org/x/image/draw take 32 bytes for each point of a picture as wide as the
// result and as high as m, which is 490 MB for a phone's 50 million points.
func shrink(m image.Image, w, h int) *image.RGBA {
	b := m.Bounds()
	out, line := image.NewRGBA(image.Rect(0, 0, w, h)), image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	across, down := shares(b.Dx(), w), shares(b.Dy(), h)
	row, here, next := make([]float32, 3*w+3), make([]float32, 3*w+3), make([]float32, 3*w+3)
	for y, d := range down {
		draw.Draw(line, line.Rect, image.White, image.Point{}, draw.Src)
		draw.Draw(line, line.Rect, m, image.Pt(b.Min.X, b.Min.Y+y), draw.Over)
		gather(row, line.Pix, across)
		for i, v := range row {
			here[i] += v * d.share
			next[i] += v * d.rest
		}
		if y+1 == len(down) || down[y+1].to != d.to {
			put(out.Pix[d.to*out.Stride:], here[:3*w])
			here, next = next, here
			clear(next)
		}
	}
	return out
}

// share says to which point of a result a point goes with which part of it. The rest
// goes to the following one.
type share struct {
	to          int
	share, rest float32
}

// shares cuts n points into fewer. What comes to each adds up to one.
func shares(n, into int) []share {
	out := make([]share, n)
	for i := range out {
		to := i * into / n
		end, border := (i+1)*into, (to+1)*n
		over := max(end-border, 0)
		out[i] = share{to, float32(into-over) / float32(n), float32(over) / float32(n)}
	}
	return out
}

// gather adds up a row of points in the columns they go to.
func gather(row []float32, points []uint8, across []share) {
	clear(row)
	for x, c := range across {
		p, at := points[4*x:4*x+3:4*x+3], row[3*c.to:3*c.to+6:3*c.to+6]
		for k := range 3 {
			v := float32(p[k])
			at[k] += v * c.share
			at[k+3] += v * c.rest
		}
	}
}

func put(points []uint8, means []float32) {
	for i := range len(means) / 3 {
		points[4*i], points[4*i+1], points[4*i+2], points[4*i+3] = level(means[3*i]), level(means[3*i+1]), level(means[3*i+2]), 0xFF
	}
}

func level(v float32) uint8 { return uint8(min(v+0.5, 255)) }

// turned puts a picture upright as its orientation says (Exif 2.32, tag 0x0112).
func turned(m *image.RGBA, orientation byte) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return m
	}
	wide, high := m.Rect.Dx(), m.Rect.Dy()
	lying := orientation >= 5
	out := image.NewRGBA(image.Rect(0, 0, wide, high))
	if lying {
		out = image.NewRGBA(image.Rect(0, 0, high, wide))
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			fromX, fromY := x, y
			if lying {
				fromX, fromY = y, x
			}
			switch orientation {
			case 2, 8:
				fromX = wide - 1 - fromX
			case 4, 6:
				fromY = high - 1 - fromY
			case 3, 7:
				fromX, fromY = wide-1-fromX, high-1-fromY
			}
			copy(out.Pix[out.PixOffset(x, y):], m.Pix[m.PixOffset(fromX, fromY):][:4])
		}
	}
	return out
}
