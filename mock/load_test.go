package mock

import (
	"flag"
	"io"
	"math"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
)

var loadTime = flag.Duration("load", time.Second, "duration of TestUnderLoadMemoryStaysFlat; make load runs it for ten minutes")

// heapGrowth is how much the live heap may grow during a load.
const heapGrowth = 32 << 20

// TestUnderLoadMemoryStaysFlat runs walks, filtered walks, exports and aborted walks concurrently
// and measures the live heap.
func TestUnderLoadMemoryStaysFlat(t *testing.T) {
	s := must[*Server](t)(New(bothDocuments(t), WithRecords(walkLength()), WithFaults(Faults{Latency: 0.01, Unavailable: 0.001, Truncate: 0.001})))
	defer s.Close()
	stop := make(chan struct{})
	var walks sync.WaitGroup
	for i := range 6 {
		walks.Go(func() {
			for rounds := 0; ; rounds++ {
				select {
				case <-stop:
					return
				default:
					load(t, s, i, stop)
				}
			}
		})
	}
	first, last := uint64(math.MaxUint64), uint64(0)
	for began := time.Now(); ; {
		time.Sleep(min(10*time.Second, *loadTime/4))
		last = liveHeap()
		first = min(first, last)
		t.Logf("%6s: %.1f MiB of live heap, %d requests, %d goroutines", time.Since(began).Round(time.Second), float64(last)/(1<<20),
			s.handler.requests.Load(), runtime.NumGoroutine())
		if time.Since(began) >= *loadTime {
			break
		}
	}
	close(stop)
	walks.Wait()
	if last > first+heapGrowth {
		t.Errorf("the live heap grew from %d to %d bytes", first, last)
	}
}

func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// load does one of several things that clients do. Faults may end a walk, so errors are ignored.
func load(t *testing.T, s *Server, what int, stop <-chan struct{}) {
	going := func() bool {
		select {
		case <-stop:
			return false
		default:
			return true
		}
	}
	c, j := confluenceClient(t, s), jiraClient(t, s)
	switch what % 6 {
	case 0, 1:
		for _, err := range c.AllAuditRecords(t.Context(), nil) {
			if err != nil || !going() {
				break
			}
		}
	case 2:
		for _, err := range j.AllAuditRecords(t.Context(), nil) {
			if err != nil || !going() {
				break
			}
		}
	case 3:
		for _, err := range j.AllAuditRecords(t.Context(), &jira.GetAuditRecordsParams{Filter: "own ter"}) {
			if err != nil || !going() {
				break
			}
		}
	case 4:
		if file, err := c.ExportAuditRecords(t.Context(), &confluence.ExportAuditRecordsParams{Format: "zip"}); err == nil {
			_, _ = io.Copy(io.Discard, file)
			_ = file.Close()
		}
	case 5:
		for rec, err := range c.AllAuditRecords(t.Context(), &confluence.GetAuditRecordsParams{SearchString: "Rosa"}) {
			if err != nil || rec.Summary == "Space exported" || !going() {
				break
			}
		}
	}
}
