package mock

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// DefaultRecords is the number of records of an audit log without WithRecords.
const DefaultRecords = 100_000

const (
	maxRecords     = 1_000_000_000
	defaultAddress = "127.0.0.1:0"
	// defaultListed is the number of items of a listing that is made from its schema.
	defaultListed = 250
)

// settings are the values that options set.
type settings struct {
	seed     uint64
	records  int // -1 if not set
	faults   Faults
	script   Script
	clock    func() time.Time
	log      io.Writer
	address  string
	linked   bool
	inMemory bool
}

// Option configures a server.
type Option func(*settings)

// WithSeed selects the data. Servers with the same seed and clock have the same records. The
// default is 0.
func WithSeed(seed uint64) Option { return func(s *settings) { s.seed = seed } }

// WithRecords sets the initial number of records of each log, at most 1,000,000,000. The default is
// [DefaultRecords]. It is also the length of listings that are made from their schemas, whose
// default is 250.
func WithRecords(n int) Option {
	return func(s *settings) { s.records = n }
}

// WithFaults makes the server fail from the start. See [Server.SetFaults].
func WithFaults(f Faults) Option { return func(s *settings) { s.faults = f } }

// WithScript makes chosen requests fail in chosen ways. See [Server.SetScript].
func WithScript(s Script) Option { return func(set *settings) { set.script = s } }

// WithClock sets the clock of the server. The newest record is slightly older than the start of the
// server. In testing/synctest, time.Now is right.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.clock = now } }

// WithLog writes a line per request: method, path without query, status, and the fault, if any. It
// contains no secrets. Lines are written one at a time, before the response is sent.
func WithLog(w io.Writer) Option { return func(s *settings) { s.log = w } }

// WithAddress sets the address to listen on. The default is 127.0.0.1:0, any free port that only
// this computer can reach. The server has no secrets, but it is made for tests and not for a
// network.
func WithAddress(address string) Option { return func(s *settings) { s.address = address } }

// WithNextLinks adds _links.next to each page of Confluence's audit log that is not the last one.
// Atlassian documents this link, but no public capture of a page has one, not even of a full page
// with others after it. So the mock leaves it out by default. Test a client both ways: a client
// that treats a missing link as the end loses all records after the first page.
func WithNextLinks() Option { return func(s *settings) { s.linked = true } }

// InMemory makes a server without a socket, which only [Server.Client] can reach. It works in a
// bubble of testing/synctest, where waiting for a real network would stop the clock.
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

// logged returns the initial number of records of an audit log.
func (s *settings) logged() int {
	if s.records < 0 {
		return DefaultRecords
	}
	return s.records
}

// listed returns the number of items of other listings.
func (s *settings) listed() int {
	if s.records < 0 {
		return defaultListed
	}
	return s.records
}
