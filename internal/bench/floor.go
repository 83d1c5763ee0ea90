package main

import (
	"context"
	"database/sql"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"duban/bot/wecom"
)

// floor is the least a callback can cost: gin, the same codec and decoder, one
// prepared INSERT, one sealed answer.
type floor struct {
	db     *sql.DB
	server *http.Server
	url    string
}

func openFloor(ctx context.Context, dsn string, codec *wecom.Codec, corp string) (*floor, error) {
	db, err := sql.Open("mysql", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(2 * callers)
	if _, err := db.ExecContext(ctx, "CREATE TABLE floor (id BIGINT AUTO_INCREMENT PRIMARY KEY, msg VARCHAR(64) NOT NULL, body TEXT NOT NULL, UNIQUE KEY (msg))"); err != nil {
		return nil, err
	}
	insert, err := db.PrepareContext(ctx, "INSERT INTO floor (msg, body) VALUES (?, ?)")
	if err != nil {
		return nil, err
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.POST("/", func(c *gin.Context) {
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			c.Status(http.StatusBadRequest)
			return
		}
		inner, err := codec.Open(c.Request.URL.Query(), body)
		if err != nil {
			c.Status(http.StatusForbidden)
			return
		}
		m, err := wecom.Decode(inner, "floor")
		if err == nil {
			_, err = insert.ExecContext(c.Request.Context(), m.ID, m.Text)
		}
		if err != nil {
			c.Status(http.StatusServiceUnavailable)
			return
		}
		now := time.Now()
		sealed, err := codec.Seal(wecom.TextReply(m.UserID, corp, now, "已记下"), now, c.Query("nonce"))
		if err != nil {
			c.Status(http.StatusInternalServerError)
			return
		}
		c.Data(http.StatusOK, "application/xml", sealed)
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	f := &floor{db: db, server: &http.Server{Handler: r, ReadHeaderTimeout: 5 * time.Second}, url: "http://" + l.Addr().String() + "/"}
	go func() { _ = f.server.Serve(l) }()
	return f, nil
}

func (f *floor) close() {
	_ = f.server.Close()
	_ = f.db.Close()
}
