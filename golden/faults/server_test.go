package faults_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// reply is an answer down to the way it travels. The zero value of each field is what an ordinary server does.
type reply struct {
	status int
	header []string // whole lines
	body   string

	proto     string // HTTP/1.1 if empty
	before    string // is written in front of the status line
	zipped    bool
	chunked   bool
	unbounded bool // neither length nor chunks: the end of the connection ends the body
	claim     int  // how much more than there is the length promises
	garble    func([]byte) []byte

	after time.Duration // until the first byte
	piece int           // so many bytes at a time
	pause time.Duration // between them
	drips bool          // the last byte never comes

	silent bool // not a byte is written
	cut    int  // so many bytes are missing at the end, of all that is written
	reset  bool // the connection ends with a reset, not with an orderly end
	hangUp bool // the connection ends after the answer, although nobody said so
}

// server is a server of raw connections: it can break off, lie and dawdle as net/http's never would.
type server struct {
	url      string
	listener net.Listener
	answer   func(*http.Request) reply
	done     chan struct{}
	handlers sync.WaitGroup

	mu    sync.Mutex
	lines []string
	conns map[net.Conn]bool
}

func serve(t testing.TB, answer func(*http.Request) reply) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{url: "http://" + l.Addr().String(), listener: l, answer: answer, done: make(chan struct{}), conns: map[net.Conn]bool{}}
	s.handlers.Go(s.accept)
	t.Cleanup(s.close)
	return s
}

func (s *server) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return // the listener is closed
		}
		s.mu.Lock()
		s.conns[conn] = true
		s.mu.Unlock()
		s.handlers.Go(func() { s.handle(conn) })
	}
}

func (s *server) close() {
	close(s.done)
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.handlers.Wait()
}

// requests gives method, path and query of the requests so far.
func (s *server) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.lines...)
}

// handle answers the requests of one connection. What goes wrong in writing is the client's choice, and shows there.
func (s *server) handle(conn net.Conn) {
	defer func() {
		_ = conn.Close()
		s.mu.Lock()
		delete(s.conns, conn)
		s.mu.Unlock()
	}()
	from := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(from)
		if err != nil {
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		s.mu.Lock()
		s.lines = append(s.lines, req.Method+" "+req.RequestURI)
		s.mu.Unlock()
		if !s.send(conn, s.answer(req)) {
			return
		}
	}
}

// send writes an answer and tells whether the connection is still good.
func (s *server) send(conn net.Conn, r reply) bool {
	data := r.bytes()
	broken := r.silent || r.cut > 0
	if r.silent {
		data = nil
	}
	data = data[:len(data)-min(r.cut, len(data))]
	if r.drips {
		data = data[:len(data)-1]
	}
	s.wait(r.after)
	step := r.piece
	if step == 0 {
		step = max(1, len(data))
	}
	for len(data) > 0 {
		n := min(step, len(data))
		if _, err := conn.Write(data[:n]); err != nil {
			return false
		}
		data = data[n:]
		s.wait(r.pause)
	}
	if r.drips {
		// White space goes on for ever in front of the last byte of a body.
		for !s.isDone() {
			if _, err := conn.Write([]byte(" ")); err != nil {
				return false
			}
			s.wait(r.pause)
		}
		return false
	}
	if r.reset {
		_ = conn.(*net.TCPConn).SetLinger(0) // closing then sends a reset
	}
	return !broken && !r.reset && !r.hangUp && !r.unbounded && r.claim == 0
}

func (s *server) wait(d time.Duration) {
	if d > 0 {
		select {
		case <-time.After(d):
		case <-s.done:
		}
	}
}

func (s *server) isDone() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// bytes gives the whole answer as it would travel if nothing went wrong on the way.
func (r *reply) bytes() []byte {
	body := []byte(r.body)
	header := append([]string{}, r.header...)
	if r.zipped {
		body = zipped(r.body)
		header = append(header, "Content-Encoding: gzip")
	}
	if r.garble != nil {
		body = r.garble(body)
	}
	switch {
	case r.chunked:
		header = append(header, "Transfer-Encoding: chunked")
		body = chunked(body)
	case r.drips:
		header = append(header, fmt.Sprintf("Content-Length: %d", 1<<30))
	case !r.unbounded:
		header = append(header, fmt.Sprintf("Content-Length: %d", len(body)+r.claim))
	}
	if r.claim != 0 {
		header = append(header, "Connection: close") // what is left over would pass for the next answer
	}
	proto := r.proto
	if proto == "" {
		proto = "HTTP/1.1"
	}
	status := max(r.status, http.StatusOK)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s %d %s\r\n", r.before, proto, status, http.StatusText(status))
	for _, line := range header {
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}

func zipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = io.WriteString(z, text) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// chunked writes a body in three chunks.
func chunked(body []byte) []byte {
	var b bytes.Buffer
	for size := len(body)/3 + 1; len(body) > 0; body = body[min(size, len(body)):] {
		chunk := body[:min(size, len(body))]
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	b.WriteString("0\r\n\r\n")
	return b.Bytes()
}

// paced is a transport that sends requests from outside of a bubble of testing/synctest. Whoever waits for an answer waits for
// a real socket, so that the bubble's clock stands still; whoever waits for another try lets it jump. So tests with real
// connections take their time from the network alone, whatever a server asks clients to wait.
type paced struct {
	transport *http.Transport
	slots     chan *slot
}

// slot is a goroutine outside of the bubble.
type slot struct {
	do   chan func()
	done chan bool
}

// newPaced must be called outside of the bubble: what belongs to a bubble may not be used from without.
func newPaced(t testing.TB) *paced {
	t.Helper()
	return newPacedOver(t, &http.Transport{MaxIdleConnsPerHost: 4})
}

func newPacedOver(t testing.TB, transport *http.Transport) *paced {
	t.Helper()
	const most = 32
	p := &paced{transport, make(chan *slot, most)}
	for range most {
		s := &slot{make(chan func()), make(chan bool)}
		go func() {
			for f := range s.do {
				f()
				s.done <- true
			}
		}()
		p.slots <- s
	}
	t.Cleanup(func() {
		for range most {
			close((<-p.slots).do)
		}
		transport.CloseIdleConnections()
	})
	return p
}

// outside runs a function outside of the bubble and waits for it.
func (p *paced) outside(f func()) {
	s := <-p.slots
	s.do <- f
	<-s.done
	p.slots <- s
}

// RoundTrip implements http.RoundTripper.
func (p *paced) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	p.outside(func() { resp, err = p.transport.RoundTrip(req) })
	if err == nil {
		resp.Body = &pacedBody{p, resp.Body}
	}
	return resp, err
}

// pacedBody is a body that is read outside of the bubble too.
type pacedBody struct {
	p    *paced
	body io.ReadCloser
}

func (b *pacedBody) Read(data []byte) (n int, err error) {
	b.p.outside(func() { n, err = b.body.Read(data) })
	return n, err
}

func (b *pacedBody) Close() (err error) {
	b.p.outside(func() { err = b.body.Close() })
	return err
}

// htmlPage is what login pages and overloaded gateways answer.
const htmlPage = "<!DOCTYPE html>\n<html><head><title>Log in with Atlassian account</title></head><body>...</body></html>"

func html(status int, header ...string) reply {
	return reply{status: status, header: append(header, "Content-Type: text/html;charset=UTF-8"), body: htmlPage}
}

func jsonReply(body string) reply {
	return reply{header: []string{"Content-Type: application/json"}, body: body}
}

// bearer gives the token that came with a request.
func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}
