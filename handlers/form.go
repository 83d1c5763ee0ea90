package handlers

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/sync/semaphore"

	"duban/internal/clock"
	"duban/internal/errs"
	"duban/internal/place"
)

// A form may be sent slowly: it comes from a phone. What is read beyond the photos we take
// is thrown away as it comes, so that a person is told which one is too large.
const (
	maxUpload  = 100 << 20 // as it comes over the wire
	heldAtMost = place.MaxPhotos*place.MaxPhotoSize + 1<<20
	maxField   = 16 << 10
	maxParts   = 20
	uploadTime = 2 * time.Minute
	queueTime  = 20 * time.Second
)

// uploads bounds the memory that all forms being read take together.
type uploads struct{ room *semaphore.Weighted }

func newUploads() uploads { return uploads{semaphore.NewWeighted(3 * heldAtMost)} }

// errBusy says that other forms take all the memory there is for them.
var errBusy = errs.New(errs.Unavailable, "现在上传照片的人多，这一次没有登记。请过一分钟再试，或先不带照片上报。")

var errTooLarge = errs.New(errs.Invalid, "照片一共太大了，没有登记。请少选几张再试。")

// take reads a form and returns what gives its memory back. The words come before the
// photos. It replaces the server's limits, which are made for callbacks.
func (u uploads) take(c *gin.Context) (f place.Form, done func(), err error) {
	done = func() {}
	length := c.Request.ContentLength
	if length > maxUpload {
		return f, done, errTooLarge
	}
	weight := int64(heldAtMost)
	if length >= 0 {
		weight = min(weight, max(length, 1))
	}
	// Not every writer has a deadline to set (tests); the server's own stays then.
	_ = http.NewResponseController(c.Writer).SetReadDeadline(clock.System{}.Now().Add(queueTime + uploadTime))
	ctx, cancel := context.WithTimeout(c.Request.Context(), queueTime)
	defer cancel()
	if u.room.Acquire(ctx, weight) != nil {
		return f, done, errBusy
	}
	done = func() { u.room.Release(weight) }
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxUpload)
	f, err = readForm(c.Request)
	return f, done, err
}

// readForm reads the fields and the first photos of a form.
func readForm(r *http.Request) (place.Form, error) {
	var f place.Form
	parts, err := r.MultipartReader()
	if err != nil {
		return f, errs.With(errs.Invalid, "这一页没有传完整，没有登记。请再按一次“上报”。", err)
	}
	for range maxParts {
		p, err := parts.NextPart()
		if err == io.EOF {
			return f, nil
		}
		if err == nil {
			err = put(&f, p)
		}
		if err != nil {
			return f, unread(err)
		}
	}
	return f, errTooLarge
}

func unread(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errTooLarge
	}
	return errs.With(errs.Invalid, "网络断了一下，没有登记。请再按一次“上报”。", err)
}

func put(f *place.Form, p *multipart.Part) error {
	if p.FormName() == "photo" {
		return putPhoto(f, p)
	}
	text, err := io.ReadAll(io.LimitReader(p, maxField))
	if err != nil {
		return err
	}
	switch p.FormName() {
	case "form":
		f.Once = string(text)
	case "words":
		f.Words = string(text)
	case "name":
		f.Name = string(text)
	case "phone":
		f.Phone = string(text)
	}
	return nil
}

// putPhoto takes a photo, of one that is too large just enough to see that it is. A
// browser sends an empty one for each field that was left empty.
func putPhoto(f *place.Form, p *multipart.Part) error {
	if len(f.Photos) < place.MaxPhotos {
		data, err := io.ReadAll(io.LimitReader(p, place.MaxPhotoSize+1))
		if err != nil {
			return err
		}
		if len(data) > 0 {
			f.Photos = append(f.Photos, data)
		}
	}
	_, err := io.Copy(io.Discard, p)
	return err
}
