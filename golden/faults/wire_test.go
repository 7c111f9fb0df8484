package faults_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-1954497d/auditgen/mock"
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

	piece int // so many bytes at a time

	silent bool // not a byte is written
	cut    int  // so many bytes are missing at the end, of all that is written
	reset  bool // the connection ends with a reset, not with an orderly end
}

// recorded gives an answer as a handler writes it.
func recorded(h http.Handler, r *http.Request) *reply {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	got := &reply{status: w.Code, body: w.Body.String()}
	for name, values := range w.Header() {
		for _, value := range values {
			if name != "Content-Length" {
				got.header = append(got.header, name+": "+value)
			}
		}
	}
	slices.Sort(got.header)
	return got
}

// edited changes an answer and leaves how it travels to the server.
func edited(how func(r *http.Request, body string) string) mock.Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got := recorded(honest, r)
			for _, line := range got.header {
				name, value, _ := strings.Cut(line, ": ")
				w.Header().Add(name, value)
			}
			body := how(r, got.body)
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			w.WriteHeader(got.status)
			_, _ = io.WriteString(w, body) // what cannot be sent shows in the test
		})
	}
}

// travel takes the connection over and has an answer travel as net/http's server never would. The connection ends behind it, and
// nobody says so before.
func travel(how func(*reply)) mock.Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got := recorded(honest, r)
			how(got)
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			defer conn.Close()
			got.send(conn)
		})
	}
}

// within is one fault in the answer that another gives.
func within(inner, outer mock.Fault) mock.Fault {
	return func(honest http.Handler) http.Handler { return outer(inner(honest)) }
}

// send writes an answer. What goes wrong in writing is the client's choice, and shows there.
func (r *reply) send(conn net.Conn) {
	data := r.bytes()
	data = data[:len(data)-min(r.cut, len(data))]
	if r.silent {
		data = nil
	}
	step := r.piece
	if step == 0 {
		step = max(1, len(data))
	}
	for piece := range slices.Chunk(data, step) {
		if _, err := conn.Write(piece); err != nil {
			return
		}
	}
	if r.reset {
		_ = conn.(*net.TCPConn).SetLinger(0) // closing then sends a reset
	}
}

// bytes gives the whole answer as it would travel if nothing went wrong on the way.
func (r *reply) bytes() []byte {
	body := []byte(r.body)
	header := slices.Clone(r.header)
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
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s %d %s\r\n", r.before, proto, r.status, http.StatusText(r.status))
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
	for chunk := range slices.Chunk(body, len(body)/3+1) {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	b.WriteString("0\r\n\r\n")
	return b.Bytes()
}
