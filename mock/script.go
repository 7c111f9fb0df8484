package mock

import (
	"compress/gzip"
	"context"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault makes one response go wrong. It receives the handler that would answer and returns the one
// that answers instead. Your own fault may ignore honest, call it with a recorder and change the
// result, or take over the connection. outer(inner(honest)) combines two faults.
type Fault func(honest http.Handler) http.Handler

// Script returns the fault for a request, nil for none. n counts the requests to operations of the
// documents since the script was set, from 0. Every retry of a client counts. A script is called
// for one request at a time.
type Script func(n int, r *http.Request) Fault

// InOrder returns a script in which request n gets fault n. A nil fault, and every request after
// the last fault, gets an honest response.
func InOrder(faults ...Fault) Script {
	return func(n int, _ *http.Request) Fault {
		if n < len(faults) {
			return faults[n]
		}
		return nil
	}
}

// scripted is a script and the number of requests so far.
type scripted struct {
	mu     sync.Mutex
	script Script
	n      int
}

func (s *scripted) next(r *http.Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	return s.script(s.n-1, r)
}

// Answer replaces the response.
func Answer(status int, header http.Header, body string) Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[http.CanonicalHeaderKey(name)] = values
			}
			w.WriteHeader(status)
			if status != http.StatusNoContent && status != http.StatusNotModified {
				_, _ = io.WriteString(w, body) // the client may be gone
			}
		})
	}
}

// instead is a fault that needs neither the request nor the honest response.
func instead(answer func(w http.ResponseWriter)) Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) })
	}
}

// RateLimited is a 429 that asks the client to wait, rounded up to whole seconds.
func RateLimited(wait time.Duration) Fault {
	return instead(func(w http.ResponseWriter) { writeRateLimit(w, int(math.Ceil(wait.Seconds()))) })
}

// Unavailable is a 503 with an HTML page, as a gateway sends it.
func Unavailable() Fault { return instead(writeUnavailable) }

// LoginPage is the page with status 200 that a site shows to clients without credentials.
func LoginPage() Fault { return instead(writeLogin) }

// Redirect is a 302 to a location. On this server, /login is a login page.
func Redirect(location string) Fault {
	return Answer(http.StatusFound, http.Header{"Location": {location}}, "")
}

// FreePlan is the 403 of a site whose plan has no audit log.
func FreePlan() Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			(&exchange{w: w, r: r}).refuse(http.StatusForbidden, freePlan)
		})
	}
}

// Slow waits before it sends the response.
func Slow(d time.Duration) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			pause(w, r, d)
			honest.ServeHTTP(w, r)
		})
	}
}

// Dropped closes the connection without a response, by a panic with http.ErrAbortHandler. The
// client cannot know whether the request was carried out. It was not.
func Dropped() Fault {
	return instead(func(http.ResponseWriter) { panic(http.ErrAbortHandler) })
}

// Truncated closes the connection after n bytes of the body. The header announces more, unless the
// body is not longer.
func Truncated(n int) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			honest.ServeHTTP(&truncated{ResponseWriter: w, left: n}, r)
		})
	}
}

// blanks makes bodies longer: JSON allows white space anywhere.
var blanks = strings.Repeat(" ", 1<<10)

// Endless appends white space to the body, 1 KiB at a time with a pause in between, until the
// client gives up.
func Endless(between time.Duration) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			honest.ServeHTTP(&rewritten{ResponseWriter: w, to: w}, r)
			control := http.NewResponseController(w)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, blanks); err != nil || control.Flush() != nil {
					return
				}
				pause(w, r, between)
			}
		})
	}
}

// GzipBomb sends a small body that unpacks to more than n bytes: white space, then the honest body.
func GzipBomb(n int64) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			packed := gzip.NewWriter(w)
			honest.ServeHTTP(&rewritten{ResponseWriter: w, to: packed, encoding: "gzip", before: func() {
				for left := n; left > 0; left -= int64(len(blanks)) {
					if _, err := io.WriteString(packed, blanks); err != nil {
						return // the client has gone
					}
				}
			}}, r)
			_ = packed.Close() // the client may have gone
		})
	}
}

