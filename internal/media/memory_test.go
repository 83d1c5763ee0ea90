package media

import (
	"bytes"
	"context"
	"errors"
	"image"
	"runtime"
	"testing"
)

// allocated is what a call takes from the heap altogether, in bytes.
func allocated(do func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

func TestAPictureTooLargeIsRefusedBeforeItTakesMemory(t *testing.T) {
	s, raw := newFolderStore(t), hugePNG(t)
	took := allocated(func() {
		if _, err := s.Put(t.Context(), "school", bytes.NewReader(raw)); !errors.Is(err, ErrPixels) {
			t.Error(err)
		}
	})
	if took > 1<<20 {
		t.Errorf("took %d bytes", took)
	}
}

// endless yields zeros and counts them.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) { e.read += int64(len(p)); return len(p), nil }

func TestAFileTooLargeIsNotReadToItsEnd(t *testing.T) {
	s, body := newFolderStore(t), &endless{}
	took := allocated(func() {
		if _, err := s.Put(t.Context(), "school", body); !errors.Is(err, ErrTooLarge) {
			t.Error(err)
		}
	})
	if body.read > MaxSize+1 {
		t.Errorf("read %d bytes of it", body.read)
	}
	if took > 6*MaxSize { // a buffer that grows as it is filled, all its sizes together
		t.Errorf("took %d bytes", took)
	}
}

// The room that is kept for a picture is what it really takes.
func TestDecodingTakesNoMoreThanTheHeaderSays(t *testing.T) {
	big := scene(1500, 1000)
	deep := image.NewNRGBA64(big.Rect)
	for name, raw := range map[string][]byte{"JPEG": jpegOf(t, big), "gray JPEG": jpegOf(t, image.NewGray(big.Rect)), "PNG": pngOf(t, big), "deep PNG": pngOf(t, deep),
		"gray PNG": pngOf(t, image.NewGray(big.Rect))} {
		kind, _ := sniff(raw)
		head, err := readHeader(raw, kind)
		if err != nil {
			t.Fatal(err)
		}
		took := allocated(func() { _, err = decode(raw, kind) })
		if err != nil || took > head.cost+head.cost/10+1<<18 {
			t.Errorf("%s: took %d bytes, said %d, %v", name, took, head.cost, err)
		}
	}
	for _, name := range []string{"progressive.jpeg", "rgb.jpeg", "lossy.webp", "transparent.webp"} {
		raw := sample(t, name)
		kind, _ := sniff(raw)
		head, err := readHeader(raw, kind)
		took := allocated(func() { _, err = decode(raw, kind) })
		if err != nil || took > head.cost+head.cost/2+1<<18 { // small ones are padded to whole blocks
			t.Errorf("%s: took %d bytes, said %d, %v", name, took, head.cost, err)
		}
	}
}

// Making a picture anew takes little beside decoding it and what is kept.
func TestShrinkingGoesRowByRow(t *testing.T) {
	m := image.NewYCbCr(image.Rect(0, 0, 8000, 3000), image.YCbCrSubsampleRatio420)
	if took := allocated(func() { shrink(m, 2560, 960) }); took > 11<<20 { // 2560 × 960 points of 4 bytes
		t.Errorf("took %d bytes", took)
	}
}

// Pictures wait for each other when there is no room for all of them: one is made
// only when what it takes is free.
func TestPicturesWaitForRoom(t *testing.T) {
	s, raw := newStudio(0), jpegOf(t, scene(640, 480))
	if err := s.room.Acquire(t.Context(), s.most); err != nil {
		t.Fatal(err)
	}
	soon, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.develop(soon, raw, "image/jpeg"); !errors.Is(err, context.Canceled) {
		t.Errorf("made although there is no room: %v", err)
	}
	done := make(chan error, 20)
	for range 20 {
		go func() { _, err := s.develop(context.Background(), raw, "image/jpeg"); done <- err }()
	}
	s.room.Release(s.most)
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if !s.room.TryAcquire(s.most) {
		t.Error("room was not given back")
	}
}

func BenchmarkDevelop(b *testing.B) {
	raw := jpegOf(b, scene(4000, 3000))
	s := newStudio(0)
	b.ReportAllocs()
	for b.Loop() {
		p, err := s.develop(context.Background(), raw, "image/jpeg")
		if err != nil || len(p.data) == 0 {
			b.Fatal(err)
		}
	}
}
