package mock

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// DefaultRecords is how many records an audit log has if WithRecords does not say.
const DefaultRecords = 100_000

const (
	maxRecords     = 1_000_000_000
	defaultAddress = "127.0.0.1:0"
	// defaultListed is how many items a listing has that is made from its schema alone.
	defaultListed = 250
)

// settings are what options change.
type settings struct {
	seed     uint64
	records  int // -1 if nobody says
	faults   Faults
	script   Script
	clock    func() time.Time
	log      io.Writer
	address  string
	linked   bool
	inMemory bool
}

// Option changes how a server behaves.
type Option func(*settings)

// WithSeed makes other data: servers of the same seed and clock have the same records. It is 0 if it is not given.
func WithSeed(seed uint64) Option { return func(s *settings) { s.seed = seed } }

// WithRecords sets how many records each log has before any is created, [DefaultRecords] if it is not given. It also is the length
// of listings that are made from their schemas, which is 250 if it is not given. At most 1,000,000,000.
func WithRecords(n int) Option {
	return func(s *settings) { s.records = n }
}

// WithFaults makes the server fail from the start; see [Server.SetFaults].
func WithFaults(f Faults) Option { return func(s *settings) { s.faults = f } }

// WithScript has chosen requests fail, each in its own way; see [Server.SetScript].
func WithScript(s Script) Option { return func(set *settings) { set.script = s } }

// WithClock sets what time it is for the server. The newest record is a little older than the moment when the server was made.
// Within testing/synctest, time.Now is right.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithLog writes a line for each request: method, path without query, status, and the fault if there was one. Nothing secret is in
// it. Lines are written one at a time, each before anything of the answer is sent.
func WithLog(w io.Writer) Option { return func(s *settings) { s.log = w } }

// WithAddress sets where the server listens, 127.0.0.1:0 if it is not given: any free port of this computer alone. The server
// has no secrets, yet it is made for tests and not for a network.
func WithAddress(address string) Option { return func(s *settings) { s.address = address } }

// WithNextLinks adds _links.next to each page of Confluence's audit log that is followed by another.
// Atlassian documents this link, but no public capture of a page has one, full pages that are
// followed by another included. So the mock leaves it out by default. Test a client both ways: one
// that takes a missing link for the end loses all records after the first page.
func WithNextLinks() Option { return func(s *settings) { s.linked = true } }

// InMemory makes a server without a socket. Only [Server.Client] reaches it, and its URL leads nowhere else. It works inside a
// bubble of testing/synctest, where waiting for a real network would keep the clock from moving.
func InMemory() Option { return func(s *settings) { s.inMemory = true } }

func newSettings(opts []Option) (*settings, error) {
	s := &settings{records: -1, clock: time.Now, address: defaultAddress}
	for _, opt := range opts {
		if opt != nil {
			opt(s)
		}
	}
	switch {
	case s.records < -1 || s.records > maxRecords:
		return nil, fmt.Errorf("mock: %d records: give a number from 0 to %d", s.records, maxRecords)
	case s.clock == nil:
		return nil, errors.New("mock: the clock is nil: give a function such as time.Now")
	}
	return s, nil
}

// logged is how many records an audit log has at first.
func (s *settings) logged() int {
	if s.records < 0 {
		return DefaultRecords
	}
	return s.records
}

// listed is how many items other listings have.
func (s *settings) listed() int {
	if s.records < 0 {
		return defaultListed
	}
	return s.records
}
