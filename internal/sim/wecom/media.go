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
	leastBytes = 5
)

// maxUpload is what media/upload takes, by type (document 90253).
var maxUpload = map[string]int{"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}

// medium is a file on the platform.
type medium struct {
	data []byte
	kind string
	name string
	sort string // the type it was uploaded as; "" for what members send
	hook string // the group robot it was uploaded for; "" for the app
	end  time.Time
}

// AddMedia puts a file on the platform, as a member's photo would be, and
// returns its media id. The id holds characters that need escaping in a URL.
func (s *Server) AddMedia(data []byte, contentType string) string {
	return s.addMedia(medium{data: data, kind: contentType, name: "media"})
}

func (s *Server) addMedia(m medium) string {
	id := "3M+/&=" + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	m.end = s.cfg.Now().Add(mediaLife)
	s.media[id] = m
	return id
}

// upload serves media/upload (document 90253).
func (s *Server) upload(r *http.Request) answer {
	sort := r.URL.Query().Get("type")
	most, known := maxUpload[sort]
	if !known {
		return refuse(40004, "invalid media type")
	}
	return s.keepUpload(r, sort, most, "")
}

// keepUpload keeps the file of a form, for one group's robot where there is a key.
func (s *Server) keepUpload(r *http.Request, sort string, most int, key string) answer {
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
	if len(data) > most {
		return refuse(45001, "media too large")
	}
	if header.Filename == "" {
		return refuse(41005, "media filename missing")
	}
	id := s.addMedia(medium{data: data, kind: header.Header.Get("Content-Type"), name: header.Filename, sort: sort, hook: key})
	return reply(map[string]any{
		"type": sort, "media_id": id, "created_at": strconv.FormatInt(s.cfg.Now().Unix(), 10),
	})
}

// attached is the file a message names, if it was uploaded as one and is not too
// old (40007 else).
func (s *Server) attached(id string) (*File, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.media[id]
	if !ok || m.sort != "file" || m.hook != "" || !s.cfg.Now().Before(m.end) {
		return nil, false
	}
	return &File{Name: m.name, Data: m.data}, true
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
