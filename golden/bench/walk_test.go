package bench

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/golden/bench/internal/pages"
)

// Walking through a long log must not need more memory than walking through a short one. The full
// benchmark is
//
//	go test -run '^$' -bench Walk -benchtime 1x ./golden/bench -records 1000000

var nRecords = flag.Int("records", 50_000, "number of records in the walks of the benchmark")

const (
	perPage   = 1000
	heapBound = 32 << 20
)

// logServer serves a log of total records, page by page. Records are made on demand.
func logServer(tb testing.TB, total int) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, err := strconv.Atoi(r.FormValue("start"))
		if err != nil || r.URL.Path != "/wiki/rest/api/audit" {
			http.Error(w, "the request is not for a page of the log", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		page := pages.Confluence(pages.AsServed, start, perPage, total)
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		// The client may go away. The test notices that at the client.
		_, _ = w.Write(page)
	}))
	tb.Cleanup(srv.Close)
	return srv.URL
}

// heap measures memory use. Its own time is not counted.
type heap struct {
	every, seen int
	live, inuse uint64 // maxima after garbage collection
	own         time.Duration
}

// count counts a record and looks at the heap now and then.
func (h *heap) count() {
	if h.seen++; h.seen%h.every != 0 {
		return
	}
	start := time.Now()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.live, h.inuse = max(h.live, m.HeapAlloc), max(h.inuse, m.HeapInuse)
	h.own += time.Since(start)
}

// walk reads the whole log with our client.
func walk(tb testing.TB, site string, h *heap) (millis int64) {
	c, err := confluence.NewClient(site)
	if err != nil {
		tb.Fatal(err)
	}
	for r, err := range c.AllAuditRecords(context.Background(), nil) {
		if err != nil {
			tb.Fatal(err)
		}
		millis += r.CreationDate.UnixMilli()
		h.count()
	}
	return millis
}

// plainRecord is a handwritten record for encoding/json.
type plainRecord struct {
	Author struct {
		Type, DisplayName, Username, UserKey, AccountID, AccountType, PublicName string
		ExternalCollaborator, IsExternalCollaborator, IsGuest                    bool
		Operations                                                               map[string]any
	}
	RemoteAddress, Summary, Description, Category string
	CreationDate                                  int64
	SysAdmin, SuperAdmin                          bool
	AffectedObject                                struct{ Name, ObjectType string }
	ChangedValues                                 []struct{ Name, OldValue, HiddenOldValue, NewValue, HiddenNewValue string }
	AssociatedObjects                             []struct{ Name, ObjectType string }
}

// walkPlain reads the whole log with a handwritten loop, as many connectors do: encoding/json, no
// checks.
func walkPlain(tb testing.TB, site string, h *heap) (millis int64) {
	for start, more := 0, true; more; {
		resp, err := http.Get(site + "/wiki/rest/api/audit?" + url.Values{"start": {strconv.Itoa(start)}}.Encode())
		if err != nil {
			tb.Fatal(err)
		}
		var page struct {
			Results []plainRecord `json:"results"`
			Limit   int           `json:"limit"`
		}
		err = json.NewDecoder(resp.Body).Decode(&page)
		resp.Body.Close()
		if err != nil {
			tb.Fatal(err)
		}
		for i := range page.Results {
			millis += page.Results[i].CreationDate
			h.count()
		}
		start += len(page.Results)
		more = len(page.Results) >= page.Limit
	}
	return millis
}

func BenchmarkWalk(b *testing.B) {
	site := logServer(b, *nRecords)
	var plain, ours float64 // records a second
	h := &heap{every: 20*perPage + 7}
	for b.Loop() {
		plain = max(plain, pace(b, site, &heap{every: 20*perPage + 7}, walkPlain))
		ours = max(ours, pace(b, site, h, walk))
	}
	b.ReportMetric(ours, "records/s")
	b.ReportMetric(plain, "encoding-json-records/s")
	b.ReportMetric(ours/plain, "ratio")
	b.ReportMetric(float64(h.live)/(1<<20), "MiB-live")
	b.ReportMetric(float64(h.inuse)/(1<<20), "MiB-inuse")
	fmt.Printf("%d records, page by page over a socket: %.0f records/s, %.0f with a plain encoding/json loop (%.2fx); "+
		"live heap at most %.1f MiB, spans in use %.1f MiB (target < 32)\n", *nRecords, ours, plain, ours/plain,
		float64(h.live)/(1<<20), float64(h.inuse)/(1<<20))
	if h.live >= heapBound || h.inuse >= heapBound {
		b.Errorf("the heap grew to %d bytes live, %d in use; the bound is %d", h.live, h.inuse, heapBound)
	}
}

// pace returns the records per second of a walk. It fails unless the walk reads all records.
func pace(b *testing.B, site string, h *heap, walk func(testing.TB, string, *heap) int64) float64 {
	seen, own, start := h.seen, h.own, time.Now()
	walk(b, site, h)
	took := time.Since(start) - (h.own - own)
	if h.seen-seen != *nRecords {
		b.Fatalf("the walk had %d records, want %d", h.seen-seen, *nRecords)
	}
	return float64(*nRecords) / took.Seconds()
}

func TestAWalkThroughALongLogKeepsOnePageInMemory(t *testing.T) {
	const total = 30_500
	site := logServer(t, total)
	h, plain := &heap{every: 5*perPage + 7}, &heap{every: total + 1}
	got, want := walk(t, site, h), walkPlain(t, site, plain)
	if h.seen != total || plain.seen != total || got != want {
		t.Errorf("walked through %d records (sum of times %d), a plain loop through %d (%d), want %d", h.seen, got, plain.seen, want, total)
	}
	if h.live == 0 || h.live > heapBound {
		t.Errorf("%d bytes are live during the walk, want at most %d: something keeps old pages", h.live, heapBound)
	}
}
