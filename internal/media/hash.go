package media

import (
	"image"
	"math/bits"
)

// Near reports whether two hashes are of the same picture, also when it was
// compressed or scaled anew in between. Pictures without a hash are like none.
func Near(a, b uint64) bool { return a != 0 && b != 0 && bits.OnesCount64(a^b) <= nearBits }

const (
	nearBits = 5 // of 64: two pictures that have nothing in common differ in about 32
	contrast = 12
	fewest   = 10 // bits that are set, or not set, in a picture that can be told from others
)

// hashOf is the difference hash (dHash) of a picture: each bit tells whether it gets
// brighter from one of nine columns to the next in one of eight rows. 0 is that of a
// picture in which there is nothing to see, black or a white wall, or which only
// gets brighter to one side: such pictures would all be alike.
func hashOf(m *image.RGBA) uint64 {
	const columns, rows = 9, 8
	if m.Rect.Dx() < columns || m.Rect.Dy() < rows {
		return 0
	}
	cells := brightness(m, columns, rows)
	low, high := cells[0], cells[0]
	for _, v := range cells {
		low, high = min(low, v), max(high, v)
	}
	var hash uint64
	for y := range rows {
		for x := range columns - 1 {
			hash <<= 1
			if cells[y*columns+x+1] > cells[y*columns+x] {
				hash |= 1
			}
		}
	}
	if n := bits.OnesCount64(hash); high-low < contrast || n < fewest || n > 64-fewest {
		return 0
	}
	return hash
}

// brightness is the mean brightness of each cell of a grid over the picture.
func brightness(m *image.RGBA, columns, rows int) []float64 {
	sum, count := make([]float64, columns*rows), make([]float64, columns*rows)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	for y := range h {
		for x := range w {
			p, cell := m.Pix[m.PixOffset(x, y):], y*rows/h*columns+x*columns/w
			sum[cell] += 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
			count[cell]++
		}
	}
	for i := range sum {
		sum[i] /= count[i]
	}
	return sum
}
