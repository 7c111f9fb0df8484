package faults_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"

	"github.com/seed-1954497d/auditgen/golden/internal/try"
)

// effect is the effect of a fault on a walk.
type effect int

const (
	unnoticed effect = iota // the first attempt returns the page
	passing                 // a later attempt returns the page
	final                   // the walk ends with an error
)

// fault is a fault of the mock or of the network.
type fault struct {
	name   string
	effect effect
	kinds  []string // kinds of the error, if final
	fault  mock.Fault
}

// htmlPage is what overloaded gateways send.
const htmlPage = "<!DOCTYPE html>\n<html><head><title>Log in with Atlassian account</title></head><body>...</body></html>"

// html is an HTML page instead of a response. header alternates names and values.
func html(status int, header ...string) mock.Fault {
	h := http.Header{"Content-Type": {"text/html;charset=UTF-8"}}
	for pair := range slices.Chunk(header, 2) {
		h.Set(pair[0], pair[1])
	}
	return mock.Answer(status, h, htmlPage)
}

func jsonAnswer(body string) mock.Fault {
	return mock.Answer(http.StatusOK, http.Header{"Content-Type": {"application/json"}}, body)
}

// padded makes a body longer with white space.
func padded(n int) mock.Fault {
	return edited(func(_ *http.Request, body string) string { return body + strings.Repeat(" ", n) })
}

// maxBytes is the largest page that the clients of these tests accept.
const maxBytes = 8 << 10

// faults are all faults.
var faults = slices.Concat(faultsOfAnswers, faultsOfPages)

// faultsOfPages are well-formed responses that are not the requested page.
var faultsOfPages = []fault{
	{"a page too early", final, []string{"repeated"}, mock.Shifted(-1)},
	{"a page too late", final, nil, mock.Shifted(1)},
	{"an empty object", final, []string{"not JSON"}, jsonAnswer(`{}`)},
	{"an error object of Confluence with 200", final, []string{"not JSON"}, jsonAnswer(`{"statusCode":500,"message":"Something went wrong"}`)},
	{"an error object of Jira with 200", final, []string{"not JSON"}, jsonAnswer(`{"errorMessages":["Something went wrong"],"errors":{}}`)},
	{"another listing", final, []string{"not JSON"}, jsonAnswer(`{"values":[{"id":1}],"start":0,"offset":0,"limit":3,"size":1,"isLast":true}`)},
	{"a text in place of the records", final, []string{"not JSON"}, jsonAnswer(`{"results":"none","records":"none","limit":3}`)},
	{"an object in place of the records", final, []string{"not JSON"}, jsonAnswer(`{"results":{},"records":{},"limit":3}`)},
	{"a list in place of the page", final, []string{"not JSON"}, jsonAnswer(`[{"id":1}]`)},
	{"an empty list in place of the page", final, []string{"not JSON"}, jsonAnswer(`[]`)},
}

