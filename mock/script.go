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

// Fault is one way in which one answer goes wrong: it gets what would answer otherwise and gives what answers instead. A fault of your
// own may leave honest alone, call it with a recorder and change what comes out, or take over the connection; outer(inner(honest))
// is both at once.
type Fault func(honest http.Handler) http.Handler

// Script chooses the fault that a request meets, nil for none. n counts the requests to operations of the documents since the script
// was set, from 0, and every try of a client is one. A script is called for one request at a time.
type Script func(n int, r *http.Request) Fault

// InOrder is the script in which the first request meets the first fault, and so on. A nil fault, and all that comes after the last
// one, is an honest answer.
func InOrder(faults ...Fault) Script {
	return func(n int, _ *http.Request) Fault {
		if n < len(faults) {
			return faults[n]
		}
		return nil
	}
}

// scripted is a script and how far it is.
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

// Answer is another answer in place of the honest one.
func Answer(status int, header http.Header, body string) Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[http.CanonicalHeaderKey(name)] = values
			}
			w.WriteHeader(status)
			if status != http.StatusNoContent && status != http.StatusNotModified {
				_, _ = io.WriteString(w, body) // a client that has gone away waits for nothing
			}
		})
	}
}

// instead is a fault that knows neither the request nor the honest answer.
func instead(answer func(w http.ResponseWriter)) Fault {
	return func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) })
	}
}

// RateLimited is a 429 that asks to wait, in whole seconds.
func RateLimited(wait time.Duration) Fault {
	return instead(func(w http.ResponseWriter) { writeRateLimit(w, int(math.Ceil(wait.Seconds()))) })
}

// Unavailable is the 503 of what stands in front of a site, with an HTML page.
func Unavailable() Fault { return instead(writeUnavailable) }

// LoginPage is the page with status 200 that a site shows whoever has no credentials.
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

// Slow waits before the first byte of the answer.
func Slow(d time.Duration) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			pause(w, r, d)
			honest.ServeHTTP(w, r)
		})
	}
}

// Dropped ends the connection without an answer, by the panic with http.ErrAbortHandler that servers of net/http take for that. Nobody
// can tell whether the request was carried out; it was not.
func Dropped() Fault {
	return instead(func(http.ResponseWriter) { panic(http.ErrAbortHandler) })
}

// Truncated ends the connection after n bytes of the body. The header promises more, unless that is all there is.
func Truncated(n int) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			honest.ServeHTTP(&truncated{ResponseWriter: w, left: n}, r)
		})
	}
}

// blanks are what bodies are made longer with: JSON takes them anywhere.
var blanks = strings.Repeat(" ", 1<<10)

// Endless goes on behind the body with white space, 1 KiB at a time with a pause between them, until the client gives up.
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

// GzipBomb is a small body that unpacks to more than n bytes: the honest one behind white space.
func GzipBomb(n int64) Fault {
	return func(honest http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			packed := gzip.NewWriter(w)
			honest.ServeHTTP(&rewritten{ResponseWriter: w, to: packed, encoding: "gzip", before: func() {
				for left := n; left > 0; left -= int64(len(blanks)) {
					if _, err := io.WriteString(packed, blanks); err != nil {
						return // the client has seen enough
					}
				}
			}}, r)
			_ = packed.Close() // see above
		})
	}
}

// rewritten passes a body of unknown length through another writer.
type rewritten struct {
	http.ResponseWriter
	to       io.Writer
	encoding string
	before   func() // writes what comes before the body
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

// Unwrap lets http.ResponseController through.
func (w *rewritten) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// turn is what faults want of one page of a listing.
type turn struct {
	shift int // how far behind the place that was asked for it starts
	limit int // how many items it has at most; 0 is no limit of its own
	grow  int // how many records come in before it
	drop  int // how many of the oldest records go before it
}

type turnKey struct{}

// turnOf gives what faults want of the answer to a request.
func turnOf(r *http.Request) turn {
	t, _ := r.Context().Value(turnKey{}).(turn) // the zero turn where there are none
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

// PageLimit cuts a page to n items, whatever limit was asked for, as a busy site does. The answer says so where it says its limit.
func PageLimit(n int) Fault {
	return turned(func(t *turn) {
		if t.limit == 0 || n < t.limit {
			t.limit = max(1, n)
		}
	})
}

// Shifted gives the page that stands n items further on than the one that was asked for, or before it if n is negative. The answer
// says where it starts, where it says so at all. Shifted by the length of a page, the one before comes again.
func Shifted(n int) Fault { return turned(func(t *turn) { t.shift += n }) }

// Grown has n new records come into the log before it is read. Other listings do not change.
func Grown(n int) Fault { return turned(func(t *turn) { t.grow += n }) }

// Shrunk has the n oldest records of the log deleted before it is read, as when they are kept too long. Other listings do not change.
func Shrunk(n int) Fault { return turned(func(t *turn) { t.drop += n }) }

// start gives the place that a page starts at, if it is asked for at n.
func (x *exchange) start(n int) int { return max(0, n+turnOf(x.r).shift) }

// pageLimit gives the most items that a page may have.
func (x *exchange) pageLimit() int {
	if limit := turnOf(x.r).limit; limit > 0 {
		return min(limit, maxPage)
	}
	return maxPage
}

// changing has happen to a log what faults want before a page of it is read.
func (x *exchange) changing(l *auditLog) {
	t := turnOf(x.r)
	if x.chance.growing() {
		t.grow += 1 + x.chance.number(3)
	}
	l.grow(t.grow)
	l.drop(t.drop)
}

// pause waits, or gives up with the client. The connection gets as much more time.
func pause(w http.ResponseWriter, r *http.Request, d time.Duration) {
	control, now := http.NewResponseController(w), time.Now()
	// A server without deadlines needs none.
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
