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

// reply is a response at the level of bytes. The zero value of each field is what an ordinary
// server does.
type reply struct {
	status int
	header []string // complete lines
	body   string

	proto     string // empty means HTTP/1.1
	before    string // written before the status line
	zipped    bool
	chunked   bool
	unbounded bool // neither length nor chunks: the body ends with the connection
	claim     int  // added to the announced length
	garble    func([]byte) []byte

	piece int // bytes written at a time

	silent bool // nothing is written
	cut    int  // bytes missing at the end
	reset  bool // the connection ends with a reset
}

// recorded returns the response that a handler writes.
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

// edited changes the body of a response. The server still sends it.
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
			_, _ = io.WriteString(w, body) // failures show in the test
		})
	}
}

// travel takes over the connection to send a response as the server of net/http never would. The
// connection is closed afterwards without a warning.
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

// within applies one fault to the response of another.
func within(inner, outer mock.Fault) mock.Fault {
	return func(honest http.Handler) http.Handler { return outer(inner(honest)) }
}

// send writes a response. Write errors are ignored, because they are caused by the client and show
// there.
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
		_ = conn.(*net.TCPConn).SetLinger(0) // makes Close send a reset
	}
}

// bytes returns the complete response as it is sent without faults.
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
		header = append(header, "Connection: close") // otherwise the rest would look like the next response
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
	_, _ = io.WriteString(z, text) // a bytes.Buffer never fails
	_ = z.Close()
	return b.Bytes()
}

// chunked encodes a body in three chunks.
func chunked(body []byte) []byte {
	var b bytes.Buffer
	for chunk := range slices.Chunk(body, len(body)/3+1) {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	b.WriteString("0\r\n\r\n")
	return b.Bytes()
}
