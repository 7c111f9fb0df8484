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

// Faults say how often the server fails, each from 0, never, to 1, always. Whether request number n fails follows from the seed and
// n, so that a test of one request after another runs the same way every time. The zero value is a server without faults.
type Faults struct {
	RateLimit   float64 // 429 with Retry-After
	Unavailable float64 // 503 with an HTML page, with and without Retry-After
	Latency     float64 // the answer comes up to 250 ms late
	Truncate    float64 // the connection ends in the middle of the body
	Growing     float64 // new records arrive before a page is served
	Expired     float64 // credentials have expired: a redirect to an HTML login page, or the page itself with 200
	FreePlan    float64 // 403: the site's plan has no audit log
}

// faultNames are the names that Set knows, in the order of the fields.
var faultNames = []string{"rate-limit", "unavailable", "latency", "truncate", "growing", "expired", "free-plan"}

// FaultNames gives the names of all faults, such as "rate-limit".
func FaultNames() []string { return slices.Clone(faultNames) }

// Set sets the rate of a fault by its name, one of [FaultNames]. The rate must be from 0 to 1.
func (f *Faults) Set(name string, rate float64) error {
	i := slices.Index(faultNames, name)
	if near := source.Nearest(name, faultNames); i < 0 && near != "" {
		return fmt.Errorf("there is no fault %q: did you mean %s?", name, near)
	}
	if i < 0 {
		return fmt.Errorf("there is no fault %q: known are %s", name, strings.Join(faultNames, ", "))
	}
	if !(rate >= 0 && rate <= 1) {
		return fmt.Errorf("fault %s: %v is no rate: give a number from 0, never, to 1, always", name, rate)
	}
	*f.rates()[i] = rate
	return nil
}

// rates gives the fields in the order of faultNames.
func (f *Faults) rates() []*float64 {
	return []*float64{&f.RateLimit, &f.Unavailable, &f.Latency, &f.Truncate, &f.Growing, &f.Expired, &f.FreePlan}
}

// chance is what a request draws: which of the faults hit it, and numbers to make them of.
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

// number gives one of n numbers at random.
func (c chance) number(n uint64) int { return int(sample.Mix(c.seed, 8) % n) }

const maxLatency = 250 // milliseconds

// delay waits, or gives up with the client.
func (c chance) delay(w http.ResponseWriter, r *http.Request) {
	pause(w, r, time.Duration(1+c.number(maxLatency))*time.Millisecond)
}

// gateway gives the fault of a request that the server never sees, and what stands in front of the server answers instead. Both are
// zero if there is none.
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

// loginPath is where expired credentials lead. It is on this server: nothing that a mock says leads into the network.
const loginPath = "/login"

func writeLogin(w http.ResponseWriter) {
	writeHTML(w, http.StatusOK, "Log in to continue", "Enter your email to go on.")
}

// writeHTML writes a page of fixed texts.
func writeHTML(w http.ResponseWriter, status int, title, text string) {
	w.Header().Set("Content-Type", "text/html;charset=UTF-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"en\"><head><title>%s</title></head><body><h1>%s</h1><p>%s</p></body></html>\n", title, title, text)
}

// truncated lets through only the first part of a body and promises more, so that the connection ends in the middle of it.
type truncated struct {
	http.ResponseWriter
	left    int
	halved  bool // a body whose length is known is cut in its middle, and left does not count
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

// errTruncated ends the work of whoever writes the body.
var errTruncated = errors.New("mock: the answer is cut off")

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

// Unwrap lets http.ResponseController through.
func (t *truncated) Unwrap() http.ResponseWriter { return t.ResponseWriter }
