// Package metrics counts what a run does, and serves the counts in the format of Prometheus.
package metrics

import (
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/seed-1954497d/auditgen/generated/rest"
)

// Metrics are the counts of a run. They are safe for concurrent use.
type Metrics struct {
	Records  prometheus.Counter
	Repeats  prometheus.Counter
	Problems prometheus.Counter
	Retries  prometheus.Counter

	registry *prometheus.Registry
	mu       sync.Mutex
	read     time.Time // up to which the log was read, by our clock
}

// New returns counts for one log.
func New(product, site string) *Metrics {
	labels := prometheus.Labels{"product": product, "site": site}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "auditlog", Name: name, Help: help, ConstLabels: labels})
	}
	m := &Metrics{
		Records:  counter("records_total", "Records written to the output."),
		Repeats:  counter("repeats_dropped_total", "Records that came again and were dropped."),
		Problems: counter("problem_records_total", "Records with values of other types than documented."),
		Retries:  counter("retries_total", "Requests that were sent again after a failure."),
		registry: prometheus.NewRegistry(),
		read:     time.Now(),
	}
	lag := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "auditlog", Name: "lag_seconds", ConstLabels: labels,
		Help: "Seconds since the moment up to which the log was last read, without the overlap that is read again."}, m.lag)
	m.registry.MustRegister(m.Records, m.Repeats, m.Problems, m.Retries, lag)
	return m
}

// ReadUpTo records how far behind the server's clock the log has been read.
func (m *Metrics) ReadUpTo(behind time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.read = time.Now().Add(-behind)
}

func (m *Metrics) lag() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Since(m.read).Seconds()
}

// Attempt counts a request that is sent again. It is a hook for rest.WithHook.
func (m *Metrics) Attempt(a rest.Attempt) {
	if a.Number > 1 {
		m.Retries.Inc()
	}
}

// Serve serves the counts at /metrics of an address until stop is called. An address without a host
// is one that only this computer can reach.
func (m *Metrics) Serve(address string) (at string, stop func(), err error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", nil, fmt.Errorf("--metrics-listen %s: write ADDRESS:PORT, such as 127.0.0.1:9090", address)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return "", nil, fmt.Errorf("--metrics-listen %s: it is in use or not an address of this computer: choose another one", address)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	go func() { _ = server.Serve(l) }() // returns when it is closed
	return l.Addr().String(), func() { _ = server.Close() }, nil
}
