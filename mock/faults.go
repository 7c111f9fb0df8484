package mock

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-1954497d/auditgen/generator/source"
	"github.com/seed-1954497d/auditgen/internal/sample"
)

// Faults are rates of failures, from 0 (never) to 1 (always). Whether request n fails depends only
// on the seed and n, so a test that sends one request after another always runs the same way. The
// zero value has no faults.
type Faults struct {
	RateLimit   float64 // 429 with Retry-After
	Unavailable float64 // 503 with an HTML page, sometimes with Retry-After
	Latency     float64 // the response is up to 250 ms late
	Truncate    float64 // the connection ends in the middle of the body
	Growing     float64 // new records are added before a page is served
	Expired     float64 // expired credentials: a redirect to an HTML login page, or that page with 200
	FreePlan    float64 // 403, because the site's plan has no audit log
	Shrinking   float64 // the oldest records are deleted before a page is served, as by a shorter retention
}

// faultNames are the names for Set, in the order of the fields.
var faultNames = []string{"rate-limit", "unavailable", "latency", "truncate", "growing", "expired", "free-plan", "shrinking"}

// FaultNames returns the names of all faults, such as "rate-limit".
func FaultNames() []string { return slices.Clone(faultNames) }

// Set sets the rate of the fault with this name, one of [FaultNames]. The rate must be from 0 to 1.
func (f *Faults) Set(name string, rate float64) error {
	i := slices.Index(faultNames, name)
	if near := source.Nearest(name, faultNames); i < 0 && near != "" {
		return fmt.Errorf("unknown fault %q: did you mean %s?", name, near)
	}
	if i < 0 {
		return fmt.Errorf("unknown fault %q: use one of %s", name, strings.Join(faultNames, ", "))
	}
	if !(rate >= 0 && rate <= 1) {
		return fmt.Errorf("fault %s: %v is not a rate: give a number from 0 (never) to 1 (always)", name, rate)
	}
	*f.rates()[i] = rate
	return nil
}

// rates returns the fields in the order of faultNames.
func (f *Faults) rates() []*float64 {
	return []*float64{&f.RateLimit, &f.Unavailable, &f.Latency, &f.Truncate, &f.Growing, &f.Expired, &f.FreePlan, &f.Shrinking}
}

// chance decides which faults a request gets.
type chance struct {
	faults *Faults
	seed   uint64 // of this request
}

func (c chance) hits(rate float64, fault uint64) bool {
	return float64(sample.Mix(c.seed, fault)>>11)/(1<<53) < rate
}

func (c chance) rateLimit() bool   { return c.hits(c.faults.RateLimit, 1) }
func (c chance) unavailable() bool { return c.hits(c.faults.Unavailable, 2) }
func (c chance) latency() bool     { return c.hits(c.faults.Latency, 3) }
func (c chance) truncate() bool    { return c.hits(c.faults.Truncate, 4) }
func (c chance) growing() bool     { return c.hits(c.faults.Growing, 5) }
func (c chance) expired() bool     { return c.hits(c.faults.Expired, 6) }
func (c chance) freePlan() bool    { return c.hits(c.faults.FreePlan, 7) }
func (c chance) shrinking() bool   { return c.hits(c.faults.Shrinking, 9) }

// number returns a random number from 0 to n-1.
func (c chance) number(n uint64) int { return int(sample.Mix(c.seed, 8) % n) }

const maxLatency = 250 // milliseconds

// delay waits until the delay or the request ends.
func (c chance) delay(w http.ResponseWriter, r *http.Request) {
	pause(w, r, time.Duration(1+c.number(maxLatency))*time.Millisecond)
}

// gateway returns a fault that occurs before the request reaches the API, and a function that
// writes its response. Both are zero without a fault.
func (c chance) gateway(now time.Time) (fault string, write func(http.ResponseWriter)) {
	switch {
	case c.rateLimit():
		return "rate-limit", func(w http.ResponseWriter) {
			w.Header().Set("X-RateLimit-Reset", now.UTC().Truncate(time.Minute).Add(time.Minute).Format("2006-01-02T15:04Z"))
			writeRateLimit(w, 1+c.number(3))
		}
	case c.unavailable():
		return "unavailable", func(w http.ResponseWriter) {
			if c.number(2) == 0 {
				w.Header().Set("Retry-After", "1")
			}
			writeUnavailable(w)
		}
	case c.expired() && c.number(2) == 0:
		return "expired", func(w http.ResponseWriter) {
			w.Header().Set("Location", loginPath)
			w.WriteHeader(http.StatusFound)
		}
	case c.expired():
		return "expired", writeLogin
	}
	return "", nil
}

// loginPath is the target of redirects for expired credentials. It is on this server: a mock never
// refers to other hosts.
const loginPath = "/login"

func writeLogin(w http.ResponseWriter) {
	writeHTML(w, http.StatusOK, "Log in to continue", "Enter your email to go on.")
}

// writeHTML writes a page. The texts must be constants, because they are not escaped.
func writeHTML(w http.ResponseWriter, status int, title, text string) {
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>%s</title></head><body><h1>%s</h1><p>%s</p></body></html>\n", title, title, text)
}

// truncated forwards only the first part of a body but announces more, so the connection ends in
// the middle.
type truncated struct {
	http.ResponseWriter
	left    int
	halved  bool // a body of known length is cut in half, whatever left is
	started bool
}

func (t *truncated) WriteHeader(status int) {
	t.started = true
	if status == http.StatusNoContent {
		t.left = math.MaxInt
	} else if n, err := strconv.Atoi(t.Header().Get("Content-Length")); err == nil {
		if t.halved {
			t.left = n / 2
		}
	} else {
		t.Header().Set("Content-Length", strconv.Itoa(math.MaxInt32))
	}
	t.ResponseWriter.WriteHeader(status)
}

// errTruncated stops the writer of the body.
var errTruncated = errors.New("mock: the response is cut off")

func (t *truncated) Write(b []byte) (int, error) {
	if !t.started {
		t.WriteHeader(http.StatusOK)
	}
	n := min(len(b), t.left)
	t.left -= n
	written, err := t.ResponseWriter.Write(b[:n])
	if err == nil && n < len(b) {
		err = errTruncated
	}
	return written, err
}

// Unwrap supports http.ResponseController.
func (t *truncated) Unwrap() http.ResponseWriter { return t.ResponseWriter }
