package faults_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// effect is what a fault does to a walk.
type effect int

const (
	unnoticed effect = iota // the page comes, at the first try
	passing                 // the page comes, at another try
	final                   // the walk ends with an error
)

// fault changes an answer. again gives the page that stands shift records away from the one that was asked for.
type fault struct {
	name   string
	effect effect
	kinds  []string // of the error of a final one
	change func(r *reply, again func(shift int) reply)
}

func replace(with reply) func(*reply, func(int) reply) {
	return func(r *reply, _ func(int) reply) { *r = with }
}

func travel(how func(*reply)) func(*reply, func(int) reply) {
	return func(r *reply, _ func(int) reply) { how(r) }
}

// maxBytes is what the clients of these tests take for a page.
const maxBytes = 8 << 10

var faults = []fault{
	{"latency", unnoticed, nil, travel(func(r *reply) { r.after = time.Millisecond })},
	{"a few bytes at a time", unnoticed, nil, travel(func(r *reply) { r.piece = 7 })},
	{"chunks", unnoticed, nil, travel(func(r *reply) { r.chunked = true })},
	{"gzip", unnoticed, nil, travel(func(r *reply) { r.zipped = true })},
	{"gzip in chunks, bytewise", unnoticed, nil, travel(func(r *reply) { r.zipped, r.chunked, r.piece = true, true, 1 })},
	{"HTTP/1.0", unnoticed, nil, travel(func(r *reply) { r.proto, r.hangUp = "HTTP/1.0", true })},
	{"HTTP/1.0 without a length", unnoticed, nil, travel(func(r *reply) { r.proto, r.unbounded = "HTTP/1.0", true })},
	{"HTTP/1.1 without a length", unnoticed, nil, travel(func(r *reply) { r.unbounded = true })},
	{"early hints", unnoticed, nil, travel(func(r *reply) { r.before = "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" })},
	{"an idle connection is closed", unnoticed, nil, travel(func(r *reply) { r.hangUp = true })},
	{"a byte order of its own", unnoticed, nil, travel(func(r *reply) { r.body = " \r\n\t" + r.body + "\n" })},

	{"a reset before a byte", passing, nil, travel(func(r *reply) { r.silent, r.reset = true, true })},
	{"an end before a byte", passing, nil, travel(func(r *reply) { r.silent = true })},
	{"a reset in the header", passing, nil, travel(func(r *reply) { r.cut, r.reset = len(r.bytes())-20, true })},
	{"an end in the header", passing, nil, travel(func(r *reply) { r.cut = len(r.bytes()) - 20 })},
	{"a reset in the body", passing, nil, travel(func(r *reply) { r.cut, r.reset = len(r.body)/2, true })},
	{"an end in the body", passing, nil, travel(func(r *reply) { r.cut = len(r.body) / 2 })},
	{"the last byte is missing", passing, nil, travel(func(r *reply) { r.cut = 1 })},
	{"a length that is too large", passing, nil, travel(func(r *reply) { r.claim = 10 })},
	{"chunks that are cut short", passing, nil, travel(func(r *reply) { r.chunked, r.cut = true, len("\r\n0\r\n\r\n") })},
	{"chunks without the last one", passing, nil, travel(func(r *reply) { r.chunked, r.cut = true, len("0\r\n\r\n") })},
	{"gzip that is cut short", passing, nil, travel(func(r *reply) { r.zipped, r.garble = true, cutBytes(9) })},
	{"gzip that is cut short in chunks", passing, nil, travel(func(r *reply) { r.zipped, r.chunked, r.garble = true, true, cutBytes(30) })},
	{"gzip with a wrong checksum", passing, nil, travel(func(r *reply) { r.zipped, r.garble = true, flipByte(-6) })},
	{"gzip that is none", passing, nil, travel(func(r *reply) { r.header = append(r.header, "Content-Encoding: gzip") })},
	{"no HTTP", passing, nil, travel(func(r *reply) { r.before, r.hangUp = "SSH-2.0-OpenSSH\r\n", true })},
	{"429", passing, nil, replace(html(429))},
	{"429 with seconds", passing, nil, replace(html(429, "Retry-After: 90"))},
	{"429 with no time at all", passing, nil, replace(html(429, "Retry-After: 0"))},
	{"429 with a date", passing, nil, replace(html(429, "Retry-After: Sat, 01 Jan 2000 00:01:00 GMT"))},
	{"429 with a reset to the minute", passing, nil, replace(html(429, "X-RateLimit-Reset: 2000-01-01T00:02Z", "RateLimit-Reason: jira-burst-based"))},
	{"503 with a page", passing, nil, replace(html(503, "Retry-After: 5"))},
	{"502 with a page", passing, nil, replace(html(502))},
	{"504 with nothing", passing, nil, replace(reply{status: 504})},
	{"503 that breaks off", passing, nil, func(r *reply, _ func(int) reply) { *r = html(503); r.cut, r.reset = 30, true }},

	{"200 with a page", final, []string{"not JSON"}, replace(html(200))},
	{"200 with a page that says it were JSON", final, []string{"not JSON"}, replace(jsonReply(htmlPage))},
	{"200 with nothing", final, []string{"not JSON"}, replace(jsonReply(""))},
	{"200 with null", final, []string{"not JSON"}, replace(jsonReply("null"))},
	{"204", final, []string{"not JSON"}, replace(reply{status: 204})},
	{"a redirect to the login page", final, []string{"unauthorized"}, replace(reply{status: 302, header: []string{"Location: https://id.atlassian.com/login?continue=x"}})},
	{"a login page in place of the log", final, []string{"unauthorized", "not JSON"}, replace(reply{status: 302, header: []string{"Location: /login.jsp"}})},
	{"401", final, []string{"unauthorized"}, replace(html(401))},
	{"403", final, []string{"forbidden"}, replace(html(403))},
	{"403 of the Free plan", final, []string{"forbidden", "free plan"}, replace(reply{status: 403,
		body: "Cannot make this request because you are on Free edition. Please upgrade to standard or premium."})},
	{"500", final, nil, replace(reply{status: 500, body: `{"message":"Something went wrong"}`})},
	{"429 for an hour", final, []string{"rate limited"}, replace(html(429, "Retry-After: 3600"))},
	{"a length that is too small", final, []string{"not JSON"}, travel(func(r *reply) { r.claim = -10 })},
	{"an end in the body, without a length", final, []string{"not JSON"}, travel(func(r *reply) { r.unbounded, r.cut = true, len(r.body)/2 })},
	{"a page that is too large", final, []string{"too large"}, travel(func(r *reply) { r.body += strings.Repeat(" ", maxBytes) })},
	{"a page that is too large, unpacked", final, []string{"too large"}, travel(func(r *reply) { r.zipped = true; r.body += strings.Repeat(" ", 2*maxBytes) })},
	{"a page too early", final, []string{"repeated"}, func(r *reply, again func(int) reply) { *r = again(-1) }},
	{"a page too late", final, nil, func(r *reply, again func(int) reply) { *r = again(1) }},
}

