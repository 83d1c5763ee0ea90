// Package wire stands between duban and a server, to try out what happens when the
// server goes away.
package wire

import (
	"io"
	"net"
	"sync"
)

// Wire carries connections to a server. Cut, it is what a restart of the server is:
// every connection breaks, in the middle of whatever was under way, and none can be
// made until it is mended. It is safe for concurrent use.
type Wire struct {
	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
	to    string
	l     net.Listener
}

// New opens a wire to an address, on the loopback.
func New(to string) (*Wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &Wire{conns: map[net.Conn]bool{}, to: to, l: l}
	go w.accept()
	return w, nil
}

// Addr is where to connect instead of the server.
func (w *Wire) Addr() string { return w.l.Addr().String() }

func (w *Wire) accept() {
	for {
		in, err := w.l.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.to)
		if err != nil {
			_ = in.Close()
			continue
		}
		if !w.join(in, out) {
			_, _ = in.Close(), out.Close()
			continue
		}
		go w.carry(in, out)
		go w.carry(out, in)
	}
}

// join looks and counts in one step, so that no connection outlives a cut.
func (w *Wire) join(in, out net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.cut {
		w.conns[in], w.conns[out] = true, true
	}
	return !w.cut
}

func (w *Wire) carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_, _ = to.Close(), from.Close()
	w.mu.Lock()
	delete(w.conns, to)
	delete(w.conns, from)
	w.mu.Unlock()
}

// Cut cuts the wire, or mends it.
func (w *Wire) Cut(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.conns {
			_ = c.Close()
		}
	}
}

// Close cuts the wire for good.
func (w *Wire) Close() {
	_ = w.l.Close()
	w.Cut(true)
}
