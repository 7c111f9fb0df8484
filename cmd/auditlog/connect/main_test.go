package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redpanda-data/benthos/v4/public/service"

	"github.com/seed-1954497d/auditgen/generated/confluence"
	"github.com/seed-1954497d/auditgen/generated/jira"
	"github.com/seed-1954497d/auditgen/generated/rest"
	"github.com/seed-1954497d/auditgen/mock"
)

var (
	update  = flag.Bool("update", false, "record the documentation that the engine generates")
	long    = flag.Bool("long", false, "kill pipelines 200 times, from logs of 200,000 records")
	program = flag.String("program", "", "run pipelines with this program instead of the test itself: make connect")
)

// commandVariable makes a process of this test the command itself.
const commandVariable = "AUDITLOG_CONNECT_TEST_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(commandVariable) != "" {
		main()
		os.Exit(0)
	}
	service.MustRegisterCache("kept", service.NewConfigSpec().Field(service.NewStringField("name")),
		func(conf *service.ParsedConfig, _ *service.Resources) (service.Cache, error) {
			name, err := conf.FieldString("name")
			if err != nil {
				return nil, err
			}
			found, ok := stores.Load(name)
			if !ok {
				return nil, fmt.Errorf("there is no store %s", name)
			}
			return found.(*store), nil
		})
	os.Exit(m.Run())
}

// stores are the caches of tests, by name.
var stores sync.Map

// store is a cache that outlives its engine.
type store struct {
	mu     sync.Mutex
	values map[string][]byte
	saves  int
	broken error // what Set returns
}

// newStore returns a store with some values, and its name.
func newStore(t *testing.T, values map[string][]byte) *store {
	s := &store{values: map[string][]byte{}}
	maps.Copy(s.values, values)
	stores.Store(s.name(), s)
	t.Cleanup(func() { stores.Delete(s.name()) })
	return s
}

func (s *store) name() string { return fmt.Sprintf("%p", s) }

func (s *store) Get(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.values[key]
	if !ok {
		return nil, service.ErrKeyNotFound
	}
	return value, nil
}

func (s *store) Set(_ context.Context, key string, value []byte, _ *time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	s.values[key] = value
	s.saves++
	return nil
}

func (s *store) Add(context.Context, string, []byte, *time.Duration) error {
	return errors.New("not needed")
}
func (s *store) Delete(context.Context, string) error { return errors.New("not needed") }
func (s *store) Close(context.Context) error          { return nil }

// snapshot returns what a process that is killed now leaves.
func (s *store) snapshot() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.values)
}

func (s *store) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saves
}

func startMock(t *testing.T, product string, opts ...mock.Option) *mock.Server {
	t.Helper()
	serve := mock.Confluence
	if product == "jira" {
		serve = mock.Jira
	}
	s, err := serve(opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// answering is a site that gives every request the same answer.
func answering(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// served returns all records of a site by the plain listing of the generated client, sorted.
func served(t *testing.T, product, site string) []string {
	t.Helper()
	auth := rest.WithBasicAuth("me@example.com", "x")
	if product == "jira" {
		c, err := jira.NewClient(site, auth)
		if err != nil {
			t.Fatal(err)
		}
		return texts(t, c.AllAuditRecords(t.Context(), nil), func(r *jira.AuditRecord) []byte { return r.JSON.Raw() })
	}
	c, err := confluence.NewClient(site, auth)
	if err != nil {
		t.Fatal(err)
	}
	return texts(t, c.AllAuditRecords(t.Context(), nil), func(r *confluence.AuditRecord) []byte { return r.JSON.Raw() })
}

func texts[T any](t *testing.T, records iter.Seq2[*T, error], raw func(*T) []byte) (all []string) {
	t.Helper()
	for r, err := range records {
		var odd *rest.RecordError
		if err != nil && !errors.As(err, &odd) {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := json.Compact(&text, raw(r)); err != nil {
			t.Fatal(err)
		}
		all = append(all, text.String())
	}
	slices.Sort(all)
	return all
}

// same compares sets with multiplicity.
func same(t *testing.T, what string, want, got []string) {
	t.Helper()
	got = slices.Sorted(slices.Values(got))
	if slices.Equal(want, got) {
		return
	}
	t.Errorf("%s: %d records, want %d; %d are missing, %d are too many", what, len(got), len(want), len(without(want, got)), len(without(got, want)))
}

// without returns the elements of a sorted list that another one does not have, with multiplicity.
func without(list, other []string) (rest []string) {
	for _, one := range list {
		for len(other) > 0 && cmp.Less(other[0], one) {
			other = other[1:]
		}
		if len(other) > 0 && other[0] == one {
			other = other[1:]
			continue
		}
		rest = append(rest, one)
	}
	return rest
}

// inputOf is the configuration of an input that needs no waiting. More lines replace its own, and
// -NAME removes one.
func inputOf(product, site string, more ...string) string {
	fields := []string{"product: " + product, "site: " + site, "email: me@example.com", "token: secret-token",
		"cache: checkpoints", `start: "2002-01-01"`, "interval: 5ms", "lag: 0s", "overlap: 2s"}
	for _, line := range more {
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "-"), ":")
		fields = slices.DeleteFunc(fields, func(f string) bool { return strings.HasPrefix(f, name+":") })
		if value != "" {
			fields = append(fields, line)
		}
	}
	return "atlassian_audit:\n  " + strings.Join(fields, "\n  ") + "\n"
}
