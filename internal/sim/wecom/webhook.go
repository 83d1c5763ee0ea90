package simwecom

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net/http"
)

const maxGroupImage = 2 << 20

// webhookUpload serves webhook/upload_media (document 99110). The file is good for that
// group's robot only.
func (s *Server) webhookUpload(r *http.Request) answer {
	key, sort := r.URL.Query().Get("key"), r.URL.Query().Get("type")
	if sort != "file" && sort != "voice" {
		return refuse(40004, "invalid media type")
	}
	if _, ok := s.cfg.WebhookKeys[key]; !ok {
		return refuse(93000, "invalid webhook url")
	}
	return s.keepUpload(r, sort, maxUpload[sort], key)
}

// groupFileOf returns the picture or file that a group robot shows, nil for words.
func (s *Server) groupFileOf(m outgoing, key string) (*File, *answer) {
	bad := func(code int, msg string) (*File, *answer) { a := refuse(code, msg); return nil, &a }
	switch m.MsgType {
	case "image":
		if m.Image == nil {
			return bad(44001, "empty media data")
		}
		data, err := base64.StdEncoding.DecodeString(m.Image.Base64)
		sum := md5.Sum(data)
		kind := http.DetectContentType(data)
		switch {
		case err != nil || len(data) > maxGroupImage:
			return bad(45001, "media too large")
		case kind != "image/jpeg" && kind != "image/png":
			return bad(40009, "invalid image")
		case hex.EncodeToString(sum[:]) != m.Image.MD5:
			return bad(301019, "image md5 not match")
		}
		return &File{Data: data}, nil
	case "file":
		s.mu.Lock()
		defer s.mu.Unlock()
		if m.File != nil {
			if f, ok := s.media[m.File.MediaID]; ok && f.hook == key && s.cfg.Now().Before(f.end) {
				return &File{Name: f.name, Data: f.data}, nil
			}
		}
		return bad(40007, "invalid media_id")
	}
	return nil, nil
}
