package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"

	"duban/bot"
	"duban/bot/dingtalk"
	"duban/bot/wecom"
	"duban/bot/wecom/aibot"
	"duban/internal/config"
)

// echo is the floor on every road, as a process of its own: the same codecs and decoders
// as duban, one prepared INSERT, one answer.
type echo struct {
	cfg    *config.Config
	insert *sql.Stmt
	start  time.Time // on the fake platforms' clock
}

const taken = "已记下"

// serveFloor is what this program does when it is started as the floor.
func serveFloor(ctx context.Context) error {
	cfg, err := config.FromEnviron(os.Environ())
	if err != nil {
		return err
	}
	db, err := sql.Open("mysql", os.Getenv("PEER_DSN"))
	if err != nil {
		return err
	}
	db.SetMaxIdleConns(2 * roadCallers)
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 2 * roadCallers // for the answers to a stream
	table := os.Getenv("PEER_TABLE")
	if _, err := db.ExecContext(ctx, "CREATE TABLE "+table+" (id BIGINT AUTO_INCREMENT PRIMARY KEY, msg VARCHAR(64) NOT NULL, body TEXT NOT NULL, UNIQUE KEY (msg))"); err != nil {
		return err
	}
	insert, err := db.PrepareContext(ctx, "INSERT INTO "+table+" (msg, body) VALUES (?, ?)")
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, os.Getenv("PEER_NOW"))
	if err != nil {
		return err
	}
	e := &echo{cfg, insert, start}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	if err := e.callbacks(r); err != nil {
		return err
	}
	if err := e.connections(ctx); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("ready http://" + l.Addr().String())
	return (&http.Server{Handler: r, ReadHeaderTimeout: 5 * time.Second}).Serve(l)
}

func (e *echo) store(ctx context.Context, m bot.Message) error {
	_, err := e.insert.ExecContext(ctx, m.ID, m.Text)
	return err
}

func (e *echo) decoding() dingtalk.DecodeConfig {
	return dingtalk.DecodeConfig{RobotCode: e.cfg.DingTalk.ClientID, CorpID: e.cfg.DingTalk.CorpID, OAPIBase: e.cfg.DingTalk.OAPIBase}
}

func (e *echo) bot() aibot.Config {
	return aibot.Config{CorpID: e.cfg.WeCom.CorpID, BotID: e.cfg.WeCom.Bot.ID, APIBase: e.cfg.WeCom.APIBase}
}

// answering makes a handler of what turns a request into an answer.
func answering(answer func(c *gin.Context, body []byte) ([]byte, error)) gin.HandlerFunc {
	return func(c *gin.Context) {
		body, err := io.ReadAll(c.Request.Body)
		if err == nil {
			body, err = answer(c, body)
		}
		if err != nil {
			c.Status(http.StatusServiceUnavailable)
			return
		}
		c.Data(http.StatusOK, "application/json", body)
	}
}

func (e *echo) callbacks(r *gin.Engine) error {
	w := e.cfg.WeCom
	app, err := wecom.NewCodec(w.Token.Reveal(), w.EncodingAESKey.Reveal(), w.CorpID)
	if err != nil {
		return err
	}
	r.POST("/callback/wecom/app", answering(func(c *gin.Context, body []byte) ([]byte, error) {
		inner, err := app.Open(c.Request.URL.Query(), body)
		if err != nil {
			return nil, err
		}
		m, err := wecom.Decode(inner, "floor")
		if err == nil {
			err = e.store(c, m)
		}
		if err != nil {
			return nil, err
		}
		now := time.Now()
		return app.Seal(wecom.TextReply(m.UserID, w.CorpID, now, taken), now, c.Query("nonce"))
	}))
	if err := e.robot(r); err != nil || !w.Bot.Token.IsSet() {
		return err
	}
	smart, err := wecom.NewCodec(w.Bot.Token.Reveal(), w.Bot.EncodingAESKey.Reveal(), "")
	if err != nil {
		return err
	}
	r.POST("/callback/wecom/bot", answering(func(c *gin.Context, body []byte) ([]byte, error) {
		inner, err := aibot.Open(smart, c.Request.URL.Query(), body)
		if err != nil {
			return nil, err
		}
		m, err := aibot.Decode(inner, e.bot())
		if err == nil {
			err = e.store(c, m.Message)
		}
		if err != nil {
			return nil, err
		}
		answer, _, _ := aibot.Answer(m, bot.Reply{Text: taken}, false)
		return aibot.Sealed(smart, answer, time.Now(), c.Query("nonce"))
	}))
	return nil
}

func (e *echo) robot(r *gin.Engine) error {
	at := time.Now()
	now := func() time.Time { return e.start.Add(time.Since(at)) } // the fake platforms' time
	verifier, err := dingtalk.NewVerifier(dingtalk.NewSecret(e.cfg.DingTalk.ClientSecret.Reveal()), now)
	if err != nil {
		return err
	}
	r.POST("/callback/dingtalk/robot", answering(func(c *gin.Context, body []byte) ([]byte, error) {
		if err := verifier.Verify(c.Request.Header); err != nil {
			return nil, err
		}
		m, err := dingtalk.Decode(body, e.decoding())
		if err == nil {
			err = e.store(c, m)
		}
		return dingtalk.BodyReply(bot.Reply{Text: taken}), err
	}))
	return nil
}

// connections holds the long ones that are asked for.
func (e *echo) connections(ctx context.Context) error {
	b, d := e.cfg.WeCom.Bot, e.cfg.DingTalk
	if b.Mode == config.BotWebSocket {
		s, err := aibot.NewSocket(aibot.SocketConfig{Config: e.bot(), Secret: wecom.Secret(b.Secret.Reveal()), URL: b.WSURL, Lease: alone{}, Now: time.Now,
			Handle: func(ctx context.Context, m aibot.Message) (bot.Reply, error) {
				return bot.Reply{Text: taken}, e.store(ctx, m.Message)
			}})
		if err != nil {
			return err
		}
		go s.Run(ctx)
	}
	if d.Mode == config.DingTalkStream {
		s, err := dingtalk.NewStream(dingtalk.StreamConfig{Topics: []string{dingtalk.TopicRobot}, Handle: e.frame,
			ClientConfig: dingtalk.ClientConfig{ClientID: d.ClientID, ClientSecret: dingtalk.NewSecret(d.ClientSecret.Reveal()), APIBase: d.APIBase, OAPIBase: d.OAPIBase}})
		if err != nil {
			return err
		}
		go s.Run(ctx)
	}
	return nil
}

// frame stores a message; its answer goes to the session once it is acknowledged.
func (e *echo) frame(ctx context.Context, f dingtalk.Frame) (any, error) {
	m, err := dingtalk.Decode(f.Data, e.decoding())
	if err == nil {
		err = e.store(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	go func() {
		resp, err := http.Post(m.ReplyURL, "application/json", bytes.NewReader(dingtalk.BodyReply(bot.Reply{Text: taken})))
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	}()
	return nil, nil
}

// alone is a lease that nobody else wants.
type alone struct{}

func (alone) Hold(context.Context) (bool, error) { return true, nil }

func (alone) Release(context.Context) error { return nil }
