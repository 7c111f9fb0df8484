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
	maxBurst       = 100_000
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
	late     time.Duration
	skew     time.Duration
	burst    int
	odd      float64
	streams  bool
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

// WithLog writes a line per request: method, path and query, status, how long it took until the
// response began, and the fault, if any. Of parameters that the document does not describe, which
// may be API keys, it has only the names. Lines are written one at a time, before the response is
// sent.
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

// WithLateRecords makes records that are added while the server runs ([Faults].Growing, [Grown])
// visible later than their time says: half of them up to d later, the others at once.
func WithLateRecords(d time.Duration) Option { return func(s *settings) { s.late = d } }

// WithClockSkew sets how far the server is ahead of its clock: in the times of records and in the
// Date of responses. It is behind if d is negative.
func WithClockSkew(d time.Duration) Option { return func(s *settings) { s.skew = d } }

// WithBursts gives n records in a row the same time, to the millisecond. Growing adds, and
// Shrinking deletes, whole bursts.
func WithBursts(n int) Option { return func(s *settings) { s.burst = n } }

// WithOddRecords makes a share of the records odd, from 0 (none) to 1 (all): one of their members
// has another JSON type than documented. Which ones are odd follows from the seed.
func WithOddRecords(share float64) Option { return func(s *settings) { s.odd = share } }

// WithStreams turns listings by cursor into streams without an end, as Atlassian's
// /admin/v1/orgs/{orgId}/events-stream is: the last page has a next cursor too, and the page at
// that cursor is empty until Growing or [Grown] adds something.
func WithStreams() Option { return func(s *settings) { s.streams = true } }

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
	case s.late < 0:
		return nil, fmt.Errorf("mock: records that are %v late: give a duration that is not negative", s.late)
	case s.burst < 0 || s.burst > maxBurst:
		return nil, fmt.Errorf("mock: bursts of %d records: give a number from 1 to %d", s.burst, maxBurst)
	case !(s.odd >= 0 && s.odd <= 1):
		return nil, fmt.Errorf("mock: a share of %v odd records: give a number from 0 (none) to 1 (all)", s.odd)
	}
	s.burst = max(1, s.burst)
	if clock := s.clock; s.skew != 0 {
		s.clock = func() time.Time { return clock().Add(s.skew) }
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