// rewritten sends a body of unknown length through another writer.
type rewritten struct {
	http.ResponseWriter
	to       io.Writer
	encoding string
	before   func() // writes a prefix of the body
	started  bool
}

func (w *rewritten) WriteHeader(status int) {
	w.started = true
	w.Header().Del("Content-Length")
	if w.encoding != "" {
		w.Header().Set("Content-Encoding", w.encoding)
	}
	w.ResponseWriter.WriteHeader(status)
	if w.before != nil {
		w.before()
	}
}

func (w *rewritten) Write(b []byte) (int, error) {
	if !w.started {
		w.WriteHeader(http.StatusOK)
	}
	return w.to.Write(b)
}

// Unwrap supports http.ResponseController.
func (w *rewritten) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// turn is how faults change one page of a listing.
type turn struct {
	shift int // added to the requested start
	limit int // maximum number of items; 0 means no extra limit
	grow  int // records added before it
	drop  int // oldest records deleted before it
}

type turnKey struct{}

// turnOf returns how faults change the response to a request.
func turnOf(r *http.Request) turn {
	t, _ := r.Context().Value(turnKey{}).(turn) // zero without faults
	return t
}

// turned is a fault that changes a page.
func turned(change func(*turn)) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			t := turnOf(r)
			change(&t)
			honest.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), turnKey{}, t)))
		})
	}
}

// PageLimit cuts a page to n items, whatever the request's limit, as a busy site does. A response
// that has a limit shows it.
func PageLimit(n int) Fault {
	return turned(func(t *turn) {
		if t.limit == 0 || n < t.limit {
			t.limit = max(1, n)
		}
	})
}

// Shifted returns the page that starts n items after the requested one, or before it if n is
// negative. A response that has a start shows it. Shifted by minus the length of a page, the page
// before is sent again.
func Shifted(n int) Fault { return turned(func(t *turn) { t.shift += n }) }

// Grown adds n new records to the log before it is read. Of other listings, it changes only streams
// ([WithStreams]).
func Grown(n int) Fault { return turned(func(t *turn) { t.grow += n }) }

// Shrunk deletes the n oldest records of the log before it is read, as a retention period does. It
// does not change other listings.
func Shrunk(n int) Fault { return turned(func(t *turn) { t.drop += n }) }

// start returns the start of a page that was requested at n.
func (x *exchange) start(n int) int { return max(0, n+turnOf(x.r).shift) }

// pageLimit returns the maximum number of items of a page.
func (x *exchange) pageLimit() int {
	if limit := turnOf(x.r).limit; limit > 0 {
		return min(limit, maxPage)
	}
	return maxPage
}

// changing applies Grown and Shrunk to a log before a page of it is read.
func (x *exchange) changing(l *auditLog) {
	t := turnOf(x.r)
	if x.chance.shrinking() {
		t.drop += l.burst * (1 + x.chance.number(3))
	}
	l.grow(x.grown(l.burst))
	l.drop(t.drop)
}

// grown returns how many records faults add before a page is read.
func (x *exchange) grown(burst int) int {
	n := turnOf(x.r).grow
	if x.chance.growing() {
		n += burst * (1 + x.chance.number(3))
	}
	return n
}

// pause waits for d or until the request ends. It extends the deadlines of the connection by d.
func pause(w http.ResponseWriter, r *http.Request, d time.Duration) {
	control, now := http.NewResponseController(w), time.Now()
	// These fail if the server has no deadlines, and then they are not needed.
	_ = control.SetReadDeadline(now.Add(d + readTimeout))
	_ = control.SetWriteDeadline(now.Add(d + writeTimeout))
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}

func writeRateLimit(w http.ResponseWriter, seconds int) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	w.Header().Set("RateLimit-Reason", "burst-based")
	writeJSON(w, http.StatusTooManyRequests, map[string]any{"statusCode": 429, "message": "Rate limit exceeded."})
}

func writeUnavailable(w http.ResponseWriter) {
	writeHTML(w, http.StatusServiceUnavailable, "We are having a moment", "The service cannot be reached. Please try again.")
}
