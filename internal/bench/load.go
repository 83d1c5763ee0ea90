package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// result is what a round measured.
type result struct {
	took []time.Duration
	span time.Duration
}

func (r result) rate() float64 { return float64(len(r.took)) / r.span.Seconds() }

// at returns a quantile; the times are sorted.
func (r result) at(q float64) time.Duration { return r.took[int(q*float64(len(r.took)-1))] }

func merge(rs []result) result {
	var out result
	for _, r := range rs {
		out.took = append(out.took, r.took...)
		out.span += r.span
	}
	slices.Sort(out.took)
	return out
}

var messages atomic.Int64

// load has the callers report progress for a round. The time includes making the
// request, which costs the same for both.
func load(ctx context.Context, b *bench, target string) (result, error) {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	var all []time.Duration
	var failed error
	var callersDone sync.WaitGroup
	started := time.Now()
	end := started.Add(length)
	for i := range callers {
		callersDone.Go(func() {
			var took []time.Duration
			for n := i; time.Now().Before(end); n += callers {
				req, err := request(ctx, b, target, n)
				t := time.Now()
				if err == nil {
					err = call(client, req)
				}
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					return
				}
				took = append(took, time.Since(t))
			}
			mu.Lock()
			all = append(all, took...)
			mu.Unlock()
		})
	}
	callersDone.Wait()
	return result{took: all, span: time.Since(started)}, failed
}

// request is a signed and encrypted callback of the n-th teacher, as the
// platform sends it.
func request(ctx context.Context, b *bench, target string, n int) (*http.Request, error) {
	id := messages.Add(1)
	now := time.Now()
	inner := fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s %d%%]]></Content><MsgId>%d</MsgId><AgentID>%d</AgentID></xml>",
		b.cfg.WeCom.CorpID, user(n%schools), now.Unix(), item, 1+id%99, id, b.cfg.WeCom.AgentID)
	encrypted, err := b.codec.Encrypt([]byte(inner))
	if err != nil {
		return nil, err
	}
	stamp, nonce := strconv.FormatInt(now.Unix(), 10), strconv.FormatInt(id, 36)
	query := url.Values{"msg_signature": {b.codec.Signature(stamp, nonce, encrypted)}, "timestamp": {stamp}, "nonce": {nonce}}
	body := "<xml><ToUserName><![CDATA[" + b.cfg.WeCom.CorpID + "]]></ToUserName><Encrypt><![CDATA[" + encrypted + "]]></Encrypt></xml>"
	return http.NewRequestWithContext(ctx, http.MethodPost, target+"?"+query.Encode(), bytes.NewReader([]byte(body)))
}

func call(client *http.Client, req *http.Request) error {
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK || resp.ContentLength == 0 {
		return fmt.Errorf("answered %d with %d bytes", resp.StatusCode, resp.ContentLength)
	}
	return nil
}
