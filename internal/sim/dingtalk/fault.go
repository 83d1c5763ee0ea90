package simdingtalk

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

// Fault is what happens to a request instead of the right answer. The request
// has been read in every case.
type Fault struct {
	// Taken carries the request out first, so that only the answer is lost.
	Taken bool
	// Hang gives no answer until the client goes away.
	Hang bool
	// Drop closes the connection without an answer.
	Drop bool
	// Status is the HTTP status; 0 means 400 with Code, else 200.
	Status int
	// Code and Message make an error of the new API.
	Code, Message string
	// ErrCode and Message make an error of the old API.
	ErrCode int
	// SubCode goes with ErrCode 88.
	SubCode string
	// Body is sent as it is, if not empty.
	Body string
	// Truncate promises a longer answer than is sent, Endless never stops.
	Truncate, Endless bool
	// Location makes a redirect.
	Location string
}

// Fail makes the next n requests to path end in the fault. Faults for one path
// queue up in the order of the calls.
func (s *Sim) Fail(path string, n int, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.faults[path] = append(s.faults[path], f)
	}
}

func (s *Sim) nextFault(path string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.faults[path]
	if len(queue) == 0 {
		return Fault{}, false
	}
	s.faults[path] = queue[1:]
	return queue[0], true
}

func (s *Sim) play(f Fault, w http.ResponseWriter, r *http.Request) {
	if f.Taken {
		s.mux.ServeHTTP(httptest.NewRecorder(), r)
	}
	switch {
	case f.Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case f.Drop:
		panic(http.ErrAbortHandler)
	}
	if f.Truncate || f.Endless {
		pour(w, r, f.Endless)
		return
	}
	status := f.Status
	if status == 0 {
		status = http.StatusOK
		if f.Code != "" {
			status = http.StatusBadRequest
		}
	}
	if f.Location != "" {
		w.Header().Set("Location", f.Location)
	}
	switch {
	case f.Body != "":
		w.WriteHeader(status)
		_, _ = io.WriteString(w, f.Body)
	case f.Code != "":
		refuse(w, status, f.Code, f.Message)
	case f.ErrCode != 0:
		fields := map[string]any{"errcode": f.ErrCode, "errmsg": f.Message}
		if f.SubCode != "" {
			fields["sub_code"], fields["sub_msg"] = f.SubCode, f.Message
		}
		answer(w, status, fields)
	default:
		w.WriteHeader(status)
	}
}

// pour sends an answer that is cut off, or has no end.
func pour(w http.ResponseWriter, r *http.Request, endless bool) {
	if !endless {
		w.Header().Set("Content-Length", "4096")
		_, _ = io.WriteString(w, `{"errcode":0,"processQueryKey":"`)
		return
	}
	for block := strings.Repeat("x", 1<<16); r.Context().Err() == nil; {
		if _, err := io.WriteString(w, block); err != nil {
			return
		}
	}
}

// Mend takes back the failures of a path that have not happened yet.
func (s *Sim) Mend(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.faults, path)
}

// maxRequest bounds JSON and pages, maxForm an upload with its wrapping.
const (
	maxRequest = 1 << 20
	maxForm    = 21 << 20
)

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	most := int64(maxRequest)
	if r.URL.Path == uploadPath {
		most = maxForm
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err != nil {
		refuse(w, http.StatusBadRequest, "invalidParameter", "request body cannot be read")
		return nil, false
	}
	return body, true
}

func withBody(r *http.Request, body []byte) *http.Request {
	r.Body = io.NopCloser(bytes.NewReader(body))
	return r
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// refuse answers in the new API's form.
func refuse(w http.ResponseWriter, status int, code, message string) {
	answer(w, status, map[string]any{"code": code, "message": message, "requestid": "sim-request"})
}

// errcode answers in the old API's form, which is HTTP 200 for failures too.
func errcode(w http.ResponseWriter, code int, message string) {
	answer(w, http.StatusOK, map[string]any{"errcode": code, "errmsg": message})
}
