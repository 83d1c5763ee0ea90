package simwecom

import (
	"crypto/rand"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	mediaLife  = 72 * time.Hour
	maxUpload  = 20 << 20
	leastBytes = 5
)

// medium is a file on the platform.
type medium struct {
	data []byte
	kind string
	name string
	end  time.Time
}

// AddMedia puts a file on the platform, as a member's photo would be, and
// returns its media id. The id holds characters that need escaping in a URL.
func (s *Server) AddMedia(data []byte, contentType string) string {
	return s.addMedia(data, contentType, "media")
}

func (s *Server) addMedia(data []byte, contentType, name string) string {
	id := "3M+/&=" + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[id] = medium{data: data, kind: contentType, name: name, end: s.cfg.Now().Add(mediaLife)}
	return id
}

// upload serves media/upload (document 90253).
func (s *Server) upload(r *http.Request) answer {
	r.Body = http.MaxBytesReader(nil, r.Body, maxRequest)
	file, header, err := r.FormFile("media")
	if err != nil {
		return refuse(41005, "media data missing")
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return refuse(-1, "system busy")
	}
	if len(data) <= leastBytes {
		return refuse(44001, "empty media data")
	}
	if len(data) > maxUpload {
		return refuse(45001, "media too large")
	}
	id := s.addMedia(data, header.Header.Get("Content-Type"), header.Filename)
	return reply(map[string]any{
		"type": r.URL.Query().Get("type"), "media_id": id, "created_at": strconv.FormatInt(s.cfg.Now().Unix(), 10),
	})
}

// download serves media/get (document 90254): the file, or JSON on failure.
func (s *Server) download(r *http.Request) answer {
	s.mu.Lock()
	m, ok := s.media[r.URL.Query().Get("media_id")]
	now := s.cfg.Now()
	s.mu.Unlock()
	if !ok || !now.Before(m.end) {
		return refuse(40007, "invalid media_id")
	}
	return answer{
		status: http.StatusOK, kind: m.kind, body: m.data,
		headers: map[string]string{"Content-Disposition": `attachment; filename="` + m.name + `"`},
	}
}
