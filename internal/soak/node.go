package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// node is one process of the real program, at an address it keeps.
type node struct {
	process
	addr string
}

func newNode(program, dir string, n int, env []string) (*node, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	return &node{addr: addr, process: process{program: program, args: []string{"serve"}, dir: dir,
		env: append(append([]string{}, env...), "DUBAN_SERVER_ADDR="+addr), log: filepath.Join(dir, fmt.Sprintf("node%d.log", n))}}, nil
}

// begin starts the node unless it runs, with its clock at now.
func (n *node) begin(now time.Time) error {
	return n.start("DUBAN_DEV_NOW=" + now.Format(time.RFC3339))
}

// ready waits until the node may take traffic.
func (n *node) ready(ctx context.Context) error {
	return until(ctx, "node at "+n.addr, func(ctx context.Context) error {
		_, err := n.get(ctx, "/readyz")
		return err
	})
}

// until tries until it succeeds.
func until(ctx context.Context, what string, try func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s does not come up: %w", what, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (n *node) get(ctx context.Context, path string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+n.addr+path, nil)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+adminToken)
	return send(req)
}

// advance moves the node's clock and returns when it has done what fell due.
func (n *node) advance(ctx context.Context, to time.Time) error {
	body := fmt.Sprintf(`{"to":%q}`, to.Format(time.RFC3339))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+n.addr+"/dev/advance", bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	_, err = send(req)
	return err
}

func send(req *http.Request) (string, error) {
	client := http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %d: %s", req.URL.Path, resp.StatusCode, body)
	}
	return string(body), err
}

// size is what a node uses.
type size struct{ goroutines, bytes float64 }

func (n *node) size(ctx context.Context) (size, error) {
	text, err := n.get(ctx, "/metrics")
	var s size
	for l := range strings.Lines(text) {
		if v, ok := strings.CutPrefix(l, "go_goroutines "); ok {
			s.goroutines, _ = strconv.ParseFloat(strings.TrimSpace(v), 64)
		} else if v, ok := strings.CutPrefix(l, "process_resident_memory_bytes "); ok {
			s.bytes, _ = strconv.ParseFloat(strings.TrimSpace(v), 64)
		}
	}
	return s, err
}
