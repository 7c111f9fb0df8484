package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redpanda-data/benthos/v4/public/service"

	"github.com/seed-1954497d/auditgen/mock"
)

// deliveries is the end of a pipeline: it has what was acknowledged.
type deliveries struct {
	mu       sync.Mutex
	messages service.MessageBatch
	log      strings.Builder
}

func (d *deliveries) Write(line []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(line)
}

// logged returns all that the engine has logged.
func (d *deliveries) logged() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.String()
}

// contents returns the records that were acknowledged.
func (d *deliveries) contents(t *testing.T) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return contentsOf(t, d.messages)
}

func contentsOf(t *testing.T, messages service.MessageBatch) (all []string) {
	for _, m := range messages {
		text, err := m.AsBytes()
		if err != nil {
			t.Error(err)
		}
		all = append(all, string(text))
	}
	return all
}

// start runs a pipeline until the test ends or stop is called. accept may refuse a batch.
func start(t *testing.T, input string, cache *store, accept func(service.MessageBatch) error) (d *deliveries, stop func()) {
	t.Helper()
	d = &deliveries{}
	builder := service.NewStreamBuilder()
	builder.SetLogger(slog.New(slog.NewTextHandler(d, &slog.HandlerOptions{Level: slog.LevelDebug - 4})))
	for _, err := range []error{
		builder.AddInputYAML(input),
		builder.AddCacheYAML("label: checkpoints\nkept:\n  name: " + cache.name()),
		builder.AddBatchConsumerFunc(func(_ context.Context, batch service.MessageBatch) error {
			if accept != nil {
				if err := accept(batch); err != nil {
					return err
				}
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			d.messages = append(d.messages, batch...)
			return nil
		}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	stream, err := builder.Build()
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- stream.Run(context.Background()) }()
	stop = sync.OnceFunc(func() {
		if err := errors.Join(stream.StopWithin(time.Minute), <-over); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return d, stop
}

// waitFor waits for what must happen.
func waitFor(t *testing.T, there func() bool) {
	t.Helper()
	for !there() {
		if t.Context().Err() != nil {
			t.Fatal("the test has ended")
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// idle waits until a pipeline has found nothing new for a while. Whatever is under way delays the
// next save of a checkpoint.
func idle(t *testing.T, d *deliveries, cache *store) {
	t.Helper()
	for quiet := 0; quiet < 25; quiet++ {
		records, saves := len(d.contents(t)), cache.count()
		waitFor(t, func() bool { return cache.count() > saves })
		if len(d.contents(t)) > records {
			quiet = 0
		}
	}
}

// TestTheCheckpointMovesAfterTheAcknowledgement takes what the cache has at each delivery, before
// the acknowledgement. Another process that begins there must deliver what was not acknowledged.
func TestTheCheckpointMovesAfterTheAcknowledgement(t *testing.T) {
	t.Parallel()
	for _, product := range []string{"confluence", "jira"} {
		t.Run(product, func(t *testing.T) {
			s := startMock(t, product, mock.WithRecords(2500))
			want := served(t, product, s.URL)
			type moment struct {
				cache map[string][]byte
				acked []string
			}
			var moments []moment
			var acked []string
			cache := newStore(t, nil)
			d, stop := start(t, inputOf(product, s.URL), cache, func(b service.MessageBatch) error {
				moments = append(moments, moment{cache.snapshot(), slices.Clone(acked)})
				acked = append(acked, contentsOf(t, b)...)
				return nil
			})
			idle(t, d, cache)
			stop()
			same(t, "deliveries", want, d.contents(t))
			if len(moments) < 3 {
				t.Fatalf("%d batches", len(moments))
			}
			moments = append(moments, moment{cache.snapshot(), acked})
			for i, m := range moments {
				cache := newStore(t, m.cache)
				d, stop := start(t, inputOf(product, s.URL), cache, nil)
				idle(t, d, cache)
				stop()
				same(t, fmt.Sprintf("before batch %d and after it", i), want, append(m.acked, d.contents(t)...))
			}
		})
	}
}

// TestARefusedBatchIsDeliveredAgain refuses each batch twice. Nothing else may come in between, and
// the checkpoint may not move.
func TestARefusedBatchIsDeliveredAgain(t *testing.T) {
	t.Parallel()
	s := startMock(t, "jira", mock.WithRecords(2500))
	want := served(t, "jira", s.URL)
	cache := newStore(t, nil)
	var refused []string
	var before map[string][]byte
	times := 0
	d, stop := start(t, inputOf("jira", s.URL), cache, func(b service.MessageBatch) error {
		got := contentsOf(t, b)
		switch {
		case times == 0:
			refused, before = got, cache.snapshot()
		case !slices.Equal(refused, got):
			t.Errorf("%d records were refused, and %d others came", len(refused), len(got))
		case !maps.EqualFunc(before, cache.snapshot(), slices.Equal[[]byte]):
			t.Error("the checkpoint has moved")
		}
		if times = (times + 1) % 3; times != 0 {
			return errors.New("refused")
		}
		return nil
	})
	idle(t, d, cache)
	stop()
	same(t, "deliveries", want, d.contents(t))
}

// TestAPipelineThatEndsSavesWhatWasAcknowledged stops while a batch is under way.
func TestAPipelineThatEndsSavesWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	s := startMock(t, "jira", mock.WithRecords(2500))
	want := served(t, "jira", s.URL)
	cache := newStore(t, nil)
	under, goOn := make(chan bool), make(chan bool)
	d, stop := start(t, inputOf("jira", s.URL), cache, func(service.MessageBatch) error {
		select {
		case under <- true:
			<-goOn
		case <-goOn:
		}
		return nil
	})
	<-under
	time.AfterFunc(50*time.Millisecond, func() { close(goOn) })
	stop()
	first := d.contents(t)
	d, stop = start(t, inputOf("jira", s.URL), cache, nil)
	idle(t, d, cache)
	stop()
	same(t, "both runs", want, append(first, d.contents(t)...))
}

func TestAnUnsavedCheckpointStopsNothing(t *testing.T) {
	t.Parallel()
	s := startMock(t, "jira", mock.WithRecords(2500))
	want := served(t, "jira", s.URL)
	cache := newStore(t, nil)
	batches := 0
	d, _ := start(t, inputOf("jira", s.URL), cache, func(service.MessageBatch) error {
		cache.mu.Lock()
		defer cache.mu.Unlock()
		cache.broken = nil
		if batches++; batches == 2 {
			cache.broken = errors.New("the cache is away")
		}
		return nil
	})
	idle(t, d, cache)
	same(t, "deliveries", want, d.contents(t))
	if want := "cache checkpoints: the checkpoint cannot be saved: the cache is away"; !strings.Contains(d.logged(), want) {
		t.Errorf("the log lacks %q", want)
	}
}

// TestADamagedCheckpointIsNoNewBeginning damages what a cache has.
func TestADamagedCheckpointIsNoNewBeginning(t *testing.T) {
	t.Parallel()
	s := startMock(t, "jira", mock.WithRecords(1200))
	want := served(t, "jira", s.URL)
	cache := newStore(t, nil)
	d, stop := start(t, inputOf("jira", s.URL), cache, nil)
	idle(t, d, cache)
	stop()
	good := cache.snapshot()
	if len(good) != 2 {
		t.Fatalf("the cache has %d keys", len(good))
	}
	torn := maps.Clone(good)
	came := 0
	for key := range good {
		torn[key] = good[key][:len(good[key])/2]
		t.Run("one is torn", func(t *testing.T) {
			one := maps.Clone(good)
			one[key] = torn[key]
			cache := newStore(t, one)
			s.SetScript(mock.InOrder(nil, mock.Grown(3)))
			d, _ := start(t, inputOf("jira", s.URL), cache, nil)
			came += 3
			waitFor(t, func() bool { return len(d.contents(t)) >= came })
			if !strings.Contains(d.logged(), "cache checkpoints: a checkpoint is torn: going on from the one before") {
				t.Errorf("the log says %s", d.logged())
			}
			same(t, "deliveries", without(served(t, "jira", s.URL), want), d.contents(t))
		})
	}
	refuses := func(name, message, input string, values map[string][]byte) {
		t.Run(name, func(t *testing.T) {
			d, _ := start(t, input, newStore(t, values), func(service.MessageBatch) error {
				t.Error("something is delivered")
				return nil
			})
			waitFor(t, func() bool { return strings.Contains(d.logged(), message) })
		})
	}
	t.Run("the first one is torn", func(t *testing.T) {
		for key := range torn {
			if !strings.HasSuffix(key, "_1") {
				continue
			}
			cache := newStore(t, map[string][]byte{key: torn[key]})
			d, _ := start(t, inputOf("jira", s.URL), cache, nil)
			idle(t, d, cache)
			same(t, "deliveries", served(t, "jira", s.URL), d.contents(t))
			if !strings.Contains(d.logged(), "cache checkpoints: the first checkpoint is torn: nothing was delivered before") {
				t.Errorf("the log says %s", d.logged())
			}
		}
	})
	second := maps.Clone(torn)
	maps.DeleteFunc(second, func(key string, _ []byte) bool { return strings.HasSuffix(key, "_1") })
	refuses("the other one is torn and the first is gone", "the checkpoint is damaged", inputOf("jira", s.URL), second)
	refuses("both are torn", "restore it, or delete atlassian_audit_jira_127_0_0_1_", inputOf("jira", s.URL), torn)
	other := map[string][]byte{}
	for key, value := range good {
		other["mine"+key[strings.LastIndex(key, "_"):]] = value
	}
	refuses("of another product", "the checkpoint is that of jira at "+s.URL+": choose another cache_key", inputOf("confluence", s.URL, "cache_key: mine"), other)
	for key := range other {
		other[key] = []byte(strings.Replace(string(other[key]), `"version":1`, `"version":2`, 1))
	}
	refuses("of a newer version", "the checkpoint has version 2, and this program reads version 1: choose another cache_key", inputOf("jira", s.URL, "cache_key: mine"), other)
}

// TestAFirstRunThatIsKilledEarlyBeginsWhereItBegan starts now, dies before it delivers, and starts
// later.
func TestAFirstRunThatIsKilledEarlyBeginsWhereItBegan(t *testing.T) {
	t.Parallel()
	s := startMock(t, "jira", mock.WithRecords(100))
	cache := newStore(t, nil)
	_, stop := start(t, inputOf("jira", s.URL, `start: ""`, "interval: 1h"), cache, nil)
	waitFor(t, func() bool { return cache.count() > 0 })
	stop()
	time.Sleep(1100 * time.Millisecond) // the clock of the site has whole seconds
	s.SetScript(mock.InOrder(mock.Grown(5)))
	served(t, "jira", s.URL) // the log grows
	time.Sleep(1100 * time.Millisecond)
	if n := len(served(t, "jira", s.URL)); n != 105 {
		t.Fatalf("the site has %d records", n)
	}
	d, _ := start(t, inputOf("jira", s.URL, `start: ""`), cache, nil)
	idle(t, d, cache)
	if n := len(d.contents(t)); n != 5 {
		t.Errorf("%d records were delivered, want the 5 that came", n)
	}
}

func TestItGoesOnWhenTheSiteRefusesForAWhile(t *testing.T) {
	t.Parallel()
	s := startMock(t, "confluence", mock.WithRecords(2500))
	want := served(t, "confluence", s.URL)
	refusals := map[int]mock.Fault{0: mock.Answer(401, nil, ""), 1: mock.FreePlan(), 5: mock.Answer(403, nil, ""), 6: mock.LoginPage(), 9: mock.Dropped(), 12: mock.Unavailable()}
	s.SetScript(func(n int, _ *http.Request) mock.Fault { return refusals[n] })
	cache := newStore(t, nil)
	d, stop := start(t, inputOf("confluence", s.URL), cache, nil)
	idle(t, d, cache)
	stop()
	same(t, "deliveries", want, d.contents(t))
	for _, want := range []string{"Failed to connect to atlassian_audit: GET /wiki/rest/api/audit: 401", "following the log ended: listing ended at offset 0: GET /wiki/rest/api/audit: 403"} {
		if !strings.Contains(d.logged(), want) {
			t.Errorf("the log lacks %q: %.2000s", want, d.logged())
		}
	}
}

const account = "5f0000010000000000000001"

// TestAMessageIsARecordAndItsMetadata has pages that were written by hand.
func TestAMessageIsARecordAndItsMetadata(t *testing.T) {
	t.Parallel()
	const confluenceRecord = `{"author":{"type":"user","accountId":"` + account + `","operations":null},"creationDate":1763694905123,"summary":"\u00e9 <b>","new":1.10}`
	const jiraRecord = `{"id":17,"created":"2025-11-21T03:15:05.123+0000","summary":"User updated","eventSource":1.0}`
	for product, c := range map[string]struct {
		page, empty string
		want, ids   []string
	}{
		// The id is what sha256sum prints for the record with sorted members and \u003c for <.
		"confluence": {`{"results":[` + confluenceRecord + `,` + strings.Replace(confluenceRecord, ",", " ,\n", 1) + `],"start":0,"limit":1000,"size":2}`,
			`{"results":[],"start":0,"limit":1000,"size":0}`,
			[]string{confluenceRecord, confluenceRecord}, []string{"fe58a55cb4a9ffd0736bf2d10886fc25", "fe58a55cb4a9ffd0736bf2d10886fc25-2"}},
		"jira": {`{"offset":0,"limit":1000,"total":1,"records":[` + jiraRecord + `]}`, `{"offset":0,"limit":1000,"total":0,"records":[]}`,
			[]string{jiraRecord}, []string{"17"}},
	} {
		t.Run(product, func(t *testing.T) {
			site := answering(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				page := c.empty
				if from := r.FormValue("startDate") + r.FormValue("from"); strings.HasPrefix(from, "2002-01-01T") || from == "1009843200000" {
					page = c.page
				}
				_, _ = io.WriteString(w, page)
			})
			cache := newStore(t, nil)
			d, stop := start(t, inputOf(product, site), cache, nil)
			idle(t, d, cache)
			stop()
			same(t, "contents", c.want, d.contents(t))
			for i, m := range d.messages {
				for name, want := range map[string]string{"product": product, "site": site, "time": "2025-11-21T03:15:05.123Z", "id": c.ids[i]} {
					if got, _ := m.MetaGet(name); got != want {
						t.Errorf("%s of message %d is %q, want %q", name, i, got, want)
					}
				}
			}
		})
	}
}

// TestCredentialsAreNeverLogged has sites that repeat what they were sent, and logs everything.
func TestCredentialsAreNeverLogged(t *testing.T) {
	t.Parallel()
	pair := base64.StdEncoding.EncodeToString([]byte("me@example.com:secret-token"))
	for name, more := range map[string][]string{"basic": nil, "bearer": {"-email"}} {
		t.Run(name, func(t *testing.T) {
			n := 0
			site := answering(t, func(w http.ResponseWriter, r *http.Request) {
				status := []int{401, 403, 429, 503, 200, 302}[n%6]
				n++
				w.Header().Set("Location", "/"+r.Header.Get("Authorization"))
				w.WriteHeader(status)
				fmt.Fprintf(w, "no: %s secret-token", r.Header.Get("Authorization"))
			})
			d, stop := start(t, inputOf("jira", site, more...), newStore(t, nil), nil)
			waitFor(t, func() bool { return strings.Count(d.logged(), "Failed to connect to atlassian_audit") > 3 })
			stop()
			for _, secret := range []string{"secret-token", pair} {
				if strings.Contains(d.logged(), secret) {
					t.Errorf("the log has %s: %s", secret, d.logged())
				}
			}
		})
	}
}

// TestAWrongConfigurationIsRefused says what is wrong and what to do.
func TestAWrongConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	const site = "https://example.atlassian.net"
	for _, c := range []struct{ name, input, want string }{
		{"unknown product", inputOf("bitbucket", site), "value bitbucket is not a valid option for this field"},
		{"no site", inputOf("jira", site, "-site"), "field site is required"},
		{"no token", inputOf("jira", site, "-token"), "field token is required"},
		{"no cache", inputOf("jira", site, "-cache"), "field cache is required"},
		{"unknown field", inputOf("jira", site, "tokne: x"), "field tokne not recognised"},
		{"site without scheme", inputOf("jira", "example.atlassian.net"), "the site must start with https://"},
		{"start", inputOf("jira", site, "start: yesterday"), "write a date, a time with its zone or a duration, such as 2026-11-21, 2026-11-21T03:15:00Z or 720h"},
		{"start that is no date", inputOf("jira", site, "start: 2026-13-41"), `start "2026-13-41": write a date`},
		{"interval", inputOf("jira", site, "interval: often"), "write a duration, such as 90s or 1m"},
		{"site without encryption", inputOf("jira", "http://example.atlassian.net"), "site or token: base URL: http would send credentials in the clear; use https"},
		{"site with a password", inputOf("jira", "https://me:secret-token@example.atlassian.net"), "site or token: base URL: user and password do not belong there"},
		{"site with a path of the API", inputOf("jira", site+"/rest/api/3"), "site or token: base URL: it repeats /rest/api/3, the beginning of every path of the API (/rest/api/3/auditing/record): use " + site},
		{"empty token", inputOf("jira", site, `token: ""`), "site or token: credentials: the token is empty"},
		{"unknown cache", inputOf("jira", site, "cache: elsewhere"), `cache: there is no cache resource "elsewhere": add one with this label to cache_resources`},
	} {
		t.Run(c.name, func(t *testing.T) {
			builder := service.NewStreamBuilder()
			var log deliveries
			builder.SetLogger(slog.New(slog.NewTextHandler(&log, nil)))
			err := builder.AddInputYAML(c.input)
			if err == nil {
				err = run(t, builder)
			}
			if text := fmt.Sprint(err) + log.logged(); !strings.Contains(text, c.want) || strings.Contains(text, "secret-token") {
				t.Errorf("got %s", text)
			}
		})
	}
}

// run runs a pipeline with a cache until it fails to start.
func run(t *testing.T, builder *service.StreamBuilder) error {
	t.Helper()
	for _, err := range []error{
		builder.AddCacheYAML("label: checkpoints\nkept:\n  name: " + newStore(t, nil).name()),
		builder.AddOutputYAML("drop: {}"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	stream, err := builder.Build()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return stream.Run(ctx)
}
