package simdingtalk

import (
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
)

const uploadPath = "/media/upload"

// takenTypes are the endings that may be uploaded as a file, sentTypes those that
// a file message may have.
var (
	takenTypes = []string{"doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "pdf", "rar"}
	sentTypes  = []string{"xlsx", "pdf", "zip", "rar", "doc", "docx"}
)

// maxUpload is what may be uploaded, by type.
var maxUpload = map[string]int{"image": 20 << 20, "voice": 2 << 20, "video": 20 << 20, "file": 20 << 20}

// upload serves the old API's media/upload. Ids are good for ever.
func (s *Sim) upload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query, now := r.URL.Query(), s.cfg.Now()
	token := query.Get("access_token")
	if token == "" || token != s.token || !now.Before(s.tokenEnds) {
		errcode(w, 40014, "不合法的access_token")
		return
	}
	if !s.apiUsed.take(now) {
		errcode(w, 90020, "本月调用次数已用完")
		return
	}
	sort := query.Get("type")
	most, known := maxUpload[sort]
	if !known {
		errcode(w, 40004, "不合法的媒体文件类型")
		return
	}
	part, head, err := r.FormFile("media")
	if err != nil {
		errcode(w, 40035, "缺少参数 media")
		return
	}
	defer func() { _ = part.Close() }()
	content, err := io.ReadAll(part)
	ending := strings.TrimPrefix(path.Ext(head.Filename), ".")
	switch {
	case err != nil || len(content) == 0 || len(content) > most:
		errcode(w, 40035, "不合法的媒体文件大小")
	case sort == "file" && !slices.Contains(takenTypes, strings.ToLower(ending)):
		errcode(w, 40004, "不合法的媒体文件类型")
	default:
		id := s.next("@lAD")
		s.uploads[id] = file{content: content, kind: sort}
		answer(w, http.StatusOK, map[string]any{"errcode": 0, "errmsg": "ok", "type": sort, "media_id": id, "created_at": now.UnixMilli()})
	}
}
