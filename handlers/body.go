package handlers

import (
	"errors"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"
)

// maxBody bounds a callback's body; real ones are a few kilobytes.
const maxBody = 1 << 20

// body reads the request up to the limit. When it returns false the request has
// been answered.
func body(c *gin.Context) ([]byte, bool) {
	if c.Request.ContentLength > maxBody {
		c.Header("Connection", "close") // the rest is not worth reading
		c.AbortWithStatus(http.StatusRequestEntityTooLarge)
		return nil, false
	}
	data, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		c.AbortWithStatus(http.StatusRequestEntityTooLarge)
	case err != nil: // the caller went away or was too slow
		c.AbortWithStatus(http.StatusBadRequest)
	}
	return data, err == nil
}
