package faults_test

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// paced is a transport that sends requests from outside a testing/synctest bubble. Waiting for a
// response is waiting for a real socket, so the clock of the bubble stands still. Waiting for a
// retry lets it jump. So tests with real connections take only the time of the network, however
// long a server asks clients to wait.
type paced struct {
	transport *http.Transport
	slots     chan *slot
	clock     *clock // is set to the time of the bubble
}

// clock shows the time of a bubble to a server outside it.
type clock struct{ atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(0, c.Load()).UTC() }

// start is the time at which a walk in a bubble starts.
var start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// slot is a goroutine outside the bubble.
type slot struct {
	do   chan func()
	done chan bool
}

// newPaced must be called outside the bubble, because things made in a bubble cannot be used
// outside.
func newPaced(t testing.TB, s *site) *paced {
	t.Helper()
	return newPacedOver(t, s, &http.Transport{MaxIdleConnsPerHost: 4})
}

func newPacedOver(t testing.TB, s *site, transport *http.Transport) *paced {
	t.Helper()
	const most = 32
	p := &paced{transport, make(chan *slot, most), &s.clock}
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

// outside runs a function outside the bubble and waits for it.
func (p *paced) outside(f func()) {
	s := <-p.slots
	s.do <- f
	<-s.done
	p.slots <- s
}

// endless sends requests without the context of the caller, because a canceled context must not
// leave its bubble.
type endless struct{ p *paced }

// RoundTrip implements http.RoundTripper.
func (e endless) RoundTrip(req *http.Request) (*http.Response, error) {
	return e.p.RoundTrip(req.WithContext(context.Background()))
}

// RoundTrip implements http.RoundTripper.
func (p *paced) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	p.clock.Store(time.Now().UnixNano())
	p.outside(func() { resp, err = p.transport.RoundTrip(req) })
	if err == nil {
		resp.Body = &pacedBody{p, resp.Body}
	}
	return resp, err
}

// pacedBody is a body that is read outside the bubble too.
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
