package simwecom

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

const maxRequest = 32 << 20

// answer is what a call returns; it is written after faults had their say.
type answer struct {
	status  int
	kind    string
	headers map[string]string
	body    []byte
}

func (a answer) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", a.kind)
	for k, v := range a.headers {
		w.Header().Set(k, v)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// reply is a successful JSON answer; the platform always adds errcode 0.
func reply(fields map[string]any) answer {
	out := map[string]any{"errcode": 0, "errmsg": "ok"}
	for k, v := range fields {
		out[k] = v
	}
	return asJSON(http.StatusOK, out)
}

// refuse is an error, which the platform sends with HTTP status 200.
func refuse(code int, msg string) answer {
	return asJSON(http.StatusOK, map[string]any{"errcode": code, "errmsg": msg + ", hint: [sim]"})
}

func asJSON(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return answer{status: http.StatusInternalServerError, kind: "text/plain"}
	}
	return answer{status: status, kind: "application/json; charset=UTF-8", body: body}
}

// ServeHTTP implements http.Handler for the API paths under /cgi-bin/. Under a
// prefix it is mounted with http.StripPrefix.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	work := func() answer { return s.dispatch(r) }
	if f, ok := s.nextFault(r.URL.Path); ok {
		s.act(f, w, r, work)
		return
	}
	work().write(w)
}

func (s *Server) dispatch(r *http.Request) answer {
	switch r.Method + " " + r.URL.Path {
	case "GET /cgi-bin/gettoken":
		return s.getToken(r.URL.Query())
	case "POST /cgi-bin/menu/create":
		return s.authorised(r, s.createMenu)
	case "GET /cgi-bin/menu/get":
		return s.authorised(r, s.getMenu)
	case "GET /cgi-bin/menu/delete":
		return s.authorised(r, s.deleteMenu)
	case "POST /cgi-bin/message/update_template_card":
		return s.authorised(r, s.updateCard)
	case "POST /cgi-bin/message/recall":
		return s.authorised(r, s.recall)
	case "POST /cgi-bin/appchat/create":
		return s.authorised(r, s.createChat)
	case "GET /cgi-bin/appchat/get":
		return s.authorised(r, s.getChat)
	case "POST /cgi-bin/appchat/update":
		return s.authorised(r, s.updateChat)
	case "POST /cgi-bin/appchat/send":
		return s.authorised(r, s.sendChat)
	case "GET /connect/oauth2/authorize":
		return s.authorize(r, false)
	case "GET /wwlogin/sso/login":
		return s.authorize(r, true)
	case "GET /cgi-bin/auth/getuserinfo":
		return s.authorised(r, s.getUserInfo)
	case "GET /cgi-bin/get_jsapi_ticket":
		return s.authorised(r, s.getPageTicket)
	case "GET /cgi-bin/user/get":
		return s.authorised(r, s.getUser)
	case "GET /cgi-bin/agent/get":
		return s.authorised(r, s.getAgent)
	case "POST /cgi-bin/message/send":
		return s.authorised(r, s.sendMessage)
	case "POST /cgi-bin/webhook/send":
		return s.webhookSend(r)
	case "POST /cgi-bin/webhook/upload_media":
		return s.webhookUpload(r)
	case "POST /cgi-bin/media/upload":
		return s.authorised(r, s.upload)
	case "GET /cgi-bin/media/get":
		return s.authorised(r, s.download)
	case "GET /cgi-bin/getcallbackip":
		return s.authorised(r, func(*http.Request) answer { return reply(map[string]any{"ip_list": []string{"127.0.0.1"}}) })
	default:
		return asJSON(http.StatusNotFound, map[string]any{"errcode": 404, "errmsg": "not found"})
	}
}

// readJSON reads a body and refuses what the platform refuses.
func readJSON(r *http.Request, into any) ([]byte, *answer) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		a := refuse(-1, "system busy")
		return nil, &a
	}
	if bytes.Contains(raw, []byte(`\u`)) && escapes(raw) {
		a := refuse(40033, `illegal characters \uXXXX`)
		return nil, &a
	}
	if err := json.Unmarshal(raw, into); err != nil {
		a := refuse(40058, "invalid json")
		return nil, &a
	}
	return raw, nil
}

// escapes reports whether JSON text holds a \uXXXX escape (rather than an
// escaped backslash before a u).
func escapes(raw []byte) bool {
	for i := 0; i+1 < len(raw); i++ {
		if raw[i] == '\\' {
			if raw[i+1] == 'u' {
				return true
			}
			i++
		}
	}
	return false
}