func cutBytes(n int) func([]byte) []byte {
	return func(b []byte) []byte { return b[:len(b)-n] }
}

// flipByte changes the byte at a place that is counted from the end.
func flipByte(at int) func([]byte) []byte {
	return func(b []byte) []byte {
		b[len(b)+at] ^= 0xff
		return b
	}
}

// faulty serves a log; pick tells which fault, if any, a request meets.
func faulty(t testing.TB, log *auditLog, pick func() *fault) *server {
	return serve(t, func(r *http.Request) reply {
		if !slices.ContainsFunc(listings, func(l listing) bool { return l.path == r.URL.Path }) {
			return html(200) // the login page
		}
		f := pick()
		answer := log.page(r, 0)
		if f != nil {
			f.change(&answer, func(shift int) reply { return log.page(r, shift) })
		}
		return answer
	})
}

// The log of these tests has five pages, the last of them short.
const (
	nRecords = 14
	nPages   = 5
)

func TestAFaultInAnyPageLosesNothing(t *testing.T) {
	for _, f := range faults {
		for _, at := range []int{0, 2, 4} {
			if at == 0 && strings.HasPrefix(f.name, "a page too early") {
				continue // there is nothing before the first page
			}
			t.Run(nameOf(f.name, "at page", at), func(t *testing.T) {
				var log *auditLog
				forListings(t, func(t *testing.T, l listing) *server {
					log = newLog(nRecords)
					var n counter
					return faulty(t, log, func() *fault {
						if n.next() == at {
							return &f
						}
						return nil
					})
				}, func(t *testing.T, l listing, s *server, p *paced) {
					walk := l.open(t, s.url, settings{token: "token-1", transport: p, retries: 3, maxBytes: maxBytes})
					got, pos, err := walk(ctx, nil, everything)
					if f.effect != final {
						if err != nil {
							t.Fatal(err)
						}
						try.Equal(t, "records", got, log.want(l.path))
						try.Equal(t, "requests", asked(s, l), nPages+int(f.effect))
						return
					}
					isKind(t, l, err, f.kinds...)
					try.Equal(t, "records before the error", got, log.want(l.path)[:3*at])
					rest, _, err := l.open(t, s.url, settings{token: "token-1", transport: p})(ctx, pos, everything)
					if err != nil {
						t.Fatal(err)
					}
					try.Equal(t, "all records", append(got, rest...), log.want(l.path))
				})
			})
		}
	}
}

// asked counts the requests for pages of a listing.
func asked(s *server, l listing) (n int) {
	for _, line := range s.requests() {
		if strings.HasPrefix(line, "GET "+l.path+"?") {
			n++
		}
	}
	return n
}

func TestAFaultThatStaysEndsTheWalkUntilItIsGone(t *testing.T) {
	for _, f := range faults {
		if f.effect != passing {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			var log *auditLog
			gone := make(chan struct{})
			forListings(t, func(t *testing.T, _ listing) *server {
				log = newLog(nRecords)
				gone = make(chan struct{})
				stays := gone
				var n counter
				return faulty(t, log, func() *fault {
					select {
					case <-stays:
						return nil
					default:
					}
					if n.next() >= 2 {
						return &f
					}
					return nil
				})
			}, func(t *testing.T, l listing, s *server, p *paced) {
				got, pos, err := l.open(t, s.url, settings{token: "token-1", transport: p, retries: 2})(ctx, nil, everything)
				if err == nil {
					t.Fatal("got no error")
				}
				isRateLimit := bytes.HasPrefix([]byte(f.name), []byte("429"))
				isKind(t, l, err, map[bool][]string{true: {"rate limited"}}[isRateLimit]...)
				try.Equal(t, "records before the error", got, log.want(l.path)[:6])
				close(gone)
				rest, _, err := l.open(t, s.url, settings{token: "token-1", transport: p})(ctx, pos, everything)
				if err != nil {
					t.Fatal(err)
				}
				try.Equal(t, "all records", append(got, rest...), log.want(l.path))
			})
		})
	}
}