// faultsOfAnswers can happen to any operation.
var faultsOfAnswers = []fault{
	{"latency", unnoticed, nil, mock.Slow(time.Millisecond)},
	{"a few bytes at a time", unnoticed, nil, travel(func(r *reply) { r.piece = 7 })},
	{"chunks", unnoticed, nil, travel(func(r *reply) { r.chunked = true })},
	{"gzip", unnoticed, nil, travel(func(r *reply) { r.zipped = true })},
	{"gzip in chunks, bytewise", unnoticed, nil, travel(func(r *reply) { r.zipped, r.chunked, r.piece = true, true, 1 })},
	{"HTTP/1.0", unnoticed, nil, travel(func(r *reply) { r.proto = "HTTP/1.0" })},
	{"HTTP/1.0 without a length", unnoticed, nil, travel(func(r *reply) { r.proto, r.unbounded = "HTTP/1.0", true })},
	{"HTTP/1.1 without a length", unnoticed, nil, travel(func(r *reply) { r.unbounded = true })},
	{"early hints", unnoticed, nil, travel(func(r *reply) { r.before = "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n" })},
	{"an idle connection is closed", unnoticed, nil, travel(func(*reply) {})},
	{"white space around the body", unnoticed, nil, edited(func(_ *http.Request, body string) string { return " \r\n\t" + body + "\n" })},

	{"a reset before a byte", passing, nil, travel(func(r *reply) { r.silent, r.reset = true, true })},
	{"an end before a byte", passing, nil, mock.Dropped()},
	{"a reset in the header", passing, nil, travel(func(r *reply) { r.cut, r.reset = len(r.bytes())-20, true })},
	{"an end in the header", passing, nil, travel(func(r *reply) { r.cut = len(r.bytes()) - 20 })},
	{"a reset in the body", passing, nil, travel(func(r *reply) { r.cut, r.reset = len(r.body)/2, true })},
	{"an end in the body", passing, nil, mock.Truncated(100)},
	{"the last byte is missing", passing, nil, travel(func(r *reply) { r.cut = 1 })},
	{"a length that is too large", passing, nil, travel(func(r *reply) { r.claim = 10 })},
	{"chunks that are cut short", passing, nil, travel(func(r *reply) { r.chunked, r.cut = true, len("\r\n0\r\n\r\n") })},
	{"chunks without the last one", passing, nil, travel(func(r *reply) { r.chunked, r.cut = true, len("0\r\n\r\n") })},
	{"gzip that is cut short", passing, nil, travel(func(r *reply) { r.zipped, r.garble = true, cutBytes(9) })},
	{"gzip that is cut short in chunks", passing, nil, travel(func(r *reply) { r.zipped, r.chunked, r.garble = true, true, cutBytes(30) })},
	{"gzip with a wrong checksum", passing, nil, travel(func(r *reply) { r.zipped, r.garble = true, flipByte(-6) })},
	{"gzip that is not gzip", passing, nil, travel(func(r *reply) { r.header = append(r.header, "Content-Encoding: gzip") })},
	{"not HTTP", passing, nil, travel(func(r *reply) { r.before = "SSH-2.0-OpenSSH\r\n" })},
	{"429", passing, nil, html(429)},
	{"429 with seconds", passing, nil, mock.RateLimited(90 * time.Second)},
	{"429 with zero seconds", passing, nil, mock.RateLimited(0)},
	{"429 with a date", passing, nil, html(429, "Retry-After", "Sat, 01 Jan 2000 00:01:00 GMT")},
	{"429 with a reset to the minute", passing, nil, html(429, "X-RateLimit-Reset", "2000-01-01T00:02Z", "RateLimit-Reason", "jira-burst-based")},
	{"503 with a page", passing, nil, html(503, "Retry-After", "5")},
	{"502 with a page", passing, nil, html(502)},
	{"504 with an empty body", passing, nil, mock.Answer(504, nil, "")},
	{"503 that breaks off", passing, nil, within(mock.Unavailable(), travel(func(r *reply) { r.cut, r.reset = 30, true }))},

	{"200 with a login page", final, []string{"unauthorized", "not JSON"}, mock.LoginPage()},
	{"200 with an HTML page as JSON", final, []string{"not JSON"}, jsonAnswer(htmlPage)},
	{"200 with an empty body", final, []string{"not JSON"}, jsonAnswer("")},
	{"200 with null", final, []string{"not JSON"}, jsonAnswer("null")},
	{"204", final, []string{"not JSON"}, mock.Answer(204, nil, "")},
	{"a redirect to the login page", final, []string{"unauthorized"}, mock.Redirect("https://id.atlassian.com/login?continue=x")},
	{"a redirect to a login page of the site", final, []string{"unauthorized", "not JSON"}, mock.Redirect("/login")},
	{"401", final, []string{"unauthorized"}, html(401)},
	{"403", final, []string{"forbidden"}, html(403)},
	{"403 of the Free plan", final, []string{"forbidden", "free plan"}, mock.FreePlan()},
	{"500", passing, nil, mock.Answer(500, nil, `{"message":"Something went wrong"}`)},
	{"429 for an hour", final, []string{"rate limited"}, mock.RateLimited(time.Hour)},
	{"a length that is too small", final, []string{"not JSON"}, travel(func(r *reply) { r.claim = -10 })},
	{"an end in the body, without a length", final, []string{"not JSON"}, travel(func(r *reply) { r.unbounded, r.cut = true, len(r.body)/2 })},
	{"a page that is too large", final, []string{"too large"}, padded(maxBytes)},
	{"a page without an end", final, []string{"too large"}, mock.Endless(0)},
	{"a page that is too large, unpacked", final, []string{"too large"}, mock.GzipBomb(2 * maxBytes)},
}

