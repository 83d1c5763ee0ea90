package simdingtalk

import "net/http"

// AddFile stores a file as if somebody had chosen it in the client, and returns
// the download code that goes into an Incoming.
func (s *Sim) AddFile(content []byte, contentType string) (downloadCode string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.next("dc-")
	s.files[code] = file{content: content, kind: contentType}
	return code
}

func (s *Sim) downloadURL(w http.ResponseWriter, in request) []Sent {
	if _, known := s.files[in.DownloadCode]; !known {
		refuse(w, http.StatusBadRequest, "invalidParameter.robotCode.downloadCode", "downloadCode is wrong or has expired")
		return nil
	}
	answer(w, http.StatusOK, map[string]any{"downloadUrl": s.base + "/files/" + in.DownloadCode + "?Expires=1&Signature=sim"})
	return nil
}

// serveFile refuses a token: pre-signed addresses are fetched without one.
func (s *Sim) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, known := s.files[r.PathValue("code")]
	s.mu.Unlock()
	switch {
	case r.Header.Get("x-acs-dingtalk-access-token") != "" || r.URL.Query().Get("Signature") != "sim":
		http.Error(w, "SignatureDoesNotMatch", http.StatusForbidden)
	case !known:
		http.Error(w, "NoSuchKey", http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", f.kind)
		_, _ = w.Write(f.content)
	}
}
