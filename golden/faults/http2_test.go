package faults_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/seed-1954497d/auditgen/mock"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// Atlassian's sites use HTTP/2, where a stream can break without its connection.
func TestABrokenHTTP2StreamLosesNoRecords(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault func(w http.ResponseWriter, body string)
	}{
		{"a reset before the header", func(http.ResponseWriter, string) { panic(http.ErrAbortHandler) }},
		{"a reset after the header", func(w http.ResponseWriter, _ string) {
			_ = http.NewResponseController(w).Flush() // failures show in the test
			panic(http.ErrAbortHandler)
		}},
		{"a reset in the body", func(w http.ResponseWriter, body string) {
			_, _ = io.WriteString(w, body[:len(body)/2])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"a reset after the body", func(w http.ResponseWriter, body string) {
			_, _ = io.WriteString(w, body)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"a length that is too large", func(w http.ResponseWriter, body string) {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
			_, _ = io.WriteString(w, body)
		}},
		{"gzip that is cut short", func(w http.ResponseWriter, body string) {
			w.Header().Set("Content-Encoding", "gzip")
			zip := zipped(body)
			_, _ = w.Write(zip[:len(zip)-9])
		}},
	} {
		for _, l := range listings {
			t.Run(c.name+", "+l.name, func(t *testing.T) {
				s := newLog(t, l, nRecords)
				breaks := func(honest http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						w.Header().Set("Content-Type", "application/json")
						c.fault(w, recorded(honest, r).body)
					})
				}
				var proto string
				s.play(func(n int, r *http.Request) mock.Fault {
					if proto = r.Proto; n == 0 || n == 3 || n == 4 {
						return breaks
					}
					return nil
				})
				srv := httptest.NewUnstartedServer(s.Handler())
				srv.EnableHTTP2 = true
				srv.StartTLS()
				defer srv.Close()
				p := newPacedOver(t, s, srv.Client().Transport.(*http.Transport))
				synctest.Test(t, func(t *testing.T) {
					got, _, err := l.open(t, srv.URL, settings{transport: p, retries: 2})(ctx, nil, everything)
					if err != nil {
						t.Fatal(err)
					}
					try.Equal(t, "records", got, s.want)
					try.Equal(t, "requests", s.asked(l), nPages+3)
					try.Equal(t, "protocol", proto, "HTTP/2.0")
				})
			})
		}
	}
}
