package main

import (
	"io"
	"net"
	"sync"
)

// wire stands between the nodes and a server. Cut, it is to them what a restart
// of the server is: every connection breaks, in the middle of whatever was under
// way, and none can be made until it is mended.
type wire struct {
	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]bool
	to    string
	l     net.Listener
}

func newWire(to string) (*wire, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &wire{conns: map[net.Conn]bool{}, to: to, l: l}
	go w.accept()
	return w, nil
}

func (w *wire) addr() string { return w.l.Addr().String() }

func (w *wire) accept() {
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
func (w *wire) join(in, out net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.cut {
		w.conns[in], w.conns[out] = true, true
	}
	return !w.cut
}

func (w *wire) carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_, _ = to.Close(), from.Close()
	w.mu.Lock()
	delete(w.conns, to)
	delete(w.conns, from)
	w.mu.Unlock()
}

// set cuts or mends the wire.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.conns {
			_ = c.Close()
		}
	}
}

func (w *wire) close() {
	_ = w.l.Close()
	w.set(true)
}
