package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// node is one process of the real program, at an address it keeps.
type node struct {
	program string
	addr    string
	env     []string
	log     string

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{}
}

func newNode(program, dir string, n int, env []string) (*node, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	defer l.Close()
	return &node{program: program, addr: l.Addr().String(), env: env, log: filepath.Join(dir, fmt.Sprintf("node%d.log", n))}, nil
}

// start runs the program unless it runs, with its clock at now.
func (n *node) start(now time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cmd != nil {
		select {
		case <-n.done:
		default:
			return nil
		}
	}
	log, err := os.OpenFile(n.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(n.program, "serve")
	cmd.Env = append(append([]string{}, n.env...), "DUBAN_SERVER_ADDR="+n.addr, "DUBAN_DEV_NOW="+now.Format(time.RFC3339))
	cmd.Dir, cmd.Stdout, cmd.Stderr = filepath.Dir(n.log), log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); close(done) }()
	n.cmd, n.done = cmd, done
	return nil
}

// kill ends the process as a crash would.
func (n *node) kill() { n.end(syscall.SIGKILL) }

// stop lets it end by itself.
func (n *node) stop() { n.end(syscall.SIGTERM) }

func (n *node) end(how syscall.Signal) {
	n.mu.Lock()
	cmd, done := n.cmd, n.done
	n.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(how)
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		_ = cmd.Process.Kill()
		<-done
	}
}

// ready waits until the node may take traffic.
func (n *node) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		if _, err := n.get(ctx, "/readyz"); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("node at %s does not become ready: %w", n.addr, ctx.Err())
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