func cutBytes(n int) func([]byte) []byte {
	return func(b []byte) []byte { return b[:len(b)-n] }
}

// flipByte changes the byte at a position that is counted from the end.
func flipByte(at int) func([]byte) []byte {
	return func(b []byte) []byte {
		b[len(b)+at] ^= 0xff
		return b
	}
}

func TestAFaultOnAnyPageLosesNoRecords(t *testing.T) {
	for _, l := range listings {
		s := newLog(t, l, nRecords)
		for _, f := range faults {
			for _, at := range []int{0, 2, 4} {
				if at == 0 && f.name == "a page too early" {
					continue // there is no page before the first
				}
				t.Run(nameOf(l.name+",", f.name, "at page", at), func(t *testing.T) {
					s.play(only(at, f.fault))
					inBubble(t, s, func(t *testing.T, p *paced) {
						walk := l.open(t, s.URL, settings{transport: p, retries: 3, maxBytes: maxBytes})
						got, pos, err := walk(ctx, nil, everything)
						if f.effect != final {
							if err != nil {
								t.Fatal(err)
							}
							try.Equal(t, "records", got, s.want)
							try.Equal(t, "requests", s.asked(l), nPages+int(f.effect))
							return
						}
						isKind(t, l, err, f.kinds...)
						if api, ok := errors.AsType[*rest.APIError](err); slices.Contains(f.kinds, "not JSON") && (!ok || api.Path != l.path || api.StatusCode/100 != 2) {
							t.Errorf("got %v, want an APIError about %s and a success", err, l.path)
						}
						try.Equal(t, "records before the error", got, s.want[:onAPage*at])
						more, _, err := l.open(t, s.URL, settings{transport: p})(ctx, pos, everything)
						if err != nil {
							t.Fatal(err)
						}
						try.Equal(t, "all records", append(got, more...), s.want)
					})
				})
			}
		}
	}
}

func TestAPermanentFaultEndsTheWalk(t *testing.T) {
	for _, l := range listings {
		s := newLog(t, l, nRecords)
		for _, f := range faults {
			if f.effect != passing {
				continue
			}
			t.Run(l.name+", "+f.name, func(t *testing.T) {
				s.play(func(n int, _ *http.Request) mock.Fault {
					if n >= 2 {
						return f.fault
					}
					return nil
				})
				inBubble(t, s, func(t *testing.T, p *paced) {
					got, pos, err := l.open(t, s.URL, settings{transport: p, retries: 2})(ctx, nil, everything)
					if err == nil {
						t.Fatal("got no error")
					}
					isRateLimit := strings.HasPrefix(f.name, "429")
					isKind(t, l, err, map[bool][]string{true: {"rate limited"}}[isRateLimit]...)
					try.Equal(t, "records before the error", got, s.want[:2*onAPage])
					s.play(honest)
					rest, _, err := l.open(t, s.URL, settings{transport: p})(ctx, pos, everything)
					if err != nil {
						t.Fatal(err)
					}
					try.Equal(t, "all records", append(got, rest...), s.want)
				})
			})
		}
	}
}
